# SPDX-License-Identifier: Apache-2.0
"""The whole account of a decision: why a release left, or did not, told from what was signed then and asked again now (law 1).

 1. The signed entries that tell of it are opened and verified: the journal's, the log's, the neighbour's receipt and notices.
 2. The same question is put again as of the recorded moment, to the texts and signatures that this node knew at that moment; of what came
    from a neighbour then, where that says no, to those that its sender had heard of, as when it was judged (`desk/heard.py`).
 3. The copy is made again from the record, with the recorded salt.
 4. What was signed since is told too, and verified: notices, recalls and their answers, corrections, answers to a request (`desk/followed.py`).
 5. What does not come out as it was recorded is a fault of the account, and the account says so first.

Reads only. Whoever may read a release may read its account.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from hamsaya.agreement.asked import Asked
from hamsaya.agreement.charter import Standing
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.permit import Step
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import account, question
from hamsaya.agreement.withheld import Withheld, why_withheld
from hamsaya.desk.account import Account, Checking, TextOf, Told
from hamsaya.desk.acts_agreement import ReleaseDelayed
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.consents import consented
from hamsaya.desk.documents import sentences_of
from hamsaya.desk.erasing import is_erased
from hamsaya.desk.events import ReleaseDecided, ReleaseProposed, read_event
from hamsaya.desk.followed import after_arriving, after_leaving, entry_at, entry_of
from hamsaya.desk.heard import as_heard
from hamsaya.desk.holdings import AgreementHeld, ReceiptHeld, ReleaseAct, ReleaseHeld
from hamsaya.desk.inbox import item_of
from hamsaya.desk.judging_consents import consents_that_came
from hamsaya.desk.names import is_named_by
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.release import OVERTAKEN, hash_of, release_of
from hamsaya.desk.retention import keep_of
from hamsaya.desk.steps import delivery_here, delivery_of
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import journal_of, parse_log
from hamsaya.facts.errors import HamsayaError, InputError, NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry, Header, check_receipt

NO_AGREEMENT = Standing("draft", say("No agreement with this neighbour is in force."), [])


def explain(node: Node, book: Book, name: str) -> Account:
    """Return the account of a release by its id, made here or sent here; or of an entry `LOG#NUMBER` that arrived. Raises `NotFound`."""
    log, mark, number = name.rpartition("#")
    if mark:
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            raise InputError(say("Expected a release, or LOG#NUMBER as `hamsaya inbox` lists it; this came: {came}", came=name[:80]))
        return explain_arrived(node, book, log, int(number))
    if book.release(name) is not None:
        return explain_made(node, book, name)
    arrived = arrived_as(book, name)
    if arrived is None:
        raise NotFound(say("There is no release {came}.", came=name[:40] or "—"), say("`hamsaya release show` and `hamsaya inbox` list them."))
    return explain_arrived(node, book, *arrived)


def arrived_as(book: Book, name: str) -> tuple[str, int] | None:
    """Return the entry as which a neighbour's release came here last, or None for one that did not come from another node."""
    if book.release(name) is not None:
        return None
    arrived = [each for each in book.release_acts(name) if each.what == "arrived" and _is_its_sender(each.log, name)]
    return (arrived[-1].log, arrived[-1].seq) if arrived else None


def _is_its_sender(log: str, release: str) -> bool:
    sent = parse_log(log)
    return sent is not None and is_named_by(sent.sender, "S", release)


