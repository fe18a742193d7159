# SPDX-License-Identifier: Apache-2.0
"""What a receiver may take from an offer, and how far its receipts may go.

    offer ── late, repeated ──▶ nothing new        offer ── gap ──▶ nothing; `have` asks for the rest
    offer ── extends ─────────▶ entries to store   offer ── fork, bad signature ──▶ NeighbourError

The mirror stays a byte-equal prefix of the origin's log (invariant 1); two roots for one size are never accepted
(invariant 5); a fork or rollback is named (invariant 7). Does not store, send, or read a clock.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hamsaya.exchange.bundle import Bundle, Offer, take_entry
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import InputError, NeighbourError, Tampered
from hamsaya.facts.words import say
from hamsaya.seal.entries import Checkpoint, Entry, Header, Receipt, check_checkpoint, check_entries, check_receipt
from hamsaya.seal.keys import Keys
from hamsaya.seal.merkle import Frontier


class Mirror(msgspec.Struct, frozen=True):
    """What the receiver holds of a neighbour's log: the frontier over it, and a way to its leaf hashes."""

    frontier: Frontier
    leaf_at: Callable[[int], bytes]
    root_at: Callable[[int], bytes | None]


class Taken(msgspec.Struct, frozen=True):
    """What an offer adds to a mirror. `checkpoint` is the neighbour's signed one, to be kept; empty if it is beyond reach."""

    log: str
    first: int
    entries: list[tuple[Header, Entry]]
    frontier: Frontier
    checkpoint: bytes


def take_offer(offer: Offer, mirror: Mirror, key: Keys, *, sender: str, receiver: str) -> Taken:
    """Return what to store of `offer`, or raise `NeighbourError` with what is wrong; then nothing of it may be stored.

    1. The log is one that runs from `sender` to `receiver`.
    2. The checkpoint is signed by the sender's key. Where it is behind what we hold, our mirror must have passed through
       it (an old bundle that came late); a sender whose log was rolled back learns it from our receipt.
    3. Entries that we hold already are byte-equal to ours (else a fork).
    4. New entries follow without a gap, each signed, at its place, its content opening its commitment.
    5. The root over what we will hold equals the checkpoint's, once we hold as much as it covers.
    """
    name = parse_log(offer.log)
    if name is None or name.kind == "journal" or (name.sender, name.receiver) != (sender, receiver):  # 1
        raise NeighbourError(say("The log {log} does not run from {sender} to {receiver}.", log=offer.log, sender=sender, receiver=receiver))
    try:
        checkpoint = check_checkpoint(offer.checkpoint.encode(), key, offer.log)  # 2
        if checkpoint.size < mirror.frontier.size:
            _check_late(checkpoint, mirror)
            return Taken(offer.log, mirror.frontier.size, [], mirror.frontier, b"")
        size = mirror.frontier.size
        if offer.first < 0 or offer.first > size:
            return Taken(offer.log, size, [], mirror.frontier, b"")  # 4: a gap: `have` asks for the rest
        new = _new_of(offer, mirror)  # 3
        headers = check_entries(new, key, log=offer.log, first=size)  # 4
    except (InputError, Tampered) as error:
        raise NeighbourError(error.what) from error
    frontier = mirror.frontier.copy()
    for entry in new:
        frontier.append(entry.leaf)
    if frontier.size > checkpoint.size or (frontier.size == checkpoint.size and frontier.root().hex() != checkpoint.root):  # 5
        raise NeighbourError(say("Log {log}: the entries do not add up to the root that {sender} signed for size {size} (a fork).",
                                 log=offer.log, sender=sender, size=checkpoint.size))  # fmt: skip
    whole = frontier.size == checkpoint.size > 0
    return Taken(offer.log, size, list(zip(headers, new, strict=True)), frontier, offer.checkpoint.encode() if whole else b"")


