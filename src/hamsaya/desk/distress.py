# SPDX-License-Identifier: Apache-2.0
"""Distress and STOP: one officer calls, whatever the agreements say (law 2); the other side answers; another person reviews it.

- A link is enough: no agreement, an expired, suspended or withdrawn one changes nothing.
- A call is an entry of the distress log to its neighbour, which goes ahead of everything else.
- While a link is held because this node was set back, calls go on: into a distress log of a new epoch, of which nobody can
  hold another entry yet.
- What is sent keeps to the closed lists of `facts/distress.py`; texts are screened, and what looks like data on a person is masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from hamsaya.agreement.screen import mask_persons
from hamsaya.desk.acts_distress import CallAct, CallAnswered, CallOver, CallReviewed, CallSent, DistressLogOpened
from hamsaya.desk.calls import CallHeld
from hamsaya.desk.holdings import OPERATOR, Officer
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.exchange.distress import MAX_OFFICE, CallWord, case_name
from hamsaya.facts.distress import (
    ANSWERS,
    ANSWERS_TO,
    DISTRESS_WHAT,
    HELP,
    MAX_WORDS,
    OTHER,
    OVER,
    SEEN,
    STOP_WHAT,
    STOP_WHOM,
    VERDICTS,
    Call,
    CallKind,
)
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import is_name, is_plain, is_sound
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical

MAX_NOTE: Final = 1_000
MAX_MINUTES: Final = 10_000
_EPOCH_BYTES: Final = 5


def send_distress(node: Node, officer: Officer, call: Call, *, to: Sequence[str] = (), token: str = "") -> list[CallHeld]:
    """Call the neighbours `to`, or the only one, for help. Returns the calls, one a neighbour."""
    require(officer.role, "distress")
    _check_codes("what", call.what, DISTRESS_WHAT)
    _check_codes("help", call.help, HELP, needed=False)
    if (OTHER in call.what) != bool(call.words.strip()) and call.words:
        raise InputError(say("Words of one's own go with “something else” only."), say("Choose it, or leave the words out."))
    return _send(node, officer, "distress", call, to, token)


def send_stop(node: Node, officer: Officer, call: Call, *, to: Sequence[str] = (), token: str = "") -> list[CallHeld]:
    """Tell the neighbours `to`, or the only one, to stop something at a place. Returns the calls, one a neighbour."""
    require(officer.role, "distress")
    _check_codes("what", call.what, STOP_WHAT)
    _check_codes("whom", call.whom, STOP_WHOM)
    if call.words or call.help or call.count or (call.about and not is_name(call.about)):
        raise InputError(say("A STOP says what is to stop, to whom, where and since when; nothing else."))
    return _send(node, officer, "stop", call, to, token)


def _send(node: Node, officer: Officer, kind: CallKind, call: Call, to: Sequence[str], token: str) -> list[CallHeld]:
    _check(call)
    masked = as_sent(call, officer)
    with node.ledger.writing() as pen:
        before = pen.calls_sent_as(token)
        if not before:
            names = dict.fromkeys(neighbour(pen, each).card.party for each in to or [""])
            before = [_log(node, pen, officer, name, f"{kind}.sent", canonical(masked), CallSent, token=token) for name in names]
        return pen.calls(cases=before)


def answer_distress(node: Node, officer: Officer, case: str, code: str = SEEN, *, minutes: int | None = None) -> CallHeld:
    """Say that a neighbour's call was seen, or what is done about it. It may be answered again as things change."""
    require(officer.role, "distress")
    if minutes is not None and not 0 <= minutes <= MAX_MINUTES:
        raise InputError(say("Minutes until help is there: 0 to {limit}.", limit=MAX_MINUTES))
    with node.ledger.writing() as pen:
        held = call_of(pen, case)
        if held.own:
            raise Refused(say("Our own call is answered by the neighbour."), rule="call")
        _check_codes("answer", [code], {each: ANSWERS[each] for each in ANSWERS_TO[held.kind]})
        if code == SEEN and held.seen is not None:
            return held  # two officers pressed the key: once is enough
        word = CallWord(log=held.log, seq=held.seq, code=code, minutes=minutes if code == "coming" else None)
        _log(node, pen, officer, held.neighbour, "distress.answered", canonical(word), CallAnswered)
        return call_of(pen, case)


