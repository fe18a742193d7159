# SPDX-License-Identifier: Apache-2.0
"""Two real node processes over real TLS, killed again and again; and what is asked of their stores afterwards. `make kills`.

    KILLS=10000 make kills        that many kills with -9, half as many power cuts, and as many disks that are full or do not sync

What was acknowledged is kept by this process as the nodes tell it, where no kill reaches. At the end both go on in peace, and each
must verify, hold what it acknowledged, and have applied every entry exactly once.
"""

from __future__ import annotations

import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from tests.conftest import STANDING
from tests.faults.living import INSIDE, Marks

from hamsaya.assemble.node import init_node, open_node, utc_now
from hamsaya.assemble.settings import Listen, Settings
from hamsaya.demo.nodes import free_port
from hamsaya.desk import converse
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.parties import add_officer, trust_neighbour
from hamsaya.desk.terms import sample_terms
from hamsaya.exchange.logs import parse_log
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.merkle import Frontier

ROOT = Path(__file__).parent.parent.parent
SHIM = Path(__file__).with_name("shim.c")


def compiled(folder: Path) -> Path:
    """Return the shim, compiled."""
    made = folder / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made, SHIM, "-ldl", "-lpthread"], check=True)
    return made


def make_pair(folder: Path) -> None:
    """Make two nodes that trust each other, under an agreement in force."""
    folder.mkdir(parents=True, exist_ok=True)
    for party, country in (("west", "IR"), ("east", "PK")):
        gate = Listen(port=free_port())
        init_node(folder / party, Settings(party=party, name={"en": party.title()}, country=country, languages=["en"], zone="UTC", gate=gate))
    with open_node(folder / "west") as west, open_node(folder / "east") as east:
        for each in (west, east):
            for login, role in (("duty", "officer"), ("commander", "commander")):
                add_officer(each.node, login=login, office=f"{login} office", role=role, language="en", password="x", hash_password=lambda word: word)
        for each, other in ((west, east), (east, west)):
            with other.store.reading() as book:
                trust_neighbour(each.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
        name = draft_agreement(west.node, sample_terms("west", "east", utc_now() - timedelta(days=1)) + STANDING).agreement.table.id
        for each in (west, east):
            converse.synchronise(west.node, "east", lambda _, data: converse.answer(east.node, data))
            with each.store.reading() as book:
                commander = next(officer for officer in book.officers() if officer.login == "commander")
            sign_agreement(each.node, commander, name)
        converse.synchronise(west.node, "east", lambda _, data: converse.answer(east.node, data))


class Keeper:
    """One node's process, that lets it live, and hears what it says."""

    def __init__(self, folder: Path, role: str, shim: Path | None = None):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])} | ({"LD_PRELOAD": str(shim)} if shim else {})
        self.marks = Marks(folder / "marks")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.living", str(folder), role],
            env=env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: queue.Queue = queue.Queue()
        self.acknowledged: dict[str, tuple[int, str]] = {}
        self.told: Counter = Counter()
        self.pid, self.is_alive = 0, False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._said.put(json.loads(line))

    def bear(self, **order) -> None:
        """Let the node live."""
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self.is_alive = True
        self.pid = self.until("born", 30)

    def until(self, what: str, within_s: float):
        """Return what the node says under this name; None once it has died, or where it says nothing for so long."""
        if not self.is_alive:
            return None
        end = time.monotonic() + within_s
        while (left := end - time.monotonic()) > 0:
            try:
                said = self._said.get(timeout=left)
            except queue.Empty:
                return None
            for log, size, root in said.get("acknowledged", []):
                if size >= self.acknowledged.get(log, (0, ""))[0]:
                    self.acknowledged[log] = (size, root)
            if "told" in said:
                self.told[said["told"]] += 1
            if "failed" in said:
                raise AssertionError(f"a life failed: {said['failed']}")
            self.is_alive = "died" not in said
            if what in said:
                return said[what]
            if not self.is_alive:
                return None
        return None

    def kill(self) -> None:
        if self.is_alive:
            with suppress(ProcessLookupError):  # it ended by itself a moment ago
                os.kill(self.pid, signal.SIGKILL)
            self.until("died", 30)

    def end(self) -> None:
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Loop:
    """The two nodes, and what befell them."""

    def __init__(self, folder: Path, seed: int, shim: Path | None = None):
        self.folder, self.rng, self.shim = folder, random.Random(seed), shim  # noqa: S311  (which node, and how: to be chosen again)
        make_pair(folder)
        self.keepers = {party: Keeper(folder / party, role, shim) for party, role in (("east", "gate"), ("west", "caller"))}
        self.fell: Counter = Counter()
        self.number = 0

    def end(self) -> None:
        for each in self.keepers.values():
            each.end()

    def once(self, victim: str, *, cut: dict | None = None, disk: dict | None = None, at_random: bool = False) -> tuple[str, int] | None:
        """Let both live until one of them is killed, or kills itself; return where it fell."""
        self.number += 2
        for offset, (party, each) in enumerate(self.keepers.items()):
            order = {"number": self.number + offset, **({"cut": cut} if cut and party == victim else {})}
            if self.shim:
                order["disk"] = disk if disk and party == victim else {}
            each.bear(**order)
            if party == "east" and not each.until("ready", 30) and victim != "east":
                raise AssertionError("the gate did not open")
        struck, other = self.keepers[victim], self.keepers["west" if victim == "east" else "east"]
        if at_random:
            time.sleep(self.rng.random() * 0.8)
            struck.kill()
        else:
            struck.until("died", 12)
            struck.kill()  # where it never came to that place
        where = struck.marks.get()
        other.kill()
        self.fell[where[0]] += 1
        return where

    def strike(self) -> tuple[str, tuple[str, int]]:
        """Kill one of the two: mostly at a place of its own choosing between a bundle and its receipt, else at any time."""
        victim = self.rng.choice(("east", "west"))
        if self.rng.random() < 0.3:
            return victim, self.once(victim, at_random=True)
        place = self.rng.choices(INSIDE[1:], (6, 2, 1, 1))[0]
        return victim, self.once(victim, cut={"at": place, "statement": self.rng.randrange(1, 12)})

    def check(self) -> dict:
        """Let both go on in peace, then ask their stores. Returns how much there is; raises what is not as it must be."""
        east, west = self.keepers["east"], self.keepers["west"]
        east.bear(number=self.number + 2, **({"disk": {}} if self.shim else {}))
        assert east.until("ready", 30), "the gate did not open again"
        before = Counter(west.told)
        for again in range(2):
            west.bear(number=self.number + 3 + again, once=True, **({"disk": {}} if self.shim else {}))
            west.until("died", 120)
        assert west.told == before, f"in peace the two do not reach each other: {west.told - before}"
        east.kill()
        self.number += 6
        return judge(self.folder, {**west.acknowledged, **east.acknowledged})


