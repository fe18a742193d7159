# SPDX-License-Identifier: Apache-2.0
"""A coverage-guided fuzzer (atheris) on everything that reads what a neighbour sends. `make fuzz`.

    make fuzz                 a million inputs
    make fuzz RUNS=20000      that many

An input's first byte says how deep it goes: the bytes as they came; packed, under a sum that fits; as the inside of a bundle that the neighbour signed with its own
key; as an entry's header, a checkpoint or a receipt inside of one. One rule: what was asked for, or our own error. And what is
taken of a log is never anything but a run of entries that the neighbour signed for that log, each at its place.
"""

from __future__ import annotations

import os
import sys
import tempfile
import zlib
from pathlib import Path

from tests.conftest import START
from tests.exchange.made import Neighbour, mirror_of, offer_of

from hamsaya.exchange import bundle, logs, packing, session
from hamsaya.exchange.bundle import Bundle, Offer, SentEntry, read_bundle, send_entry, who_sent, write_bundle
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.packing import PACKED, pack
from hamsaya.exchange.session import take_back, take_offer, take_receipts
from hamsaya.facts.errors import HamsayaError
from hamsaya.seal import canonical, entries, envelope
from hamsaya.seal.entries import check_checkpoint, check_entry, check_receipt, commit
from hamsaya.seal.envelope import open_envelope, seal
from hamsaya.seal.merkle import root_of

EAST = Neighbour()
EAST.add(EAST.link, content=b'{"n":1}')
EAST.add(EAST.link, content=b'{"n":2}')
EAST.add("distress/east/west", "distress.sent", b'{"n":3}')
OURS = [EAST.add("link/west/east", content=b'{"n":1}')]
del EAST.logs["link/west/east"]
ROOT = root_of([OURS[0].leaf])
WAYS = 7


def _roots(log, size):
    return ROOT if (log, size) == ("link/west/east", 1) else None


def take(data: bytes, *, held: int = 0) -> int:
    """Take all of a bundle as a receiver does that holds `held` entries of east's link log; return how many entries are new."""
    who_sent(data)
    bundle = read_bundle(data, EAST.key.public, sender="east", receiver="west")
    take_receipts(bundle, EAST.key.public, _roots)
    count = 0
    for offer in bundle.offers:
        name = parse_log(offer.log)
        own = EAST.logs.get(offer.log, [])[: held if name and name.kind == "link" else 0]
        found = take_offer(offer, mirror_of(own), EAST.key.public, sender="east", receiver="west")
        assert found.frontier.size == len(own) + len(found.entries)
        for seq, (header, entry) in enumerate(found.entries, found.first):
            assert (header.log, header.seq) == (offer.log, seq)
            assert entry.content is None or header.commitment == commit(entry.salt, entry.content)
        count += len(found.entries)
    for offer in bundle.returns or []:
        take_back(offer, mirror_of([]), EAST.key.public, own="west", giver="east")
    return count


def one_input(data: bytes) -> None:
    """Feed one input to what its first byte says. Returns, or raises what is a bug."""
    if not data:
        return
    way, held, rest = data[0] % WAYS, data[0] // WAYS % 3, data[1:]
    try:
        match way:
            case 0:
                take(rest, held=held)
            case 1:
                take(seal("bundle", rest, EAST.key), held=held)
            case 2:
                take(_around(SentEntry(seal("entry", rest, EAST.key).decode(), "00" * 32), held))
            case 3:
                check_receipt(seal("receipt", rest, EAST.key), EAST.key.public)
                take(write_bundle(Bundle(sender="east", receiver="west", at=START, receipts=[seal("receipt", rest, EAST.key).decode()]), EAST.key))
            case 4:
                checkpoint = seal("checkpoint", rest, EAST.key)
                check_checkpoint(checkpoint, EAST.key.public, EAST.link)
                take(write_bundle(Bundle(sender="east", receiver="west", at=START, offers=[Offer(log=EAST.link, first=0, checkpoint=checkpoint.decode(),
                     entries=[send_entry(each) for each in EAST.logs[EAST.link]])]), EAST.key), held=held)  # fmt: skip
            case 5:
                check_entry(EAST.logs[EAST.link][0], EAST.key.public, log=rest[:40].decode("utf-8", "replace"), seq=held)
                parse_log(rest.decode("utf-8", "replace"))
            case 6:
                take(PACKED + zlib.crc32(rest).to_bytes(4, "big") + rest, held=held)
    except HamsayaError:
        return


def _around(sent: SentEntry, first: int) -> bytes:
    offer = offer_of(EAST.key, EAST.link, EAST.logs[EAST.link])
    return write_bundle(
        Bundle(sender="east", receiver="west", at=START, offers=[Offer(log=EAST.link, first=first, checkpoint=offer.checkpoint, entries=[sent])]),
        EAST.key,
    )


def corpus() -> list[bytes]:
    """Real bundles, and what stands in them, each for the way that takes it."""
    whole = EAST.bundle(have={"link/west/east": 1}, receipts=[EAST.receipt("link/west/east", 1, ROOT.hex())])
    entry, offer = EAST.logs[EAST.link][0], offer_of(EAST.key, EAST.link, EAST.logs[EAST.link])
    inside = open_envelope(whole).payload
    returned = EAST.bundle(raw={"returns": [{"log": "link/west/east", "first": 0, "checkpoint": "", "entries": []}], "lost": {"link/east/west": 0}})
    parts = {
        0: [whole, EAST.bundle(), b"{}", returned],
        1: [inside, open_envelope(returned).payload],
        2: [open_envelope(entry.envelope).payload],
        3: [open_envelope(EAST.receipt("link/west/east", 1, ROOT.hex())).payload],
        4: [open_envelope(offer.checkpoint.encode()).payload],
        5: [EAST.link.encode(), b"distress/east/west/e1", b"release/a/east/west"],
        6: [pack(whole)[5:], pack(returned)[5:]],
    }
    return [bytes([way + WAYS * held]) + data for way, datas in parts.items() for data in datas for held in (0, 1)]


def main() -> None:
    import atheris

    for module in (canonical, envelope, entries, logs, packing, bundle, session):  # the branches of these guide the fuzzer
        for each in vars(module).values():
            if getattr(each, "__module__", "") == module.__name__ and hasattr(each, "__code__"):
                atheris.instrument_func(each)
    with tempfile.TemporaryDirectory(prefix="hamsaya-fuzz-") as folder:
        for number, data in enumerate(corpus()):
            (Path(folder) / f"{number}").write_bytes(data)
        runs = os.environ.get("RUNS", "1000000")
        atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=16384", "-print_final_stats=1", *sys.argv[1:], folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