def explain_made(node: Node, book: Book, release: str) -> Account:
    """Return the account of a release that this node made, or refused to make. Raises `NotFound`."""
    held, acts, checking = release_of(book, release), book.release_acts(release), Checking()
    proposed, decided, told = _own_acts(node, book, acts, checking)
    entry = entry_of(book, held) if held.log else None
    what = say("The log entry is signed by this node, and its content is what was signed.")
    header = checking.entry(what, entry, book.key_line(node.party), held.log, held.seq) if held.log else None
    then = _then(book, decided or proposed)
    agreement = _agreement(then, held.agreement)
    recorded = _recorded(held, decided)
    left = recorded is not None and recorded.allowed
    at = header.at if header and left else decided.at if decided else proposed.at if proposed else held.condition_at
    made = _evaluate(node, then, held, at, copy=_asked_of_copy(held, proposed, decided))
    erased = is_erased(book, held.record)
    if erased:  # what was decided stands; what it was decided of is gone
        made = _Asked(recorded or made.decision, standing=made.standing)
        told.append(Told(what=say("its content was erased here; the agreement cannot be asked again"), office="", login="", at=at, entry=""))
    elif proposed and decided and _asked_of_copy(held, proposed, decided):
        first = _evaluate(node, _then(book, proposed), held, proposed.at, copy=False)
        checking.note(say("Asked again as of the proposal, the agreement allows it, as it did then."), _unless_allowed(first.decision))
    if not erased:
        _check_answer(checking, held, recorded, made.decision)
    if entry is not None and header is not None and left:
        _check_log(checking, held, entry, header, made.decision)
    if proposed and decided and held.log:
        checking.note(say("The second officer is another person than the first."), _same_person(proposed, decided, header))
    version = _own_version(book, held)
    parts, remade = _remake(book, held, version, agreement, proposed)
    if remade is not None:
        checking.same(say("Made again from the record, the copy is the very one that was recorded."), _sha(held.content), _sha(remade))
    receipt = book.receipt_over(held.log, held.seq, held.receiver) if held.log else None
    _check_receipt(checking, book, receipt, held.seq, held.purpose, held.necessity)
    told += after_leaving(node, book, held, checking)
    return Account(
        release=release, sent=True, condition=held.condition, record=held.record, version=held.version, kind=version.kind if version else "",
        sender=node.party, receiver=held.receiver, purpose=held.purpose, necessity=held.necessity, grounds=held.grounds, danger=held.danger,
        asked_at=at, decision=recorded, again=made.decision, steps=made.steps, acts=told, withheld=held.withheld, parts=parts,
        size=0 if erased else len(held.content), sha256="" if erased or not held.content else hash_of(held.content),
        log=held.log, seq=held.seq, receipt=receipt,
        checks=checking.done, standing=made.standing, under=_text(agreement, held.agreement), delivery=delivery_of(node, book, held),
        keep=keep_of(book, held.log, held.seq) if held.log else None,
    )  # fmt: skip


