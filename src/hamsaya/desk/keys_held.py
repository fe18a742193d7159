# SPDX-License-Identifier: Apache-2.0
"""The keys of a party as a node holds them, and what the desk asks of the ledger about them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from hamsaya.exchange.letters import Mark
from hamsaya.facts.words import Text, say
from hamsaya.seal.envelope import open_envelope
from hamsaya.seal.keyline import KeyLine
from hamsaya.seal.keys import PublicKey


class KeyHeld(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a party: since when it is known here, until when it signed, and why it took over."""

    party: str
    number: int
    key: str
    why: Literal["first", "planned", "compromised", "lost", "replaced"]
    since: datetime
    until: datetime | None
    revoked: bool
    compared: bool
    """Whether its fingerprint was read aloud."""
    here: bool
    """False for a key of our own that a neighbour told of, after this node was set back to before it was made."""
    marks: list[Mark]

    @property
    def fingerprint(self) -> str:
        """Return what is read aloud."""
        return PublicKey(self.key).fingerprint()


class KeyBook(Protocol):
    """Reading keys."""

    def keys_of(self, party: str) -> list[KeyHeld]:
        """Return the keys of a party, the first one first."""

    def key_line(self, party: str) -> KeyLine:
        """Return which key of a party signs what. Raises `NotFound` for a party that is not known."""

    def letters(self, party: str, neighbour: str) -> list[str]:
        """Return the letters in which `party` told `neighbour` of its keys, the first one first."""


def key_in(book: KeyBook, party: str, envelope: str, log: str = "", seq: int = -1) -> PublicKey:
    """Return the key with which `party` may have signed a letter that came as entry `seq` of `log`, if it came as one of its own.

    That is the key that the letter names, if it was not revoked or is the one of that very place; else the party's present key.
    """
    line, named = book.key_line(party), open_envelope(envelope.encode()).keyid
    if seq >= 0 and line.of_entry(log, seq).keyid == named:
        return line.of_entry(log, seq)
    span = line.named(named)
    return span.key if span is not None and not span.revoked else line.current


def state_of(key: KeyHeld) -> Text:
    """Return what stands with a key, in words."""
    if not key.here:
        return say("not on this machine: it was set back to before this key was made")
    if key.revoked:
        return say("revoked: nothing that it signs is taken any more")
    if key.until is not None:
        return say("given up: what it signed before stays proven")
    return say("signs now") if key.compared else say("signs now; its fingerprint was not compared aloud yet")
