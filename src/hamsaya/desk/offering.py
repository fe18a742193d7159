# SPDX-License-Identifier: Apache-2.0
"""Write the bundle that a neighbour needs: what it lacks of our logs, our checkpoints and receipts, and what we have of its own.

Nothing that is held back is spoken of, and what leaves for the first time is journaled before it does.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.acts_agreement import Leaving, ReleaseSent
from hamsaya.desk.epochs import in_order, sizes_to_ask
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.keeping import is_held
from hamsaya.desk.keychange import lacks_key, letters_for
from hamsaya.desk.names import is_named_by
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.refilling import own_sizes
from hamsaya.desk.settling import may_offer
from hamsaya.exchange.bundle import MAX_ENTRIES, Bundle, Offer, SentEntry, send_entry, take_entry, write_bundle
from hamsaya.exchange.logs import is_urgent, link_log, parse_log
from hamsaya.exchange.packing import pack
from hamsaya.seal.entries import Checkpoint, sign_checkpoint

BUNDLE_BYTES: Final = 512 * 1024
"""How many bytes of entries go into one bundle: a call of distress does not wait for more than that, it goes with the next one."""


def write_for(node: Node, book: Book, to: str, have: dict[str, int] | None = None, lost: dict[str, int] | None = None) -> bytes:
    """Return the signed bundle for `to`: what it is not known to have, our checkpoints, receipts, and what we have.

    `have` is how far the neighbour says it has mirrored our logs; without it, its last receipts tell.
    `lost` is what it still has of its own logs, where it was set back: it gets back what we hold of them beyond that.
    What leaves for the first time is journaled before it does.
    """
    seen = book.logs()
    bundle = _bundle_for(node, book, to, have, lost, seen)
    if _sent_first(book, bundle):
        with node.ledger.writing() as pen:
            now = pen.logs()
            if now != seen:  # whatever changes anything is an entry of the journal
                bundle = _bundle_for(node, pen, to, have, lost, now)
            for sent in _sent_first(pen, bundle):
                pen.journal(sent, OPERATOR)
    return pack(write_bundle(bundle, node.key))


def _sent_first(book: Book, bundle: Bundle) -> list[ReleaseSent]:
    """Return the releases whose content goes into the bundle and never went into one before, log by log."""
    first: list[ReleaseSent] = []
    for offer in bundle.offers:
        name = parse_log(offer.log)
        if name is None or name.kind != "release":
            continue
        before = book.sent_before(offer.log, offer.first)
        leaving = []
        for seq, sent in enumerate(offer.entries, offer.first):
            if sent.content is None or seq in before:
                continue
            release = take_entry(sent).header().about.get("release", "")
            if is_named_by(name.sender, "S", release):  # a release is known by its name; the receiver quarantines one that is none
                leaving.append(Leaving(release, seq))
        if leaving:
            first.append(ReleaseSent(log=offer.log, sent=leaving))
    return first


def _bundle_for(node: Node, book: Book, to: str, have: dict[str, int] | None, lost: dict[str, int] | None, logs: dict[str, int]) -> Bundle:
    order = in_order(book, logs)
    held = {log: receipt.size for log, receipt in book.last_receipts(to).items()}
    known = held if have is None else {log: min(size, held.get(log, 0)) for log, size in have.items()}  # no further than it signed for
    if lacks_key(node, book):  # with the key of before it signs nothing but what it asks for
        return Bundle(sender=node.party, receiver=to, at=node.now(), exercise=node.exercise, lost=own_sizes(book, node.party, to))
    offers: list[Offer] = []
    mine, ours = {}, {}
    made = book.last_receipts(node.party)
    budget = _Budget(BUNDLE_BYTES)
    stopped = [each for each in book.undelivered(["held"]) if each.rule != "in-force"]
    for log in order:
        name, size = parse_log(log), logs[log]
        if name is None or name.kind == "journal":
            continue
        if (name.sender, name.receiver) == (node.party, to):
            whole, closed = size, book.closed_at(log)
            size = whole if closed is None else min(whole, closed)  # a closed log is offered as far as it counts
            if (closed is not None and not size) or not may_offer(node, book, to, log, size):
                continue  # what is held back is not spoken of: a checkpoint over it would let a receipt for it be made up
            first = min(max(known.get(log, 0), 0), size)
            entries = _taken(book, log, first, size - first, budget, {each.seq for each in stopped if each.log == log})
            reach = first + len(entries)
            offers.append(Offer(log=log, first=first, checkpoint=_checkpoint(node, book, log, reach, whole), entries=entries, more=reach < size))
        elif (name.sender, name.receiver) == (to, node.party):
            mine[log] = size
            if log in made:
                ours[log] = made[log].envelope.decode()
    return Bundle(
        sender=node.party, receiver=to, at=node.now(), exercise=node.exercise, offers=offers, receipts=list(ours.values()), have=mine, held=held,
        lost=own_sizes(book, node.party, to) if is_held(book, to) else sizes_to_ask(book, node.party, to),
        returns=None if lost is None else _returns(book, mine, lost),
        letters=letters_for(node, book, to, known.get(book.current_log(link_log(node.party, to)), 0), set_back=lost is not None),
    )  # fmt: skip


def _checkpoint(node: Node, book: Book, log: str, reach: int, size: int) -> str:
    """Return our checkpoint over what was offered of `log`, in this bundle or before: whoever has a root can sign a receipt for it."""
    root = book.root_at(log, reach) if reach < size else None
    return (sign_checkpoint(Checkpoint(log, reach, root.hex()), node.key) if root else book.checkpoint(log) or b"").decode()


def _taken(book: Book, log: str, first: int, count: int, budget: _Budget, stopped: set[int]) -> list[SentEntry]:
    """Return which of `count` entries of `log` go into this bundle, those that were stopped bare: of a distress log all, whatever else waits."""
    if is_urgent(log):
        return [send_entry(entry) for entry in book.entries(log, first, MAX_ENTRIES)]
    entries = budget.take(book, log, first, count)
    return [msgspec.structs.replace(sent, salt="", content=None) if seq in stopped else sent for seq, sent in enumerate(entries, first)]


class _Budget:
    """How many bytes of entries still go into a bundle: the rest goes in the next one, but a first entry always goes."""

    def __init__(self, size: int) -> None:
        self.left, self.used = size, False

    def take(self, book: Book, log: str, first: int, count: int) -> list[SentEntry]:
        """Return which of `count` entries of `log` from `first` on still go. What is not to go at all must not take room."""
        entries: list[SentEntry] = []
        for entry in book.entries(log, first, min(count, MAX_ENTRIES)):
            self.left -= len(entry.envelope) + len(entry.content or b"")
            if self.left < 0 and self.used:
                break
            entries.append(send_entry(entry))
            self.used = True
        return entries


def _returns(book: Book, mine: dict[str, int], lost: dict[str, int]) -> list[Offer]:
    """Return what we hold of the neighbour's own logs beyond what it still has."""
    budget, offers = _Budget(BUNDLE_BYTES), []
    for log in in_order(book, mine):
        size = mine[log]
        first = min(max(lost.get(log, 0), 0), size)
        offers.append(
            Offer(log=log, first=first, checkpoint=(book.checkpoint(log) or b"").decode(), entries=budget.take(book, log, first, size - first))
        )
    return offers
