# SPDX-License-Identifier: Apache-2.0
"""Acts of the journal by which a person adds a claim to a draft, and takes that back."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.event import Event
from hamsaya.facts.claims import Claim


class DraftClaimAdded(Event, frozen=True, kw_only=True):
    """A person added a claim to a draft, resting on words of its document. `claim` is gone where what it says was erased."""

    draft: str
    claim: Claim | None = None


class DraftClaimRemoved(Event, frozen=True, kw_only=True):
    """A person took back the claim that was added last to a draft."""

    draft: str
    claim: str
    """Its id."""


EVENTS: Final[dict[str, type[Event]]] = {"draft.claim.added": DraftClaimAdded, "draft.claim.removed": DraftClaimRemoved}
"""Their lines of `desk.events.EVENTS`."""
