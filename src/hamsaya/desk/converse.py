# SPDX-License-Identifier: Apache-2.0
"""Talking with a neighbour: write the bundle it needs, take the bundle it sent, all in one transaction.

Nothing that breaks the rules of the exchange is stored but as evidence. An entry that keeps those rules and still
makes no sense (an unknown agreement, a text that is no agreement) is mirrored, not applied, and shown in quarantine.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import msgspec

from hamsaya.desk.contacts import note_failed, note_proven, proven_now
from hamsaya.desk.epochs import counting_sizes, is_of_a_closed_log, of_logs_in_use, take_calls_back, take_lost
from hamsaya.desk.erasing import erase_again, without_erased, without_erased_evidence
from hamsaya.desk.events import BundleQuarantined, ReceiptArrived, ReceiptMade, Verdict
from hamsaya.desk.holdings import OPERATOR, Party
from hamsaya.desk.judging import absorb_entry, absorb_together
from hamsaya.desk.keeping import is_held
from hamsaya.desk.keychange import HEAR, lacks_key, take_letters
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import neighbour
from hamsaya.desk.passing_on import pass_on_heard
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.quarantine import tell_of_quarantine
from hamsaya.desk.refilling import free_if_caught_up, is_whole, refill
from hamsaya.desk.sections_told import over_for, tell_ended
from hamsaya.desk.settling import is_in_force, may_offer, settle_releases
from hamsaya.desk.working import Way
from hamsaya.exchange.bundle import (
    MAX_BYTES,
    Bundle,
    Offer,
    claimed_bundle,
    read_bundle,
    take_entry,
)
from hamsaya.exchange.logs import AGREEMENT_ACTS, CONSENT_ACTS, is_urgent, parse_log
from hamsaya.exchange.packing import unpack
from hamsaya.exchange.session import Taken, take_offer, take_receipts
from hamsaya.facts.errors import HamsayaError, InputError, NeighbourError, NotFound
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Receipt, Stored, make_receipt
from hamsaya.seal.envelope import open_envelope
from hamsaya.seal.keyline import KeyLine
from hamsaya.seal.keys import PublicKey

MAX_ROUNDS: Final = 500
CLOCK_LIMIT_S: Final = 300


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle brought. `clock_offset_s` is the neighbour's clock minus ours, in seconds."""

    sender: str
    applied: int
    quarantined: int
    receipts: int
    clock_offset_s: int
    have: dict[str, int]
    refilled: int = 0
    """Entries of our own that came back, after this node was set back."""
    lost: dict[str, int] | None = None
    """What the neighbour still has of its own logs, where it was set back and asks for the rest."""

    def warning(self) -> Text | None:
        """Return the warning to show when the two clocks are more than five minutes apart."""
        return clock_warning(self.sender, self.clock_offset_s)


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole conversation brought."""

    neighbour: str
    rounds: int
    applied: int
    quarantined: int
    receipts: int
    clock_offset_s: int
    refilled: int = 0

    def warning(self) -> Text | None:
        """Return the warning to show when the two clocks are more than five minutes apart."""
        return clock_warning(self.neighbour, self.clock_offset_s)


def clock_warning(party: str, offset_s: int) -> Text | None:
    """Return a warning when the clocks are apart by more than `CLOCK_LIMIT_S`. Nothing depends on it but validity."""
    if abs(offset_s) <= CLOCK_LIMIT_S:
        return None
    return say("The clock of {party} and ours are {minutes} min apart; times are recorded as each clock gave them. Set the wrong clock.",
               party=party, minutes=round(abs(offset_s) / 60))  # fmt: skip


def receive(node: Node, data: bytes, caller: str = "", way: Way | None = None) -> Received:
    """Take what a neighbour sent: entries, their effects, our receipt, and that it proved contact, are stored together.

    `caller` is the party whose certificate the link showed, `way` who called; neither where a file was carried. Raises `NeighbourError` for
    a bundle that breaks the rules: nothing of it is applied, and if a trusted neighbour signed it, its bytes are kept as
    evidence.
    """
    try:
        data = unpack(data, MAX_BYTES)
        unread, keyid = claimed_bundle(data)
        claimed = unread.sender
    except InputError as error:
        raise NeighbourError(say("What came is no bundle: {why}", why=error.what), error.hint) from error
    with node.ledger.reading() as book:
        try:
            party, held, line = _sender(book, claimed), is_held(book, claimed), book.key_line(claimed)
        except NotFound as error:
            raise NeighbourError(
                say("A bundle came from “{party}”, which this node does not trust. Nothing was kept.", party=claimed[:40]),
                say("If it is a neighbour, trust its card first (`hamsaya party trust`)."),
            ) from error
    if caller and caller != claimed:
        raise NeighbourError(say("A bundle of {party} came over the link of {caller}. Nothing was kept.", party=claimed, caller=caller))
    if unread.letters:
        take_letters(node, claimed, unread.letters)
        with node.ledger.reading() as book:
            line = book.key_line(claimed)
    key = _key_of(node, data, claimed, keyid, line)
    bundle = read_bundle(data, key, sender=claimed, receiver=node.party)
    try:
        _check_exercise(node, bundle)
        urgent = _take_urgent(node, party, bundle, held=held)
        _check_sizes(bundle)
        with node.ledger.writing() as pen:
            received = _take(node, pen, party, bundle, urgent)
            known = proven_now(node, pen, claimed, way, warning=received.warning()) if way else None
            if known is not None:
                pen.note_contact(known)
            return received
    except NeighbourError as error:
        _keep_evidence(node, data, claimed, error)
        raise


def _key_of(node: Node, data: bytes, sender: str, keyid: str, line: KeyLine) -> PublicKey:
    """Return the sender's key that signed the bundle, also one that it has changed since. Raises `NeighbourError` for one that was revoked."""
    span = line.named(keyid)
    if span is not None and span.revoked:
        error = NeighbourError(
            say("The bundle from {sender} was signed by a key that was revoked ({fingerprint}). Nothing of it was applied.",
                sender=sender, fingerprint=span.key.fingerprint()[:9]),
            HEAR,
        )  # fmt: skip
        read_bundle(data, span.key, sender=sender, receiver=node.party)
        _keep_evidence(node, data, sender, error)
        raise error
    return span.key if span is not None else line.current


