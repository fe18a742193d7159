# SPDX-License-Identifier: Apache-2.0
"""Speed, as ratios against a baseline measured in the same run: `make bench`. Prints; asserts nothing.

The baseline is one Ed25519 signature made and verified. A ratio of 10 means: takes as long as ten of those.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from conftest import Pair, make_desk, release
from hamsaya.desk.agreements import agreement_of, standing_of
from hamsaya.desk.parties import trust_neighbour
from hamsaya.intake import read_document
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.keys import SigningKey

RECORDS = 100


def seconds(act: Callable[[], object], times: int = 1) -> float:
    started = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - started) / times


def neighbours(folder: Path) -> Pair:
    pair = Pair(make_desk(folder, "west", "IR"), make_desk(folder, "east", "PK"))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    pair.agree()
    return pair


def main() -> None:
    key = SigningKey(b"b" * 32)

    def sign_and_verify() -> None:
        key.public.verify(key.sign(b"x" * 500), b"x" * 500)

    sign_and_verify()
    baseline = seconds(sign_and_verify, 2000)
    print(f"baseline: one signature made and verified, {baseline * 1e6:.0f} µs\n")

    def tell(what: str, each_s: float) -> None:
        print(f"{what:<58} {each_s / baseline:>9.1f} ×   ({1 / each_s:,.0f} a second)")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pair = neighbours(folder)
        west = pair.west
        texts = iter(range(10_000))

        def filed() -> str:
            text = f"Report {next(texts)}.\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"
            return west.file(text).record.id

        records: list[str] = []
        tell("a report read, accepted, filed, committed", seconds(lambda: records.append(filed()), RECORDS))
        tell("a record released by two officers, committed", seconds(lambda: release(west, records.pop()), RECORDS))
        tell("an entry sent, verified, applied, receipted (batch of 100)", seconds(pair.sync) / RECORDS)
        entries = sum(verify_store(west.store).logs.values())
        tell("an entry checked by `verify`", seconds(lambda: verify_store(west.store)) / entries)
        with west.store.reading() as book:
            held = agreement_of(book, book.agreements()[0].agreement.table.id)
        tell("an agreement's standing with both signatures", seconds(lambda: standing_of(held, west.clock()), 200))
        text = ("On 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n\n" * 100).encode()
        read_document(text, name="warm.txt")
        tell("a kilobyte of text read into drafts", seconds(lambda: read_document(text, name="bench.txt"), 3) / (len(text) / 1000))
        west.store.close()
        pair.east.store.close()
    empty = seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 3)
    command = seconds(lambda: subprocess.run([sys.executable, "-m", "hamsaya", "--version"], check=True, capture_output=True), 3)
    print(f"\n`hamsaya --version` takes {command / empty:.1f} × an empty Python process ({command * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
