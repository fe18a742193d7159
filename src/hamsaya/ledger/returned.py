# SPDX-License-Identifier: Apache-2.0
"""What our own entries leave behind in the tables when a neighbour gives them back after this node was set back.

One function an act of the closed lists, in `RETURNED`. What came back is what left: where the full record, its draft or its proposal is gone,
the copy in the entry stands in its place. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from hamsaya.desk import events as ev
from hamsaya.desk.acts_epochs import LostEntryFound
from hamsaya.exchange.acts import AgreementSignature, AgreementText, ReleasedRecord
from hamsaya.exchange.agreement_acts import AgreementActTold, AgreementHeard
from hamsaya.exchange.epochs import EPOCH
from hamsaya.exchange.logs import DISTRESS_ACTS, parse_log
from hamsaya.exchange.matters import MATTER_MOVED
from hamsaya.exchange.sections import SECTION_DAY
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import STANDING, Act, add, encode, has, note_release, number_in, project, stamp
from hamsaya.ledger.agreements import hold_act, hold_heard, hold_signature, hold_text
from hamsaya.ledger.calls import CAME_BACK, hold_call_entry
from hamsaya.ledger.consents import asked_again, given_again
from hamsaya.ledger.epochs import epoch_again, keep_lost
from hamsaya.ledger.erasures import asked_to_erase_again, confirmed_again
from hamsaya.ledger.holding import hold_record
from hamsaya.ledger.matters import moved_again
from hamsaya.ledger.quarantine import notice_again
from hamsaya.ledger.recalls import answered_again, recalled_again, settle
from hamsaya.ledger.received import RECEIVED, Came
from hamsaya.ledger.requests import refused_again
from hamsaya.ledger.retention import held_again
from hamsaya.ledger.reviewing import review_again
from hamsaya.ledger.sections import day_again
from hamsaya.ledger.tellings import note_telling
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header


def _text_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    del header
    text = read(content, AgreementText)
    hold_text(db, act, text.agreement, text.body)


def _signature_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    made = read(content, AgreementSignature)
    hold_signature(db, act, made.agreement, header.by, made.signature)


def _act_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    del header
    hold_act(db, act, read(content, AgreementActTold).act)


def _heard_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    del header
    hold_heard(db, act, read(content, AgreementHeard))


def _release_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Note a release of which only the entry came back, and keep the copy that left where its record is gone."""
    record = read(content, ReleasedRecord).record
    _note_returned(db, act, header, record, content)
    if not has(db, t.RECORD.c.id == record.id, t.RECORD.c.version == record.version, t.RECORD.c.received_from == ""):
        add(db, t.RECORD, act, id=record.id, version=record.version, received_from="", kind=record.kind, incident=record.incident,
             body=encode(record), filed_in=-1, released_in=f"{header.log}#{header.seq}", at=stamp(header.at), **STANDING)  # fmt: skip
        hold_record(db, record, "", act.seq)
    review_again(db, act, header)
    settle(db, act, header.log, header.seq)


def _release_bare(db: Connection, act: Act, header: Header) -> None:
    """Note a release of which the content was erased before it came back; of the record nothing is known but its name."""
    record = Record(
        id=header.about.get("record", ""), version=number_in(header.about.get("version", "")), kind="notice", party=header.by, office=header.office,
        side="", basis="own", handling="red", incident="", claims=[], filed_at=header.at,
    )  # fmt: skip
    _note_returned(db, act, header, record, canonical(ReleasedRecord(header.about.get("release", ""), record)))
    settle(db, act, header.log, header.seq)


def _note_returned(db: Connection, act: Act, header: Header, record: Record, content: bytes) -> None:
    about = header.about
    reason = encode(say("It came back from the neighbour after this node was set back."))
    row = {"decided_office": header.office, "condition": "logged", "condition_at": stamp(header.at), "clause": about.get("clause", ""),
           "rule": "", "reason": reason, "log": header.log, "seq": header.seq, "entry": act.seq}  # fmt: skip
    name, receiver = about.get("release", ""), getattr(parse_log(header.log), "receiver", "")
    note_release(db, act, name, "returned", header.log, header.seq)
    if db.execute(update(t.RELEASE).where(t.RELEASE.c.id == name).values(**row)).rowcount == 0:
        db.execute(insert(t.RELEASE).values(
            id=name, record=record.id, version=record.version, receiver=receiver, agreement=about.get("agreement", ""),
            purpose=about.get("purpose", ""), necessity=about.get("necessity", ""), content=content.decode(),
            withheld=number_in(about.get("withheld", "")),
            proposed_by="", proposed_office="", grounds=encode([]), danger=bool(about.get("danger")), **row,
        ))  # fmt: skip


