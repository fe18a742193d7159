# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with links beyond silence: logs that were forked or begun anew, and a change of key that was not heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from hamsaya.desk.finding import Finding, note, warning
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.unheard import unheard_changes
from hamsaya.facts.words import say

FRESH: Final = timedelta(days=7)


def epochs(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    """Tell of logs that were begun anew: of a neighbour's while it is news, of our own until the neighbour has told what it holds."""
    for each in book.epochs():
        if each.sender != node.party:
            made = warning if now - each.at < FRESH else note
            yield made(
                "epoch-new",
                say("{party} began its logs to this node anew at {at}: {reason}", party=each.sender, at=_minute(each.at), reason=each.reason),
                say("What was here stays, and both histories are evidence. Ask {party} what happened.", party=each.sender),
            )
        elif not each.settled:
            yield warning(
                "epoch-open",
                say("{party} has not told yet what it holds of the logs that were closed.", party=each.receiver),
                say("Run `hamsaya sync {party}`; what it holds comes back by itself.", party=each.receiver),
            )
    for held in book.holds():
        forks = [each for each in book.quarantined() if each.sender == held.neighbour and "fork" in each.reason.message]
        if forks:
            yield warning(
                "link-forked",
                say("The link to {party} is held and cannot be made whole: {why}", party=held.neighbour, why=forks[-1].reason),
                say("A commander begins its logs anew: `hamsaya link epoch {party} --reason …`.", party=held.neighbour),
            )


def unheard_keys(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    """Tell which neighbours have not heard yet that this node signs with another key."""
    del now
    for each in unheard_changes(node, book):
        yield warning("key-unheard", each.what, each.next)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
