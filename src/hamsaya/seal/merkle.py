# SPDX-License-Identifier: Apache-2.0
"""The append-only log: RFC 6962 tree hashing, inclusion and consistency proofs.

- leaf hash = SHA-256(0x00 ‖ leaf), node hash = SHA-256(0x01 ‖ left ‖ right), split at the largest power of two
- a `Frontier` holds the roots of the full subtrees, so that a root after n appends costs O(log n)
Does not store anything. Source: RFC 6962 §2.1, RFC 9162 §2.1.3–2.1.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the full subtrees of a log, largest first; appending and asking for the root are O(log n)."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf hash."""
        self.size += 1
        height, current = 0, hashed_leaf
        while self._peaks and self._peaks[-1][0] == height:
            current = _node(self._peaks.pop()[1], current)
            height += 1
        self._peaks.append((height, current))

    def root(self) -> bytes:
        """Return the root of the log as it stands."""
        if not self._peaks:
            return EMPTY_ROOT
        current = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            current = _node(peak, current)
        return current

    def peaks(self) -> list[tuple[int, str]]:
        """Return the roots of the full subtrees as (height, hexadecimal), for keeping."""
        return [(height, peak.hex()) for height, peak in self._peaks]

    @classmethod
    def of_peaks(cls, peaks: Sequence[tuple[int, str]]) -> Frontier:
        """Return the frontier that `peaks` was taken from. Heights must fall; raises `ValueError` otherwise."""
        heights = [height for height, _ in peaks]
        if heights != sorted(set(heights), reverse=True):
            raise ValueError(heights)
        frontier = cls()
        frontier._peaks = [(height, bytes.fromhex(peak)) for height, peak in peaks]
        frontier.size = sum(1 << height for height in heights)
        return frontier

    def copy(self) -> Frontier:
        """Return a frontier that can be extended without touching this one."""
        other = Frontier()
        other.size, other._peaks = self.size, list(self._peaks)
        return other


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, computed from nothing else."""
    frontier = Frontier()
    for hashed in hashes:
        frontier.append(hashed)
    return frontier.root()


def prove_inclusion(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree over `hashes` (RFC 6962 §2.1.1)."""
    if len(hashes) <= 1:
        return []
    split = _split(len(hashes))
    if index < split:
        return [*prove_inclusion(hashes[:split], index), root_of(hashes[split:])]
    return [*prove_inclusion(hashes[split:], index - split), root_of(hashes[:split])]


def includes(root: bytes, size: int, index: int, hashed_leaf: bytes, path: Sequence[bytes]) -> bool:
    """Say whether `path` proves `hashed_leaf` at `index` of the tree of `size` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, hashed_leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = _node(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = _node(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def prove_consistency(hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the first `old_size` leaves are a prefix of the log (RFC 6962 §2.1.2)."""
    if not 0 < old_size < len(hashes):
        return []
    return _subproof(hashes, old_size, whole=True)


def _subproof(hashes: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    if old_size == len(hashes):
        return [] if whole else [root_of(hashes)]
    split = _split(len(hashes))
    if old_size <= split:
        return [*_subproof(hashes[:split], old_size, whole=whole), root_of(hashes[split:])]
    return [*_subproof(hashes[split:], old_size - split, whole=False), root_of(hashes[:split])]


def is_consistent(old_root: bytes, old_size: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Say whether `proof` shows that the log of `old_size` is a prefix of the one of `size` (RFC 9162 §2.1.4.2)."""
    if old_size == size:
        return old_root == root and not proof
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old, new = path[0], path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = _node(sibling, old), _node(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = _node(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)