def stand_down(node: Node, officer: Officer, case: str, code: str = "over") -> CallHeld:
    """Say that our own call is over, or was sent by mistake."""
    require(officer.role, "distress")
    _check_codes("over", [code], OVER)
    with node.ledger.writing() as pen:
        held = _own_call(pen, case)
        if held.over is not None:
            raise Refused(say("Call {case} was stood down before.", case=case), rule="decided")
        _log(node, pen, officer, held.neighbour, "distress.over", canonical(CallWord(log=held.log, seq=held.seq, code=code)), CallOver)
        return call_of(pen, case)


def review_distress(node: Node, officer: Officer, case: str, verdict: str, note: str) -> CallHeld:
    """Say as another person whether our own call, once it is over, was right. The verdict leaves, the note stays."""
    require(officer.role, "review")
    _check_codes("verdict", [verdict], VERDICTS)
    if not note.strip() or not is_plain(note, MAX_NOTE):
        raise InputError(say("A review says in a sentence why; at most {limit} characters.", limit=MAX_NOTE))
    with node.ledger.writing() as pen:
        held = _own_call(pen, case)
        if officer.login == held.by or (not held.by and officer.office == held.office):
            raise Refused(say("Another person than the one who sent it reviews a call."), rule="second-officer")
        if held.over is None:
            raise Refused(say("Call {case} is not over yet.", case=case), say("Stand it down first."), rule="call")
        if held.step("reviewed") is not None:
            raise Refused(say("Call {case} was reviewed before.", case=case), rule="decided")
        word = CallWord(log=held.log, seq=held.seq, code=verdict)
        _log(node, pen, officer, held.neighbour, "distress.reviewed", canonical(word), CallReviewed, note=note.strip())
        return call_of(pen, case)


def call_of(book: Book, case: str) -> CallHeld:
    """Return the call. Raises `NotFound`."""
    found = book.calls(cases=[case])
    if found:
        return found[0]
    raise NotFound(say("There is no call “{case}” here.", case=case[:80] or "—"), say("`hamsaya distress list` lists the calls."))


def as_sent(call: Call, officer: Officer) -> Call:
    """Return the call as it leaves: data on persons masked in every text, and an office that can be called back."""
    place = call.place
    if place is not None:
        place = msgspec.structs.replace(place, words=mask_persons(place.words)[:MAX_WORDS])
    contact = mask_persons(call.contact.strip() or officer.office)[:MAX_OFFICE]
    return msgspec.structs.replace(call, words=mask_persons(call.words.strip())[:MAX_WORDS], place=place, contact=contact, unread=[])


def _check(call: Call) -> None:
    """Refuse what the closed form does not hold. A place must be told, if only in words; everything else may be unknown."""
    if call.place is None:
        raise InputError(say("A call says where: a place, a point, or words."))
    texts = ((call.words, MAX_WORDS), (call.contact, MAX_OFFICE), (call.place.words, MAX_WORDS))
    if not all(is_plain(text, limit) for text, limit in texts):
        raise InputError(say("A text of the call is too long, or holds control characters."))
    if not all(is_sound(value) for value in (call.place, call.since, call.count) if value is not None):
        raise InputError(say("A number of the call is out of range."))


def _check_codes(field: str, codes: Sequence[str], known: Mapping[str, Text], *, needed: bool = True) -> None:
    unknown = [code for code in codes if code not in known]
    if unknown or (needed and not codes):
        raise InputError(
            say("{field}: expected one of {known}; this came: {came}", field=field, known=", ".join(known), came=", ".join(unknown)[:60] or "—"),
            say("The form for distress and STOP is closed: choose from its lists."),
        )


def _own_call(book: Book, case: str) -> CallHeld:
    held = call_of(book, case)
    if not held.own:
        raise Refused(say("Only the side that called can do that."), rule="call")
    return held


def _log(node: Node, pen: Pen, officer: Officer, to: str, kind: str, content: bytes, event: type[CallAct], **told: str) -> str:
    """Append an entry to the distress log to a neighbour, begun anew where this node was set back. Return its name as a call."""
    log = pen.distress_log_to(to)
    if log is None:
        pen.journal(DistressLogOpened(neighbour=to, epoch=f"e{node.random(_EPOCH_BYTES).hex()}"), OPERATOR)
        log = pen.distress_log_to(to)
    assert log is not None  # noqa: S101  (it was just opened)
    seq = pen.extend(log, kind, content, officer)
    pen.journal(event(log=log, seq=seq, **told), officer)
    return case_name(log, seq)
