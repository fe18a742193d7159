# SPDX-License-Identifier: Apache-2.0
"""What a matter is about, and which matters are about an incident: by the names in their records.

A neighbour may name what is not here: a complaint about an incident of which nothing was released to this side is told as it came.
"""

from __future__ import annotations

from typing import Final

from hamsaya.desk.filters import Filter
from hamsaya.desk.matters import Matter, matters_of
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.records import Record
from hamsaya.facts.values import Words
from hamsaya.settlement.courses import COURSES

MOST: Final = 20
"""So many matters of each kind are looked for about one incident, the newest."""


def subjects_of(record: Record) -> list[str]:
    """Return the names of incidents and records that it is about, in its order."""
    return list(dict.fromkeys(claim.value.text for claim in record.claims if claim.predicate == "subject" and isinstance(claim.value, Words)))


def matters_about(node: Node, book: Book, incident: str) -> list[tuple[Record, list[Matter]]]:
    """Return the records that open a matter about an incident, newest first, each with how it stands with those to whom it went."""
    name = book.incident_name(incident)
    names = [name, *(each.incident for each in book.links_of(name))]
    found: dict[str, Record] = {}
    for kind in _by_form():
        for each in names:
            for held in book.records_page(Filter(kind=kind, text=each), "", MOST).rows:
                if name in (book.incident_name(subject) for subject in subjects_of(held.record)):
                    found[held.record.id] = held.record
    newest = sorted(found.values(), key=lambda record: (record.filed_at, record.id), reverse=True)[:MOST]
    return [(record, matters_of(node, book, record.id)) for record in newest]


def _by_form() -> list[str]:
    return [kind for kind, course in COURSES.items() if course.form and any(field.predicate == "subject" for field in course.form.fields)]
