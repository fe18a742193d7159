# SPDX-License-Identifier: Apache-2.0
"""A node as a process of its own, to be killed: `python -m tests.faults.living FOLDER gate|caller`.

The process that is started imports everything once and then, for each line on its input, lets a fork of itself live as the node: real
files, the real store at full durability, the real gate and courier over TLS. The product has no hook for any of this. What the
test must know, where a life stood when it ended, is noted from outside its code, in memory that outlives a kill.

A line is an order: `cut` says where a life kills itself (a writing statement, the commit, after it, or with the answer written but
not sent), `disk` what the shim under its files shall do (`shim.c`). Without either, the test kills it when it likes.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import mmap
import os
import signal
import struct
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import event

from hamsaya.assemble.node import open_node
from hamsaya.assemble.serving import _gate_context, _server, _Shown, listen_on
from hamsaya.courier.pinned import PinnedCourier
from hamsaya.desk import converse, release, reports
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import HamsayaError, LinkError, NeighbourError
from hamsaya.gate import create_gate
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Receipt
from hamsaya.seal.envelope import open_envelope

OUTSIDE = ("opening its store", "at rest", "in an officer's act", "asking")
INSIDE = ("a bundle is here", "in the transaction", "at the commit", "committed, receipt not written", "receipt written, not sent")
"""Between having received a bundle and having sent the receipt for it."""
PLACES = (*OUTSIDE, *INSIDE)
MARK = struct.Struct("ii")
LIVES_S = 6
WRITES = ("INSERT", "UPDATE", "DELETE")


class Marks:
    """Where a life stands, and at which writing statement of its transaction; in a file that another process reads."""

    def __init__(self, path: Path):
        if not path.exists():
            path.write_bytes(bytes(MARK.size))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), MARK.size)

    def put(self, place: str, statement: int = 0) -> None:
        self._map[:] = MARK.pack(PLACES.index(place), statement)

    def get(self) -> tuple[str, int]:
        place, statement = MARK.unpack(self._map[:])
        return PLACES[place], statement


class Life:
    """One life of the node."""

    def __init__(self, folder: Path, order: dict):
        self.folder, self.order = folder, order
        self.marks = Marks(folder / "marks")
        self.marks.put("opening its store")
        self.cut = order.get("cut")
        self.receiving = False
        self.statement = 0
        self.disk = ctypes.CDLL(None) if "disk" in order else None

    def tell(self, **what) -> None:
        os.write(1, json.dumps(what).encode() + b"\n")

    def maybe_die(self, place: str) -> None:
        if self.cut and self.cut["at"] == place and (place != "in the transaction" or self.statement == self.cut["statement"]):
            os.kill(os.getpid(), signal.SIGKILL)

    def mark(self, place: str) -> None:
        self.marks.put(place, self.statement)
        self.maybe_die(place)

    def watch(self, opened) -> None:
        """Note where the life stands, from around the product's own functions."""

        def before(_db, _cursor, statement, *_):
            if self.receiving and statement.startswith(WRITES):
                self.statement += 1
                self.mark("in the transaction")

        def commit(_db):
            if self.receiving and self.statement:
                self.mark("at the commit")

        event.listen(opened.store.engine, "before_cursor_execute", before)
        event.listen(opened.store.engine, "commit", commit)
        receive, write_for = converse.receive, converse.write_for

        def receiving(*asked, **how):
            self.receiving, self.statement = True, 0
            self.marks.put("a bundle is here")
            try:
                got = receive(*asked, **how)
            finally:
                self.receiving = False
            if self.statement:
                self.mark("committed, receipt not written")
            return got

        def writing(*asked, **how):
            data = write_for(*asked, **how)
            if self.statement:
                self.mark("receipt written, not sent")
            return data

        converse.receive, converse.write_for = receiving, writing

    def arm(self) -> None:
        asked = self.order.get("disk") or {}
        if not asked:
            return
        self.disk.disk_watch(str(self.folder).encode())
        if "lives_s" in asked:  # a disk that only fails is followed by a power cut, which takes what it did not sync
            threading.Timer(asked["lives_s"], self.disk.disk_cut).start()
        if "cut_after" in asked:
            self.disk.disk_cut_after(ctypes.c_long(asked["cut_after"]), ctypes.c_ulonglong(asked["seed"]))
        if "room" in asked:
            self.disk.disk_room(ctypes.c_long(asked["room"]))
        if "fail_sync" in asked:
            self.disk.disk_fail_sync(ctypes.c_long(asked["fail_sync"]))

    def warn(self, opened, to: str) -> None:
        """One officer files a warning and releases it under the standing approval."""
        with opened.store.reading() as book:
            duty = next(each for each in book.officers() if each.login == "duty")
        self.marks.put("in an officer's act")
        typed = TypedReport(remarks=f"Pillar {self.order['number']} is to be painted on both sides.", grade="B2")
        record = reports.file_report(opened.node, duty, typed, kind="warning", handling="green").held.record.id
        release.propose_release(opened.node, duty, record, receiver=to, purpose="prevention", necessity="Both sides paint it at once.")

    def receipts(self, opened) -> None:
        """Tell the test what the neighbour has acknowledged, as only this node knows it: the test keeps it where no kill reaches."""
        with opened.store.reading() as book:
            found = [read(open_envelope(each.envelope).payload, Receipt) for each in book.receipts() if each.by != opened.node.party]
        last = {each.log: each for each in sorted(found, key=lambda each: each.size)}
        self.tell(acknowledged=[[each.log, each.size, each.root] for each in last.values() if parse_log(each.log)])

    def live(self, role: str) -> None:
        with open_node(self.folder) as opened:
            self.watch(opened)
            self.arm()
            to = "east" if opened.node.party == "west" else "west"
            try:
                self.warn(opened, to)
            except HamsayaError as error:
                self.tell(told=str(error))
            self.receipts(opened)
            (self.serve if role == "gate" else self.call)(opened, to)

    def serve(self, opened, _to: str) -> None:
        inner = create_gate(opened.node)

        async def gate(scope, receive, send):
            await inner(scope, receive, send)
            if scope["type"] == "http":
                self.statement = 0
                self.mark("at rest")

        context = _gate_context(opened)
        listener = listen_on(opened.settings.gate.host, opened.settings.gate.port)
        self.marks.put("at rest")
        self.tell(ready=True)
        asyncio.run(_server(gate, ssl_context_factory=lambda *_: context, http=_Shown).serve(sockets=[listener]))

    def call(self, opened, to: str) -> None:
        courier = PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key, timeout_s=10)

        def exchange(party, data):
            self.statement = 0
            self.marks.put("asking")
            return courier.exchange(party, data)

        self.tell(ready=True)
        until = time.monotonic() + LIVES_S
        while time.monotonic() < until:
            self.marks.put("at rest")
            try:
                converse.synchronise(opened.node, to, exchange)
                self.receipts(opened)
                if self.order.get("once"):
                    break
                self.warn(opened, to)
            except (LinkError, NeighbourError) as error:
                self.tell(told=str(error))
                time.sleep(0.02)
            except HamsayaError as error:
                self.tell(told=str(error))
                break
        if self.disk is not None and not self.order.get("once"):
            self.disk.disk_cut()


def main() -> None:
    folder, role = Path(sys.argv[1]), sys.argv[2]
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 0
            try:
                Life(folder, order).live(role)
            except BaseException as error:  # noqa: BLE001  (told to the test)
                os.write(1, json.dumps({"failed": repr(error)}).encode() + b"\n")
                code = 1
            os._exit(code)
        os.write(1, json.dumps({"born": child}).encode() + b"\n")
        _, status = os.waitpid(child, 0)
        os.write(1, json.dumps({"died": status}).encode() + b"\n")


if __name__ == "__main__":
    main()
