# SPDX-License-Identifier: Apache-2.0
"""Receipted entries a second between two nodes: TLS 1.3 on, full fsync on both, every entry signed, verified, judged, applied, receipted.

Beside it, in the same run, the same bytes through: plain SQLite at the same durability; `medallion`, OASIS's TAXII server, in memory;
NATS JetStream with an fsync for each message. None of the three signs, verifies or applies anything.
"""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from bench.apart import Used, served, served_apart, wait_for
from bench.measure import Row, quantile
from conftest import Desk, release
from hamsaya.assemble.leases import Leases
from hamsaya.assemble.node import Opened, init_node, open_node
from hamsaya.assemble.rounds import Rounds
from hamsaya.assemble.serving import settle
from hamsaya.assemble.settings import DeskListen, Listen, Settings
from hamsaya.courier.pinned import PinnedCourier
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.converse import synchronise
from hamsaya.desk.holdings import Party
from hamsaya.desk.parties import add_officer, trust_neighbour
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.terms import sample_terms
from hamsaya.desk.typed_report import TypedReport
from hamsaya.facts.words import Text
from hamsaya.ledger.store import Store

BATCHES = (1, 10, 100, 500)
RATE = 50
TIMED = 300
_NUMBERS = itertools.count(1)
_TAXII = "application/taxii+json;version=2.1"
Send = Callable[[list[bytes]], object]


