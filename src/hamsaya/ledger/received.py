# SPDX-License-Identifier: Apache-2.0
"""What a neighbour's entries, receipts and bundles leave behind in the tables.

One function an act of the closed lists, in `RECEIVED`; our own entries that it gives back are in `returned.py`. Nothing here decides: the
verdict stands in the event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select, update

from hamsaya.agreement.retention import counted_from
from hamsaya.desk import events as ev
from hamsaya.exchange.acts import AgreementSignature, AgreementText, ReleasedRecord, ReleaseOpened, read_card
from hamsaya.exchange.agreement_acts import AgreementActTold, AgreementHeard
from hamsaya.exchange.consents import ConsentAsked, ConsentGiven, claimed_consent
from hamsaya.exchange.distress import short
from hamsaya.exchange.epochs import EPOCH
from hamsaya.exchange.erasures import ErasureAsked, ErasureConfirmed
from hamsaya.exchange.letters import KeyChangeTold, claimed_letter
from hamsaya.exchange.logs import DISTRESS_ACTS, parse_log
from hamsaya.exchange.matters import MATTER_MOVED
from hamsaya.exchange.recalls import RecallAnswered, ReleaseRecalled
from hamsaya.exchange.retention import CopyHeld
from hamsaya.exchange.sections import SECTION_DAY
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import is_name
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import STANDING, Act, add, encode, has, note_releases, number_in, project, stamp
from hamsaya.ledger.agreements import hold_act, hold_heard, hold_signature, hold_text
from hamsaya.ledger.calls import hold_call_entry
from hamsaya.ledger.consents import is_answered, keep_answer, keep_request
from hamsaya.ledger.epochs import take_epoch
from hamsaya.ledger.erasures import is_confirmed, keep_confirmed, keep_erasure, settle_erasure
from hamsaya.ledger.filling import fill
from hamsaya.ledger.holding import hold_record, hold_records
from hamsaya.ledger.matters import take_moved
from hamsaya.ledger.quarantine import take_notice
from hamsaya.ledger.recalls import is_recall_answered, keep_recall, keep_recall_answer, settle, strike, unstrike
from hamsaya.ledger.requests import take_refused
from hamsaya.ledger.retention import keep_hold
from hamsaya.ledger.sections import take_day
from hamsaya.ledger.tellings import note_telling
from hamsaya.seal.canonical import read, read_again
from hamsaya.seal.entries import Header, Receipt
from hamsaya.seal.envelope import open_envelope
from hamsaya.settlement.courses import counts_from_opening


class Came(msgspec.Struct, frozen=True):
    """An entry that a neighbour sent. `new` says that it is to be applied; else what it says is known here already."""

    header: Header
    content: bytes
    sender: str
    new: bool
    here: bool = True
    """Whether it came with its content."""


class Arrived(NamedTuple):
    """One entry of a stretch that came: the verdict on it, and the entry."""

    verdict: ev.Verdict
    came: Came


class About(msgspec.Struct, frozen=True):
    """What an entry is about, as the inbox shows it: a record, an agreement or another entry; its incident; and whether it waits for an officer."""

    subject: str
    incident: str = ""
    waits: bool = False
    kind: str = ""
    """The kind of the record that was released."""


def _take_text(db: Connection, act: Act, came: Came) -> About:
    text = read(came.content, AgreementText)
    if came.new:
        hold_text(db, act, text.agreement, text.body)
    return About(text.agreement)


def _take_signature(db: Connection, act: Act, came: Came) -> About:
    signature = read(came.content, AgreementSignature)
    if came.new:
        hold_signature(db, act, signature.agreement, came.sender, signature.signature)
    return About(signature.agreement)


def _take_act(db: Connection, act: Act, came: Came) -> About:
    told = read(came.content, AgreementActTold)
    if came.new:
        hold_act(db, act, told.act)
    return About(told.agreement)


def _take_heard(db: Connection, act: Act, came: Came) -> About:
    heard = read(came.content, AgreementHeard)
    if came.new:
        hold_heard(db, act, heard)
    return About(heard.agreement)


def _take_opened(db: Connection, act: Act, came: Came) -> About:
    opened = read(came.content, ReleaseOpened)
    if came.new:
        db.execute(
            update(t.RELEASE).where(t.RELEASE.c.log == opened.log, t.RELEASE.c.seq == opened.seq, t.RELEASE.c.condition.not_like("recall%"),
                                    t.RELEASE.c.condition.not_like("erasure%"))
            .values(condition="opened", condition_at=stamp(act.at), entry=act.seq)
        )  # fmt: skip
        if not has(db, t.OPENING.c.log == opened.log, t.OPENING.c.seq == opened.seq):  # of what was taken back it may be told again
            add(db, t.OPENING, act, log=opened.log, seq=opened.seq, office=opened.office, at=stamp(opened.at))
    return About(f"{opened.log}#{opened.seq}")


def _take_release(db: Connection, act: Act, came: Came) -> About:
    record = read(came.content, ReleasedRecord).record
    if came.new:
        db.execute(insert(t.RECORD), _record_row(act, stamp(act.at), came, record))
        hold_record(db, record, came.sender, act.seq)
        strike(db, act, came.header.log, came.header.seq)  # it may have been taken back before it came
    else:
        unstrike(db, act, came.header.log, came.header.seq, record, came.sender)
    return About(record.id, record.incident, waits=True, kind=record.kind)


def _take_asked(db: Connection, act: Act, came: Came) -> About:
    asked = read(came.content, ConsentAsked)
    if came.new:
        name = parse_log(came.header.log)
        keep_request(db, act, came.sender, name.receiver if name else "", asked)
    return About(asked.request, waits=came.new and not is_answered(db, came.sender, asked.request))


def _take_given(db: Connection, act: Act, came: Came) -> About:
    envelope = read(came.content, ConsentGiven).consent
    if came.new:
        keep_answer(db, act, envelope)
    return About(claimed_consent(envelope).request)


def _take_distress(db: Connection, act: Act, came: Came) -> About:
    return About(hold_call_entry(db, act, came.header, came.content, own=False))


def _take_recalled(db: Connection, act: Act, came: Came) -> About:
    recalled = read(came.content, ReleaseRecalled)
    if came.new:
        keep_recall(db, act, recalled)
        strike(db, act, recalled.log, recalled.seq)
    incident = db.execute(
        select(t.RECORD.c.incident).where(t.RECORD.c.id == recalled.record, t.RECORD.c.received_from == came.sender).limit(1)
    ).scalar()
    waits = came.new and not is_recall_answered(db, recalled.log, recalled.seq)
    return About(f"{recalled.log}#{recalled.seq}", incident or "", waits=waits)


def _take_answered(db: Connection, act: Act, came: Came) -> About:
    answer = read(came.content, RecallAnswered)
    if came.new:
        keep_recall_answer(db, act, answer)
        settle(db, act, answer.log, answer.seq)
    return About(f"{answer.log}#{answer.seq}")


def _take_erasure(db: Connection, act: Act, came: Came) -> About:
    asked = read(came.content, ErasureAsked)
    if came.new:
        keep_erasure(db, act, asked)
    of_record = (t.RECORD.c.id == asked.record, t.RECORD.c.received_from == came.sender)
    incident = db.execute(select(t.RECORD.c.incident).where(*of_record).limit(1)).scalar()
    return About(f"{asked.log}#{asked.seq}", incident or "", waits=came.new and not is_confirmed(db, asked.log, asked.seq))


def _take_confirmed(db: Connection, act: Act, came: Came) -> About:
    told = read(came.content, ErasureConfirmed)
    if came.new:
        keep_confirmed(db, act, told)
        settle_erasure(db, act, told.log, told.seq)
    return About(f"{told.log}#{told.seq}")


def _take_held(db: Connection, act: Act, came: Came) -> About:
    told = read(came.content, CopyHeld)
    if came.new:
        keep_hold(db, act, told)
    return About(f"{told.log}#{told.seq}")


def _take_notice(db: Connection, act: Act, came: Came) -> About:
    return About(take_notice(db, act, came.content, came.sender, new=came.new))


def _take_refused(db: Connection, act: Act, came: Came) -> About:
    return About(take_refused(db, act, came.header, came.content, new=came.new))


def _take_moved(db: Connection, act: Act, came: Came) -> About:
    return About(take_moved(db, act, came.header, came.content))


def _take_day(db: Connection, act: Act, came: Came) -> About:
    return About(take_day(db, act, came.header, came.content))


def _take_key(db: Connection, act: Act, came: Came) -> About:
    del db, act  # its letter was applied before the entry could be read
    return About(read_card(claimed_letter(read(came.content, KeyChangeTold).letter).card.encode()).public.fingerprint())


def _take_epoch(db: Connection, act: Act, came: Came) -> About:
    return About(take_epoch(db, act, came.header, came.content))


RECEIVED: Final[dict[str, Callable[[Connection, Act, Came], About]]] = {
    "agreement.text": _take_text,
    "agreement.signature": _take_signature,
    "agreement.act": _take_act,
    "agreement.heard": _take_heard,
    "release.opened": _take_opened,
    "release": _take_release,
    "consent.asked": _take_asked,
    "consent.given": _take_given,
    **dict.fromkeys(DISTRESS_ACTS, _take_distress),
    "release.recalled": _take_recalled,
    "recall.answered": _take_answered,
    "request.refused": _take_refused,
    "entry.quarantined": _take_notice,
    "key.changed": _take_key,
    "erasure.asked": _take_erasure,
    "erasure.confirmed": _take_confirmed,
    "copy.held": _take_held,
    EPOCH: _take_epoch,
    MATTER_MOVED: _take_moved,
    SECTION_DAY: _take_day,
}


_SAID: Final = ("purpose", "necessity", "clause")
_MANY: Final = 2
_SHOWN: Final = 500
"""How many letters of a header that was not accepted are shown."""


def _told(verdict: ev.Verdict) -> str:
    """Return what its sender is to be told of a quarantined entry: code, clause and time, none of which holds a bar."""
    return "|".join((verdict.code or "unsound", verdict.clause, stamp(verdict.until) if verdict.until else ""))


@project.register
def _(event: ev.MirrorExtended, db: Connection, act: Act) -> None:
    name = parse_log(event.log)
    sender = name.sender if name else ""
    came = [
        Arrived(verdict, Came(entry.header(), entry.content or b"{}", sender, new=verdict.outcome == "applied", here=entry.content is not None))
        for verdict, entry in zip(event.verdicts, act.stretch_of(event.log, [verdict.seq for verdict in event.verdicts]), strict=True)
    ]
    together = _take_releases(db, act, came)
    shown = []
    for number, (verdict, each) in enumerate(came):
        about = together[number] if together is not None else About("")
        if together is None and verdict.outcome != "quarantined":
            about = RECEIVED[each.header.kind](db, act, each)
            note_telling(db, act, each.header, each.content)
        shown.append(_inbox_row(event.log, act, verdict, each, about))
        if together is None:  # what is taken next may ask what came before it
            db.execute(insert(t.INBOX), shown.pop())
    fill(db, t.INBOX, shown)
    releases = [(each.header.about.get("release", ""), verdict.seq) for verdict, each in came if each.header.kind == "release"]
    note_releases(db, act, "arrived", event.log, [(given, seq) for given, seq in releases if is_name(given)])


def _inbox_row(log: str, act: Act, verdict: ev.Verdict, came: Came, about: About) -> dict[str, object]:
    held_back = verdict.outcome == "quarantined"
    header, state = came.header, "quarantined" if held_back else "new" if about.waits else "noted"
    said = {word: short(header.about.get(word, ""), _SHOWN) for word in _SAID} if held_back else header.about
    return {
        "log": log, "seq": verdict.seq, "kind": short(header.kind, _SHOWN), "sender": came.sender, "received_at": stamp(act.at), "state": state,
        "reason": encode(verdict.reason), "subject": about.subject, "incident": about.incident, "purpose": said.get("purpose", ""),
        "necessity": said.get("necessity", ""), "clause": said.get("clause", ""), "withheld": number_in(header.about.get("withheld", "")),
        "opened_by": "", "opened_at": "", "told": _told(verdict) if held_back else "", "record_kind": about.kind,
        "kept_since": stamp(counted_from(header.at)) if header.kind == "release" and came.here else "",
        "counts_from": stamp(counted_from(header.at) if counts_from_opening(about.kind) else act.at), "entry": act.seq,
    }  # fmt: skip


def _take_releases(db: Connection, act: Act, came: Sequence[Arrived]) -> list[About] | None:
    """Take many releases at once and return what each is about: the same rows as one after the other.

    None, and nothing is taken, where one is something else, is known already, was taken back before it came, or is about a record
    that another one is about too.
    """
    fresh = [each for verdict, each in came if verdict.outcome == "applied"]
    if len(came) < _MANY or not fresh or any(each.header.kind != "release" or verdict.outcome == "repeated" for verdict, each in came):
        return None
    records = [read_again(each.content, ReleasedRecord).record for each in fresh]
    log, seqs = fresh[0].header.log, [each.header.seq for each in fresh]
    recalled = has(db, t.RECALL.c.log == log, t.RECALL.c.seq >= min(seqs), t.RECALL.c.seq <= max(seqs))
    if recalled or len({record.id for record in records}) < len(records):
        return None
    at, sender = stamp(act.at), fresh[0].sender
    fill(db, t.RECORD, [_record_row(act, at, each, record) for each, record in zip(fresh, records, strict=True)])
    hold_records(db, [(record, act.seq) for record in records], sender)
    about = {each.header.seq: About(record.id, record.incident, waits=True, kind=record.kind) for each, record in zip(fresh, records, strict=True)}
    return [about.get(verdict.seq, About("")) for verdict, _ in came]


def _record_row(act: Act, at: str, came: Came, record: Record) -> dict[str, object]:
    return {
        "id": record.id, "version": record.version, "received_from": came.sender, "kind": record.kind, "incident": record.incident,
        "body": encode(record), "filed_in": -1, "released_in": f"{came.header.log}#{came.header.seq}", "at": at, "entry": act.seq, **STANDING,
    }  # fmt: skip


@project.register
def _(event: ev.ReceiptMade, db: Connection, act: Act) -> None:
    _receipt(db, act, event.receipt)


@project.register
def _(event: ev.ReceiptArrived, db: Connection, act: Act) -> None:
    receipt = _receipt(db, act, event.receipt)
    arrived = update(t.RELEASE).where(t.RELEASE.c.log == receipt.log).values(condition="receipted", condition_at=stamp(receipt.at), entry=act.seq)
    db.execute(arrived.where(t.RELEASE.c.condition == "logged", t.RELEASE.c.seq < receipt.size))
    db.execute(arrived.where(t.RELEASE.c.condition == "held", t.RELEASE.c.rule == "in-force", t.RELEASE.c.seq < receipt.size))
    stopped = select(t.RELEASE.c.seq).where(t.RELEASE.c.log == receipt.log, t.RELEASE.c.condition.in_(("refused", "held")))
    stored = {each.seq for each in receipt.stored}
    for seq in [seq for seq in db.execute(stopped).scalars() if seq in stored]:  # it had arrived, with its content, before it was stopped here
        db.execute(arrived.where(t.RELEASE.c.seq == seq, t.RELEASE.c.condition.in_(("refused", "held"))))


def _receipt(db: Connection, act: Act, envelope: str) -> Receipt:
    receipt = read_again(open_envelope(envelope.encode()).payload, Receipt)
    add(db, t.RECEIPT, act, log=receipt.log, size=receipt.size, by=receipt.by, at=stamp(receipt.at), envelope=envelope)
    return receipt


@project.register
def _(event: ev.BundleQuarantined, db: Connection, act: Act) -> None:
    row = {"sender": event.sender, "reason": encode(event.reason), "at": stamp(act.at), "entry": act.seq}
    if db.execute(update(t.QUARANTINE).where(t.QUARANTINE.c.bundle == event.bundle).values(**row)).rowcount == 0:
        add(db, t.QUARANTINE, act, bundle=event.bundle, sender=event.sender, reason=encode(event.reason), at=stamp(act.at))
