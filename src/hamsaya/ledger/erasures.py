# SPDX-License-Identifier: Apache-2.0
"""What was erased: what acts leave behind, how a journal is applied again without it, and how it is read.

1. An act that erases carries the rest of each entry that it erases: what is applied in the place of the content.
2. Whoever applies the journal to empty tables collects the rests first (`rests_in`), so that nothing of the content is needed.
3. Where the tables stand already, the act makes of each row what rule 2 would have made of it. `verify` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, select, text, update

from hamsaya.desk import acts_erasures as ev
from hamsaya.desk import events
from hamsaya.desk.acts_epochs import LostEntryFound
from hamsaya.desk.acts_flags import FlagClosed
from hamsaya.desk.erasures_held import ErasureHeld, OrderHeld
from hamsaya.desk.event import Event
from hamsaya.desk.holdings import Step
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.erasures import ErasureAsked, ErasureConfirmed, Onward, RanOut, why_erased
from hamsaya.exchange.logs import journal_of, parse_log
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, project, stamp
from hamsaya.ledger.adapter import adapter_of
from hamsaya.ledger.flags import reduce_closed
from hamsaya.ledger.holding import list_anew, list_document_anew
from hamsaya.ledger.rows import Rows, time_of
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry, Header
from hamsaya.seal.envelope import open_envelope

_MARK: Final = b'"gone":['
Rests = Mapping[tuple[str, int], bytes]


def erases(event: Event) -> bool:
    """Say whether an act takes content away."""
    return isinstance(event, ev.RecordErased | ev.CopyErased)


def rests_in(journal: Iterable[Entry]) -> dict[tuple[str, int], bytes]:
    """Return what stands in the place of each erased content, as the acts of the journal say."""
    found: dict[tuple[str, int], bytes] = {}
    for entry in journal:
        if entry.content is None or _MARK not in entry.content:
            continue
        kind = entry.header().kind
        if kind in ev.EVENTS and erases(event := events.read_event(kind, entry.content)):
            found |= {(each.log, each.seq): each.rest.encode() for each in getattr(event, "gone", [])}
    return found


def with_rest(entry: Entry, rest: bytes | None) -> Entry:
    """Return the entry as it is applied: what is erased by its rest."""
    return entry if entry.content is not None or not rest else Entry(entry.envelope, entry.salt, rest)


def rest_of(db: Connection, log: str, seq: int) -> bytes | None:
    """Return the rest of an entry that was erased here."""
    rest: str | None = db.execute(select(t.REMAINS.c.rest).where(t.REMAINS.c.log == log, t.REMAINS.c.seq == seq)).scalar()
    return rest.encode() if rest else None


@project.register
def _(event: ev.ErasureOrdered, db: Connection, act: Act) -> None:
    db.execute(delete(t.ERASURE_ORDER).where(t.ERASURE_ORDER.c.record == event.record))  # one that was declined
    add(db, t.ERASURE_ORDER, act, record=event.record, reason=event.reason, state="ordered", ordered_by=act.login, ordered_office=act.office,
        ordered_at=stamp(act.at), decided_office="", decided_at="")  # fmt: skip


@project.register
def _(event: ev.ErasureDeclined, db: Connection, act: Act) -> None:
    _decide(db, act, event.record, "declined")


@project.register
def _(event: ev.RecordErased, db: Connection, act: Act) -> None:
    if not _decide(db, act, event.record, "erased"):  # it was ordered before this node was set back, or by whose record it rests on
        add(db, t.ERASURE_ORDER, act, record=event.record, reason=event.reason, state="erased", ordered_by="", ordered_office="",
            ordered_at=stamp(act.at), decided_office=act.office, decided_at=stamp(act.at))  # fmt: skip
    _take_away(db, act, event.gone, event.blobs)
    for asked in event.asked:
        keep_erasure(db, act, asked)
        settle_erasure(db, act, asked.log, asked.seq)


@project.register
def _(event: ev.CopyErased, db: Connection, act: Act) -> None:
    _take_away(db, act, event.gone, event.blobs)
    if event.confirmed is not None:
        keep_confirmed(db, act, event.confirmed)


def _decide(db: Connection, act: Act, record: str, state: str) -> bool:
    done = update(t.ERASURE_ORDER).where(t.ERASURE_ORDER.c.record == record)
    return bool(db.execute(done.values(state=state, decided_office=act.office, decided_at=stamp(act.at), entry=act.seq)).rowcount)


def _take_away(db: Connection, act: Act, gone: list[ev.Gone], blobs: list[str]) -> None:
    for each in gone:
        db.execute(update(t.ENTRY).where(t.ENTRY.c.log == each.log, t.ENTRY.c.seq == each.seq).values(content=None, salt=b""))
        db.execute(update(t.INBOX).where(t.INBOX.c.log == each.log, t.INBOX.c.seq == each.seq).values(kept_since=""))
        add(db, t.REMAINS, act, log=each.log, seq=each.seq, rest=each.rest)
        if each.rest:
            _reduce(db, act.entry_of(each.log, each.seq).header(), each.rest.encode())
    for name in blobs:
        db.execute(delete(t.BLOB).where(t.BLOB.c.sha256 == name))


def _reduce(db: Connection, header: Header, rest: bytes) -> None:
    """Make of the rows that an entry left behind what its rest would have left behind. Done twice, it does no more."""
    if header.kind == "release":
        released = read(rest, ReleasedRecord)
        db.execute(update(t.RELEASE).where(t.RELEASE.c.id == released.release).values(content=rest.decode()))
        _reduce_record(db, released.record, t.RECORD.c.released_in == f"{header.log}#{header.seq}", encode(released.record))
        return
    match events.read_event(header.kind, rest):
        case events.RecordFiled(envelope=envelope):
            body = open_envelope(envelope.encode()).payload
            _reduce_record(db, read(body, Record), t.RECORD.c.filed_in == header.seq, body.decode())
        case events.RecordWithdrawn(record=record, version=version, reason=reason):
            row = (t.RECORD.c.id == record, t.RECORD.c.version == version, t.RECORD.c.received_from == "", t.RECORD.c.withdrawn_by > "")
            db.execute(update(t.RECORD).where(*row).values(withdrawn_why=reason))
        case events.ReleaseProposed(release=release, content=content):
            db.execute(update(t.RELEASE).where(t.RELEASE.c.id == release).values(content=content))
        case LostEntryFound(log=log, seq=seq, entry=entry) if entry.content is not None:
            db.execute(update(t.LOST_ENTRY).where(t.LOST_ENTRY.c.log == log, t.LOST_ENTRY.c.seq == seq).values(body=encode(entry)))
            db.execute(update(t.RELEASE).where(t.RELEASE.c.log == log, t.RELEASE.c.seq == seq).values(content=entry.content))
            told = read(entry.content.encode(), ReleasedRecord).record
            _reduce_record(db, told, t.RECORD.c.released_in == f"{log}#{seq}", encode(told))
        case FlagClosed() as closed:
            reduce_closed(db, closed)
        case events.DocumentAdded() as added:
            _reduce_document(db, added)
        case _:
            pass  # an act on a draft: its row is made with the document's


def _reduce_record(db: Connection, record: Record, where: object, body: str) -> None:
    row = db.execute(select(t.RECORD.c.received_from).where(where, t.RECORD.c.id == record.id, t.RECORD.c.version == record.version)).first()  # type: ignore[arg-type]
    if row is None:
        return
    db.execute(
        update(t.RECORD).where(t.RECORD.c.id == record.id, t.RECORD.c.version == record.version, t.RECORD.c.received_from == row.received_from)
        .values(body=body)
    )  # fmt: skip
    list_anew(db, record, row.received_from)


def _reduce_document(db: Connection, added: events.DocumentAdded) -> None:
    db.execute(
        update(t.DOCUMENT).where(t.DOCUMENT.c.id == added.document)
        .values(name=added.name, language=added.language, published=added.published, origin=added.origin, basis=added.basis, size=added.size,
                excluded=encode(added.excluded))
    )  # fmt: skip
    list_document_anew(db, added.document)
    for draft, body in added.drafts.items():
        told = db.execute(select(t.DRAFT.c.steps).where(t.DRAFT.c.id == draft)).scalar_one()
        steps = [msgspec.structs.replace(step, claim=None, note="") for step in msgspec.json.decode(told, type=list[Step])]
        db.execute(update(t.DRAFT).where(t.DRAFT.c.id == draft).values(body=encode(body), steps=encode(steps), reason=""))


def keep_erasure(db: Connection, act: Act, asked: ErasureAsked) -> None:
    """Keep what was asked to be erased, once. What its receiver erased by a clause meanwhile was asked from then on, too."""
    told = {"record": asked.record, "version": asked.version, "reason": asked.reason, "office": asked.office, "at": stamp(asked.at), "asked": True}
    held = db.execute(select(t.ERASURE.c.asked).where(t.ERASURE.c.log == asked.log, t.ERASURE.c.seq == asked.seq)).scalar()
    if held is None:
        add(db, t.ERASURE, act, log=asked.log, seq=asked.seq, **told)
    elif not held:
        db.execute(update(t.ERASURE).where(t.ERASURE.c.log == asked.log, t.ERASURE.c.seq == asked.seq).values(**told, entry=act.seq))


def keep_confirmed(db: Connection, act: Act, told: ErasureConfirmed) -> None:
    """Keep a confirmation, once; what waited for it in the inbox waits no more."""
    if not is_confirmed(db, told.log, told.seq):
        add(db, t.ERASURE_ANSWER, act, log=told.log, seq=told.seq, onward=encode(told.onward), office=told.office, at=stamp(told.at),
            ran_out=encode(told.ran_out))  # fmt: skip
    ran = told.ran_out
    if ran is not None and not has(db, t.ERASURE.c.log == told.log, t.ERASURE.c.seq == told.seq):
        add(db, t.ERASURE, act, log=told.log, seq=told.seq, record=ran.record, version=ran.version, reason="retention", office="",
            at=stamp(ran.until), asked=False)  # fmt: skip
    db.execute(
        update(t.INBOX).where(t.INBOX.c.kind == "erasure.asked", t.INBOX.c.subject == f"{told.log}#{told.seq}", t.INBOX.c.state == "new")
        .values(state="acknowledged", opened_by=told.office, opened_at=stamp(told.at), entry=act.seq)
    )  # fmt: skip


def is_confirmed(db: Connection, log: str, seq: int) -> bool:
    """Say whether the erasure of this entry was confirmed: a node that was set back has its own word back before what it answers."""
    return has(db, t.ERASURE_ANSWER.c.log == log, t.ERASURE_ANSWER.c.seq == seq)


def settle_erasure(db: Connection, act: Act, log: str, seq: int) -> None:
    """Let the release that an own entry made be what was asked of it, and confirmed: nothing comes after that."""
    asked = db.execute(select(t.ERASURE).where(t.ERASURE.c.log == log, t.ERASURE.c.seq == seq)).mappings().first()
    if asked is None:
        return
    told = db.execute(select(t.ERASURE_ANSWER).where(t.ERASURE_ANSWER.c.log == log, t.ERASURE_ANSWER.c.seq == seq)).mappings().first()
    db.execute(
        update(t.RELEASE).where(t.RELEASE.c.log == log, t.RELEASE.c.seq == seq, t.RELEASE.c.record == asked["record"])
        .values(condition="erasure confirmed" if told else "erasure asked", condition_at=(told or asked)["at"],
                reason=encode(say("Erased: {reason}.", reason=why_erased(asked["reason"]))), entry=act.seq)
    )  # fmt: skip


def asked_to_erase_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own request that came back after this node was set back; the content goes once all is back (`desk/erasing.py`)."""
    del header
    asked = read(content, ErasureAsked)
    keep_erasure(db, act, asked)
    settle_erasure(db, act, asked.log, asked.seq)


