# SPDX-License-Identifier: Apache-2.0
"""A node made again from its backup, in an empty folder, all of it or nothing; and trying a backup without restoring it.

1. The backup is whole, and of a version that this program knows.
2. Settings, keys and card are one node's, and the party and exercise mark are those that the backup names.
3. The ledger is made from the evidence, and every table from its journal; `verify` finds nothing altered and nothing missing.
4. The journal notes the restoration. Unless the operator knows that nothing was signed for a neighbour since the backup, the
   links to the neighbours are held until they have given back what they hold of our logs (`desk/refilling.py`).
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from hamsaya.assemble.backup import END, EVIDENCE, FORMAT, HEADER, LINES, Contents
from hamsaya.assemble.keyring import KEY_FILES, SIGN, STORE, read_keyring, write_key
from hamsaya.assemble.lines import FOLDER
from hamsaya.assemble.node import check_own_card, open_parts, refuse_occupied, utc_now
from hamsaya.assemble.settings import FILE, Settings, parse_settings, write_settings
from hamsaya.courier.lockbox import Unlock, unsealing
from hamsaya.desk.events import EVENTS
from hamsaya.desk.keeping import note_restored
from hamsaya.exchange.acts import read_card
from hamsaya.facts.errors import HamsayaError, InputError, OperatorError, Tampered
from hamsaya.facts.words import say
from hamsaya.ledger.evidence import Slice, fill, read_slice
from hamsaya.ledger.store import Store
from hamsaya.ledger.tables import SCHEMA_VERSION
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.keys import SigningKey

MAX_SMALL: Final = 1024 * 1024
MAX_SLICE: Final = 128 * 1024 * 1024


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds, after all of it was checked."""

    contents: Contents
    fingerprint: str
    rows: int


class _Kit(msgspec.Struct, frozen=True):
    contents: Contents
    settings: Settings
    text: str
    keys: dict[str, str]
    card: bytes
    lines: dict[str, bytes]


def check_backup(file: Path, unlock: Unlock) -> Found:
    """Return what the backup holds, after making its ledger again in a folder that is thrown away, under a key that is too.

    Raises `InputError`, `OperatorError` or `Tampered`, as `restore_node` does.
    """
    with _reading(file, unlock) as (kit, slices), tempfile.TemporaryDirectory(prefix="hamsaya-check-") as folder:
        store = _store(Path(folder) / "ledger.db", os.urandom(32), kit)
        try:
            return _filled(store, kit, slices)
        finally:
            store.close()