def explain_arrived(node: Node, book: Book, log: str, seq: int) -> Account:
    """Return the account of a release that a neighbour sent, from this side. Raises `NotFound`, and `InputError` for another kind of entry."""
    item, checking = item_of(book, log, seq), Checking()
    if item.kind != "release":
        raise InputError(say("Entry {seq} of log {log} is no release.", seq=seq, log=log[:80]))
    entry = entry_at(book, log, seq)
    what = say("The log entry is signed by {party}, and its content is what was signed.", party=item.sender)
    header = checking.entry(what, entry, book.key_line(item.sender), log, seq)
    if entry is None or header is None:
        raise NotFound(say("Nothing arrived as entry {seq} of log {log}.", seq=seq, log=log[:80]))
    about, content, name = header.about, entry.content or b"", parse_log(log)
    journal = next((each.entry for each in book.release_acts(about.get("release", "")) if (each.log, each.seq) == (log, seq)), None)
    then = book if journal is None else book.known_before(journal)
    agreement = _agreement(then, name.agreement if name else "")
    released = _released(content)
    record = released.record if released else None
    told_version = about.get("version", "")
    version = record.version if record else int(told_version) if told_version.isascii() and told_version.isdigit() else 0
    made = _Asked(Decision(allowed=False, reason=say("It cannot be read.")))
    if entry.content is None:
        made = _Asked(Decision(allowed=item.state != "quarantined", clause=item.clause, reason=say("Its content was erased.")))
    if released is not None:
        made = _ask_arrived(node, then, header, released, agreement)
    if item.state != "quarantined" and entry.content is not None:
        checking.note(say("Asked again as of when it was sent, the agreement lets it come here."), _unless_allowed(made.decision))
    receipt = book.receipt_over(log, seq, node.party)
    _check_receipt(checking, book, receipt, seq, about.get("purpose", ""), about.get("necessity", ""))
    told = [Told(what=say("released by the neighbour"), office=header.office, login="", at=header.at, entry=f"{log}#{seq}")]
    told.append(Told(what=say("arrived here"), office="", login="", at=item.received_at, entry=_journal_name(node, journal)))
    if item.opened_at is not None:
        told.append(Told(what=say("acknowledged here"), office=item.opened_by, login="", at=item.opened_at, entry=""))
    if item.state != "quarantined" and item.subject:
        told += after_arriving(node, book, item, item.subject, version, checking)
    recorded = Decision(allowed=item.state != "quarantined", clause=item.clause, reason=item.reason or made.decision.reason)
    return Account(
        release=about.get("release", ""), sent=False, condition=item.state, record=record.id if record else item.subject,
        version=version, kind=record.kind if record else "", sender=item.sender, receiver=node.party,
        purpose=about.get("purpose", ""), necessity=about.get("necessity", ""), grounds=[], danger=about.get("danger") == "1", asked_at=header.at,
        decision=recorded, again=made.decision, steps=made.steps, acts=told, withheld=item.withheld, parts=[], size=len(content),
        sha256=hash_of(content) if content else "", log=log, seq=seq, receipt=receipt, checks=checking.done, standing=made.standing,
        under=_text(made.under or agreement, name.agreement if name else ""), delivery=delivery_here(node, book, log, seq),
        keep=keep_of(book, log, seq),
    )  # fmt: skip


class _Asked(msgspec.Struct, frozen=True):
    """What the agreement says when it is asked again."""

    decision: Decision
    steps: list[Step] = []
    standing: Standing = NO_AGREEMENT
    under: AgreementHeld | None = None
    """The agreement that gave this answer, as far as it counted."""


class _OwnAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act of this node's journal on the release."""

    at: datetime
    login: str
    entry: int
    event: ReleaseProposed | ReleaseDecided


def _own_acts(node: Node, book: Book, acts: Sequence[ReleaseAct], checking: Checking) -> tuple[_OwnAct | None, _OwnAct | None, list[Told]]:
    """Return the proposal and the decision as the journal has them, verified, and both as they are told."""
    proposed = decided = None
    told: list[Told] = []
    log = journal_of(node.party)
    for act in acts:
        if act.what == "returned":
            why = say("given back by the neighbour after this node was set back; who proposed it is lost")
            told.append(Told(what=why, office="", login="", at=_entry_time(book, log, act.entry), entry=_journal_name(node, act.entry)))
        if act.log:
            continue
        entry = entry_at(book, log, act.seq)
        what = say("Entry {seq} of the journal is signed by this node and unaltered.", seq=act.seq)
        header = checking.entry(what, entry, book.key_line(node.party), log, act.seq)
        if entry is None or header is None:
            continue
        if entry.content is None:
            told.append(Told(what=say("proposed; its content was erased since"), office=header.office,
                             login=header.about.get("login", ""), at=header.at, entry=_journal_name(node, act.seq)))  # fmt: skip
            continue
        event = read_event(header.kind, entry.content)
        what = say("proposed")
        if isinstance(event, ReleaseDelayed):
            what = say("held: {reason}", reason=event.reason)
        if isinstance(event, ReleaseDecided):
            what = say("allowed, and put into the log") if event.decision.allowed else say("refused")
        told.append(Told(what=what, office=header.office, login=header.about.get("login", ""), at=header.at, entry=_journal_name(node, act.seq)))
        if isinstance(event, ReleaseProposed | ReleaseDecided):
            own = _OwnAct(at=header.at, login=header.about.get("login", ""), entry=act.seq, event=event)
            proposed, decided = (own, decided) if isinstance(event, ReleaseProposed) else (proposed, own)
    return proposed, decided, told


