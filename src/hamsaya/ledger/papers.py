# SPDX-License-Identifier: Apache-2.0
"""Reading all that tells how matters stand, of one or of very many at once: versions, answers, how each left or came, moves, calls, refusals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, literal, select

from hamsaya.desk.calls import CallHeld
from hamsaya.desk.holdings import RecordHeld, RefusalHeld
from hamsaya.desk.matters_held import Papers, Passage
from hamsaya.ledger import tables as t
from hamsaya.ledger.calls import SqlCallBook
from hamsaya.ledger.matters import OWN, SqlMatterBook, first_receipt
from hamsaya.ledger.rows import Row, record_of, time_of
from hamsaya.seal.entries import Entry

LATEST: Final = select(t.RECORD).join(
    t.HOLDING,
    (t.HOLDING.c.id == t.RECORD.c.id) & (t.HOLDING.c.received_from == t.RECORD.c.received_from) & (t.HOLDING.c.version == t.RECORD.c.version),
)  # fmt: skip
"""The latest version of each record, with its row in the lists."""


class SqlPapers(SqlMatterBook, SqlCallBook):
    """Reading records with what was done about them. Part of `SqlBook`."""

    _before: int | None

    def versions(self, record: str) -> list[RecordHeld]:
        """Return every version of a record, first to last."""
        return self.versions_of([record]).get(record, [])

    def versions_of(self, records: Sequence[str]) -> dict[str, list[RecordHeld]]:
        """Return every version of each of these records that are here, first to last."""
        found: dict[str, list[RecordHeld]] = {}
        for row in self._rows(select(t.RECORD).where(t.RECORD.c.id.in_(records)).order_by(t.RECORD.c.id, t.RECORD.c.version, t.RECORD.c.entry)):
            struck_later = self._before is not None and row["entry"] >= self._before
            found.setdefault(row["id"], []).append(_unstruck(record_of(row)) if struck_later else record_of(row))
        return found

    def answers_to(self, request: str) -> list[RecordHeld]:
        """Return the latest standing version of each record that answers a request, oldest first."""
        return self._answers([request]).get(request, []) if request else []

    def _answers(self, names: Sequence[str]) -> dict[str, list[RecordHeld]]:
        found: dict[str, list[RecordHeld]] = defaultdict(list)
        for row in self._rows(LATEST.add_columns(t.HOLDING.c.answers).where(t.HOLDING.c.answers.in_(names)).order_by(t.HOLDING.c.item)):
            found[row["answers"]].append(record_of(row))
        return found

    def refusals(self, *, request: str = "") -> list[RefusalHeld]:
        """Return the requests that were refused on a ground, here or by a neighbour; those of one request if asked."""
        return self._refusals(t.REFUSAL.c.request == request) if request else self._refusals()

    def _refusals(self, *where: ColumnElement[bool]) -> list[RefusalHeld]:
        return [
            RefusalHeld(
                request=row["request"], party=row["party"], here=bool(row["here"]), office=row["office"], at=time_of(row["at"]),
                grounds=msgspec.json.decode(row["grounds"], type=list[str]), reason=row["reason"],
            )
            for row in self._rows(select(t.REFUSAL).where(*where).order_by(t.REFUSAL.c.at, t.REFUSAL.c.request))
        ]  # fmt: skip

    def papers_of(self, records: Sequence[str], *, struck: bool = False) -> Papers:
        """Return all that is here about these records, in so many statements whatever their number."""
        names = list(dict.fromkeys(records))
        answers = self._answers(names)
        for held in self._rows(_STRUCK) if struck else ():
            _add_struck(answers, set(names), record_of(held))
        calls, refusals = defaultdict[str, list[CallHeld]](list), defaultdict[str, list[RefusalHeld]](list)
        for call in self.calls_about(names):
            calls[call.call.about].append(call)
        for refusal in self._refusals(t.REFUSAL.c.request.in_(names)):
            refusals[refusal.request].append(refusal)
        about = [*names, *(held.record.id for each in answers.values() for held in each)]
        return Papers(versions=self.versions_of(names), answers=answers, passages=self._passages(about), moves=self.moves_on(names),
                      calls=calls, refusals=refusals)  # fmt: skip

    def _passages(self, names: Sequence[str]) -> dict[str, list[Passage]]:
        """Return how these records left, or came: two statements, of ours and of neighbours'."""
        release, item, opened, found = t.RELEASE.c, t.INBOX.c, t.OPENING.c, defaultdict[str, list[Passage]](list)
        ours = (
            select(literal(1).label("ours"), release.record, release.receiver.label("party"),
                   (release.condition == "quarantined").label("quarantined"), opened.office.label("opened_by"),
                   opened.at.label("opened_at"), *_about(release, release.receiver))
            .join(t.ENTRY, (t.ENTRY.c.log == release.log) & (t.ENTRY.c.seq == release.seq))
            .outerjoin(t.OPENING, (opened.log == release.log) & (opened.seq == release.seq))
            .where(release.record.in_(names), release.log > "").order_by(release.entry, release.log, release.seq)
        )  # fmt: skip
        theirs = (
            select(literal(0).label("ours"), item.subject.label("record"), item.sender.label("party"),
                   (item.state == "quarantined").label("quarantined"), item.opened_by, item.opened_at, *_about(item, OWN))
            .join(t.ENTRY, (t.ENTRY.c.log == item.log) & (t.ENTRY.c.seq == item.seq))
            .where(item.subject.in_(names), item.kind == "release").order_by(item.entry, item.log, item.seq)
        )  # fmt: skip
        for row in (*self._rows(_taken_back(ours, release)), *self._rows(_taken_back(theirs, item))):
            found[row["record"]].append(_passage(row))
        return found