def _keep_evidence(node: Node, data: bytes, sender: str, error: NeighbourError) -> None:
    """Keep a bundle that its sender signed and that breaks the rules; the same breach again is kept once."""
    with node.ledger.writing() as pen:
        if not any(each.sender == sender and each.reason == error.what for each in pen.quarantined()):
            pen.journal(BundleQuarantined(bundle=pen.keep(data), sender=sender, reason=error.what), OPERATOR)
            without_erased_evidence(pen, data)


def _sender(book: Book, claimed: str) -> Party:
    if not claimed:  # no name must not stand for the only neighbour
        raise NotFound(say("The bundle names no sender."))
    return neighbour(book, claimed)


def answer(node: Node, data: bytes, caller: str = "") -> bytes:
    """Take a bundle of `caller` and return the one that answers it: what the gate does."""
    received = receive(node, data, caller, "answered")
    note_proven(node, received.sender, "answered", warning=received.warning())  # the first time ever: then it is not known yet
    with node.ledger.reading() as book:
        return write_for(node, book, received.sender, received.have, received.lost)


def synchronise(node: Node, party: str, exchange: Callable[[Party, bytes], bytes]) -> Synced:
    """Talk with `party` until neither has anything new for the other.

    `exchange` carries a bundle over and returns the answer; its `LinkError` passes, and nothing is lost by it: what
    was not receipted is sent again next time. What is known of the link is kept either way.
    """
    with node.ledger.reading() as book:
        other = neighbour(book, party)
    name = other.card.party
    try:
        done = _synchronise(node, other, exchange)
    except HamsayaError as error:
        note_failed(node, name, error.what)
        raise
    note_proven(node, name, "called", warning=done.warning())
    return done


def receive_carried(node: Node, data: bytes) -> Received:
    """Take a bundle that was carried by hand: it proves contact for the time at which it was written."""
    received = receive(node, data)
    at = node.now() + timedelta(seconds=received.clock_offset_s)
    note_proven(node, received.sender, "file", at=at, warning=clock_warning(received.sender, max(received.clock_offset_s, 0)))
    return received