def confirmed_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own confirmation that came back after this node was set back."""
    del header
    keep_confirmed(db, act, read(content, ErasureConfirmed))


def _is_ours(log: str, own: str) -> bool:
    name = parse_log(log)
    return name is not None and name.sender == own


class SqlErasureBook(Rows):
    """Reading what was erased. Part of `SqlBook`."""

    def erasures(self, *, record: str = "", log: str = "", asked: bool = False) -> list[ErasureHeld]:
        """Return what is or was to be erased at its receiver, with the confirmations; of a record, of a log, or what was asked for alone."""
        where = [*([t.ERASURE.c.record == record] if record else []), *([t.ERASURE.c.log == log] if log else [])]
        return self._erasures(*where, *([t.ERASURE.c.asked.is_(True)] if asked else []))

    def erasure_of(self, log: str, seq: int) -> ErasureHeld | None:
        """Return what was asked of an entry, or None."""
        return next(iter(self._erasures(t.ERASURE.c.log == log, t.ERASURE.c.seq == seq)), None)

    def _erasures(self, *where: ColumnElement[bool]) -> list[ErasureHeld]:
        answer = t.ERASURE_ANSWER
        told = [answer.c.onward, answer.c.office.label("told_by"), answer.c.at.label("told_at"), answer.c.ran_out]
        both = (answer.c.log == t.ERASURE.c.log) & (answer.c.seq == t.ERASURE.c.seq)
        query = select(t.ERASURE, *told).outerjoin(answer, both).where(*where)
        found = []
        for row in self._rows(query.order_by(t.ERASURE.c.entry, t.ERASURE.c.log, t.ERASURE.c.seq)):
            name = parse_log(row["log"])
            found.append(ErasureHeld(
                log=row["log"], seq=row["seq"], by=name.sender if name else "", to=name.receiver if name else "", record=row["record"],
                version=row["version"], reason=row["reason"], office=row["office"], at=time_of(row["at"]), asked=row["asked"],
                confirmed=ErasureConfirmed(
                    log=row["log"], seq=row["seq"], onward=msgspec.json.decode(row["onward"], type=list[Onward]), office=row["told_by"],
                    at=time_of(row["told_at"]), ran_out=msgspec.json.decode(row["ran_out"], type=RanOut | None),
                ) if row["told_at"] else None,
            ))  # fmt: skip
        return found

    def erasure_orders(self, *, record: str = "") -> list[OrderHeld]:
        """Return the orders to erase records of ours, of one record if asked, oldest first."""
        query = select(t.ERASURE_ORDER).order_by(t.ERASURE_ORDER.c.ordered_at, t.ERASURE_ORDER.c.record)
        return [
            OrderHeld(
                record=row["record"], reason=row["reason"], state=row["state"], ordered_by=row["ordered_by"], ordered_office=row["ordered_office"],
                ordered_at=time_of(row["ordered_at"]), decided_office=row["decided_office"],
                decided_at=time_of(row["decided_at"]) if row["decided_at"] else None,
            )
            for row in self._rows(query.where(t.ERASURE_ORDER.c.record == record) if record else query)
        ]  # fmt: skip

    def entries_naming(self, names: list[str]) -> list[tuple[str, int]]:
        """Return the places of the entries of the journal, and of our own logs of releases, whose content holds one of these names."""
        found: set[tuple[str, int]] = set()
        own = self._db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own.is_(True))).scalar_one()
        holds = "instr(content, :name) > 0" if adapter_of(self._db).name == "sqlite" else "position(CAST(:name AS bytea) in content) > 0"
        query = text(f"SELECT log, seq FROM entry WHERE (log = :log OR log LIKE 'release/%') AND content IS NOT NULL AND {holds}")  # noqa: S608  (one of two fixed words)
        for name in names:
            found |= {(row.log, row.seq) for row in self._db.execute(query, {"log": journal_of(own), "name": name.encode()})}
        return sorted((log, seq) for log, seq in found if _is_ours(log, own))

    def records_naming(self, document: str) -> list[str]:
        """Return the records of ours that rest on a document, and still say what they said."""
        query = select(t.RECORD.c.id).where(t.RECORD.c.body.contains(document, autoescape=True), t.RECORD.c.received_from == "").distinct()
        return sorted(self._db.execute(query).scalars())


__all__ = ["SqlErasureBook", "rests_in", "settle_erasure", "with_rest"]
