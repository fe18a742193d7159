# SPDX-License-Identifier: Apache-2.0
"""What a record rests on, who holds which version of it, and what was taken back: the part of a record's page that is about others."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hamsaya.desk.consents import consents_with
from hamsaya.desk.correcting import holders
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.web.names import party_names
from hamsaya.web.pages.recalls import RecallRow, recall_rows
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Desk, Visit


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on which the record rests. `struck`: its originator has taken it back; `href` is empty where it is not here."""

    party: str
    record: str
    version: int
    href: str
    struck: bool


class Consented(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that came with a received version. `checked`: the originator is known here, and signed it."""

    party: str
    record: str
    version: int
    checked: bool


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A neighbour that holds a version. `older`: a later version stands here."""

    party: str
    name: str
    version: int
    older: bool


class Ties(msgspec.Struct, frozen=True, kw_only=True):
    """What a record's page says of others."""

    rests_on: list[Tie]
    consents: list[Consented]
    holders: list[Holder]
    recalls: list[RecallRow]
    latest: int
    """The latest standing version of our own, or 0."""
    corrected: dict[int, int]
    """By version that a later standing one of the same party has taken the place of: that later one."""
    received: bool
    """Whether a received version stands, so that it can be filed as our own, linked."""
    out: bool
    """Whether a version of ours is with a neighbour, so that it can be taken back."""


def ties_of(desk: Desk, book: Book, visit: Visit, name: str, versions: Sequence[RecordHeld]) -> Ties:
    """Return what there is to say of others on the page of this record."""
    names = party_names(book, visit.language)
    standing = [each for each in versions if not each.withdrawn_by]
    own = [each.record.version for each in standing if not each.received_from]
    latest = max(own, default=0)
    last = max((each.record.version for each in standing), default=0)
    held = holders(book, name) if any(not each.received_from for each in versions) else {}
    return Ties(
        rests_on=[
            Tie(party=names.get(link.party, link.party), record=link.record, version=link.version,
                href=path_to("records", link.record) if book.versions(link.record) else "",
                struck=_struck(book, link.record, link.version, link.party))
            for link in (versions[-1].record.derived if versions else [])
        ],
        consents=_consents(book, versions, names),
        holders=[Holder(party=party, name=names.get(party, party), version=version, older=version < latest) for party, version in held.items()],
        recalls=recall_rows(desk, book, names, [each for each in book.recalls() if each.record == name]),
        latest=latest, corrected={each.record.version: last for each in versions if not each.withdrawn_by and each.record.version < last},
        received=any(each.received_from for each in standing), out=bool(held),
    )  # fmt: skip


def _struck(book: Book, record: str, version: int, party: str) -> bool:
    return any(each.withdrawn_by and (each.received_from, each.record.version) == (party, version) for each in book.versions(record))


def _consents(book: Book, versions: Sequence[RecordHeld], names: dict[str, str]) -> list[Consented]:
    brought = [each.released_in.rpartition("#") for each in versions if each.received_from and each.record.derived and each.released_in]
    return [
        Consented(party=names.get(consent.originator, consent.originator), record=consent.record, version=consent.version, checked=checked)
        for log, _, number in brought
        for entry in book.entries(log, int(number), 1)
        for consent, checked in consents_with(book, entry.content)
    ]
