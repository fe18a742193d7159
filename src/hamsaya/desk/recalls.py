# SPDX-License-Identifier: Apache-2.0
"""What was released is taken back, and every copy answers for it (F13).

    sender:    logged, receipted, opened ──an officer takes it back──▶ recalled ──the receiver's answer──▶ recall answered
    receiver:  received ──the recall arrives──▶ struck, with the sender's reason ──an officer answers──▶ answered

1. One officer takes back: it tells nothing new, and a second signature would only let what is wrong stand longer.
2. A recall travels on the link log: it passes while an agreement is suspended, and after it has expired.
3. It strikes at the receiver when it arrives, before anybody has read it; the answer is a person's. A recall that arrives
   before its release strikes that when it comes.
4. What rests on it and went on to others is found by the receiver's node, and proposed to be recalled there in turn; the
   officer who answers decides (law 16). It goes on without the neighbour's words. The answer names those others, whatever
   was decided.
5. What has not left yet leaves without its content: the entry keeps its place in the log.
6. A version that was taken back from a neighbour is not released to it again: a next version is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hamsaya.agreement.decision import refuse
from hamsaya.desk.acts_recalls import EntryErased, RecallAnswerMade, RecallMade
from hamsaya.desk.erasing import refuse_erased
from hamsaya.desk.events import RecordWithdrawn, ReleaseDecided
from hamsaya.desk.holdings import Officer, ReleaseHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.desk.told import told_sentence
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.recalls import PASSED_ON, PassedOn, RecallAnswered, ReleaseRecalled
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Derived
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read

MAX_REASON: Final = 400


def recall_release(node: Node, officer: Officer, release: str, reason: str) -> ReleaseHeld:
    """Take a release back from its receiver. Raises `Refused` for one that never left or was erased, `Stale` for one taken back before.

    The reason leaves, so it is a sentence without data on persons; else `InputError`.
    """
    require(officer.role, "recall")
    reason = _reason(reason)
    with node.ledger.writing() as pen:
        held = _release(pen, release)
        if not held.log:
            raise Refused(
                say("Release {release} never left: {condition}.", release=release, condition=held.condition),
                say("The second officer refuses what is proposed."),
                rule="recall",
            )
        before = recall_of(pen, held.log, held.seq)
        if before is not None:
            raise Stale(say("Release {release} was taken back before.", release=release), by=before.office, at=before.at)
        refuse_erased(pen, held.record)
        _recall(node, pen, officer, held, reason)
        return _release(pen, release)


def recall_record(node: Node, officer: Officer, record: str, reason: str) -> list[ReleaseHeld]:
    """Strike every version of an own record that left, and take it back from every receiver. Returns the releases taken back.

    What still waits for the second officer is refused. Raises `NotFound` for a record that this node did not file, `Refused` for
    one that was erased, `Stale` where nothing of it is out any more.
    """
    require(officer.role, "recall")
    reason = _reason(reason)
    with node.ledger.writing() as pen:
        own = [each for each in pen.versions(record) if not each.received_from]
        if not own:
            raise NotFound(say("This node filed no record {came}.", came=record[:40] or "—"), say("Only one's own records can be taken back."))
        refuse_erased(pen, record)
        releases = pen.releases_of(record)
        out = [each for each in releases if each.log and recall_of(pen, each.log, each.seq) is None]
        if not out:
            raise Stale(say("Nothing of record {record} is with a neighbour.", record=record))
        for each in releases:
            if each.condition in ("proposed", "held") and not each.log:
                decision = refuse("withdrawn", say("Record {record} was taken back: {reason}", record=record, reason=reason))
                pen.journal(ReleaseDecided(release=each.release, decision=decision, standing=""), officer)
        for each in out:
            _recall(node, pen, officer, each, reason)
        for version in [held.record.version for held in own if not held.withdrawn_by]:
            pen.journal(RecordWithdrawn(record=record, version=version, reason=reason), officer)
        return [_release(pen, each.release) for each in out]


def _recall(node: Node, pen: Pen, officer: Officer, held: ReleaseHeld, reason: str) -> None:
    recalled = ReleaseRecalled(
        log=held.log, seq=held.seq, record=held.record, version=held.version, reason=reason, office=officer.office, at=node.now()
    )
    pen.extend(link_log(node.party, held.receiver), "release.recalled", canonical(recalled), officer)
    if not has_left(pen, held):
        erase_entry(pen, officer, held.log, held.seq)
    pen.journal(RecallMade(recalled=recalled), officer)


def is_receipted(book: Book, held: ReleaseHeld) -> bool:
    """Say whether the receiver has signed that it holds the release."""
    return any(each.by == held.receiver and each.log == held.log and each.size > held.seq for each in book.receipts())


def has_left(book: Book, held: ReleaseHeld) -> bool:
    """Say whether the receiver may hold the release: it was put into a bundle, came back from the receiver, or is receipted."""
    return any(act.what in ("sent", "returned") for act in book.release_acts(held.release)) or is_receipted(book, held)


def erase_entry(pen: Pen, officer: Officer, log: str, seq: int) -> None:
    """Erase the content of an own entry that has not left; what was signed of it, and every proof, still holds."""
    pen.journal(EntryErased(log=log, seq=seq), officer)


def onward(book: Book, recall: RecallHeld) -> list[ReleaseHeld]:
    """Return our releases to others that rest on what was taken back, those among them that were taken back since.

    None while another release lets that version stand here: the recall took back no more than the one that it names.
    """
    told = (each for each in book.versions(recall.record) if each.received_from == recall.by and each.record.version == recall.version)
    if any(not each.withdrawn_by for each in told):
        return []
    link = Derived(record=recall.record, version=recall.version, party=recall.by)
    gone = [each for each in book.releases() if each.log and each.receiver != recall.by]
    return [each for each in gone if link in read(each.content, ReleasedRecord).record.derived]


def answer_recall(node: Node, officer: Officer, log: str, seq: int, *, recall: Sequence[str] | None = None) -> RecallHeld:
    """Answer a neighbour that took a release back; returns the recall with the answer.

    `recall` names those of our releases resting on it that are taken back in turn; None: all of them (`onward`). Raises `NotFound`,
    `InputError` for a release that does not rest on it, and `Stale` where it was answered before.
    """
    require(officer.role, "acknowledge")
    with node.ledger.writing() as pen:
        held = recall_named(pen, log, seq)
        if held.to != node.party:
            raise Refused(say("{party} answers it, not this node.", party=held.to), rule="recall")
        if held.answer is not None:
            raise Stale(say("This recall was answered before."), by=held.answer.office, at=held.answer.at)
        resting = onward(pen, held)
        chosen = [each for each in resting if recall is None or each.release in recall]
        unknown = sorted(set(recall or ()) - {each.release for each in resting})
        if unknown:
            raise InputError(say("Release {release} does not rest on what was taken back.", release=unknown[0][:40]))
        fresh = [each for each in chosen if recall_of(pen, each.log, each.seq) is None]
        if fresh:
            require(officer.role, "recall")
        for each in fresh:
            _recall(node, pen, officer, each, PASSED_ON.message)
        gone: dict[str, bool] = {}
        for each in resting:
            gone[each.receiver] = gone.get(each.receiver, True) and recall_of(pen, each.log, each.seq) is not None
        answer = RecallAnswered(
            log=log, seq=seq, passed_on=[PassedOn(party, recalled) for party, recalled in sorted(gone.items())], office=officer.office, at=node.now()
        )
        pen.extend(link_log(node.party, held.by), "recall.answered", canonical(answer), officer)
        pen.journal(RecallAnswerMade(answer=answer), officer)
        return recall_named(pen, log, seq)


def recall_of(book: Book, log: str, seq: int) -> RecallHeld | None:
    """Return the recall of an entry, or None."""
    return next(iter(book.recalls((log, seq))), None)


def recall_named(book: Book, log: str, seq: int) -> RecallHeld:
    """Return the recall of an entry. Raises `NotFound`."""
    held = recall_of(book, log, seq)
    if held is None:
        raise NotFound(say("Entry {seq} of log {log} was not taken back.", seq=seq, log=log[:80]), say("`hamsaya release recalls` lists what was."))
    return held


def _release(book: Book, release: str) -> ReleaseHeld:
    held = book.release(release)
    if held is None:
        raise NotFound(say("There is no release {came}.", came=release[:40] or "—"), say("`hamsaya release show` lists them."))
    return held


def _reason(reason: str) -> str:
    return told_sentence(reason, say("Say why it is taken back, in at most {n} letters: every holder reads it.", n=MAX_REASON), MAX_REASON)
