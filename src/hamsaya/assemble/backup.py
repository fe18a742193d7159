# SPDX-License-Identifier: Apache-2.0
"""A node as one encrypted file: what is in it, and writing it while the node runs.

In the file is a tar, in this order: `hamsaya.json` (what it holds and who can read it), the settings, the keys, the card, the
declared lines, and the evidence of one moment in slices, from which every other table follows. It is encrypted as it is
written: its plain bytes are never on a disk. It holds every key of the node, so whoever opens it is the node.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

import msgspec

from hamsaya import __version__
from hamsaya.assemble.keyring import KEY_FILES
from hamsaya.assemble.lines import FOLDER
from hamsaya.assemble.node import Opened
from hamsaya.assemble.settings import FILE
from hamsaya.courier.lockbox import Lock, sealing
from hamsaya.desk.events import EVENTS
from hamsaya.desk.keeping import note_backup
from hamsaya.exchange.logs import journal_of
from hamsaya.facts.errors import OperatorError, Refused
from hamsaya.facts.values import Aware
from hamsaya.facts.words import say
from hamsaya.ledger.evidence import slices_of
from hamsaya.ledger.tables import SCHEMA_VERSION

FORMAT: Final = 1
HEADER: Final = "hamsaya.json"
LINES: Final = "lines.msgpack"
EVIDENCE: Final = "evidence/"
END: Final = "end.json"


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself."""

    format: int
    program: str
    schema: int
    acts: list[str]
    """The kinds of journal acts that its program knows: one that reads it must know them all."""
    party: str
    country: str
    exercise: bool
    made_at: Aware
    logs: dict[str, int]
    """How many entries of each log it holds."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was written."""

    file: str
    bytes: int
    sha256: str
    party: str
    exercise: bool
    made_at: Aware
    journal: int
    entries: int


def write_backup(opened: Opened, path: Path, lock: Lock) -> Written:
    """Write a backup to `path`, or under a name of its own into the folder `path`. The whole file appears, or none.

    Everything that was committed before it began is in it; what is committed meanwhile may be missing, all of it from one
    moment on. Raises `Refused` where a file stands already, `OperatorError` where it cannot be written.
    """
    started = opened.node.now()
    if path.is_dir():
        path /= f"{'EXERCISE-' if opened.node.exercise else ''}hamsaya-{opened.node.party}-{started:%Y-%m-%dT%H%M%SZ}.age"
    with new_file(path) as file:
        with sealing(file, lock) as stream, opened.store.reading() as book:
            contents = Contents(
                format=FORMAT, program=__version__, schema=SCHEMA_VERSION, acts=sorted(EVENTS), party=opened.node.party,
                country=opened.node.country, exercise=opened.node.exercise, made_at=started, logs=book.logs(),
            )  # fmt: skip
            with tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as tar:
                for name, data in _members(opened, contents, book.card_of(opened.node.party), slices_of(book)):
                    _put(tar, name, data)
        digest, size = _digest(file)
    journal = contents.logs[journal_of(opened.node.party)]
    note_backup(opened.node, name=path.name, sha256=digest, size=size, journal=journal, to=lock.recipient)
    return Written(file=str(path), bytes=size, sha256=digest, party=contents.party, exercise=contents.exercise, made_at=started, journal=journal,
                   entries=sum(contents.logs.values()))  # fmt: skip


def _members(opened: Opened, contents: Contents, card: bytes, slices: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    yield HEADER, msgspec.json.encode(contents)
    yield FILE, (opened.folder / FILE).read_bytes()
    for name in KEY_FILES:
        yield f"keys/{name}", (opened.folder / opened.settings.keys / name).read_bytes()
    yield f"{contents.party}.card", card
    lines = {path.name: path.read_bytes() for path in sorted((opened.folder / FOLDER).glob("*.geojson"))}
    yield LINES, msgspec.msgpack.encode(lines)
    count = 0
    for count, data in enumerate(slices, 1):
        yield f"{EVIDENCE}{count:08d}", data
    yield END, msgspec.json.encode({"slices": count})


def _put(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that appears at `path` when the block ends, readable by its owner only, or not at all. Never overwrites."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _refuse_existing(path)
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _appear(part, path)
    except OSError as error:
        raise OperatorError(say("{file} cannot be written: {why}", file=path, why=error.strerror or error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _appear(part: Path, path: Path) -> None:
    try:
        os.link(part, path)  # fails where another has come meanwhile
    except FileExistsError:
        _refuse_existing(path)
        raise
    except OSError:  # a memory stick knows no links
        _refuse_existing(path)
        part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise Refused(
            say("{file} exists already; a backup never overwrites a file.", file=path), say("Nothing was changed. Give another name."), rule="exists"
        )


def _digest(file: IO[bytes]) -> tuple[str, int]:
    file.seek(0)
    made, size = sha256(), 0
    while part := file.read(1 << 20):
        made.update(part)
        size += len(part)
    return made.hexdigest(), size