def _about(entry: Any, by: Any) -> list[ColumnElement[Any]]:
    """Return what is asked of each release: its bytes, its recall, whether it was erased, and when `by` first receipted it."""
    stored, recall = t.ENTRY.c, t.RECALL.c
    return [stored.envelope, stored.salt, stored.content, recall.office.label("recalled_by"), recall.at.label("recalled_at"),
            t.ERASURE.c.at.label("erased_at"), first_receipt(entry.log, entry.seq, by)]  # fmt: skip


def _taken_back(query: Select[Any], entry: Any) -> Select[Any]:
    """Return the query beside what was taken back or erased of each entry."""
    recalled = (t.RECALL.c.log == entry.log) & (t.RECALL.c.seq == entry.seq)
    return query.outerjoin(t.RECALL, recalled).outerjoin(t.ERASURE, (t.ERASURE.c.log == entry.log) & (t.ERASURE.c.seq == entry.seq))


def _passage(row: Row) -> Passage:
    content = row["content"] if row["erased_at"] is None else None
    return Passage(
        record=row["record"], party=row["party"], ours=bool(row["ours"]), entry=Entry(row["envelope"], row["salt"], content),
        quarantined=bool(row["quarantined"]), acknowledged=(row["opened_by"], time_of(row["opened_at"])) if row["opened_at"] else None,
        recalled=(row["recalled_by"], time_of(row["recalled_at"])) if row["recalled_at"] else None,
        received_at=time_of(row["had"]) if row["had"] else None,
    )  # fmt: skip


_STRUCK: Final = (
    select(t.RECORD).where(t.RECORD.c.withdrawn_by > "", t.RECORD.c.id.in_(select(t.RECALL.c.record))).order_by(t.RECORD.c.entry, t.RECORD.c.id)
)


def _add_struck(answers: dict[str, list[RecordHeld]], wanted: set[str], held: RecordHeld) -> None:
    """Add a version that was taken back to the answers, where it was one and none of its record is among them."""
    among = answers[held.record.answers] if held.record.answers in wanted else None
    if among is not None and not any(each.record.id == held.record.id for each in among):
        among.append(held)


def _unstruck(held: RecordHeld) -> RecordHeld:
    return msgspec.structs.replace(held, withdrawn_by="", withdrawn_at=None, withdrawn_why="")
