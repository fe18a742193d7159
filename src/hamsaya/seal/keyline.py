# SPDX-License-Identifier: Apache-2.0
"""The keys of one party, one after the other, and which of them signs what.

    key 1 ──a mark in each log──▶ key 2 ──a mark in each log──▶ key 3

1. A mark is a size of a log. Entries before it were signed by the key before, from it on by the key after; no clock decides.
2. A log that a key has no mark in began after it was made: all of it is that key's, or a later one's.
3. A key signs a checkpoint or receipt over no more than the mark of the key after it. A later one may: it vouches for what came before it.
4. A key that was given up as planned has signed what it signed. One that was revoked may be in other hands: nothing that comes under
   it is taken any more, but for entries before its mark, which the key after it vouches for by their root.
"""

from __future__ import annotations

import msgspec

from hamsaya.seal.keys import PublicKey


class Span(msgspec.Struct, frozen=True):
    """One key, and from which size of each log on it holds."""

    key: PublicKey
    starts: dict[str, int] = {}
    revoked: bool = False


class KeyLine(msgspec.Struct, frozen=True):
    """The keys of a party, the first one first. Never empty."""

    spans: tuple[Span, ...]

    @property
    def current(self) -> PublicKey:
        """Return the key that signs now."""
        return self.spans[-1].key

    def named(self, keyid: str) -> Span | None:
        """Return the key of that name, or None for one that was never this party's."""
        return next((span for span in reversed(self.spans) if span.key.keyid == keyid), None)

    def holds(self, key: str) -> bool:
        """Say whether this key, in hexadecimal, is or was this party's."""
        return any(span.key.hex == key for span in self.spans)

    def is_revoked(self, key: str) -> bool:
        """Say whether this key was this party's and was revoked."""
        return any(span.key.hex == key and span.revoked for span in self.spans)

    def after(self, key: str) -> list[str]:
        """Return the keys that took over from this one, in hexadecimal."""
        keys = [span.key.hex for span in self.spans]
        return keys[keys.index(key) + 1 :] if key in keys else []

    def of_entry(self, log: str, seq: int) -> PublicKey:
        """Return the key that signs entry `seq` of `log`."""
        return next((span.key for span in reversed(self.spans) if span.starts.get(log, 0) <= seq), self.spans[0].key)

    def over(self, log: str, size: int, keyid: str) -> PublicKey:
        """Return the key that signs a checkpoint or receipt over `size` entries of `log`: of those that may, the one with this name."""
        able = [
            span.key for span, after in zip(self.spans, [*self.spans[1:], None], strict=True) if after is None or size <= after.starts.get(log, 0)
        ]
        return next((key for key in able if key.keyid == keyid), able[0])
