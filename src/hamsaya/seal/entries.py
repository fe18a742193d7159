# SPDX-License-Identifier: Apache-2.0
"""One entry of a log, the checkpoint over a log, and the receipt for it.

- An entry's envelope signs a header that holds the salted commitment of the content, never the content: content can
  be erased later while every proof and signature still holds (law 3, law 14).
- The leaf of the log is the envelope's bytes, so a mirror is byte-equal or it is another log (invariant 1).
- A checkpoint is the sender's signed size and root. A receipt is the receiver's signature over the same size and
  root: durably stored up to here (invariant 2). It repeats purpose and necessity of each release it covers (F3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final

import msgspec

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.values import Aware
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import Keys, SigningKey
from hamsaya.seal.merkle import Frontier, leaf_hash

SALT_BYTES: Final = 32
_MANY: Final = 32
"""From how many entries on a second thread is worth its while."""
_REMEMBERED: Final = 4096
"""A header in an envelope of no more bytes is kept for when it is asked for again, as each is: by judge, effect and list."""


class Header(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an entry says in the open and keeps when its content is erased."""

    log: str
    seq: int
    kind: str
    at: Aware
    by: str
    """The party whose node made the entry."""
    office: str = ""
    commitment: str
    about: dict[str, str] = {}
    """Named values that must outlive the content, such as agreement, clause, purpose, necessity."""


class Entry(msgspec.Struct, frozen=True):
    """An entry as it is stored and sent."""

    envelope: bytes
    salt: bytes
    content: bytes | None

    @property
    def leaf(self) -> bytes:
        """Return the leaf hash of this entry."""
        return leaf_hash(self.envelope)

    def header(self) -> Header:
        """Return the header, unverified; who asks must not change it. Raises `InputError`."""
        return _kept_header(self.envelope) if len(self.envelope) <= _REMEMBERED else _header_in(self.envelope)


def _header_in(envelope: bytes) -> Header:
    return read(open_envelope(envelope).payload, Header)


_kept_header: Final = lru_cache(maxsize=1024)(_header_in)


class Checkpoint(msgspec.Struct, frozen=True):
    """The size and root of a log, root in hexadecimal."""

    log: str
    size: int
    root: str


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """One release that a receipt covers."""

    seq: int
    purpose: str
    necessity: str


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`by` has durably stored `log` up to `size`, whose root is `root`."""

    log: str
    size: int
    root: str
    at: Aware
    by: str
    stored: list[Stored] = []


def commit(salt: bytes, content: bytes) -> str:
    """Return the salted commitment of `content`, hexadecimal."""
    return hashlib.sha256(b"hamsaya-content-v1\x00" + salt + content).hexdigest()


def make_entry(header: Header, salt: bytes, content: bytes, key: SigningKey) -> Entry:
    """Return the signed entry; the header's commitment is set from `salt` and `content`."""
    if len(salt) != SALT_BYTES:
        raise InputError(say("A salt must have {n} bytes.", n=SALT_BYTES))
    whole = msgspec.structs.replace(header, commitment=commit(salt, content))
    return Entry(seal("entry", canonical(whole), key), salt, content)


def check_entry(entry: Entry, key: Keys, *, log: str, seq: int) -> Header:
    """Return the header if the entry is what it claims to be.

    1. The envelope is an entry signed by `key`, or by the one of several keys whose place this is.
    2. Its header stands at `seq` of `log`.
    3. The content, where it is still there, opens the commitment.

    Raises `Tampered` that names the entry.
    """
    try:
        unseal(entry.envelope, "entry", key.of_entry(log, seq))  # 1
        header = entry.header()
    except (InputError, Tampered) as error:
        raise Tampered(say("Entry {seq} of log {log}: {why}", seq=seq, log=log, why=error.what)) from error
    if (header.log, header.seq) != (log, seq):  # 2
        raise Tampered(
            say("Entry {seq} of log {log} holds what was signed as entry {other} of {where}.",
                seq=seq, log=log, other=header.seq, where=header.log)
        )  # fmt: skip
    opens = len(entry.salt) == SALT_BYTES and entry.content is not None and commit(entry.salt, entry.content) == header.commitment
    if entry.content is not None and not opens:  # 3; a salt of another length could lend bytes to the content
        raise Tampered(say("Entry {seq} of log {log}: the content differs from what was signed.", seq=seq, log=log))
    return header


def check_entries(entries: Sequence[Entry], key: Keys, *, log: str, first: int) -> list[Header]:
    """Return the headers of entries that follow one another from `first` on, each checked as `check_entry` does.

    Many are checked by two threads: while one verifies a signature, the other can. Raises `Tampered` that names the first that fails.
    """
    middle = len(entries) // 2 if len(entries) >= _MANY else len(entries)

    def checked(start: int, end: int) -> list[Header]:
        return [check_entry(entry, key, log=log, seq=seq) for seq, entry in enumerate(entries[start:end], first + start)]

    if middle == len(entries):
        return checked(0, middle)
    with ThreadPoolExecutor(1) as other:
        rest = other.submit(checked, middle, len(entries))
        return checked(0, middle) + rest.result()


def make_checkpoint(log: str, frontier: Frontier, key: SigningKey) -> bytes:
    """Return the signed checkpoint over a log whose root was recomputed into `frontier` from stored bytes."""
    return sign_checkpoint(Checkpoint(log, frontier.size, frontier.root().hex()), key)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """Return the signed checkpoint; its root was recomputed from stored bytes."""
    return seal("checkpoint", canonical(checkpoint), key)


def check_checkpoint(data: bytes, key: Keys, log: str) -> Checkpoint:
    """Return the checkpoint if `key` signed it for `log`. Raises `Tampered`."""
    try:
        envelope = open_envelope(data)
        checkpoint = read(envelope.payload, Checkpoint)
        unseal(data, "checkpoint", key.over(log, checkpoint.size, envelope.keyid))
    except (InputError, Tampered) as error:
        raise Tampered(say("The checkpoint of log {log}: {why}", log=log, why=error.what)) from error
    if checkpoint.log != log or checkpoint.size < 0:
        raise Tampered(say("The checkpoint of log {log} was signed for log {other}.", log=log, other=checkpoint.log))
    return checkpoint


def make_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """Return the signed receipt."""
    return seal("receipt", canonical(receipt), key)


def check_receipt(data: bytes, key: Keys) -> Receipt:
    """Return the receipt if `key` signed it. Raises `Tampered`."""
    try:
        envelope = open_envelope(data)
        receipt = read(envelope.payload, Receipt)
        unseal(data, "receipt", key.over(receipt.log, receipt.size, envelope.keyid))
    except (InputError, Tampered) as error:
        raise Tampered(say("A receipt: {why}", why=error.what)) from error
    return receipt
