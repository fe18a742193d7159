# SPDX-License-Identifier: Apache-2.0
"""Every step of a release that this node can prove, with time and reason, and the ONE condition: the last of them (law 4).

    decided (clause) or refused (rule) → held → logged (n) → receipted → opened → answered; then recalled → recall answered
                                                          → erasure asked → erasure confirmed,
                                                          or quarantined by the receiver

1. What a step says is taken from what was signed and exchanged, in words that do not depend on who reads them: so both nodes tell
   the same steps once they have heard of each other. No clock orders them: two nodes' clocks differ, the order of conditions does not.
2. What only its sender's own journal knows (proposed, refused, held meanwhile) is told at the sender alone, and marked `here`.
3. Nothing is told that this node cannot prove: what did not happen has no step.

Reads only.
"""

from __future__ import annotations

from typing import Final

from hamsaya.desk.account import Delivery, Proven, StepName
from hamsaya.desk.acts_agreement import ReleaseDelayed
from hamsaya.desk.events import ReleaseDecided, ReleaseProposed, read_event
from hamsaya.desk.followed import entry_at, entry_of
from hamsaya.desk.holdings import ReleaseHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.recalls import recall_of
from hamsaya.desk.requests import requests_of
from hamsaya.exchange.erasures import why_erased
from hamsaya.exchange.logs import journal_of, parse_log
from hamsaya.exchange.quarantine import why_quarantined
from hamsaya.exchange.recalls import why_recalled
from hamsaya.facts.errors import NotFound
from hamsaya.facts.words import say
from hamsaya.seal.entries import Entry, Header

_UNSENT: Final = ("proposed", "refused", "held")


def delivery_of(node: Node, book: Book, held: ReleaseHeld) -> Delivery:
    """Return the steps of a release that this node made, or refused to make. Raises `NotFound` where nothing is known of it."""
    steps = _own(node, book, held)
    if held.log:
        steps += _signed_since(node, book, held.log, held.seq, stopped=held.condition in _UNSENT)
    return _delivery(steps, held.release)


def delivery_here(node: Node, book: Book, log: str, seq: int) -> Delivery:
    """Return the steps of a release that a neighbour sent as entry `seq` of `log`. Raises `NotFound`."""
    return _delivery([*_left(entry_at(book, log, seq), log, seq), *_signed_since(node, book, log, seq)], f"{log}#{seq}")


def _delivery(steps: list[Proven], name: str) -> Delivery:
    if not steps:
        raise NotFound(say("There is no release {came}.", came=name[:80] or "—"))
    last = steps[-1]
    return Delivery(condition=last.step, since=last.at, why=last.why, steps=steps)


def _own(node: Node, book: Book, held: ReleaseHeld) -> list[Proven]:
    """Tell what this node's journal holds of a release, and in its place what went into the log."""
    journal, told, logged = journal_of(node.party), list[Proven](), False
    for act in book.release_acts(held.release):
        entry = None if act.log else entry_at(book, journal, act.seq)
        if entry is None:
            continue
        header = entry.header()
        if entry.content is None:
            told += [_proposed(header, f"{journal}#{act.seq}", node.party)] if act.what == "proposed" else []
            continue
        event = read_event(header.kind, entry.content)
        placed = isinstance(event, ReleaseDecided) and event.decision.allowed
        if isinstance(event, ReleaseDecided) and placed and (event.log, event.seq) != (held.log, held.seq):
            why = say("put into a log that was closed since")
            told.append(
                Proven(step="logged", at=header.at, why=why, by=node.party, office=header.office, entry=f"{event.log}#{event.seq}", here=True)
            )
        elif isinstance(event, ReleaseDecided) and placed and not logged:
            told += _left(entry_at(book, event.log, event.seq), event.log, event.seq)
            logged = True
        else:
            told += _journaled(event, header, f"{journal}#{act.seq}", party=node.party)
    if held.condition == "held" and not held.log and told and told[-1].step != "held":  # its log was closed: no act of its own says so
        told.append(Proven(step="held", at=held.condition_at, why=held.reason, by=node.party, here=True))
    return told if logged or not held.log else [*told, *_left(entry_of(book, held), held.log, held.seq)]


def _proposed(header: Header, entry: str, party: str) -> Proven:
    """Tell that it was proposed, of a proposal whose content was erased."""
    why = say("proposed by {party}", party=party)
    return Proven(step="proposed", at=header.at, why=why, by=party, office=header.office, entry=entry, here=True)


def _journaled(event: object, header: Header, entry: str, *, party: str) -> list[Proven]:
    step: StepName = "proposed"
    why = say("proposed by {party}", party=party)
    if isinstance(event, ReleaseDecided):
        step, why = ("logged", say("it goes on: its agreement is in force again")) if event.decision.allowed else ("refused", event.decision.reason)
    elif isinstance(event, ReleaseDelayed):
        step, why = "held", event.reason
    elif not isinstance(event, ReleaseProposed):
        return []
    return [Proven(step=step, at=header.at, why=why, by=party, office=header.office, entry=entry, here=True)]


