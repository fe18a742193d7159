# SPDX-License-Identifier: Apache-2.0
"""On what of other parties a record rests: set when it is filed, kept by every later version, carried on by what rests on it (F4).

A link is never followed at release: each record names all that it rests on, also through other records, so that a chain of
any length, or a circle, is one flat list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hamsaya.desk.ports import Book
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Derived
from hamsaya.facts.soundness import MAX_DERIVED
from hamsaya.facts.words import say


def links_to(book: Book, own: str, names: Sequence[str]) -> list[Derived]:
    """Return the links of a record of party `own` that rests on the records of these names, received or its own.

    Raises `NotFound` for a record that is not here, `Refused` for one that was taken back.
    """
    found: list[Derived] = []
    for name in dict.fromkeys(each.strip() for each in names if each.strip()):
        versions = book.versions(name)
        if not versions:
            raise NotFound(say("There is no record {came}.", came=name[:40]), say("`hamsaya record list` shows what is here."))
        standing = [each for each in versions if not each.withdrawn_by]
        if not standing:
            raise Refused(say("Record {record} was withdrawn; nothing new can rest on it.", record=name), rule="withdrawn")
        for each in standing if not standing[-1].received_from else standing[-1:]:
            if each.received_from:
                found.append(Derived(record=each.record.id, version=each.record.version, party=each.received_from))
            found += each.record.derived
    return merged(own, found)


def inherited(book: Book, own: str, record: str) -> list[Derived]:
    """Return the links that the next version of an own record has, whatever it says: those of every version before it."""
    return merged(own, [link for each in book.versions(record) if not each.received_from for link in each.record.derived])


def merged(own: str, links: Iterable[Derived]) -> list[Derived]:
    """Return each link once, in order. What `own` itself said needs nobody's consent. Raises `InputError` for too many."""
    found = sorted({link for link in links if link.party != own}, key=lambda link: (link.party, link.record, link.version))
    if len(found) > MAX_DERIVED:
        raise InputError(say("A record may rest on {n} records of others at most.", n=MAX_DERIVED))
    return found
