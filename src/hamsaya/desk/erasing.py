# SPDX-License-Identifier: Apache-2.0
"""A record is erased here and at whoever holds a copy, and every proof still holds (law 14).

    sender:    ──one officer orders──▶ ordered ──another confirms──▶ erased here; each release: erasure asked ──▶ erasure confirmed
    receiver:  ──the request arrives──▶ waits for an officer ──confirms──▶ erased here, and confirmed to the sender

1. Two persons erase at the sender, as two release: what is gone cannot be taken back. The receiver's officer is the second
   pair of eyes for the request of a neighbour.
2. What goes: the content and the salt of every entry that holds what was said, in the journal and in the logs of releases; the
   document, with its drafts, on which nothing else rests; bundles kept as evidence that hold the copy. Rows of tables and words
   of the search follow from those (`ledger/erasures.py`).
3. What stays: the headers and signatures, so that roots, receipts and proofs hold; names, times, offices, and purpose and
   necessity of each release, which the receipts repeat. What stands in the place of a content is its rest: nothing that was said.
4. A request travels on the link log: it passes while an agreement is suspended, and after it has expired. What comes after
   its own erasure was asked is stored without its content.
5. Our own records that rest on a neighbour's stay ours. The officer who confirms sees them, and decides (law 16); those that went
   on to others are asked from those in turn, and the confirmation says to whom it had gone.
6. A node that was set back has its own requests and confirmations back from the neighbour's mirror, and erases again, also where its logs were begun
   anew meanwhile. Who was asked takes nothing of that record any more, at whatever place of whatever log it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from hamsaya.agreement.decision import refuse
from hamsaya.desk.acts_erasures import CopyErased, ErasureDeclined, ErasureOrdered, Gone, RecordErased
from hamsaya.desk.erasures_held import ErasureHeld, OrderHeld
from hamsaya.desk.events import ReleaseDecided
from hamsaya.desk.holdings import OPERATOR, Officer, RecordHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.reducing import acts_about, closings_about, copies_in, documents_of, released_rest, said_in
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.erasures import REASONS, ErasureAsked, ErasureConfirmed, Onward, why_erased
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.exchange.session import Taken
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Derived
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Entry


def order_erasure(node: Node, officer: Officer, record: str, reason: str) -> OrderHeld:
    """Order that a record of ours be erased: the first half. Raises `NotFound`, `InputError` for a reason that is not on the list, `Stale`."""
    require(officer.role, "order")
    if reason not in REASONS:
        raise InputError(say("reason is one of: {list}; this came: {came}", list=", ".join(REASONS), came=reason[:40] or "—"))
    with node.ledger.writing() as pen:
        if not any(not each.received_from for each in pen.versions(record)):
            raise NotFound(say("This node filed no record {came}.", came=record[:40] or "—"), say("What a neighbour filed, it erases itself."))
        before = order_of(pen, record)
        if before is not None and before.state != "declined":
            raise Stale(say("To erase record {record} was ordered before.", record=record), by=before.ordered_office, at=before.ordered_at)
        pen.journal(ErasureOrdered(record=record, reason=reason), officer)
        return _order(pen, record)


def decide_erasure(node: Node, officer: Officer, record: str, *, erase: bool) -> OrderHeld:
    """Erase what was ordered, or do not: the second half, by another person. Raises `NotFound`, `Refused`, `Stale`.

    What waits to be released is refused, and of each release that has left the same is asked.
    """
    require(officer.role, "erase")
    with node.ledger.writing() as pen:
        order = _order(pen, record)
        if order.state != "ordered":
            raise Stale(say("Whether record {record} is erased was decided before.", record=record), by=order.decided_office, at=order.decided_at)
        if order.ordered_by == officer.login:
            raise Refused(say("Who ordered it does not confirm it: another officer must."), rule="second-officer")
        if erase:
            _erase(node, pen, officer, record, order.reason)
        else:
            pen.journal(ErasureDeclined(record=record), officer)
        return _order(pen, record)


def _erase(node: Node, pen: Pen, officer: Officer, record: str, reason: str) -> None:
    """Erase a record of ours, and ask the same of each neighbour to which it went."""
    for held in pen.releases_of(record):
        if not held.log and held.condition in ("proposed", "held"):
            decision = refuse("erased", say("Record {record} was erased: {why}.", record=record, why=why_erased(reason)))
            pen.journal(ReleaseDecided(release=held.release, decision=decision, standing=""), officer)
    gone, blobs = _own_content(node, pen, record)
    asked = _ask(node, pen, officer, reason, record, _left(pen, record, gone))
    pen.journal(RecordErased(record=record, reason=reason, gone=gone, blobs=blobs, asked=asked), officer)


def _ask(node: Node, pen: Pen, officer: Officer, reason: str, record: str, left: list[tuple[str, int, int]]) -> list[ErasureAsked]:
    """Ask those to whom these entries went to erase them, each once."""
    asked = []
    for log, seq, version in left:
        name = parse_log(log)
        if name is not None and pen.erasure_of(log, seq) is None:
            act = ErasureAsked(log=log, seq=seq, record=record, version=version, reason=reason, office=officer.office, at=node.now())
            pen.extend(link_log(node.party, name.receiver), "erasure.asked", canonical(act), officer)
            asked.append(act)
    return asked


def _left(book: Book, record: str, gone: list[Gone]) -> list[tuple[str, int, int]]:
    """Return the entries that a neighbour may hold of a record, with the version: also those of a log that was closed (`desk/epochs.py`)."""
    elsewhere = {(each.log, each.seq) for each in book.lost_entries()}  # the neighbour holds another entry there
    found = {(held.log, held.seq): held.version for held in book.releases_of(record) if held.log}
    for each in gone:
        if each.log.startswith("release/") and (each.log, each.seq) not in elsewhere:
            found[each.log, each.seq] = read(each.rest.encode(), ReleasedRecord).record.version
    return [(log, seq, version) for (log, seq), version in sorted(found.items())]


def _own_content(node: Node, pen: Pen, record: str) -> tuple[list[Gone], list[str]]:
    """Return what holds the content of a record of ours: entries, each with its rest, and documents on which nothing else rests."""
    blobs = [each for each in documents_of(pen, record) if not stays_for(pen, record, each) and pen.document_bytes(each) is not None]
    kept = [each.bundle for each in pen.quarantined()]  # a neighbour that gave back our own entries, and something else that breaks the rules
    return acts_about(node, pen, record, blobs), blobs + [name for name in kept if copies_in(pen.document_bytes(name) or b"", record)]


def stays_for(book: Book, record: str, document: str) -> list[str]:
    """Return the other records of ours for which a document stays."""
    return [each for each in book.records_naming(document) if each != record]


def documents_that_stay(book: Book, record: str) -> list[tuple[str, list[str]]]:
    """Return the documents under a record of ours that stay when it is erased, each with the records for which it stays."""
    found = [(each, stays_for(book, record, each)) for each in documents_of(book, record)]
    return [(document, records) for document, records in found if records]


def confirm_erasure(node: Node, officer: Officer, log: str, seq: int, *, erase: Sequence[str] = ()) -> ErasureHeld:
    """Erase what a neighbour released to us and asked to be erased, and confirm it; returns it with the confirmation.

    `erase` names those of our own records resting on it that go with it (`resting`), and are asked from others in turn. Raises
    `NotFound`, `InputError` for a record that does not rest on it, and `Stale` where it was confirmed before.
    """
    require(officer.role, "erase")
    with node.ledger.writing() as pen:
        held = erasure_named(pen, log, seq)
        if held.to != node.party:
            raise Refused(say("{party} confirms it, not this node.", party=held.to), rule="erasure")
        if held.confirmed is not None:
            raise Stale(say("This erasure was confirmed before."), by=held.confirmed.office, at=held.confirmed.at)
        ours = resting(pen, held)
        unknown = sorted(set(erase) - {each.record.id for each in ours})
        if unknown:
            raise InputError(say("Record {record} does not rest on what is to be erased.", record=unknown[0][:40]))
        for record in dict.fromkeys(erase):
            if not is_erased(pen, record):
                _erase(node, pen, officer, record, held.reason)
        confirmed = ErasureConfirmed(log=log, seq=seq, onward=onward_of(pen, ours, held.by), office=officer.office, at=node.now())
        pen.extend(link_log(node.party, held.by), "erasure.confirmed", canonical(confirmed), officer)
        gone, blobs = copy_content(pen, held)
        pen.journal(CopyErased(gone=gone, blobs=blobs, confirmed=confirmed), officer)
        return erasure_named(pen, log, seq)


def onward_of(book: Book, ours: Sequence[RecordHeld], by: str) -> list[Onward]:
    """Return the third parties to whom these records of ours went that rest on a copy of `by`, and whether each was asked to erase all of them."""
    told: dict[str, bool] = {}
    for own in ours:
        for each in book.releases_of(own.record.id):
            if each.log and each.receiver != by:
                told[each.receiver] = told.get(each.receiver, True) and book.erasure_of(each.log, each.seq) is not None
    return [Onward(party, asked) for party, asked in sorted(told.items())]


def copy_content(pen: Pen, held: ErasureHeld) -> tuple[list[Gone], list[str]]:
    """Return what holds the content of a copy here: its entry, with the rest, why its flag was closed, and bundles kept as evidence."""
    entry, item = _entry(pen, held.log, held.seq), pen.inbox_item(held.log, held.seq)
    if entry is None:
        return [], []
    applied = item is not None and item.state != "quarantined"
    gone = [] if entry.content is None else [Gone(held.log, held.seq, released_rest(entry.content) if applied else "")]
    gone += closings_about(pen, held.to, held.record, held.by)
    return gone, evidence_with(pen, held)


def evidence_with(book: Book, held: ErasureHeld) -> list[str]:
    """Return the bundles kept as evidence against the neighbour that hold the copy: they go with it."""
    kept = [each.bundle for each in book.quarantined() if each.sender == held.by]
    return [name for name in kept if copies_in(book.document_bytes(name) or b"", held.record, {(held.log, held.seq)})]


def without_erased_evidence(pen: Pen, bundle: bytes) -> None:
    """Erase a bundle that was kept as evidence a moment ago, where it holds what was erased here: that it broke the rules, and how, stays."""
    erased = [each for each in pen.erasures() if each.confirmed is not None]
    records = {each.record for each in erased} | {each.record for each in pen.erasure_orders() if each.state == "erased"}
    places = {(each.log, each.seq) for each in erased}
    if any((log, seq) in places or record in records for log, seq, record in said_in(bundle)):
        pen.journal(CopyErased(gone=[], blobs=[sha256(bundle).hexdigest()]), OPERATOR)


def erase_again(node: Node, pen: Pen, neighbour: str) -> None:
    """Erase again what our own entries, which came back, say was erased before this node was set back.

    Where our logs were begun anew meanwhile, that neighbour may have been sent it at another place: of that, too, it is asked.
    """
    held = any(each.neighbour == neighbour for each in pen.holds())  # nothing is signed for it: what it was asked comes back from it
    logs = {log for log in pen.logs() if (name := parse_log(log)) and (name.sender, name.receiver) == (node.party, neighbour)}
    for record, (reason, office) in {each.record: (each.reason, each.office) for each in pen.erasures(asked=True) if each.by == node.party}.items():
        gone, blobs = _own_content(node, pen, record)
        if gone or blobs:
            left = [] if held else [each for each in _left(pen, record, gone) if each[0] in logs]
            asked = _ask(node, pen, msgspec.structs.replace(OPERATOR, office=office), reason, record, left)
            pen.journal(RecordErased(record=record, reason=reason, gone=gone, blobs=blobs, asked=asked), OPERATOR)
    for copy in pen.erasures():
        if copy.by == neighbour and copy.confirmed is not None:
            gone, blobs = copy_content(pen, copy)
            if gone or blobs:
                pen.journal(CopyErased(gone=gone, blobs=blobs), OPERATOR)


def without_erased(book: Book, taken: Taken) -> Taken:
    """Return what came without the content of what its sender asked before to erase: a stick brings it late, or a log begun anew once more."""
    name = parse_log(taken.log)
    if name is None or name.kind != "release":
        return taken
    places = {each.seq for each in book.erasures(log=taken.log)}
    records = {each.record for each in book.erasures(asked=True) if (each.by, each.to) == (name.sender, name.receiver)}
    if not places and not records:
        return taken
    bare = [
        (header, Entry(entry.envelope, b"", None) if header.seq in places or header.about.get("record", "") in records else entry)
        for header, entry in taken.entries
    ]
    return msgspec.structs.replace(taken, entries=bare)


def resting(book: Book, held: ErasureHeld) -> list[RecordHeld]:
    """Return the latest version of each record of ours that rests on what is to be erased, and was not erased itself."""
    return resting_among(book, [[each for each in book.versions(name) if not each.received_from] for name in book.records_naming(held.record)], held)


def resting_among(book: Book, records: Sequence[list[RecordHeld]], held: ErasureHeld) -> list[RecordHeld]:
    """Return the same of these records of ours, each given with all of its versions."""
    link = Derived(record=held.record, version=held.version, party=held.by)
    return [own[-1] for own in records if any(link in each.record.derived for each in own) and not is_erased(book, own[-1].record.id)]


def order_of(book: Book, record: str) -> OrderHeld | None:
    """Return the order to erase a record of ours, or None."""
    return next(iter(book.erasure_orders(record=record)), None) if record else None


def is_erased(book: Book, record: str) -> bool:
    """Say whether a record of ours was erased."""
    order = order_of(book, record)
    return order is not None and order.state == "erased"


def content_is_gone(book: Book, record: str) -> bool:
    """Say whether the content of a record, of ours or of a neighbour, was erased here."""
    return is_erased(book, record) or is_copy_gone(book, record)


def refuse_erased(book: Book, record: str) -> None:
    """Raise `Refused` for a record whose content was erased, of ours or of a neighbour: nothing more is made of it."""
    if content_is_gone(book, record):
        raise Refused(say("The content of record {record} was erased.", record=record), rule="erased")


def is_copy_gone(book: Book, record: str) -> bool:
    """Say whether a record was erased where it was received: as its sender asked, or the last version of it here, since its time ran out."""
    told = [each for each in book.erasures(record=record) if each.confirmed is not None] if record else []
    if not told or any(each.asked for each in told):
        return bool(told)
    came = [each.released_in for each in book.versions(record) if each.received_from]
    return bool(came) and came[-1] in {f"{each.log}#{each.seq}" for each in told}


def erasure_named(book: Book, log: str, seq: int) -> ErasureHeld:
    """Return what was asked of an entry. Raises `NotFound`."""
    held = book.erasure_of(log, seq)
    if held is None:
        raise NotFound(
            say("Nobody asked to erase entry {seq} of log {log}.", seq=seq, log=log[:80]), say("`hamsaya record erasures` lists what was.")
        )
    return held


def _order(book: Book, record: str) -> OrderHeld:
    order = order_of(book, record)
    if order is None:
        raise NotFound(say("Nobody ordered to erase record {came}.", came=record[:40] or "—"), say("`hamsaya record erasures` lists what was."))
    return order


def _entry(book: Book, log: str, seq: int) -> Entry | None:
    return next(iter(book.entries(log, seq, 1)), None)
