# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about keys that follow one another (`exchange/letters.py`)."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.event import Event
from hamsaya.exchange.letters import Mark, Why


class KeyChanged(Event, frozen=True, kw_only=True):
    """This node signs with another key from this very entry on. `statement` is the letter to itself, with the journal's root until here."""

    why: Why
    card: str
    statement: str
    letters: dict[str, str]
    """By neighbour."""


class NeighbourKeyChanged(Event, frozen=True, kw_only=True):
    """A neighbour's letter was applied. `second` is the login of the officer who heard the fingerprint beside the keeper; empty for a planned one."""

    letter: str
    fingerprint: str
    second: str = ""


class KeyCompared(Event, frozen=True, kw_only=True):
    """The fingerprint of a key that came by a planned change was read aloud and compared since."""

    party: str
    fingerprint: str


class OwnKeyLearnt(Event, frozen=True, kw_only=True):
    """A letter of our own came back from `giver`: this node was set back to before it wrote it.

    `marks` are the logs of other neighbours as they are held now, all under keys before it, until their own letters come back too.
    """

    letter: str
    giver: str
    marks: list[Mark]


EVENTS: Final[dict[str, type[Event]]] = {
    "key.changed": KeyChanged,
    "neighbour.key.changed": NeighbourKeyChanged,
    "key.compared": KeyCompared,
    "own.key.learnt": OwnKeyLearnt,
}