def take_back(offer: Offer, mirror: Mirror, key: Keys, *, own: str, giver: str) -> Taken:
    """Return what to take back of one of our own logs, `mirror` being what we still have of it, or raise `NeighbourError`.

    1. The log is one of ours that runs to the giver.
    2. What we still have is byte-equal to what it holds (else one of the two is a fork).
    3. The rest follows without a gap, each entry signed by us, at its place, its content opening its commitment.
    4. Our own checkpoint that the giver kept, if it kept one, fits what we then have.
    """
    name = parse_log(offer.log)
    if name is None or name.kind == "journal" or (name.sender, name.receiver) != (own, giver):  # 1
        raise NeighbourError(say("The log {log} does not run from {sender} to {receiver}.", log=offer.log, sender=own, receiver=giver))
    size = mirror.frontier.size
    if offer.first < 0 or offer.first > size:
        return Taken(offer.log, size, [], mirror.frontier, b"")
    try:
        checkpoint = check_checkpoint(offer.checkpoint.encode(), key, offer.log) if offer.checkpoint else None
        new = _new_of(offer, mirror)  # 2
        headers = check_entries(new, key, log=offer.log, first=size)  # 3
    except (InputError, Tampered) as error:
        raise NeighbourError(error.what) from error
    frontier = mirror.frontier.copy()
    root = mirror.root_at(checkpoint.size) if checkpoint and checkpoint.size <= size else None
    for entry in new:
        frontier.append(entry.leaf)
        root = frontier.root() if checkpoint and frontier.size == checkpoint.size else root
    if checkpoint and checkpoint.size <= frontier.size and (root is None or root.hex() != checkpoint.root):  # 4
        raise NeighbourError(say("Log {log}: what came back does not add up to the root that we signed for size {size} (a fork).",
                                 log=offer.log, size=checkpoint.size))  # fmt: skip
    return Taken(offer.log, size, list(zip(headers, new, strict=True)), frontier, b"")


def take_receipts(bundle: Bundle, key: Keys, root_at: Callable[[str, int], bytes | None]) -> list[tuple[Receipt, bytes]]:
    """Return the neighbour's receipts that fit our own logs.

    `root_at(log, size)` is the root of our own log at that size, or None if it was never that long. Raises
    `NeighbourError` for a receipt over a root that we never had.
    """
    taken = []
    for sent in bundle.receipts:
        data = sent.encode()
        try:
            receipt = check_receipt(data, key)
        except Tampered as error:
            raise NeighbourError(error.what) from error
        name = parse_log(receipt.log)
        if name is None or (name.sender, name.receiver) != (bundle.receiver, bundle.sender) or receipt.by != bundle.sender:
            raise NeighbourError(say("A receipt names log {log}, which does not run from us to {sender}.", log=receipt.log, sender=bundle.sender))
        root = root_at(receipt.log, receipt.size) if receipt.size > 0 else None
        if root is None or root.hex() != receipt.root:
            raise NeighbourError(
                say("{sender} holds another log {log} at size {size} than we do: one of the two was rolled back or forked.",
                    sender=bundle.sender, log=receipt.log, size=receipt.size),
                say("Run `hamsaya verify` on both. If this node was set back, run `hamsaya link hold`: the neighbour gives back what it holds."),
            )  # fmt: skip
        taken.append((receipt, data))
    return taken


def _check_late(checkpoint: Checkpoint, mirror: Mirror) -> None:
    root = mirror.root_at(checkpoint.size)
    if root is None or root.hex() != checkpoint.root:
        raise NeighbourError(
            say("Log {log}: its sender signed another root for size {size} than the one it had signed before (a fork).",
                log=checkpoint.log, size=checkpoint.size),
            say("Nothing was lost here: the neighbour can restore its entries from this node's mirror."),
        )  # fmt: skip


def _new_of(offer: Offer, mirror: Mirror) -> list[Entry]:
    """Return the entries that are not held yet, once those that are were found byte-equal. Raises `NeighbourError` for a fork."""
    held = mirror.frontier.size - offer.first
    for seq, sent in enumerate(offer.entries[:held], offer.first):
        if take_entry(sent).leaf != mirror.leaf_at(seq):
            raise NeighbourError(say("Log {log}: entry {seq} differs from the one that we received before (a fork).", log=offer.log, seq=seq))
    return [take_entry(sent) for sent in offer.entries[held:]]
