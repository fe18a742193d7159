# SPDX-License-Identifier: Apache-2.0
"""The names of the logs and the closed list of what each may carry (law 1, law 2).

- `journal/A`                 A's own acts; it never leaves A's node
- `link/A/B`                  protocol acts from A to B, from the moment of trust
- `release/AGREEMENT/A/B`     releases from A to B under one agreement
- `distress/A/B`              calls of distress and STOP from A to B, and what is done about those of B; offered ahead of all else
- `distress/A/B/EPOCH`        the same, begun anew after A was set back: no place of it can be taken already
- `link/A/B/EPOCH`, `release/AGREEMENT/A/B/EPOCH`
                              the same, begun anew by a signed act (`exchange/epochs.py`) where the first can never be made whole again
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

AGREEMENT_ACTS: Final = frozenset({"agreement.text", "agreement.signature", "agreement.act", "agreement.heard"})
CONSENT_ACTS: Final = frozenset({"consent.given", "release.recalled"})
"""What takes back that something may go on to a third party: an originator's other answer, and its recall of what it told."""
LINK_ACTS: Final = AGREEMENT_ACTS | frozenset(
    {
        "release.opened",
        "release.recalled",
        "recall.answered",
        "consent.asked",
        "consent.given",
        "request.refused",
        "entry.quarantined",
        "key.changed",
        "erasure.asked",
        "erasure.confirmed",
        "copy.held",
        "log.epoch",
        "matter.moved",
        "section.day",
    }
)
RELEASE_ACTS: Final = frozenset({"release"})
CALLS: Final = frozenset({"distress.sent", "stop.sent"})
DISTRESS_ACTS: Final = CALLS | {"distress.answered", "distress.over", "distress.reviewed"}
_EPOCH: Final = re.compile(r"e[0-9a-z]{1,32}")


class LogName(msgspec.Struct, frozen=True):
    """A log's name, taken apart."""

    kind: str
    sender: str
    receiver: str = ""
    agreement: str = ""
    epoch: str = ""
    """Of a log that was begun anew; empty for the first."""

    def __str__(self) -> str:
        parts = (self.agreement, self.sender, self.receiver, self.epoch)
        return "/".join((self.kind, *(part for part in parts if part)))

    def carries(self, act: str) -> bool:
        """Say whether this log may carry entries of kind `act`."""
        allowed = {"link": LINK_ACTS, "release": RELEASE_ACTS, "distress": DISTRESS_ACTS}.get(self.kind, frozenset())
        return act in allowed


def journal_of(party: str) -> str:
    """Return the name of the journal of `party`."""
    return str(LogName("journal", party))


def link_log(sender: str, receiver: str, epoch: str = "") -> str:
    """Return the name of the link log from `sender` to `receiver`, under an epoch if it was begun anew."""
    return str(LogName("link", sender, receiver, epoch=epoch))


def release_log(agreement: str, sender: str, receiver: str) -> str:
    """Return the name of the release log under `agreement`."""
    return str(LogName("release", sender, receiver, agreement))


def distress_log(sender: str, receiver: str, epoch: str = "") -> str:
    """Return the name of the distress log from `sender` to `receiver`, under an epoch if it was begun anew."""
    return str(LogName("distress", sender, receiver, epoch=epoch))


def is_urgent(log: str) -> bool:
    """Say whether what stands in this log goes ahead of everything else."""
    return log.startswith("distress/")


def parse_log(name: str) -> LogName | None:
    """Return the parts of a log's name, or None if it names no log."""
    match name.split("/"):
        case ["journal", sender] if sender:
            return LogName("journal", sender)
        case ["link" | "distress" as kind, sender, receiver] if sender and receiver:
            return LogName(kind, sender, receiver)
        case ["link" | "distress" as kind, sender, receiver, epoch] if sender and receiver and _EPOCH.fullmatch(epoch):
            return LogName(kind, sender, receiver, epoch=epoch)
        case ["release", agreement, sender, receiver] if agreement and sender and receiver:
            return LogName("release", sender, receiver, agreement)
        case ["release", agreement, sender, receiver, epoch] if agreement and sender and receiver and _EPOCH.fullmatch(epoch):
            return LogName("release", sender, receiver, agreement, epoch)
    return None