def _distress_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    hold_call_entry(db, act, header, content, own=True, token=CAME_BACK)


RETURNED: Final[dict[str, Callable[[Connection, Act, Header, bytes], None]]] = {
    "agreement.text": _text_again,
    "agreement.signature": _signature_again,
    "agreement.act": _act_again,
    "agreement.heard": _heard_again,
    "release": _release_again,
    "consent.asked": asked_again,
    "consent.given": given_again,
    **dict.fromkeys(DISTRESS_ACTS, _distress_again),
    "release.recalled": recalled_again,
    "recall.answered": answered_again,
    "request.refused": refused_again,
    "entry.quarantined": notice_again,
    "erasure.asked": asked_to_erase_again,
    "erasure.confirmed": confirmed_again,
    "copy.held": held_again,
    EPOCH: epoch_again,
    MATTER_MOVED: moved_again,
    SECTION_DAY: day_again,
}
_ABOUT_RELEASES: Final = ("release.opened", "recall.answered", "entry.quarantined")
_NEVER: Final = say("It never arrived: the neighbour holds another entry at its place, from before this node was set back.")
_LOST: Final = say("Lost when this node was set back, and known to the neighbour, which gave it back.")


@project.register
def _(event: ev.LogRefilled, db: Connection, act: Act) -> None:
    entry = act.entry_of(event.log, event.seq)
    header, content = entry.header(), entry.content
    if content is not None and header.kind in RETURNED:
        RETURNED[header.kind](db, act, header, content)
        note_telling(db, act, header, content)
    elif header.kind == "release":  # its content was erased: that it was sent stands in its header
        _release_bare(db, act, header)


@project.register
def _(event: LostEntryFound, db: Connection, act: Act) -> None:
    header, content = keep_lost(db, act, event)
    _give_way(db, act, header)
    if content is not None and header.kind in RETURNED and not _stands_anew(db, header):
        RETURNED[header.kind](db, act, header, content)
        found = (t.RELEASE.c.log == event.log, t.RELEASE.c.seq == event.seq, t.RELEASE.c.condition == "logged")
        db.execute(update(t.RELEASE).where(*found).values(condition="receipted", condition_at=stamp(act.at), reason=encode(_LOST)))
        _hear_again(db, act, event.log, event.seq)


def _hear_again(db: Connection, act: Act, log: str, seq: int) -> None:
    """Let what the neighbour has told of an entry count now: when it came, this node did not know the entry."""
    receiver = getattr(parse_log(log), "receiver", "")
    about = (t.INBOX.c.subject == f"{log}#{seq}", t.INBOX.c.kind.in_(_ABOUT_RELEASES), t.INBOX.c.state == "noted", t.INBOX.c.sender == receiver)
    for row in db.execute(select(t.INBOX.c.log, t.INBOX.c.seq, t.INBOX.c.kind).where(*about).order_by(t.INBOX.c.log, t.INBOX.c.seq)).all():
        told = act.entry_of(row.log, row.seq)
        if told.content is not None:
            RECEIVED[row.kind](db, act, Came(told.header(), told.content, receiver, new=True))


def _give_way(db: Connection, act: Act, header: Header) -> None:
    """Take what was erased from the place at which the neighbour holds another release: it never arrived there, and nobody is asked to erase it."""
    release, record = header.about.get("release", ""), header.about.get("record", "")
    here = (t.RELEASE.c.log == header.log, t.RELEASE.c.seq == header.seq, t.RELEASE.c.id != release, t.RELEASE.c.condition == "erasure asked")
    never = {"condition": "refused", "condition_at": stamp(act.at), "rule": "erased", "reason": encode(_NEVER), "log": "", "seq": -1}
    if db.execute(update(t.RELEASE).where(*here).values(**never, entry=act.seq)).rowcount:
        db.execute(delete(t.ERASURE).where(t.ERASURE.c.log == header.log, t.ERASURE.c.seq == header.seq, t.ERASURE.c.record != record))


def _stands_anew(db: Connection, header: Header) -> bool:
    """Say whether the release that an entry made stands in another log here: that one is gone on with."""
    release = header.about.get("release", "")
    return header.kind == "release" and has(db, t.RELEASE.c.id == release, t.RELEASE.c.log > "")


@project.register
def _(event: ev.OpenedBefore, db: Connection, act: Act) -> None:
    db.execute(
        update(t.INBOX).where(t.INBOX.c.log == event.log, t.INBOX.c.seq == event.seq)
        .values(state="acknowledged", opened_by=event.office, opened_at=stamp(event.at), entry=act.seq)
    )  # fmt: skip
