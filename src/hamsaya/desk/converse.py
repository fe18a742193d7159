# SPDX-License-Identifier: Apache-2.0
"""Talking with a neighbour: write the bundle it needs, take the bundle it sent, all in one transaction.

Nothing that breaks the rules of the exchange is stored but as evidence. An entry that keeps those rules and still
makes no sense (an unknown agreement, a text that is no agreement) is mirrored, not applied, and shown in quarantine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from hamsaya.agreement.charter import check_signature, read_agreement
from hamsaya.agreement.clauses import Kinds
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.agreements import agreement_of, standing_of
from hamsaya.desk.events import BundleQuarantined, ReceiptArrived, ReceiptMade, Verdict
from hamsaya.desk.holdings import OPERATOR, Party
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.exchange.acts import AgreementSignature, AgreementText, ReleasedRecord, ReleaseOpened
from hamsaya.exchange.bundle import MAX_ENTRIES, Bundle, Offer, read_bundle, send_entry, who_sent, write_bundle
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.session import Taken, take_offer, take_receipts
from hamsaya.facts.errors import HamsayaError, InputError, NeighbourError, NotFound, Tampered
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry, Header, Receipt, Stored, make_receipt

MAX_ROUNDS: Final = 50
CLOCK_LIMIT_S: Final = 300


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle brought. `clock_offset_s` is the neighbour's clock minus ours, in seconds."""

    sender: str
    applied: int
    quarantined: int
    receipts: int
    clock_offset_s: int
    have: dict[str, int]


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole conversation brought."""

    neighbour: str
    rounds: int
    applied: int
    quarantined: int
    receipts: int
    clock_offset_s: int

    def warning(self) -> Text | None:
        """Return the warning to show when the two clocks are more than five minutes apart."""
        return clock_warning(self.neighbour, self.clock_offset_s)


def clock_warning(party: str, offset_s: int) -> Text | None:
    """Return a warning when the clocks are apart by more than `CLOCK_LIMIT_S`. Nothing depends on it but validity."""
    if abs(offset_s) <= CLOCK_LIMIT_S:
        return None
    return say("The clock of {party} and ours are {minutes} min apart; times are recorded as each clock gave them. Set the wrong clock.",
               party=party, minutes=round(abs(offset_s) / 60))  # fmt: skip


def write_for(node: Node, book: Book, to: str, have: dict[str, int] | None = None) -> bytes:
    """Return the signed bundle for `to`: what it is not known to have, our checkpoints, receipts, and what we have.

    `have` is how far the neighbour says it has mirrored our logs; without it, its last receipts tell.
    """
    receipts = book.receipts()
    known = have if have is not None else {receipt.log: receipt.size for receipt in receipts if receipt.by == to}
    offers, mine, ours = [], {}, {}
    for log, size in book.logs().items():
        name = parse_log(log)
        if name is None or name.kind == "journal":
            continue
        if (name.sender, name.receiver) == (node.party, to):
            checkpoint = book.checkpoint(log)
            first = min(known.get(log, 0), size)
            entries = [send_entry(entry) for entry in book.entries(log, first, MAX_ENTRIES)]
            offers.append(Offer(log=log, first=first, checkpoint=(checkpoint or b"").decode(), entries=entries))
        elif (name.sender, name.receiver) == (to, node.party):
            mine[log] = size
    for receipt in receipts:
        if receipt.by == node.party and receipt.log in mine:
            ours[receipt.log] = receipt.envelope.decode()  # receipts come by size: the last one stays
    held = {receipt.log: receipt.size for receipt in receipts if receipt.by == to}
    bundle = Bundle(sender=node.party, receiver=to, at=node.now(), offers=offers, receipts=list(ours.values()), have=mine, held=held)
    return write_bundle(bundle, node.key)


def receive(node: Node, data: bytes) -> Received:
    """Take what a neighbour sent: entries, their effects and our receipt are stored together.

    Raises `NeighbourError` for a bundle that breaks the rules: nothing of it is applied, and its bytes are kept as
    evidence if a trusted neighbour claims to have sent it.
    """
    try:
        claimed = who_sent(data)
    except InputError as error:
        raise NeighbourError(say("What came is no bundle: {why}", why=error.what), error.hint) from error
    with node.ledger.reading() as book:
        try:
            party = _sender(book, claimed)
        except NotFound as error:
            raise NeighbourError(
                say("A bundle came from “{party}”, which this node does not trust. Nothing was kept.", party=claimed[:40]),
                say("If it is a neighbour, trust its card first (`hamsaya party trust`)."),
            ) from error
    try:
        bundle = read_bundle(data, party.card.public, sender=claimed, receiver=node.party)
        with node.ledger.writing() as pen:
            return _take(node, pen, party, bundle)
    except NeighbourError as error:
        with node.ledger.writing() as pen:
            pen.journal(BundleQuarantined(bundle=pen.keep(data), sender=claimed, reason=error.what), OPERATOR)
        raise


def _sender(book: Book, claimed: str) -> Party:
    if not claimed:  # no name must not stand for the only neighbour
        raise NotFound(say("The bundle names no sender."))
    return neighbour(book, claimed)


def answer(node: Node, data: bytes) -> bytes:
    """Take a bundle and return the one that answers it: what the gate does."""
    received = receive(node, data)
    with node.ledger.reading() as book:
        return write_for(node, book, received.sender, received.have)


def synchronise(node: Node, party: str, exchange: Callable[[Party, bytes], bytes]) -> Synced:
    """Talk with `party` until neither has anything new for the other.

    `exchange` carries a bundle over and returns the answer; its `LinkError` passes, and nothing is lost by it: what
    was not receipted is sent again next time.
    """
    applied = quarantined = receipts = 0
    have: dict[str, int] | None = None
    with node.ledger.reading() as book:
        other = neighbour(book, party)
    for rounds in range(1, MAX_ROUNDS + 1):  # noqa: B007  (told in the result)
        with node.ledger.reading() as book:
            sent = write_for(node, book, other.card.party, have)
        got = receive(node, exchange(other, sent))
        have = got.have
        applied, quarantined, receipts = applied + got.applied, quarantined + got.quarantined, receipts + got.receipts
        if not got.applied and not got.quarantined and not _behind(node, other.card.party, have):
            break
    return Synced(neighbour=other.card.party, rounds=rounds, applied=applied, quarantined=quarantined, receipts=receipts,
                  clock_offset_s=got.clock_offset_s)  # fmt: skip


def _behind(node: Node, party: str, have: dict[str, int]) -> bool:
    with node.ledger.reading() as book:
        mine = {log: size for log, size in book.logs().items() if (name := parse_log(log)) and (name.sender, name.receiver) == (node.party, party)}
    return any(have.get(log, 0) < size for log, size in mine.items())


def _take(node: Node, pen: Pen, party: Party, bundle: Bundle) -> Received:
    key = party.card.public
    applied = quarantined = 0
    for offer in bundle.offers:
        taken = take_offer(offer, pen.mirror(offer.log), key, sender=bundle.sender, receiver=node.party)
        verdicts = _absorb(node, pen, party, taken)
        quarantined += sum(verdict.outcome == "quarantined" for verdict in verdicts)
        applied += sum(verdict.outcome != "quarantined" for verdict in verdicts)
        if taken.entries:
            pen.journal(ReceiptMade(receipt=_receipt(node, taken).decode()), OPERATOR)
    fresh = 0
    known = {(receipt.log, receipt.size) for receipt in pen.receipts() if receipt.by == bundle.sender}
    for receipt, data in take_receipts(bundle, key, pen.root_at):
        if (receipt.log, receipt.size) not in known:
            pen.journal(ReceiptArrived(receipt=data.decode()), OPERATOR)
            known.add((receipt.log, receipt.size))
            fresh += 1
    offset = round((bundle.at - node.now()).total_seconds())
    return Received(sender=bundle.sender, applied=applied, quarantined=quarantined, receipts=fresh, clock_offset_s=offset, have=bundle.have)


def _absorb(node: Node, pen: Pen, party: Party, taken: Taken) -> list[Verdict]:
    """Store entries one by one, so that each is judged in the light of those before it."""
    verdicts = []
    for number, (header, entry) in enumerate(taken.entries):
        last = number == len(taken.entries) - 1
        verdict = _judge(node, pen, party, header, entry)
        pen.absorb(taken.log, [entry], [verdict], taken.checkpoint if last else b"")
        verdicts.append(verdict)
    if not taken.entries and taken.checkpoint:
        pen.absorb(taken.log, [], [], taken.checkpoint)
    return verdicts


def _receipt(node: Node, taken: Taken) -> bytes:
    stored = [
        Stored(header.seq, header.about.get("purpose", ""), header.about.get("necessity", ""))
        for header, _ in taken.entries
        if header.kind == "release"
    ]
    root = taken.frontier.root().hex()
    return make_receipt(Receipt(log=taken.log, size=taken.frontier.size, root=root, at=node.now(), by=node.party, stored=stored), node.key)


def _judge(node: Node, pen: Pen, party: Party, header: Header, entry: Entry) -> Verdict:
    try:
        name = parse_log(header.log)
        if name is None or not name.carries(header.kind):
            raise InputError(say("An act of kind “{kind}” is not on the closed list of this log.", kind=header.kind[:40]))
        if entry.content is None:
            raise InputError(say("The content was erased before it arrived."))
        repeated = _ACTS[header.kind](node, pen, party, header, entry.content)
        return Verdict(header.seq, "repeated" if repeated else "applied")
    except (InputError, Tampered, NeighbourError) as error:
        return Verdict(header.seq, "quarantined", error.what)


def _judge_text(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    del header
    act = read(content, AgreementText)
    agreement = read_agreement(act.body.encode())
    if act.agreement != agreement.table.id or agreement.table.exercise != node.exercise:
        raise InputError(say("The agreement's name or exercise mark does not fit."))
    for signatory, key in ((node.party, node.key.public.hex), (party.card.party, party.card.key)):
        named = agreement.party(signatory)
        if named is None or named.key != key:
            raise InputError(say("The agreement does not name {party} with the key that is trusted here.", party=signatory))
    before = [held for held in pen.agreements() if held.agreement.table.id == act.agreement]
    if before and before[0].hash != agreement.hash():
        raise InputError(say("Another text is known here as agreement {id}.", id=act.agreement))
    return bool(before)


def _judge_signature(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    del node, header
    act = read(content, AgreementSignature)
    held = agreement_of(pen, act.agreement)
    signature = check_signature(held.agreement, act.signature.encode())
    if signature.party != party.card.party:
        raise InputError(say("The signature is not {party}'s.", party=party.card.party))
    return signature.party in held.signatures


def _judge_opened(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    del header
    act = read(content, ReleaseOpened)
    name = parse_log(act.log)
    ours = name is not None and (name.kind, name.sender, name.receiver) == ("release", node.party, party.card.party)
    entries = pen.entries(act.log, act.seq, 1) if ours and act.seq >= 0 else []
    release = pen.release(entries[0].header().about.get("release", "")) if entries else None
    if release is None:
        raise InputError(say("It speaks of a release that this node never made."))
    return release.condition == "opened"


def _judge_release(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    sent = read(content, ReleasedRecord)
    name = parse_log(header.log)
    held = agreement_of(pen, name.agreement if name else "")
    now = standing_of(held, header.at)
    if not now.in_force:
        raise InputError(say("It came under an agreement that was not in force: {why}", why=now.reason))
    record, about = sent.record, header.about
    named = [clause for clause in held.agreement.table.clauses if clause.number == about.get("clause", "")]
    if not any(isinstance(clause, Kinds) and clause.allows(record, node.party) for clause in named):
        raise InputError(say("It names no clause of the agreement that lets such a record come here."))
    if about.get("purpose", "") not in PURPOSES or not about.get("necessity", "").strip():
        raise InputError(say("It names no purpose of the closed list, or no necessity."))
    if record.party != party.card.party or record.exercise != node.exercise:
        raise InputError(say("The record is not one of {party}'s own, or its exercise mark does not fit.", party=party.card.party))
    known = pen.versions(record.id)
    if any(each.received_from != party.card.party for each in known):
        raise InputError(say("Record {record} is known here as another party's.", record=record.id[:40]))
    return any(each.record.version == record.version for each in known)


_ACTS: Final[dict[str, Callable[[Node, Pen, Party, Header, bytes], bool]]] = {
    "agreement.text": _judge_text,
    "agreement.signature": _judge_signature,
    "release.opened": _judge_opened,
    "release": _judge_release,
}


def describe(error: HamsayaError) -> str:
    """Return the error as one line for a log."""
    return f"{error.code}: {error.what}"