def restore_node(file: Path, unlock: Unlock, folder: Path, *, nothing_sent_since: bool = False) -> Found:
    """Make the node of the backup again in `folder`, which must be new or empty.

    Raises `Refused` for a folder that holds anything, `InputError` for a file that cannot be opened, `OperatorError` for a
    backup of a newer program or a full disk, `Tampered` where its evidence does not hold. Nothing is left behind then.
    """
    refuse_occupied(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise OperatorError(say("A node cannot be made in {folder}: {why}", folder=folder, why=error.strerror or error)) from error
    try:
        found = _build(file, unlock, building, nothing_sent_since=nothing_sent_since)
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except OSError as error:
        raise OperatorError(say("A node cannot be made in {folder}: {why}", folder=folder, why=error.strerror or error)) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return found


def _build(file: Path, unlock: Unlock, folder: Path, *, nothing_sent_since: bool) -> Found:
    with _reading(file, unlock) as (kit, slices):
        settings = _at_home(kit.settings)
        text = kit.text if settings == kit.settings else write_settings(settings)
        write_key(folder / FILE, text)
        (folder / settings.keys).mkdir(mode=0o700)
        for name, data in kit.keys.items():
            write_key(folder / settings.keys / name, data)
        (folder / f"{settings.party}.card").write_bytes(kit.card)
        for name, line in kit.lines.items():
            (folder / FOLDER).mkdir(exist_ok=True)
            (folder / FOLDER / name).write_bytes(line)
        opened = open_parts(folder, settings, read_keyring(folder / settings.keys))
        try:
            found = _filled(opened.store, kit, slices)
            check_own_card(opened)
            note_restored(
                opened.node, made_at=kit.contents.made_at, journal=kit.contents.logs.get(f"journal/{settings.party}", 0),
                nothing_sent_since=nothing_sent_since,
            )  # fmt: skip
        finally:
            opened.store.close()
    return found


def _at_home(settings: Settings) -> Settings:
    """Return the settings with keys and ledger inside the node's own folder: nothing outside of it is written, and no database."""
    keys = settings.keys if _is_name(settings.keys) else "keys"
    ledger = settings.ledger if _is_name(settings.ledger) else "ledger.db"
    desk = msgspec.structs.replace(settings.desk, processes=1) if settings.store else settings.desk
    return msgspec.structs.replace(settings, keys=keys, ledger=ledger, store="", desk=desk)


def _is_name(path: str) -> bool:
    return bool(path) and path not in {".", "..", FILE} and "/" not in path


def _store(path: Path, store_key: bytes, kit: _Kit) -> Store:
    key = SigningKey(bytes.fromhex(kit.keys[SIGN]))
    return Store(path, store_key, party=kit.settings.party, key=key, now=utc_now, random=os.urandom)


def _filled(store: Store, kit: _Kit, slices: Iterator[Slice]) -> Found:  # 3
    store.create()
    fill(store, slices)
    verified = verify_store(store)
    if verified.faults:
        fault = verified.faults[0]
        raise Tampered(say("The backup holds something else than was signed: {entry}: {what}", entry=fault.entry, what=fault.what))
    if verified.logs != kit.contents.logs:
        raise Tampered(say("The backup does not hold all the entries that it names."))
    return Found(contents=kit.contents, fingerprint=store.key.public.fingerprint(), rows=verified.rows)


@contextmanager
def _reading(file: Path, unlock: Unlock) -> Iterator[tuple[_Kit, Iterator[Slice]]]:
    """Give the small parts of the backup, and its evidence to be read once. All of it has been read when the block ends."""
    with ExitStack() as stack:
        stream = stack.enter_context(unsealing(file, unlock))
        try:
            tar = tarfile.open(fileobj=stream, mode="r|")  # noqa: SIM115  (closed with its stream)
        except tarfile.TarError as error:
            raise _no_backup(file) from error
        members = _members(tar, file)
        yield _kit(members, file), _slices(members, file)


def _members(tar: tarfile.TarFile, file: Path) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        limit = MAX_SLICE if member.name == LINES or member.name.startswith(EVIDENCE) else MAX_SMALL
        data = tar.extractfile(member) if member.isreg() and member.size <= limit else None
        if data is None:
            raise _no_backup(file)
        yield member.name, data.read()


def _kit(members: Iterator[tuple[str, bytes]], file: Path) -> _Kit:  # 1, 2
    contents = _contents(_named(members, HEADER, file), file)
    text = _named(members, FILE, file).decode("utf-8", "replace")
    settings = parse_settings(text)
    try:
        keys = {name: _named(members, f"keys/{name}", file).decode("ascii") for name in KEY_FILES}
        sign, _ = SigningKey(bytes.fromhex(keys[SIGN])), bytes.fromhex(keys[STORE])
    except ValueError as error:
        raise _no_backup(file) from error
    card = _named(members, f"{contents.party}.card", file)
    told = read_card(card)
    for name, one, other in (
        ("party", contents.party, settings.party), ("exercise", contents.exercise, settings.exercise), ("party", contents.party, told.party),
        ("exercise", contents.exercise, told.exercise), ("key", sign.public.hex, told.key),
    ):  # fmt: skip
        if one != other:
            raise Tampered(say("The parts of this backup are not one node's: its {name} is told in two ways.", name=name))
    lines = _lines(_named(members, LINES, file), file)
    return _Kit(contents, settings, text, keys, card, lines)


def _lines(data: bytes, file: Path) -> dict[str, bytes]:
    try:
        lines = msgspec.msgpack.decode(data, type=dict[str, bytes])
    except msgspec.DecodeError as error:
        raise _no_backup(file) from error
    if any("/" in name or name.startswith(".") or not name.endswith(".geojson") for name in lines):
        raise _no_backup(file)
    return lines


class _Version(msgspec.Struct, frozen=True):
    format: int
    program: str
    schema: int = 0
    acts: list[str] = []


def _contents(data: bytes, file: Path) -> Contents:
    try:
        version = msgspec.json.decode(data, type=_Version)
        if version.format > FORMAT or version.schema > SCHEMA_VERSION or set(version.acts) - set(EVENTS):
            raise OperatorError(
                say("{file} was made by a newer version of Hamsaya ({version}) than this one.", file=file.name, version=version.program[:20]),
                say("Nothing was changed. Install that version or a newer one, and restore with it."),
            )
        return msgspec.json.decode(data, type=Contents)
    except msgspec.DecodeError as error:
        raise _no_backup(file) from error


def _slices(members: Iterator[tuple[str, bytes]], file: Path) -> Iterator[Slice]:
    for number, (name, data) in enumerate(members, 1):
        if name == END and msgspec.json.decode(data) == {"slices": number - 1}:
            return
        if name != f"{EVIDENCE}{number:08d}":
            raise _no_backup(file)
        yield read_slice(data)
    raise _no_backup(file)


def _named(members: Iterator[tuple[str, bytes]], name: str, file: Path) -> bytes:
    found, data = next(members, ("", b""))
    if found != name:
        raise _no_backup(file)
    return data


def _no_backup(file: Path) -> HamsayaError:
    return InputError(say("{file} is no backup of a Hamsaya node.", file=file.name), say("Nothing was changed."))