def _left(entry: Entry | None, log: str, seq: int) -> list[Proven]:
    """Tell what the entry itself proves: by which clause it was let go, and which place of the log it has."""
    name = parse_log(log)
    if entry is None or name is None:
        return []
    header = entry.header()
    clause, where = header.about.get("clause", ""), f"{log}#{seq}"
    why = say("allowed by clause {clause}", clause=clause) if clause else say("let go, and no clause is named")
    place = say("entry {n} of the log from {sender} to {receiver}", n=seq, sender=name.sender, receiver=name.receiver)
    return [
        Proven(step="decided", at=header.at, why=why, by=name.sender, office=header.office, entry=where),
        Proven(step="logged", at=header.at, why=place, by=name.sender, office=header.office, entry=where),
    ]


def _signed_since(node: Node, book: Book, log: str, seq: int, *, stopped: bool = False) -> list[Proven]:
    """Tell what was signed about the entry since, by either party. `stopped`: it was held or refused here, and no receipt speaks of it."""
    name = parse_log(log)
    if name is None:
        return []
    told: list[Proven] = []
    receipt, notice, item = book.receipt_over(log, seq, name.receiver), book.notice_of(log, seq), book.inbox_item(log, seq)
    if receipt is not None and not stopped:
        why = say("{party} signed that it has stored the first {n} entries of the log", party=name.receiver, n=receipt.size)
        told.append(Proven(step="receipted", at=receipt.at, why=why, by=name.receiver, entry=f"{log}#{receipt.size}"))
    if notice is not None and not stopped:
        why = say("quarantined by {party}: {why}", party=name.receiver, why=why_quarantined(notice))
        told.append(Proven(step="quarantined", at=notice.at, why=why, by=name.receiver, entry=f"{log}#{seq}"))
    elif item is not None and item.state == "quarantined":  # its sender is told as soon as the link allows it
        why = item.reason or say("It could not be read here.")
        told.append(Proven(step="quarantined", at=item.received_at, why=why, by=name.receiver, entry=f"{log}#{seq}", here=True))
    lost = next((each for each in book.lost_entries() if (each.log, each.seq) == (log, seq)), None)
    if lost is not None:
        why = say("lost when {party} was set back; {giver} holds it, and gave it back", party=name.sender, giver=lost.giver)
        told.append(Proven(step="receipted", at=lost.at, why=why, by=lost.giver, entry=f"{log}#{seq}", here=True))
    told += _opened(book, log, seq, name.receiver)
    told += _answered(node, book, log, seq)
    return [*told, *_recalled(book, log, seq, name.sender, name.receiver), *_erased(book, log, seq, name.sender, name.receiver)]


def _opened(book: Book, log: str, seq: int, receiver: str) -> list[Proven]:
    opening, item = book.opening(log, seq), book.inbox_item(log, seq)
    at, office = (opening.at, opening.office) if opening else (item.opened_at, item.opened_by) if item else (None, "")
    if at is None:
        return []
    return [Proven(step="opened", at=at, why=say("acknowledged by an officer of {party}", party=receiver), by=receiver, office=office)]


def _answered(node: Node, book: Book, log: str, seq: int) -> list[Proven]:
    """Tell what answered a request, or that it was refused on a ground; nothing of a record that is none."""
    entry = entry_at(book, log, seq)
    record = entry.header().about.get("record", "") if entry else ""
    told: list[Proven] = []
    for held in requests_of(node, book, record):
        if (held.log, held.seq) != (log, seq):
            continue
        other = node.party if not held.ours else held.party
        told += [Proven(step="answered", at=each.at, why=say("answered by record {record}", record=each.record), by=other) for each in held.answers]
        if held.refusal is not None:
            refusal = held.refusal
            told.append(Proven(step="answered", at=refusal.at, why=say("refused on a ground of refusal"), by=other, office=refusal.office))
    return sorted(told, key=lambda each: each.at)  # all of one party, by one clock


def _recalled(book: Book, log: str, seq: int, sender: str, receiver: str) -> list[Proven]:
    recall = recall_of(book, log, seq)
    if recall is None:
        return []
    where = f"{log}#{seq}"
    why = say("taken back: {reason}", reason=why_recalled(recall.reason))
    told = [Proven(step="recalled", at=recall.at, why=why, by=sender, office=recall.office, entry=where)]
    if recall.answer is not None:
        struck = say("the copy of {party} is struck", party=receiver)
        told.append(Proven(step="recall answered", at=recall.answer.at, why=struck, by=receiver, office=recall.answer.office, entry=where))
    return told


def _erased(book: Book, log: str, seq: int, sender: str, receiver: str) -> list[Proven]:
    held = book.erasure_of(log, seq)
    if held is None:
        return []
    where, why = f"{log}#{seq}", say("to be erased: {reason}", reason=why_erased(held.reason))
    told = [Proven(step="erasure asked", at=held.at, why=why, by=sender, office=held.office, entry=where)] if held.asked else []
    if held.confirmed is not None:
        gone, ran = say("{party} holds its content no more", party=receiver), held.confirmed.ran_out
        if ran is not None:
            gone = say("{party} erased it: clause {clause} let it be kept until {until}", party=receiver, clause=ran.clause,
                       until=f"{ran.until:%Y-%m-%d %H:%M} UTC")  # fmt: skip
        told.append(Proven(step="erasure confirmed", at=held.confirmed.at, why=gone, by=receiver, office=held.confirmed.office, entry=where))
    return told
