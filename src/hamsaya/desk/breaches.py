# SPDX-License-Identifier: Apache-2.0
"""Evidence that a neighbour broke the rules of the exchange (a fork, a rollback), for a third person to check.

The file holds what the neighbour signed, byte for byte: its card, each bundle that is kept in quarantine, and the checkpoints over its logs that
this node had accepted before. Two checkpoints of one size with different roots, both under the key on the card, prove a fork to
anyone; nothing in the file rests on this node's word but the times and reasons beside it.
"""

from __future__ import annotations

import json

from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.logs import parse_log


def write_breaches(node: Node, book: Book, party: str) -> tuple[bytes, int]:
    """Return the file about a neighbour as bytes, and how many bundles it holds. Raises `NotFound`."""
    other = neighbour(book, party).card
    kept = [each for each in book.quarantined() if each.sender == other.party]
    held = {log: book.checkpoint(log) for log in sorted(book.logs()) if (name := parse_log(log)) and name.sender == other.party}
    told = {
        "exercise": node.exercise,
        "kept_by": node.party,
        "about": other.party,
        "fingerprint": other.public.fingerprint(),
        "card": book.card_of(other.party).decode(),
        "accepted_before": {log: checkpoint.decode() for log, checkpoint in held.items() if checkpoint},
        "bundles": [
            {"kept_at": each.at.isoformat(), "reason": str(each.reason), "sha256": each.bundle, "bytes": _text(book, each.bundle)} for each in kept
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode(), len(kept)


def _text(book: Book, bundle: str) -> str:
    return (book.document_bytes(bundle) or b"").decode()
