# SPDX-License-Identifier: Apache-2.0
"""How long a call of distress, and a call of the hotline that was written down, take over the bad link of `EXCHANGE.md`: 30 % of the packets
lost, and dropped every 20 s.

    make badlink                 60 calls of distress, 20 written ones (as root: it makes two network namespaces of its own, and takes them away)
    make badlink CALLS=200       that many of distress (WRITTEN= of the others)

Two nodes as they are served, each in a network namespace; between them one cable, whose packets an `nft` rule drops on either side
(`numgen random mod 100 < 30 drop`). Every 20 s the cable is down for 2 s, and the calling side comes up under another address, as a
satellite terminal does: what was open then never goes on, and nobody is told. Timed is from the officer's word until the
receipt stands in the caller's own store; who calls whom, and when again, is left to the nodes. A call of the hotline is written down, released by
two officers and confirmed on the pages of the two desks; its time to the other officer's signed confirmation is told, too (F26).
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from tests.bench.measure import quantile
from tests.faults.killing import ROOT

from hamsaya.assemble.node import init_node, open_node
from hamsaya.assemble.settings import DeskListen, Listen, Settings
from hamsaya.demo.nodes import DemoNode
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.converse import answer, synchronise
from hamsaya.desk.distress import send_distress
from hamsaya.desk.matters import matter_with, matters_of
from hamsaya.desk.parties import add_officer, trust_neighbour
from hamsaya.desk.terms import sample_terms
from hamsaya.facts.distress import Call
from hamsaya.facts.values import Place
from hamsaya.settlement.hotline import HOTLINE

CALLS, WRITTEN = 60, 20
LOSS = 30
DROP_EVERY_S, DOWN_S = 20, 2
TARGET_S = 120
GIVEN_UP_S = 600
LOOK_EVERY_S = 0.05
OFFICERS = {"duty": "officer", "approver": "approver", "commander": "commander"}
PASSWORD = "for measuring only"  # noqa: S105
NET, PORT = "10.209.0", 8701
EAST, CALLING = f"{NET}.2", (f"{NET}.1", f"{NET}.3")
"""East's address, and those under which west comes up in turn."""


def run(*command: str, within: str = "") -> str:
    """Run a command of the machine, in a namespace if one is named; return what it printed."""
    asked = ["ip", "netns", "exec", within, *command] if within else list(command)
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


class BadLink:
    """A cable between two namespaces, that loses packets once it is `bad`, and is pulled out again and again."""

    def __init__(self, stack: ExitStack):
        mark = f"{random.getrandbits(24):06x}"
        self.west, self.east = f"hamsaya-w{mark}", f"hamsaya-e{mark}"
        for each in (self.west, self.east):
            run("ip", "netns", "add", each)
            stack.callback(run, "ip", "netns", "del", each)
        run("ip", "link", "add", "wire", "netns", self.west, "type", "veth", "peer", "name", "wire", "netns", self.east)
        for each, address in ((self.west, CALLING[0]), (self.east, EAST)):
            run("ip", "link", "set", "lo", "up", within=each)
            run("ip", "address", "add", f"{address}/24", "dev", "wire", within=each)
            run("ip", "link", "set", "wire", "up", within=each)
        self.drops, self._over = 0, threading.Event()

    def be_bad(self, stack: ExitStack) -> None:
        """Lose packets from now on, and pull the cable every so many seconds."""
        for each in (self.west, self.east):
            run("nft", "add table inet bad", within=each)
            run("nft", "add chain inet bad came { type filter hook input priority 0 ; }", within=each)
            run("nft", "add rule inet bad came iifname wire counter", within=each)
            run("nft", f"add rule inet bad came iifname wire numgen random mod 100 < {LOSS} counter drop", within=each)
        thread = threading.Thread(target=self._pull)
        thread.start()
        stack.callback(thread.join)
        stack.callback(self._over.set)

    def _pull(self) -> None:
        while not self._over.wait(DROP_EVERY_S - DOWN_S):
            here, next_one = CALLING[self.drops % 2], CALLING[(self.drops + 1) % 2]
            run("ip", "link", "set", "wire", "down", within=self.west)
            run("ip", "address", "del", f"{here}/24", "dev", "wire", within=self.west)
            self._over.wait(DOWN_S)
            run("ip", "address", "add", f"{next_one}/24", "dev", "wire", within=self.west)
            run("ip", "link", "set", "wire", "up", within=self.west)
            self.drops += 1

    def lost(self) -> tuple[int, int]:
        """Return how many packets were dropped, of how many that came."""
        counted = []
        for each in (self.west, self.east):
            rules = msgspec.json.decode(run("nft", "-j", "list chain inet bad came", within=each))["nftables"]
            counted.append([part["counter"]["packets"] for rule in rules if "rule" in rule for part in rule["rule"]["expr"] if "counter" in part])
        return sum(dropped for _, dropped in counted), sum(came for came, _ in counted)