def _asked_of_copy(held: ReleaseHeld, proposed: _OwnAct | None, decided: _OwnAct | None) -> bool:
    """Say whether the last question was about the copy: it is when a second officer decides, or when it left."""
    if decided is None:
        return proposed is None and bool(held.log)
    return bool(held.log) or proposed is None or decided.login != proposed.login


def _then(book: Book, act: _OwnAct | None) -> Book:
    """Return the book as it was when this act was written; as it is now, where there is none."""
    return book if act is None else book.known_before(act.entry)


def _evaluate(node: Node, then: Book, held: ReleaseHeld, at: datetime, *, copy: bool) -> _Asked:
    version = _copy(held.content) if copy else _own_version(then, held)
    if version is None:
        return _Asked(Decision(allowed=False, reason=say("The record is not here any more.")))
    agreement = _agreement(then, held.agreement)
    text = agreement.agreement if agreement else None
    asked = question(
        version, held.receiver, held.purpose, held.necessity, at, text, grounds=held.grounds, danger=held.danger, copy=copy,
        consented=consented(then, node.party, version, held.receiver, held.purpose, at, text),
    )  # fmt: skip
    return _answer(version, held.necessity, asked, agreement)


def _ask_arrived(node: Node, then: Book, header: Header, released: ReleasedRecord, agreement: AgreementHeld | None) -> _Asked:
    """Ask what this node asked when it arrived (`desk/judging.py`)."""
    record, about = released.record, header.about
    sender = next((each for each in then.parties() if each.card.party == header.by), None)
    if sender is None:
        return _Asked(Decision(allowed=False, reason=say("Its sender is not known here.")))
    try:
        consents = consents_that_came(node, then, sender, header, released)
    except HamsayaError as error:
        return _Asked(Decision(allowed=False, reason=error.what))

    def under(held: AgreementHeld | None) -> _Asked:
        asked = question(
            record, node.party, about.get("purpose", ""), about.get("necessity", ""), header.at, held.agreement if held else None,
            danger=about.get("danger") == "1", copy=True, consented=consents,
        )  # fmt: skip
        return _answer(record, about.get("necessity", ""), asked, held)

    answer = under(agreement)
    if answer.decision.allowed or agreement is None:
        return answer
    as_sent = under(as_heard(node, then, agreement, header.by, header.at))  # what its sender had not heard of yet did not bind it
    return as_sent if as_sent.decision.allowed else answer


def _answer(record: Record, necessity: str, asked: Asked, agreement: AgreementHeld | None) -> _Asked:
    standing = standing_of(agreement, asked.at) if agreement else NO_AGREEMENT
    return _Asked(*account(record, necessity, asked, agreement.agreement if agreement else None, standing), standing, agreement)


def _recorded(held: ReleaseHeld, decided: _OwnAct | None) -> Decision | None:
    """Return the last decision that the journal holds; that of the log entry, where only that came back; None while there is none."""
    if decided is not None and isinstance(decided.event, ReleaseDecided):
        return decided.event.decision
    return Decision(allowed=True, clause=held.clause, reason=held.reason) if held.log else None


def _check_answer(checking: Checking, held: ReleaseHeld, recorded: Decision | None, again: Decision) -> None:
    what = say("Asked again as of the recorded moment, the agreement gives the answer that the journal holds.")
    if recorded is None:
        checking.note(say("Asked again as of the proposal, the agreement allows it, as it did then."), _unless_allowed(again))
    elif recorded.rule == "second-officer":
        checking.note(say("The second officer refused it; the agreement was not against it."), _unless_allowed(again))
    elif recorded.rule not in OVERTAKEN:  # those rest on what this node did since, not on what the agreement says
        checking.same(what, (recorded.allowed, recorded.clause, recorded.rule), (again.allowed, again.clause, again.rule))
        if held.clause != recorded.clause:  # the row, which a later act may have moved on, names its clause all the same
            checking.same(what, recorded.clause, held.clause)


