# SPDX-License-Identifier: Apache-2.0
"""A stream that is encrypted on its way to a file, and read back without the plain bytes ever touching a disk (age).

- To a public key (`age1…`): the file is an age file.
- With a passphrase: a tar of two members, a fresh identity under the passphrase (`identity.age`) and the stream encrypted
  to it (`node.tar.age`), since age's own passphrase form would hold the whole stream in memory.

Either can be opened without this program: `age -d -i KEY FILE`, or `tar -xf FILE` and `age -d -i identity.age node.tar.age`.
"""

from __future__ import annotations

import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import msgspec
import pyrage

from hamsaya.facts.errors import HamsayaError, InputError, OperatorError
from hamsaya.facts.words import say

IDENTITY: Final = "identity.age"
STREAM: Final = "node.tar.age"
MAX_IDENTITY: Final = 64 * 1024
SHORTEST: Final = 12
"""Characters of a passphrase: whoever finds the file can try as often as they like."""


class Lock(msgspec.Struct, frozen=True):
    """How a file is closed: to a public key, or with a passphrase. One of the two is empty."""

    recipient: str = ""
    passphrase: str = ""


class Unlock(msgspec.Struct, frozen=True):
    """How a file is opened: the text of an identity file, or a passphrase. One of the two is empty."""

    identity: str = ""
    passphrase: str = ""


def check_lock(lock: Lock) -> None:
    """Return if the lock can be used. Raises `InputError`."""
    if lock.recipient:
        _recipient(lock.recipient)
    elif len(lock.passphrase) < SHORTEST:
        raise InputError(
            say("A passphrase for a backup has at least {n} characters.", n=SHORTEST),
            say("Give it in HAMSAYA_BACKUP_PASSPHRASE or type it when asked, or encrypt to a public key with --to age1…"),
        )


def new_identity() -> tuple[str, str]:
    """Return a fresh identity file's text and its public half."""
    made = pyrage.x25519.Identity.generate()
    return f"# public key: {made.to_public()}\n{made}\n", str(made.to_public())


@contextmanager
def sealing(out: IO[bytes], lock: Lock) -> Iterator[IO[bytes]]:
    """Give a file to write to; what is written stands encrypted in `out`, which must be seekable, when the block ends."""
    check_lock(lock)
    if lock.recipient:
        with _encrypting(out, _recipient(lock.recipient)) as stream:
            yield stream
        return
    identity = pyrage.x25519.Identity.generate()
    kept = pyrage.passphrase.encrypt(f"{identity}\n".encode(), lock.passphrase)
    out.write(_heading(IDENTITY, len(kept)) + kept + _padding(len(kept)))
    heading_at = out.tell()
    out.write(bytes(tarfile.BLOCKSIZE))
    with _encrypting(out, identity.to_public()) as stream:
        yield stream
    size = out.tell() - heading_at - tarfile.BLOCKSIZE
    out.write(_padding(size) + bytes(2 * tarfile.BLOCKSIZE))
    out.seek(heading_at)
    out.write(_heading(STREAM, size))


@contextmanager
def unsealing(path: Path, unlock: Unlock) -> Iterator[IO[bytes]]:
    """Give the plain stream to read. Raises `InputError` where the file is none, was altered or cut, or has another key.

    Each piece is authentic as it is read; that none is missing at the end shows only when the block ends.
    """
    with _reading(path) as file:
        if file.read(21) == b"age-encryption.org/v1":
            file.seek(0)
            inner, identities = file, _identities(path, unlock)
        else:
            inner, identities = _unpacked(path, file, unlock)
        with _decrypting(path, inner, identities) as stream:
            yield stream


