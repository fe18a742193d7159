# SPDX-License-Identifier: Apache-2.0
"""The names of the logs and the closed list of what each may carry (law 1, law 2).

- `journal/A`                 A's own acts; it never leaves A's node
- `link/A/B`                  protocol acts from A to B, from the moment of trust
- `release/AGREEMENT/A/B`     releases from A to B under one agreement
"""

from __future__ import annotations

from typing import Final

import msgspec

LINK_ACTS: Final = frozenset({"agreement.text", "agreement.signature", "agreement.act", "release.opened", "consent.asked", "consent.given"})
RELEASE_ACTS: Final = frozenset({"release"})


class LogName(msgspec.Struct, frozen=True):
    """A log's name, taken apart."""

    kind: str
    sender: str
    receiver: str = ""
    agreement: str = ""

    def __str__(self) -> str:
        parts = {"journal": (self.sender,), "link": (self.sender, self.receiver)}.get(self.kind, (self.agreement, self.sender, self.receiver))
        return "/".join((self.kind, *parts))

    def carries(self, act: str) -> bool:
        """Say whether this log may carry entries of kind `act`."""
        allowed = {"link": LINK_ACTS, "release": RELEASE_ACTS}.get(self.kind, frozenset())
        return act in allowed


def journal_of(party: str) -> str:
    """Return the name of the journal of `party`."""
    return str(LogName("journal", party))


def link_log(sender: str, receiver: str) -> str:
    """Return the name of the link log from `sender` to `receiver`."""
    return str(LogName("link", sender, receiver))


def release_log(agreement: str, sender: str, receiver: str) -> str:
    """Return the name of the release log under `agreement`."""
    return str(LogName("release", sender, receiver, agreement))


def parse_log(name: str) -> LogName | None:
    """Return the parts of a log's name, or None if it names no log."""
    match name.split("/"):
        case ["journal", sender] if sender:
            return LogName("journal", sender)
        case ["link", sender, receiver] if sender and receiver:
            return LogName("link", sender, receiver)
        case ["release", agreement, sender, receiver] if agreement and sender and receiver:
            return LogName("release", sender, receiver, agreement)
    return None