@contextmanager
def served(folder: Path, namespace: str):
    """Let a node be served in a namespace, as `hamsaya serve` does it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = ["ip", "netns", "exec", namespace, sys.executable, "-m", "hamsaya", "serve", "--node", str(folder), "--json"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        if not process.stdout.readline():
            raise AssertionError(f"the node in {folder.name} did not start")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def make_pair(folder: Path) -> None:
    """Make two nodes that trust each other; west is called under the first of its addresses, and calls under either."""
    for party, country, host in (("west", "IR", "0.0.0.0"), ("east", "PK", EAST)):  # noqa: S104  (in a namespace of its own)
        address = "" if party == "east" else f"{CALLING[0]}:{PORT}"
        init_node(folder / party, Settings(
            party=party, name={"en": party.title()}, country=country, languages=["en"], zone="UTC", address=address,
            desk=DeskListen(port=PORT + 1), gate=Listen(host=host, port=PORT),
        ))  # fmt: skip
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with open_node(folder / "west") as west, open_node(folder / "east") as east:
        officers = {}
        for each, other in ((west, east), (east, west)):
            for login, role in OFFICERS.items():
                office = f"{login} office"
                made = add_officer(each.node, login=login, office=office, role=role, language="en", password=PASSWORD, hash_password=hasher.hash)
                officers[each.node.party, login] = made
            with other.store.reading() as book:
                trust_neighbour(each.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
        name = draft_agreement(west.node, sample_terms("west", "east", datetime.now(UTC) - timedelta(days=1))).agreement.table.id
        for each in (west, east):
            synchronise(west.node, "east", lambda _, data: answer(east.node, data))
            sign_agreement(each.node, officers[each.node.party, "commander"], name)
        synchronise(west.node, "east", lambda _, data: answer(east.node, data))


def calls(folder: Path, count: int):
    """Call for help `count` times; give how many seconds each took to its receipt."""
    call = Call(what=["medical"], place=Place(words="Mirjaveh", precision="settlement"))
    with open_node(folder / "west") as west:
        with west.store.reading() as book:
            duty = next(each for each in book.officers() if each.login == "duty")
        for number in range(count):
            started = at_another_time(number)
            (held,) = send_distress(west.node, duty, call)
            yield until(started, west, lambda book, case=held.case: next(each for each in book.calls() if each.case == case).receipted_at is not None)


def at_another_time(number: int) -> float:
    """Wait so that calls fall on every part of the 20 s; return when it is."""
    time.sleep(number * 7 % DROP_EVERY_S / 4)
    return time.monotonic()


def until(started: float, opened, seen) -> float:
    """Return how many seconds after `started` it was seen in the store of a node."""
    while time.monotonic() - started < GIVEN_UP_S:
        with opened.store.reading() as book:
            if seen(book):
                break
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - started


@contextmanager
def inside(namespace: str):
    """Let this thread open its connections in a namespace: a desk listens on its own loopback only."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(file) -> None:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), "a network namespace could not be entered")

    with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", namespace).open() as there:
        enter(there)
        try:
            yield
        finally:
            enter(home)


def written_calls(folder: Path, link: BadLink, count: int):
    """Let west write down `count` calls of the hotline, and east confirm each; give the seconds to the receipt, and to the confirmation."""
    typed = {f"field_{field.name}": field.example for field in HOTLINE.form.fields if field.name not in ("when", "subjects")} | {"field_when": "-1m"}
    why = {"receiver": "east", "purpose": "settlement", "necessity": "Both desks keep what was said."}
    desks = {party: DemoNode(folder / party, {"party": party}) for party in ("west", "east")}
    for desk in desks.values():
        desk.desk_port, desk.passwords = PORT + 1, dict.fromkeys(OFFICERS, PASSWORD)
    with open_node(folder / "west") as west, open_node(folder / "east") as east:
        for number in range(count):
            started = at_another_time(number)
            with inside(link.west):
                record = desks["west"].post("duty", f"/matters/new/{HOTLINE.kind}", **typed)["matter"]
                release = desks["west"].post("duty", "/releases", record=record, **why)["release"]
                desks["west"].post("approver", f"/releases/{release}/approve")
            receipted = until(started, west, lambda book, release=release: book.release(release).condition in ("receipted", "opened"))
            until(started, east, lambda book, record=record: matters_of(east.node, book, record))
            with inside(link.east):
                desks["east"].post("duty", f"/matters/{record}/move", move="confirm", party="west")
            confirmed = until(started, west, lambda book, record=record: matter_with(west.node, book, record).standing.state == "confirmed")
            yield receipted, confirmed


def main() -> int:
    """Measure, and print; 1 where a call took longer than the target, 2 where this machine cannot do it."""
    missing = [name for name in ("ip", "nft") if shutil.which(name) is None]
    if missing or os.geteuid() != 0:
        print(f"It needs root, and the packages iproute2 and nftables{': missing: ' + ', '.join(missing) if missing else ''}.")
        return 2
    count, written = (int(os.environ.get(name) or default) for name, default in (("CALLS", CALLS), ("WRITTEN", WRITTEN)))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hamsaya-badlink-")))
        make_pair(folder)
        link = BadLink(stack)
        for party, namespace in (("east", link.east), ("west", link.west)):
            stack.enter_context(served(folder / party, namespace))
        link.be_bad(stack)
        took: dict[str, list[float]] = {
            "calls of distress were receipted": [],
            "written calls were receipted": [],
            "written calls were confirmed": [],
        }
        urgent, receipted, confirmed = took.values()
        for seconds in calls(folder, count):
            urgent.append(seconds)
            print(f"{len(urgent):4} {seconds:6.1f} s", flush=True)
        for one, other in written_calls(folder, link, written):
            receipted.append(one)
            confirmed.append(other)
            print(f"{len(receipted):4} {one:6.1f} s {other:6.1f} s", flush=True)
        dropped, came = link.lost()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load}: {dropped} of {came} packets were dropped ({100 * dropped / max(came, 1):.0f} %), "
          f"the cable was down {link.drops} times.")  # fmt: skip
    for what, seconds in took.items():
        if seconds:
            print(f"{sum(each < TARGET_S for each in seconds)} of {len(seconds)} {what} in under {TARGET_S} s; "
                  f"median {quantile(seconds, 0.5):.1f} s, p90 {quantile(seconds, 0.9):.1f} s, the slowest {max(seconds):.1f} s.")  # fmt: skip
    return int(any(each >= TARGET_S for seconds in took.values() for each in seconds))


if __name__ == "__main__":
    sys.exit(main())