@contextmanager
def _reading(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(say("{file} cannot be read: {why}", file=path, why=error.strerror or error)) from error
    with file:
        yield file


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise InputError(
            say("This is no public key to encrypt to: {came}", came=text[:70]), say("`hamsaya backup key FILE` makes one; it begins with age1.")
        ) from error


def _identities(path: Path, unlock: Unlock) -> list[pyrage.x25519.Identity]:
    if not unlock.identity:
        raise InputError(say("{file} is encrypted to a key, not with a passphrase.", file=path.name), say("Give the key's file with --key."))
    found = []
    for line in unlock.identity.splitlines():
        if line.strip() and not line.startswith("#"):
            try:
                found.append(pyrage.x25519.Identity.from_str(line.strip()))
            except pyrage.IdentityError as error:
                raise InputError(say("The key file holds no age identity."), say("`hamsaya backup key FILE` makes one.")) from error
    return found


def _unpacked(path: Path, file: IO[bytes], unlock: Unlock) -> tuple[IO[bytes], list[pyrage.x25519.Identity]]:
    """Return the encrypted stream in the tar, and its identity opened with the passphrase."""
    file.seek(0)
    try:
        box = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115  (`file` is closed by its owner)
        kept, stream = (box.extractfile(name) for name in (IDENTITY, STREAM))
        sealed = kept.read(MAX_IDENTITY) if kept else b""
    except (tarfile.TarError, KeyError, OSError) as error:
        raise _broken(path) from error
    if stream is None:
        raise _broken(path)
    if not unlock.passphrase:
        raise InputError(
            say("{file} is encrypted with a passphrase.", file=path.name), say("Give it in HAMSAYA_BACKUP_PASSPHRASE or type it when asked.")
        )
    try:
        identity = pyrage.passphrase.decrypt(sealed, unlock.passphrase).decode("ascii").strip()
        return stream, [pyrage.x25519.Identity.from_str(identity)]
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise InputError(
            say("The passphrase is wrong, or {file} was altered.", file=path.name), say("Nothing was changed. Try the passphrase again.")
        ) from error


def _broken(path: Path) -> InputError:
    return InputError(
        say("{file} is no whole backup: it was cut off or altered.", file=path.name), say("Nothing was changed. Take another copy of it.")
    )


@contextmanager
def _encrypting(out: IO[bytes], recipient: pyrage.x25519.Recipient) -> Iterator[IO[bytes]]:
    def run(reader: IO[bytes], _: IO[bytes]) -> None:
        pyrage.encrypt_io(reader, out, [recipient])

    def ours(error: Exception) -> HamsayaError:
        return OperatorError(say("The backup could not be written: {why}", why=str(error)[:120]), say("Free space on the disk, then do it again."))

    with _beside(run, ours, writing=True) as stream:
        yield stream


@contextmanager
def _decrypting(path: Path, sealed: IO[bytes], identities: list[pyrage.x25519.Identity]) -> Iterator[IO[bytes]]:
    def run(_: IO[bytes], writer: IO[bytes]) -> None:
        pyrage.decrypt_io(sealed, writer, identities)

    def ours(error: Exception) -> HamsayaError:
        if "No matching keys" in str(error):
            return InputError(
                say("{file} is encrypted to another key.", file=path.name), say("Nothing was changed. Give the key that it was made for.")
            )
        return _broken(path)

    with _beside(run, ours, writing=False) as stream:
        yield stream


@contextmanager
def _beside(run: Callable[[IO[bytes], IO[bytes]], None], ours: Callable[[Exception], HamsayaError], *, writing: bool) -> Iterator[IO[bytes]]:
    """Run `run` in a thread on one end of a pipe and give the other end. Its failure is raised in place of what it caused here."""
    ends = os.pipe()
    reader, writer = os.fdopen(ends[0], "rb"), os.fdopen(ends[1], "wb")
    failed: list[Exception] = []
    mine, its = (writer, reader) if writing else (reader, writer)

    def work() -> None:
        try:
            run(reader, writer)
        except Exception as error:  # noqa: BLE001  (a thread's error is told to the one that waits for it)
            failed.append(error)
        finally:
            _close(its)

    thread = threading.Thread(target=work, name="lockbox", daemon=True)
    thread.start()
    try:
        yield mine
        if not writing:
            _read_on(mine)
    except Exception as error:
        if failed:  # it went first, and what happened here came of it
            raise ours(failed[0]) from failed[0]
        if isinstance(error, OSError | EOFError | tarfile.TarError):
            raise ours(error) from error
        raise
    finally:
        _close(mine)
        thread.join()
    if failed:
        raise ours(failed[0]) from failed[0]


def _read_on(stream: IO[bytes]) -> None:
    """Read what is left, so that a stream cut after the last thing that was wanted is found."""
    while stream.read(io.DEFAULT_BUFFER_SIZE * 8):
        pass


def _close(stream: IO[bytes]) -> None:
    with suppress(OSError):  # where the other side has gone first, its own error tells why
        stream.close()


def _heading(name: str, size: int) -> bytes:
    made = tarfile.TarInfo(name)
    made.size, made.mode = size, 0o600
    return made.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)
