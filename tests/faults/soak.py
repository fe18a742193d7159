# SPDX-License-Identifier: Apache-2.0
"""As many seeded histories as are asked for, in as many processes as there are cores; a failing one is named and made short. `make soak`.

    HAMSAYA_HISTORIES=100000 make soak        that many, of two and of three nodes in turn
    HAMSAYA_SEED=17 make soak                 history 17 again, and the shortest beginning of it that fails

Each history runs in a folder in memory where the machine has one. Nothing here waits for a disk: what a disk may lose is modelled.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.faults.world import STEPS, STEPS_OF_FORGETTING, STEPS_OF_NEGOTIATING, World, make_template

from hamsaya.ledger.sqlite import SqliteAdapter

TWO, THREE = ("west", "east"), ("west", "east", "north")
VERIFIED = 16
"""In every so many histories each node replays its journal at the end, and an old file is put in the place of one of them."""
FORGETS = 16
"""In every so many, records are erased, old copies go on, and logs are begun anew; in a quarter of these each node verifies at the end."""
NEGOTIATES = 64
"""In every so many, findings are negotiated; in half of these each node verifies at the end."""


@contextmanager
def in_memory():
    """Give a folder that no disk holds, and let no store wait for one. What could not be applied is not written to the log as well."""
    connect = SqliteAdapter.connect

    def in_haste(self):
        db = connect(self)
        db.execute("PRAGMA synchronous = OFF")
        return db

    folder = Path(tempfile.mkdtemp(prefix="hamsaya-world-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108  (a fresh folder in it)
    SqliteAdapter.connect = in_haste
    logging.getLogger("hamsaya.desk").setLevel(logging.CRITICAL)
    try:
        yield folder
    finally:
        SqliteAdapter.connect = connect
        logging.getLogger("hamsaya.desk").setLevel(logging.NOTSET)
        shutil.rmtree(folder, ignore_errors=True)


@cache
def template_of(parties, *, laden=False, told=False):
    """Return the files of nodes that trust each other, made once a process."""
    with tempfile.TemporaryDirectory(prefix="hamsaya-template-") as folder:
        return make_template(Path(folder), parties, laden=laden, told=told)


def live(seed, folder, parties, steps=None, *, clocks=True):
    """Live one history, with what is asked of some of them at the end. Raises what broke."""
    place, forgets, negotiates = folder / f"history {seed}", seed % FORGETS == FORGETS - 3, seed % NEGOTIATES == NEGOTIATES - 9
    few = STEPS_OF_FORGETTING if forgets else STEPS_OF_NEGOTIATING if negotiates else STEPS
    try:
        world = World(seed, place, template_of(parties, laden=forgets, told=negotiates), clocks=clocks, forgets=forgets, negotiates=negotiates)
        world.run(few if steps is None else steps)
        if seed % VERIFIED == 0 or seed % (4 * FORGETS) == FORGETS - 3 or seed % (2 * NEGOTIATES) == NEGOTIATES - 9:
            world.verify()
        if seed % VERIFIED == 1:
            world.set_back_unnoticed(signs=seed % (2 * VERIFIED) == 1)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return world


def shortest(seed, folder, parties):
    """Return the fewest steps after which this history fails, with what it says, or None if it does not fail."""
    for few in range(max(STEPS, STEPS_OF_FORGETTING) + 1):
        try:
            live(seed, folder, parties, few)
        except Exception as error:  # noqa: BLE001  (whatever breaks a history is what is looked for)
            return few, error
    return None


def replay(seed, parties):
    """How to run it again."""
    return f"HAMSAYA_SEED={seed} HAMSAYA_NODES={len(parties)} make soak"


def live_all(seeds, parties, told=lambda _: None):
    """Live these histories. Returns how often each thing happened; raises for the first that fails, with the command that shows it again."""
    happened = Counter()
    with in_memory() as folder:
        for seed in seeds:
            try:
                world = live(seed, folder, parties)
            except Exception as error:
                found = shortest(seed, folder, parties)
                if found:
                    error.add_note(f"after {found[0]} steps: {found[1]}: {'; '.join(getattr(found[1], '__notes__', []))}")
                error.add_note(f"again: {replay(seed, parties)}")
                raise
            happened.update(word for word in world.trace if not word.startswith("to "))
            told(seed)
    return happened


def _share(asked):
    seeds, parties = asked
    try:
        return live_all(seeds, parties), None
    except Exception as error:  # noqa: BLE001  (told by the one that asked)
        return Counter(), "\n".join([repr(error), *getattr(error, "__notes__", [])])


def main() -> int:
    """Live `HAMSAYA_HISTORIES` histories, or history `HAMSAYA_SEED` alone; 1 if one failed."""
    count, seed = int(os.environ.get("HAMSAYA_HISTORIES", "10000")), os.environ.get("HAMSAYA_SEED")
    nodes = {"2": TWO, "3": THREE}.get(os.environ.get("HAMSAYA_NODES", ""))
    if seed is not None:
        _, wrong = _share(([int(seed)], nodes or TWO))
        print(wrong or f"history {seed} keeps every invariant")
        return 1 if wrong else 0
    began, happened, lived, failed = time.monotonic(), Counter(), 0, 0
    size = 50
    shares = [
        (range(first, min(first + size, count)), nodes or (THREE if number % 4 == 3 else TWO)) for number, first in enumerate(range(0, count, size))
    ]
    with multiprocessing.get_context("spawn").Pool() as pool:
        for number, (what, wrong) in enumerate(pool.imap(_share, shares), 1):
            happened.update(what)
            lived, failed = lived + len(shares[number - 1][0]), failed + bool(wrong)
            if wrong:
                print(wrong, flush=True)
            if number % 20 == 0:
                print(f"{lived} histories, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{lived} histories, {failed} shares with a failure, {time.monotonic() - began:.0f} s")
    for what, times in happened.most_common():
        print(f"{times:9} {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