def _check_log(checking: Checking, held: ReleaseHeld, entry: Entry, header: Header, again: Decision) -> None:
    if entry.content is not None:
        checking.same(say("The log holds the very bytes that were approved."), _sha(held.content), _sha(entry.content))
    said = {"purpose": held.purpose, "necessity": held.necessity, "clause": again.clause, "release": held.release, "record": held.record,
            "version": str(held.version), "withheld": str(held.withheld)}  # fmt: skip
    found = {name: header.about.get(name, "") for name in said}
    checking.same(say("The log entry names this release, its clause, purpose and necessity."), said, found)


def _check_receipt(checking: Checking, book: Book, receipt: ReceiptHeld | None, seq: int, purpose: str, necessity: str) -> None:
    if receipt is None:
        return
    what = say("The receipt is signed by {party}, and repeats purpose and necessity.", party=receipt.by)
    try:
        signed = check_receipt(receipt.envelope, book.key_line(receipt.by))
    except HamsayaError as error:
        checking.note(what, error.what)
        return
    stored = next((each for each in signed.stored if each.seq == seq), None)
    said = (signed.log, signed.by, signed.size) == (receipt.log, receipt.by, receipt.size)
    repeats = stored is None or (stored.purpose, stored.necessity) == (purpose, necessity)
    checking.note(what, None if said and repeats else say("It says something else than what is kept of it."))


def _remake(
    book: Book, held: ReleaseHeld, version: Record | None, agreement: AgreementHeld | None, proposed: _OwnAct | None
) -> tuple[list[Withheld], bytes | None]:
    """Return why each part stayed at home, and the bytes made again; None where they cannot be, since a document is gone or the proposal lost."""
    sent = _copy(held.content)
    if sent is None or version is None or agreement is None:
        return [], None
    quotes = sentences_of(book, version)
    parts = why_withheld(version, sent, agreement.agreement, quotes)
    event = proposed.event if proposed else None
    if not isinstance(event, ReleaseProposed) or any(book.document_bytes(source.document) is None for source in version.sources):
        return parts, None
    made = prepare(version, agreement.agreement, quotes, bytes.fromhex(event.quote_salt)).record
    remade = msgspec.structs.replace(
        read(held.content, ReleasedRecord), record=msgspec.structs.replace(made, incident=sent.incident, answers=sent.answers, step=sent.step)
    )
    return parts, msgspec.json.encode(remade, order="sorted") if remade.record != sent else held.content


def _own_version(book: Book, held: ReleaseHeld) -> Record | None:
    found = (each.record for each in book.versions(held.record) if not each.received_from and each.record.version == held.version)
    return next(found, None)


def _copy(content: bytes) -> Record | None:
    return read(content, ReleasedRecord).record if content else None


def _released(content: bytes) -> ReleasedRecord | None:
    try:
        return read(content, ReleasedRecord)
    except InputError:
        return None


def _agreement(book: Book, agreement: str) -> AgreementHeld | None:
    return next((each for each in book.agreements() if each.agreement.table.id == agreement), None)


def _text(held: AgreementHeld | None, name: str) -> TextOf:
    if held is None:
        return TextOf(agreement=name)
    return TextOf(agreement=name, title=held.agreement.table.title, hash=held.hash, sentences=held.agreement.text)


def _entry_time(book: Book, log: str, seq: int) -> datetime:
    return book.entries(log, seq, 1)[0].header().at


def _journal_name(node: Node, entry: int | None) -> str:
    return "" if entry is None else f"{journal_of(node.party)}#{entry}"


def _unless_allowed(decision: Decision) -> Text | None:
    return None if decision.allowed else decision.reason


def _same_person(proposed: _OwnAct, decided: _OwnAct, header: Header | None) -> Text | None:
    alone = header is not None and "standing" in header.about
    return say("{login} did both.", login=decided.login) if decided.login == proposed.login and not alone else None


def _sha(content: bytes) -> str:
    return hash_of(content) if content else ""
