# SPDX-License-Identifier: Apache-2.0
"""Making a node's folder, and opening the node in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hamsaya.assemble.keyring import Keyring, make_keyring, read_keyring
from hamsaya.assemble.lines import lines_of
from hamsaya.assemble.settings import FILE, Settings, check_settings, read_settings, write_settings
from hamsaya.desk.parties import create_party, own_party
from hamsaya.desk.picture import Label
from hamsaya.desk.ports import Node, Pace, Reading
from hamsaya.exchange.acts import Card
from hamsaya.facts.errors import OperatorError, Refused
from hamsaya.facts.words import say
from hamsaya.ledger.store import Store

if TYPE_CHECKING:
    from hamsaya.desk.dictation import Dictation


@dataclass(frozen=True)
class Opened:
    """A node with its folder's parts."""

    folder: Path
    settings: Settings
    keys: Keyring
    store: Store
    node: Node


def utc_now() -> datetime:
    """Return the machine's clock."""
    return datetime.now(UTC)


def init_node(folder: Path, settings: Settings) -> Card:
    """Make a node in `folder`: settings, keys, certificate, empty ledger, and its card as a file. Returns the card.

    All of it appears together or nothing does. Raises `Refused` if `folder` holds anything.
    """
    check_settings(settings)
    refuse_occupied(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise OperatorError(say("A node cannot be made in {folder}: {why}", folder=folder, why=error.strerror or error)) from error
    try:
        with _built(building, settings) as card:
            if folder.exists():
                folder.rmdir()
            building.rename(folder)
    except OSError as error:
        raise OperatorError(say("A node cannot be made in {folder}: {why}", folder=folder, why=error.strerror or error)) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return card


def refuse_occupied(folder: Path) -> None:
    """Return if the folder is new or empty. Raises `Refused`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = (
            say("There is a node in {folder} already.", folder=folder)
            if (folder / FILE).exists()
            else say("The folder {folder} is not empty.", folder=folder)
        )
        raise Refused(what, say("Nothing was changed. Choose another folder; a node is never overwritten."), rule="init")


@contextmanager
def _built(folder: Path, settings: Settings) -> Iterator[Card]:
    """Give the card of a node made in `folder`. Its tables do not outlive a block that raises, also where a database holds them."""
    (folder / FILE).write_text(write_settings(settings), "utf-8")
    keys = make_keyring(folder / settings.keys, settings.party, utc_now())
    opened = open_parts(folder, settings, keys)
    try:
        opened.store.create()
        try:
            card = card_of(settings, keys)
            create_party(opened.node, card)
            with opened.store.reading() as book:
                (folder / f"{settings.party}.card").write_bytes(book.card_of(settings.party))
            opened.store.close()
            yield card
        except BaseException:
            opened.store.wipe()
            raise
    finally:
        opened.store.close()


def card_of(settings: Settings, keys: Keyring) -> Card:
    """Return the card that these settings and keys present."""
    return Card(
        party=settings.party, name=settings.name, country=settings.country, languages=settings.languages, zone=settings.zone,
        key=keys.sign.public.hex, tls=keys.tls_cert.read_text("ascii"), age=keys.age_recipient,
        address=settings.address or f"{settings.gate.host}:{settings.gate.port}", exercise=settings.exercise,
    )  # fmt: skip


@contextmanager
def open_node(folder: Path) -> Iterator[Opened]:
    """Open the node in `folder`, and close its store afterwards. Raises `OperatorError` or `InputError`."""
    settings = read_settings(folder)
    if not settings.store and not (folder / settings.ledger).is_file():
        raise OperatorError(
            say("The ledger {name} is missing from {folder}.", name=settings.ledger, folder=folder), say("Restore it from your backup.")
        )
    opened = open_parts(folder, settings, read_keyring(folder / settings.keys), utc_now)
    try:
        opened.store.check()
        opened = _rekeyed(opened)
        check_own_card(opened)
        yield opened
    finally:
        opened.store.close()


def _rekeyed(opened: Opened) -> Opened:
    """Return the node, after a change of key that broke off was finished."""
    if not (opened.folder / opened.settings.keys / "next").is_dir():
        return opened
    from hamsaya.assemble.rekeying import finish_rekeying

    return finish_rekeying(opened) or opened


def check_own_card(opened: Opened) -> None:
    """Return if settings and keys are those of the card that this node was made with. Raises `OperatorError` otherwise."""
    with opened.store.reading() as book:
        card = own_party(book).card
    settings = opened.settings
    for name, told, kept in (
        ("party", settings.party, card.party), ("country", settings.country, card.country), ("exercise", settings.exercise, card.exercise),
        ("keys", opened.keys.sign.public.hex, card.key),
    ):  # fmt: skip
        if told != kept:
            raise OperatorError(
                say("The setting “{name}” is not the one that this node was made with.", name=name),
                say("Put it back: they never change, but for the key, with `hamsaya key`. A new node is made with `hamsaya init`."),
            )


def open_parts(folder: Path, settings: Settings, keys: Keyring, now: Callable[[], datetime] = utc_now) -> Opened:
    """Return the node of these settings and keys, unchecked; the caller closes its store."""
    store = Store(settings.place(folder), keys.store, party=settings.party, key=keys.sign, now=now, random=os.urandom)
    node = Node(
        party=settings.party, country=settings.country, zone=settings.zone, exercise=settings.exercise,
        key=keys.sign, ledger=store, read=_read, dictation=cast("Dictation", _Dictation()), now=now, random=os.urandom,
        lines=lines_of(folder, settings.country), labels=_labels,
        pace=Pace(settings.sync_every_s, settings.retry_most_s),
    )  # fmt: skip
    return Opened(folder, settings, keys, store, node)


def _labels() -> list[Label]:
    from hamsaya.intake import map_labels

    return map_labels()


class _Dictation:
    """The reader of typed fields, loaded when the first field is read: most commands read none."""

    def __getattr__(self, name: str) -> Any:
        from hamsaya.intake.typed import TypedFields

        return getattr(TypedFields(), name)


def _read(data: bytes, *, name: str, origin: str, basis: str, language: str, published: str, zone: str) -> Reading:
    from hamsaya.intake import read_document

    return read_document(data, name=name, origin=origin, basis=basis, language=language, published=published, zone=zone)