def _synchronise(node: Node, other: Party, exchange: Callable[[Party, bytes], bytes]) -> Synced:
    applied = quarantined = receipts = refilled = 0
    have: dict[str, int] | None = None
    lost: dict[str, int] | None = None
    settle(node)
    for rounds in range(1, MAX_ROUNDS + 1):  # noqa: B007  (told in the result)
        with node.ledger.reading() as book:
            sent = write_for(node, book, other.card.party, have, lost)
        got = receive(node, exchange(other, sent), way="called")
        asked_more = got.lost is not None and got.lost != lost
        have, lost = got.have, got.lost
        applied, quarantined, receipts = applied + got.applied, quarantined + got.quarantined, receipts + got.receipts
        refilled += got.refilled
        if not (got.applied or got.quarantined or got.refilled or asked_more or _behind(node, other.card.party, have)):
            break
    return Synced(neighbour=other.card.party, rounds=rounds, applied=applied, quarantined=quarantined, receipts=receipts,
                  clock_offset_s=got.clock_offset_s, refilled=refilled)  # fmt: skip


def settle(node: Node) -> None:
    """Do what waits for an agreement or for a link that was held, if anything does: before a bundle is written by itself."""
    with node.ledger.reading() as book:
        waits = bool(book.undelivered(["held"])) or not all(is_in_force(node, held) for held in book.agreements()) or bool(over_for(node, book))
    if waits:
        with node.ledger.writing() as pen:
            settle_releases(node, pen)
            tell_ended(node, pen)


def _behind(node: Node, party: str, have: dict[str, int]) -> bool:
    with node.ledger.reading() as book:
        mine = {log: size for log, size in counting_sizes(book, node.party, party).items() if may_offer(node, book, party, log, size)}
    return any(have.get(log, 0) < size for log, size in mine.items())


def _check_exercise(node: Node, bundle: Bundle) -> None:
    if bundle.exercise != node.exercise:
        raise NeighbourError(say("The bundle is of an exercise and this node is not, or the other way round. Nothing of it was applied."))


def _check_sizes(bundle: Bundle) -> None:
    if any(size < 0 for sizes in (bundle.have, bundle.held, bundle.lost or {}) for size in sizes.values()):
        raise NeighbourError(say("The bundle from {sender} gives a log a size below zero.", sender=bundle.sender))


def _take_urgent(node: Node, party: Party, bundle: Bundle, *, held: bool) -> list[Verdict]:
    """Take what the distress logs bring, each by itself and ahead of the rest: no fault of the rest can stop it, nor a link that is held.

    Raises `NeighbourError` for the first distress log that broke the rules, once the others are stored.
    """
    verdicts: list[Verdict] = []
    if not (held and bundle.receipts) and not any(is_urgent(offer.log) for offer in bundle.offers):
        return verdicts
    with node.ledger.reading() as book:
        if lacks_key(node, book):  # what it signed now would not be its word
            return verdicts
    broken: NeighbourError | None = None
    for offer in bundle.offers:
        if not is_urgent(offer.log):
            continue
        try:
            with node.ledger.writing() as pen:
                verdicts += _take_offer(node, pen, party, offer)
        except NeighbourError as error:
            broken = broken or error
    if held and bundle.receipts:
        with node.ledger.writing() as pen:  # what was called since the node was set back is receipted like any call
            _take_receipts(pen, party, msgspec.structs.replace(bundle, receipts=_of_what_we_hold(pen, bundle)))
    if broken is not None:
        raise broken
    return verdicts


def _of_what_we_hold(book: Book, bundle: Bundle) -> list[str]:
    """Return the receipts over distress logs that reach no further than we do: of what a set-back took, nothing can be said yet."""
    sizes = book.logs()
    kept = []
    for sent in bundle.receipts:
        with suppress(InputError):  # one that is none is named when the rest is taken
            receipt = read(open_envelope(sent.encode()).payload, Receipt)
            if is_urgent(receipt.log) and receipt.size <= sizes.get(receipt.log, 0):
                kept.append(sent)
    return kept


def _take_offer(node: Node, pen: Pen, party: Party, offer: Offer) -> list[Verdict]:
    taken = take_offer(offer, pen.mirror(offer.log), pen.key_line(party.card.party), sender=party.card.party, receiver=node.party)
    taken = without_erased(pen, taken)
    verdicts = _absorb(node, pen, party, taken)
    if taken.entries:
        pen.journal(ReceiptMade(receipt=_receipt(node, taken).decode()), OPERATOR)
    return verdicts


