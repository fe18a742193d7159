# SPDX-License-Identifier: Apache-2.0
"""A node with many records, made as a node makes them: each record signed, journaled and projected. Kept between runs.

The records are of the made-up border of two made-up commands: reports of five kinds, over nine years, near thirty posts.
The folder is given by HAMSAYA_BENCH_FOLDER, else it lies in the machine's folder for temporary files.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from conftest import Desk, make_desk
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.names import named_after
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Count, Moment, Place
from hamsaya.intake import read_document
from hamsaya.intake.typed import TypedFields
from hamsaya.ledger.store import Store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.seal.keys import SigningKey

RECORDS = int(os.environ.get("HAMSAYA_BENCH_RECORDS", "1000000"))
FOLDER = Path(os.environ.get("HAMSAYA_BENCH_FOLDER", tempfile.gettempdir())) / f"hamsaya-bench-{RECORDS}"
CHUNK = 500
_BEGAN = datetime(2017, 3, 21, tzinfo=UTC)
_MINUTES = 9 * 365 * 24 * 60
_KINDS = ("incident_account", "incident_account", "incident_account", "intelligence_report", "warning", "complaint", "notice")
_POSTS = ("Barren Ridge", "Salt Lake", "Two Wells", "پاسگاه ریگ", "چوکی نمک", "Old Fort", "گذرگاه شرقی", "Tamarisk")
_ACTIONS = ("crossing", "smuggling", "cross_border_fire", "drone", "pursuit")


def record(number: int) -> Record:
    """Return one of the records: the same number always gives the same one."""
    dice = random.Random(number)  # noqa: S311  (dice for made-up records)
    digest = number.to_bytes(8, "big")[::-1] * 4
    start = _BEGAN + timedelta(minutes=dice.randrange(_MINUTES))
    post = dice.randrange(30)
    lon, lat = 60_500_000 + 100_000 * post + dice.randrange(80_000), 25_000_000 + 160_000 * post + dice.randrange(120_000)
    speaker = Speaker(kind="own")
    claims = [
        Claim(id="c1", predicate="occurred", value=Moment(start=start, end=start + timedelta(minutes=1), precision="minute"), speaker=speaker, grade="B2"),
        Claim(id="c2", predicate="place", speaker=speaker, grade="B2", value=Place(
            words=f"near {_POSTS[post % 8]} {post + 100}", precision="site", lon_udeg=lon, lat_udeg=lat, radius_m=500)),
        Claim(id="c3", predicate="action", value=Coded(code=dice.choice(_ACTIONS)), speaker=speaker, grade="B2"),
        Claim(id="c4", predicate="wounded", value=Count(low=dice.randrange(4), high=4), about=Coded(code="civilian"), speaker=speaker, grade="B2"),
    ]  # fmt: skip
    kind = dice.choice(_KINDS)
    return Record(
        id=named_after("west", "R", digest), version=1, kind=kind, party="west", office="duty office", side="IR", basis="own", handling="amber",
        incident=named_after("west", "I", digest) if kind == "incident_account" else "", claims=claims, filed_at=start + timedelta(hours=2), exercise=True,
    )  # fmt: skip


def _sealed(job: tuple[int, bytes]) -> list[tuple[str, str]]:
    first, seed = job
    key = SigningKey(seed)
    each = [record(number) for number in range(first, first + CHUNK)]
    return [(one.id, seal("record", canonical(one), key).decode()) for one in each]


class Kept(msgspec.Struct):
    """The keys of a node that is kept between runs: a node for measuring only."""

    seed: str
    store_key: str
    took_s: float
    size: int


def open_many() -> tuple[Desk, Kept]:
    """Return the node with `RECORDS` records; makes it if it is not there, and prints how long that took."""
    kept = FOLDER / "kept.json"
    if not kept.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.iterdir():
            old.unlink()
        kept.write_bytes(msgspec.json.encode(_make()))
    about = msgspec.json.decode(kept.read_bytes(), type=Kept)
    print(f"a node of {RECORDS:,} records, made in {about.took_s / 60:.1f} minutes ({about.size / 1e9:.2f} GB): {FOLDER.name}", file=sys.stderr)
    return _opened(about), about


def _opened(about: Kept) -> Desk:
    from conftest import Clock
    from hamsaya.desk.ports import Node

    seed, store_key, clock = bytes.fromhex(about.seed), bytes.fromhex(about.store_key), Clock()
    key = SigningKey(seed)
    store = Store(FOLDER / "west.db", store_key, party="west", key=key, now=clock, random=os.urandom)
    node = Node(
        party="west",
        country="IR",
        zone="UTC",
        exercise=True,
        key=key,
        ledger=store,
        read=read_document,
        dictation=TypedFields(),
        now=clock,
        random=os.urandom,
    )
    with store.reading() as book:
        officers = {each.login: each for each in book.officers()}
    return Desk(node, store, clock, seed, store_key, officers)


def _make() -> Kept:
    started = time.perf_counter()
    desk = make_desk(FOLDER, "west", "IR", exercise=True)
    for done, sealed in enumerate(_all_sealed(desk.seed), 1):
        with desk.store.writing() as pen:
            pen.journal_filed([RecordFiled(record=name, version=1, envelope=envelope) for name, envelope in sealed], OPERATOR)
        if done % 20 == 0:
            took = time.perf_counter() - started
            print(f"\r{done * CHUNK:>9,} of {RECORDS:,} records, {done * CHUNK / took:,.0f} a second", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    desk.store.close()
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    return Kept(seed=desk.seed.hex(), store_key=desk.store_key.hex(), took_s=time.perf_counter() - started, size=size)


def _all_sealed(seed: bytes) -> Iterator[list[tuple[str, str]]]:
    return map(_sealed, ((first, seed) for first in range(0, RECORDS, CHUNK)))


def plain_copy(desk: Desk, to: Path) -> None:
    """Write the rows of the list as a plain SQLite database: what the records page shows, one table."""
    import sqlite3

    half = to.with_suffix(".half")
    half.unlink(missing_ok=True)
    with sqlite3.connect(half) as db, desk.store.engine.connect() as ours:
        db.execute("CREATE TABLE record (item INTEGER PRIMARY KEY, id TEXT, kind TEXT, side TEXT, basis TEXT, incident TEXT, party TEXT, office TEXT,"
                   " version INTEGER, at TEXT, handling TEXT)")  # fmt: skip
        rows = ours.exec_driver_sql(
            "SELECT item, record.id, record.kind, side, holding.incident, body, record.version, at, party FROM holding JOIN record USING (id) ORDER BY item"
        )
        for row in rows:
            body = json.loads(row.body)
            told = (
                row.item,
                row.id,
                row.kind,
                row.side,
                body["basis"],
                row.incident,
                row.party,
                body["office"],
                row.version,
                row.at,
                body["handling"],
            )
            db.execute(f"INSERT INTO record VALUES ({', '.join('?' * len(told))})", told)  # noqa: S608  (marks only)
    db.close()
    half.rename(to)


if __name__ == "__main__":
    open_many()
