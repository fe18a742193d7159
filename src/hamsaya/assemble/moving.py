# SPDX-License-Identifier: Apache-2.0
"""A node carried from one store to another, and a store whose tables are made again. Never while the node serves.

Carrying, in this order, so that whatever breaks off leaves one node that works:

1. Nobody serves the node, and nobody begins to while it is carried (leases). No command can write to it either (its lock).
2. The evidence is copied into the empty target, its tables are made there, all of it is verified, then committed at once.
3. hamsaya.toml is put in place of the old one, whole. From here on the node is at the target.
4. The old store is marked as moved. It is kept, and nothing can be written to it: a journal never goes on in two places.

Before 3 the node is where it was, and what was made at the target is taken away again. Killed between 2 and 3, it leaves a whole
copy behind: moving there once more takes that copy, if nothing was written meanwhile, and says what to do where something was.
Sessions stay behind: officers log in anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from hamsaya.assemble.keyring import read_keyring
from hamsaya.assemble.leases import Leases
from hamsaya.assemble.node import Opened, open_node, open_parts
from hamsaya.assemble.serving import MOVING, SERVING
from hamsaya.assemble.settings import FILE, Settings, check_settings, read_settings, replace_settings
from hamsaya.facts.errors import HamsayaError, InputError, Refused
from hamsaya.facts.words import say
from hamsaya.ledger.address import is_address
from hamsaya.ledger.carrying import Carried, carry, close_for_good, rebuild
from hamsaya.ledger.store import Store, place_shown
from hamsaya.ledger.verify import Verified


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What was carried from where to where. `old_closed` is False where the old store could not be marked any more."""

    from_store: str
    to_store: str
    carried: Carried
    old_closed: bool


def move_node(folder: Path, to: str) -> Moved:
    """Carry the node in `folder` to another store: the address of an empty database, or the name of a new file.

    Raises `Refused` while the node serves and for a place that is not empty, `InputError` for one that cannot be, `OperatorError`
    where either store cannot be reached, `Tampered` where the evidence does not hold. The node is where it was then.
    """
    with open_node(folder) as opened, nobody_serves(opened):
        settings = _settings_at(opened, to)
        with _target(opened, settings) as target:
            return _move(opened, settings, target)


def _move(opened: Opened, settings: Settings, target: Store) -> Moved:
    carried = None
    try:
        with opened.store.writing() as pen:
            found = carry(pen, target)
            try:
                replace_settings(opened.folder, settings)
            except BaseException:
                target.wipe()
                raise
            carried = found
            close_for_good(pen, target.adapter.shown)
    except HamsayaError:
        if carried is None:
            raise
    else:
        return Moved(from_store=opened.store.adapter.shown, to_store=target.adapter.shown, carried=found, old_closed=True)
    return Moved(from_store=opened.store.adapter.shown, to_store=target.adapter.shown, carried=carried, old_closed=False)


def rebuild_node(folder: Path) -> Verified:
    """Make every table of the node in `folder` again from what is signed. Raises as `move_node`; nothing was changed then."""
    settings = read_settings(folder)
    opened = open_parts(folder, settings, read_keyring(folder / settings.keys))
    try:
        if opened.store.is_current():
            with nobody_serves(opened):
                return rebuild(opened.store)
        return rebuild(opened.store)  # an older shape: what serves it is an older program, whose next act fails
    finally:
        opened.store.close()


@contextmanager
def nobody_serves(opened: Opened) -> Iterator[None]:
    """Let the block run while no process serves the node, and none begins to. Raises `Refused`."""
    leases = Leases(opened.store, opened.node.now)
    leases.start()
    try:
        with leases.held(f"{MOVING}/store") as mine:
            with opened.store.reading() as book:
                serving = book.leases(SERVING, opened.node.now())
            if not mine or serving:
                raise Refused(
                    say("The node is being served, or its store is being changed already."),
                    say("Nothing was changed. Stop `hamsaya serve` first; if it was killed, wait a minute."),
                    rule="serving",
                )
            yield
    finally:
        leases.stop()


def _settings_at(opened: Opened, to: str) -> Settings:
    changes = {"store": to} if is_address(to) else {"store": "", "ledger": to}
    settings = msgspec.structs.replace(opened.settings, **changes)
    check_settings(settings)
    place, here = settings.place(opened.folder), opened.store.at
    same = place == here if isinstance(place, str) or isinstance(here, str) else place.resolve() == here.resolve()
    if not to.strip() or same or (isinstance(place, Path) and (place.is_dir() or place.name == FILE)):
        raise InputError(say("--to: expected the address of an empty database, or the name of a new file; this came: {came}", came=place_shown(to)))
    return settings


@contextmanager
def _target(opened: Opened, settings: Settings) -> Iterator[Store]:
    """Give the store to carry to. Where the block raises, a file that was not there before is removed."""
    place = settings.place(opened.folder)
    existed = isinstance(place, Path) and place.exists()
    target = Store(place, opened.keys.store, party=settings.party, key=opened.keys.sign, now=opened.node.now, random=opened.node.random)
    try:
        if existed:
            _refuse_if_foreign(target)
        yield target
    except BaseException:
        target.close()
        if target.path and not existed:
            for name in ("", "-wal", "-shm"):
                target.path.with_name(f"{target.path.name}{name}").unlink(missing_ok=True)
        raise
    finally:
        target.close()


def _refuse_if_foreign(target: Store) -> None:
    """Return if the file that was there can be read with this node's key: `carry` says whether it can be used. Raises `Refused`."""
    try:
        target.is_empty()
    except HamsayaError as error:
        raise Refused(
            say("{where} is not empty.", where=target.adapter.shown),
            say("Nothing was changed. Give an empty place: a node is never overwritten."),
            rule="store",
        ) from error