def _take_receipts(pen: Pen, party: Party, bundle: Bundle) -> int:
    """Keep the neighbour's receipts that are new; return how many."""
    fresh = 0
    known = {held.envelope.decode() for held in pen.last_receipts(bundle.sender).values()}
    told = msgspec.structs.replace(bundle, receipts=[sent for sent in bundle.receipts if sent not in known])
    for receipt, data in take_receipts(of_logs_in_use(pen, told), pen.key_line(party.card.party), pen.root_at):
        if not pen.has_receipt(receipt.log, receipt.size, bundle.sender):
            pen.journal(ReceiptArrived(receipt=data.decode()), OPERATOR)
            fresh += 1
    return fresh


def _take(node: Node, pen: Pen, party: Party, bundle: Bundle, verdicts: list[Verdict]) -> Received:
    refilled = 0
    offset = round((bundle.at - node.now()).total_seconds())
    held = is_held(pen, bundle.sender)
    if held:
        refilled = refill(node, pen, bundle)
        if not is_whole(node, pen, bundle) or lacks_key(node, pen):  # our own entries first: without them the neighbour's make no sense
            return Received(sender=bundle.sender, **_count(verdicts), receipts=0, clock_offset_s=offset, have=bundle.have,
                            refilled=refilled, lost=bundle.lost)  # fmt: skip
    refilled += take_calls_back(node, pen, bundle)
    fresh = _take_receipts(pen, party, bundle)  # before the entries: they tell what their sender had heard of
    for offer in bundle.offers:
        if not is_urgent(offer.log) and not is_of_a_closed_log(pen, offer):
            verdicts += _take_offer(node, pen, party, offer)
    if held:
        free_if_caught_up(node, pen, bundle)
    if lost := take_lost(node, pen, bundle):
        erase_again(node, pen, bundle.sender)
    refilled += lost
    tell_of_quarantine(node, pen, bundle.sender)
    told = {kind for offer in bundle.offers for kind in _kinds(offer)}
    if held or told & AGREEMENT_ACTS:
        pass_on_heard(node, pen)
    settle_releases(node, pen, changed=bool(told & (AGREEMENT_ACTS | CONSENT_ACTS)))
    tell_ended(node, pen)
    return Received(sender=bundle.sender, **_count(verdicts), receipts=fresh, clock_offset_s=offset, have=bundle.have,
                    refilled=refilled, lost=bundle.lost)  # fmt: skip


def _kinds(offer: Offer) -> set[str]:
    """Return of what kinds the entries are that were offered, and taken, of a link log."""
    name = parse_log(offer.log)
    return {take_entry(sent).header().kind for sent in offer.entries} if name and name.kind == "link" else set()


def _count(verdicts: list[Verdict]) -> dict[str, int]:
    quarantined = sum(verdict.outcome == "quarantined" for verdict in verdicts)
    return {"applied": len(verdicts) - quarantined, "quarantined": quarantined}


def _absorb(node: Node, pen: Pen, party: Party, taken: Taken) -> list[Verdict]:
    """Store entries, each judged in the light of those before it: at once where none of them is about what another is, else one by one."""
    together = absorb_together(node, pen, party, taken)
    if together is not None:
        return together
    verdicts = []
    for number, (header, entry) in enumerate(taken.entries, 1):
        checkpoint = taken.checkpoint if number == len(taken.entries) else b""
        verdicts.append(absorb_entry(node, pen, party, taken.log, header, entry, checkpoint))
    if not taken.entries and taken.checkpoint:
        pen.absorb(taken.log, [], [], taken.checkpoint)
    return verdicts


def _receipt(node: Node, taken: Taken) -> bytes:
    stored = [
        Stored(header.seq, header.about.get("purpose", ""), header.about.get("necessity", ""))
        for header, entry in taken.entries
        if header.kind == "release" and entry.content is not None
    ]
    root = taken.frontier.root().hex()
    return make_receipt(Receipt(log=taken.log, size=taken.frontier.size, root=root, at=node.now(), by=node.party, stored=stored), node.key)