def judge(folder: Path, acknowledged: dict[str, tuple[int, str]]) -> dict:
    """Ask the two stores whether each verifies, holds what was acknowledged, and has applied every entry exactly once."""
    logs: dict[str, dict[str, list[bytes]]] = {}
    applied = 0
    for party in ("west", "east"):
        with open_node(folder / party) as opened:
            faults = verify_store(opened.store).faults
            assert not faults, f"{party} does not verify: {[(each.entry, str(each.what)) for each in faults[:3]]}"
            with opened.store.reading() as book:
                logs[party] = {
                    log: [entry.leaf for first in range(0, size, 1000) for entry in book.entries(log, first, 1000)]
                    for log, size in book.logs().items()
                    if not log.startswith("journal/")
                }
                records = [(held.record.id, held.record.version) for held in book.records() if held.received_from]
                items = [item for item in book.inbox() if item.kind == "release"]
                assert not book.quarantined(), f"{party} refused a bundle: {book.quarantined()[0].reason}"
            theirs = [log for log in logs[party] if parse_log(log).kind == "release" and parse_log(log).sender != party]
            arrived = sum(len(logs[party][log]) for log in theirs)
            assert {item.state for item in items} <= {"new"}, f"{party} quarantined what an honest neighbour sent"
            assert len(set(records)) == len(records) == len(items) == arrived, (
                f"{party}: {arrived} releases came, {len(items)} were judged, {len(records)} applied"
            )
            applied += arrived
    assert logs["west"] == logs["east"], "the two do not hold the same logs"
    for log, (size, root) in acknowledged.items():
        frontier = Frontier()
        for leaf in logs["west"][log][:size]:
            frontier.append(leaf)
        assert (frontier.size, frontier.root().hex()) == (size, root), f"{log}: what was acknowledged up to {size} is lost"
    return {"applied": applied, "acknowledged": sum(size for size, _ in acknowledged.values())}


def fallen(fell: Counter) -> str:
    """Where the kills fell, as text."""
    return "\n".join(f"{times:6}  {place}{'' if place in INSIDE else '   (outside)'}" for place, times in fell.most_common())


def main() -> int:
    kills = int(os.environ.get("KILLS", "100"))
    seed = int(os.environ.get("HAMSAYA_SEED", "1"))
    with tempfile.TemporaryDirectory(prefix="hamsaya-kills-") as name:
        shim = compiled(Path(name))
        for what, count, under, strike in (
            ("kill -9", kills, None, Loop.strike), ("power cut", kills // 2, shim, power_cut), ("bad disk", kills // 10, shim, bad_disk),
        ):  # fmt: skip
            loop = Loop(Path(name) / what.replace(" ", "-"), seed, under)
            try:
                for number in range(1, count + 1):
                    victim, (place, statement) = strike(loop)
                    print(f"{what} {number}: {victim}, {place}{f', statement {statement}' if statement else ''}", flush=True)
                    if number % 500 == 0:
                        print(loop.check(), flush=True)
                print(loop.check())
                print(fallen(loop.fell))
            finally:
                loop.end()
    return 0


def power_cut(loop: Loop) -> tuple[str, tuple[str, int]]:
    """Let the power fail at some write or sync of one of the two."""
    victim = loop.rng.choice(("east", "west"))
    return victim, loop.once(victim, disk={"cut_after": loop.rng.randrange(250), "seed": loop.rng.randrange(1, 2**40)})


def bad_disk(loop: Loop) -> tuple[str, tuple[str, int]]:
    """Let the disk of one of the two be full, or fail to sync; then let the power fail, which takes what was not synced."""
    victim = loop.rng.choice(("east", "west"))
    fault = {"room": loop.rng.randrange(200_000)} if loop.rng.random() < 0.5 else {"fail_sync": loop.rng.randrange(12)}
    return victim, loop.once(victim, disk={**fault, "lives_s": 1.0 + loop.rng.random()})


if __name__ == "__main__":
    sys.exit(main())
