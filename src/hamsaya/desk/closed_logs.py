# SPDX-License-Identifier: Apache-2.0
"""What still stands in closed logs of ours beyond where they count (`desk/epochs.py`)."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.logs import parse_log

_AT_ONCE: Final = 1000


def closed_entries(node: Node, book: Book, record: str) -> list[tuple[str, int, int]]:
    """Return the entries of closed logs of ours, beyond where they count, that still hold a version of a record: log, number, version."""
    found = []
    for log in sorted(book.logs()):
        name, closed = parse_log(log), book.closed_at(log)
        if name is None or closed is None or (name.kind, name.sender) != ("release", node.party):
            continue
        first = closed
        while entries := book.entries(log, first, _AT_ONCE):
            for seq, entry in enumerate(entries, first):
                about = entry.header().about
                if entry.content is not None and about.get("record") == record and book.release_in(log, seq) != about.get("release", ""):
                    found.append((log, seq, int(about.get("version", "1"))))
            first += len(entries)
    return found
