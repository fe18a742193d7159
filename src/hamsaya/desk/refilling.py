# SPDX-License-Identifier: Apache-2.0
"""A node that was set back gets its own entries back from the neighbour that mirrored them (EXCHANGE.md, invariant 4).

1. While its link is held, a node says in each bundle how much it still has of its own logs (`lost`).
2. The neighbour answers with what it holds of them beyond that (`returns`): the very entries, under our own signature.
3. They are taken back in order, each checked with our own key. Only then are the neighbour's own entries taken, since an
   answer to a release makes sense only where the release is known.
4. Once we hold all that the neighbour holds of us, and all that it offers of itself, the link is free.

What was released comes back as the copy that left. What was filed and never released is lost with the disk.
"""

from __future__ import annotations

from typing import Final

from hamsaya.desk.epochs import as_far_as_it_counts, epochs_first, send_untold_anew
from hamsaya.desk.erasing import erase_again
from hamsaya.desk.events import LinkFreed, OpenedBefore
from hamsaya.desk.heard import links_to
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.exchange.acts import ReleaseOpened
from hamsaya.exchange.bundle import Bundle
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.session import take_back
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint
from hamsaya.seal.envelope import open_envelope

_AT_ONCE: Final = 1000


def own_sizes(book: Book, own: str, neighbour: str) -> dict[str, int]:
    """Return how much this node holds of each of its own logs that run to `neighbour`."""
    return {log: size for log, size in book.logs().items() if (name := parse_log(log)) and (name.sender, name.receiver) == (own, neighbour)}


def refill(node: Node, pen: Pen, bundle: Bundle) -> int:
    """Take back what the neighbour returns of our own logs; return how many entries. Raises `NeighbourError` for a fork."""
    count = 0
    for returned in epochs_first(bundle.returns or []):
        offer = as_far_as_it_counts(pen, returned)
        if offer is None:
            continue
        taken = take_back(offer, pen.mirror(offer.log), pen.key_line(node.party), own=node.party, giver=bundle.sender)
        for _, entry in taken.entries:
            pen.take_back(taken.log, entry, bundle.sender)
        count += len(taken.entries)
    return count


def is_whole(node: Node, book: Book, bundle: Bundle) -> bool:
    """Say whether the neighbour has answered, and we hold all that it holds of our own logs."""
    ours = own_sizes(book, node.party, bundle.sender)
    return bundle.returns is not None and all(
        ours.get(log, 0) >= (size if (counts := book.closed_at(log)) is None else min(size, counts)) for log, size in bundle.have.items()
    )


def free_if_caught_up(node: Node, pen: Pen, bundle: Bundle) -> bool:
    """Free the link once all that the neighbour offers of itself is here too; say whether it is free."""
    for offer in bundle.offers:
        if offer.more or pen.mirror(offer.log).frontier.size < read(open_envelope(offer.checkpoint.encode()).payload, Checkpoint).size:
            return False
    _open_again(node, pen, bundle.sender)
    erase_again(node, pen, bundle.sender)
    pen.journal(LinkFreed(neighbour=bundle.sender, refilled=True), OPERATOR)
    send_untold_anew(pen, node.party, bundle.sender)
    return True


def _open_again(node: Node, pen: Pen, neighbour: str) -> None:
    """Mark as acknowledged what our own entries say was acknowledged before the node was set back."""
    for log in links_to(pen, node.party, neighbour):
        _open_again_by(pen, log)


def _open_again_by(pen: Pen, log: str) -> None:
    first = 0
    while entries := pen.entries(log, first, _AT_ONCE):
        for entry in entries:
            if entry.header().kind == "release.opened" and entry.content is not None:
                act = read(entry.content, ReleaseOpened)
                item = pen.inbox_item(act.log, act.seq)
                if item is not None and item.state == "new":
                    pen.journal(OpenedBefore(log=act.log, seq=act.seq, office=act.office, at=act.at), OPERATOR)
        first += len(entries)
