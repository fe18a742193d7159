# SPDX-License-Identifier: Apache-2.0
"""The protocol act by which a party moves a matter on: a name off its table's closed list, and no words (law 1)."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from hamsaya.facts.values import Aware

MATTER_MOVED: Final = "matter.moved"


class MatterMoved(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `matter.moved`: the sender moves the matter that record `matter` opened between it and the receiver."""

    matter: str
    move: str
    """One of its table's moves (`settlement/course.py`)."""
    seen: str
    """The last step that the sender had seen, by its `ref`."""
    on: str
    """The name of the text that is signed (`ref_of` its bytes); empty for a move that signs none."""
    office: str
    at: Aware


def ref_of(content: bytes) -> str:
    """Return the name of the step that an act with these bytes is: the same on both nodes, in whatever log it stands."""
    return hashlib.sha256(content).hexdigest()[:24]