def rows() -> Iterator[Row]:
    """Measure, and return the rows: entries a second, and milliseconds from release to receipt."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        used: list[Used] = []
        west, sync = stack.enter_context(two_nodes(folder, gate_apart=lambda pid: used.append(Used(pid))))
        settle()  # as a served node does
        others: dict[str, Send] = {
            "plain SQLite, one commit": _sqlite(folder / "plain.db"),
            "medallion, in memory": stack.enter_context(_medallion(folder)),
            "NATS JetStream, sync always": stack.enter_context(_nats(folder)),
        }
        for batch in BATCHES:
            yield from _batch(west, sync, others, batch, used[0])
        yield from _paced(west, sync)


def _batch(west: Desk, sync: Callable[[], object], others: dict[str, Send], batch: int, used: Used) -> Iterator[Row]:
    repeats = 5 if batch > 100 else 9
    took: list[float] = []
    cpu: list[float] = []
    spent: dict[str, list[float]] = {name: [] for name in others}
    for _ in range(repeats):
        first = _log_size(west)
        for _ in range(batch):
            release(west, _report(west))
        before = used.cpu_s()
        took.append(_time(sync))
        cpu.append(used.cpu_s() - before)
        payloads = _payloads(west, first)
        assert len(payloads) == batch
        for name, send in others.items():
            spent[name].append(_time(lambda send=send, payloads=payloads: send(payloads)))
    ours = batch / sorted(took)[len(took) // 2]
    for name, each in spent.items():
        theirs = batch / sorted(each)[len(each) // 2]
        yield Row(
            what=f"receipted entries a second, {batch} at once (processor time {sorted(cpu)[len(cpu) // 2] * 1000 / batch:.2f} ms each)",
            value=ours,
            unit="/s",
            baseline=theirs,
            against=name,
            repeats=repeats,
        )


def _paced(west: Desk, sync: Sync) -> Iterator[Row]:
    """Measure from the second officer's word to the receipt, `RATE` a second, while the courier's rounds go as in a served node."""
    waiting = [
        propose_release(west.node, west.officers["duty"], _report(west), purpose="settlement", necessity="Both must see it.") for _ in range(TIMED)
    ]
    began: dict[int, float] = {}
    rounds = _Timed(sync)
    rounds.start()
    started = time.perf_counter()
    for number, proposed in enumerate(waiting):
        time.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        word = time.perf_counter()
        began[approve_release(west.node, west.officers["approver"], proposed.release).seq] = word
        rounds.hurry("east")
    reached = TIMED / (time.perf_counter() - started)
    until = time.perf_counter() + 120
    while not began.keys() <= rounds.receipted.keys() and time.perf_counter() < until:
        time.sleep(0.05)
    rounds.stop()
    took = [(rounds.receipted[seq] - word) * 1000 for seq, word in began.items()]
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        yield Row(
            what=f"release to receipt, {name}, {reached:.0f} a second ({RATE} wanted) in {rounds.bundles} bundles", value=quantile(took, share),
            unit="ms", baseline=250, against="the target of p99", repeats=TIMED,
        )  # fmt: skip


class _Timed(Rounds):
    """The rounds of a served node, which note when the receipt over each release was seen to be committed here."""

    def __init__(self, sync: Sync) -> None:
        self.store, self.bundles = sync.opened.store, 0
        self.receipted: dict[int, float] = {}
        with self.store.reading() as book:
            (self._log,) = [log for log in book.logs() if log.startswith("release/")]
        self._seen = _log_size_of(self.store, self._log)
        self._carry = sync.courier.exchange
        super().__init__(sync.opened, Leases(self.store, sync.opened.node.now), lambda what: print(what, file=sys.stderr), self._carried)

    def _carried(self, party: Party, data: bytes) -> bytes:
        self._look(party.card.party)  # what the answer before this bundle brought is committed
        self.bundles += 1
        return self._carry(party, data)

    def _talk(self, name: str) -> Text | None:
        told = super()._talk(name)
        self._look(name)
        return told

    def _look(self, name: str) -> None:
        with self.store.reading() as book:
            receipt, at = book.last_receipt(self._log, name), time.perf_counter()
        for seq in range(self._seen, receipt.size if receipt else 0):
            self.receipted[seq] = at
        self._seen = max(self._seen, receipt.size if receipt else 0)


def _log_size_of(store: Store, log: str) -> int:
    with store.reading() as book:
        return book.logs()[log]


def _report(west: Desk) -> str:
    typed = TypedReport(size="4", activity="shots fired", location="Mirjaveh", time="-30h", remarks=f"Report {next(_NUMBERS)}.", grade="B2")
    return file_report(west.node, west.officers["duty"], typed, kind="incident_account").held.record.id


def _log_size(west: Desk) -> int:
    with west.store.reading() as book:
        return sum(size for log, size in book.logs().items() if log.startswith("release/"))


def _payloads(west: Desk, first: int) -> list[bytes]:
    with west.store.reading() as book:
        (log,) = [log for log in book.logs() if log.startswith("release/")]
        return [entry.envelope + entry.salt + (entry.content or b"") for entry in book.entries(log, first, 10_000)]


def _time(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


class Sync(NamedTuple):
    """What lets west talk with east until neither has anything new."""

    opened: Opened
    courier: PinnedCourier

    def __call__(self) -> object:
        return synchronise(self.opened.node, "east", self.courier.exchange)


@contextmanager
def two_nodes(
    folder: Path, address: Callable[[int], str] | None = None, gate_apart: Callable[[int], None] | None = None
) -> Iterator[tuple[Desk, Sync]]:
    """Give west's desk, and what synchronises it with east over real TLS; `address` says where west finds east's gate, by its port.

    East's gate is a thread of this process, or one of its own, whose number `gate_apart` is told.
    """
    with ExitStack() as stack:
        desks: list[Desk] = []
        opened: list[Opened] = []
        for party, country in (("west", "IR"), ("east", "PK")):
            ports = [free_port(), free_port()]
            where = address(ports[1]) if address and party == "east" else ""
            init_node(folder / party, Settings(
                party=party, name={"en": party.title()}, country=country, languages=["en"], zone="UTC",
                desk=DeskListen(port=ports[0]), gate=Listen(port=ports[1]), address=where,
            ))  # fmt: skip
            node = stack.enter_context(open_node(folder / party))
            desk = Desk(node.node, node.store, node.node.now, b"", b"")
            for login, role in (("duty", "officer"), ("approver", "approver"), ("commander", "commander")):
                desk.officers[login] = add_officer(
                    node.node, login=login, office=f"{login} office", role=role, language="en", password="x", hash_password=str
                )
            desks.append(desk)
            opened.append(node)
        for one, other in ((0, 1), (1, 0)):
            with opened[other].store.reading() as book:
                card = book.card_of(opened[other].node.party)
            trust_neighbour(opened[one].node, card, opened[other].node.key.public.fingerprint())
        if gate_apart is None:
            stack.enter_context(served(opened[1]))
        else:
            gate_apart(stack.enter_context(served_apart(folder / "east", opened[1].settings.gate.port)))
        patience = {} if gate_apart is None else {"timeout_s": 300.0}  # a busy machine makes it slow; that is the measure, and no fault
        courier = PinnedCourier(opened[0].keys.tls_cert, opened[0].keys.tls_key, **patience)

        sync = Sync(opened[0], courier)
        name = draft_agreement(desks[0].node, sample_terms("west", "east", opened[0].node.now() - timedelta(days=1))).agreement.table.id
        for desk in desks:
            sync()
            sign_agreement(desk.node, desk.officers["commander"], name)
        sync()
        yield desks[0], sync


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _sqlite(path: Path) -> Send:
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    plain.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)")

    def send(payloads: list[bytes]) -> None:
        plain.execute("BEGIN")
        plain.executemany("INSERT INTO entry (body) VALUES (?)", [(each,) for each in payloads])
        plain.execute("COMMIT")

    return send


@contextmanager
def _medallion(folder: Path) -> Iterator[Send]:
    """Give what posts the same bytes as objects to OASIS's TAXII server, a process of its own, and waits for its word on them."""
    port = free_port()
    root = f"http://127.0.0.1:{port}/api/"
    collection = {"id": "c", "title": "c", "can_read": True, "can_write": True, "media_types": ["application/stix+json;version=2.1"],
                  "manifest": [], "objects": []}  # fmt: skip
    data = {
        "/discovery": {"title": "t", "default": root, "api_roots": [root]},
        "api": {"information": {"title": "t", "versions": [_TAXII], "max_content_length": 100_000_000}, "status": [], "collections": [collection]},
    }
    (folder / "taxii-data.json").write_text(json.dumps(data))
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": str(folder / "taxii-data.json")}
    (folder / "taxii.json").write_text(json.dumps({"backend": backend, "users": {"user": "pass"}, "taxii": {"max_page_size": 100}}))
    command = [sys.executable, "-W", "ignore", "-m", "medallion.scripts.run", "--port", str(port), str(folder / "taxii.json")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    headers = {"accept": _TAXII, "content-type": _TAXII, "authorization": "Basic " + base64.b64encode(b"user:pass").decode()}

    def send(payloads: list[bytes]) -> None:
        at = "2026-11-22T09:00:00.000Z"
        objects = [
            {"type": "note", "spec_version": "2.1", "id": f"note--{uuid.uuid4()}", "created": at, "modified": at,
             "content": base64.b64encode(each).decode(), "object_refs": []} for each in payloads
        ]  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("POST", "/api/collections/c/objects/", body=json.dumps({"objects": objects}), headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 202, body[:300]
        connection.close()

    try:
        wait_for(port)
        yield send
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def _nats(folder: Path) -> Iterator[Send]:
    """Give what publishes the same bytes to JetStream, all at once, and waits for each acknowledgement."""
    port = free_port()
    config = folder / "nats.conf"
    config.write_text(f'listen: "127.0.0.1:{port}"\nmax_payload: 8MB\njetstream {{ store_dir: "{folder / "nats"}", sync_interval: always }}\n')
    command = [str(Path(sys.executable).with_name("nats-server")), "-c", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        link = socket.create_connection(("127.0.0.1", port), timeout=120)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = link.makefile("rb")
        link.sendall(b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB answers.* 1\r\n')

        def answers(count: int) -> None:
            while count:
                line = file.readline()
                assert line, "NATS hung up"
                if line == b"PING\r\n":
                    link.sendall(b"PONG\r\n")
                elif line.startswith(b"MSG"):
                    body = file.read(int(line.split()[-1]) + 2)
                    assert b'"error"' not in body, body
                    count -= 1

        def send(payloads: list[bytes]) -> None:
            link.sendall(b"".join(b"PUB log answers.%d %d\r\n%b\r\n" % (number, len(each), each) for number, each in enumerate(payloads, 1)))
            answers(len(payloads))

        made = json.dumps({"name": "log", "subjects": ["log"], "storage": "file"}).encode()
        link.sendall(b"PUB $JS.API.STREAM.CREATE.log answers.0 %d\r\n%b\r\n" % (len(made), made))
        answers(1)
        yield send
        link.close()
    finally:
        process.terminate()
        process.wait(timeout=10)
