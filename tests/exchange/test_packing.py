# SPDX-License-Identifier: Apache-2.0
"""A packed bundle gives the very bytes again, or our one error; it is small, and nothing large comes out of something small."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import REPORT, release

from hamsaya.desk.converse import answer, receive
from hamsaya.desk.offering import write_for
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange import packing
from hamsaya.exchange.bundle import MAX_BYTES, read_bundle
from hamsaya.exchange.packing import PACKED, pack, unpack
from hamsaya.facts.errors import HamsayaError, InputError

SATELLITE_BYTES = 3000
SPOT = TypedReport(
    size="4", activity="shots fired", location="Mirjaveh", time="-30h", equipment="one vehicle", remarks="They went back over the line.", grade="B2"
)


def sent(desk, to="east"):
    with desk.store.reading() as book:
        return write_for(desk.node, book, to)


def test_ordinary_spot_report_and_its_receipt_are_under_three_thousand_bytes(agreed):
    west = agreed.west
    for report in (lambda: file_report(west.node, west.officers["duty"], SPOT, kind="incident_account").held, lambda: west.file(REPORT)):
        release(west, report().record.id)
        bundle = sent(west)
        receipt = answer(agreed.east.node, bundle)
        assert len(bundle) + len(receipt) < SATELLITE_BYTES
        receive(west.node, receipt)
        with west.store.reading() as book:
            assert book.releases()[-1].condition == "receipted"


def test_packed_bundle_is_the_signed_one_byte_for_byte_and_either_form_is_taken(agreed):
    west, east = agreed.west, agreed.east
    release(west, west.file(REPORT).record.id)
    packed = sent(west)
    plain = unpack(packed, MAX_BYTES)
    assert packed.startswith(PACKED)
    assert len(packed) * 3 < len(plain)
    assert pack(plain) == packed
    key = west.node.key.public
    assert read_bundle(plain, key, sender="west", receiver="east") == read_bundle(packed, key, sender="west", receiver="east")
    assert receive(east.node, plain).applied == 1
    assert receive(east.node, packed).applied == 0


def test_every_flipped_bit_and_every_shortening_is_refused_with_our_error(agreed):
    west = agreed.west
    release(west, west.file(REPORT).record.id)
    packed = sent(west)
    for place in range(8, len(packed) * 8):  # the first byte tells the form: the forms of other first bytes have tests of their own
        altered = bytearray(packed)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(InputError):
            unpack(bytes(altered), MAX_BYTES)
    for length in range(1, len(packed), 7):
        with pytest.raises(InputError):
            unpack(packed[:length], MAX_BYTES)


def made(body, size=None):
    deflater = zlib.compressobj(9, zdict=packing._WORDS)
    rest = (len(body) if size is None else size).to_bytes(4, "big") + deflater.compress(body) + deflater.flush()
    return PACKED + zlib.crc32(rest).to_bytes(4, "big") + rest


@pytest.mark.parametrize("size", [None, 10, 1000])
def test_zip_bomb_is_refused_before_it_is_inflated(monkeypatch, size):
    bomb = made(b" " * 20_000_000, size)
    assert len(bomb) < 25_000
    inflated = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, **options):
            self.of = real(**options)
            self.eof, self.unused_data = False, b""

        def decompress(self, data, most):
            inflated.append(most)
            return self.of.decompress(data, most)

    monkeypatch.setattr(packing.zlib, "decompressobj", Watched)
    with pytest.raises(InputError):
        unpack(bomb, MAX_BYTES)
    assert sum(inflated) <= 1001


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'["bundle","[]","k","s"]', b'["bundle","{\\"offers\\":[1]}","k","s"]', b'["bundle","{\\"a\\":1,\\"a\\":2}","k","s"]',
     b'["bundle","' + b"[" * 5000 + b'","k","s"]', b'["bundle","{\\"receipts\\":[[1,2,3,4]]}","k","s"]', b'["bundle","{\\"offers\\":7}","k","s"]',
     b'["bundle","{\\"receipts\\":[[\\"a\\",\\"b\\",\\"\\ud800\\",\\"d\\"]]}","k","s"]', b"\xff"],
)  # fmt: skip
def test_what_was_packed_by_another_program_is_refused_with_our_error(agreed, body):
    data = made(body)
    with pytest.raises(HamsayaError):
        receive(agreed.east.node, data)


@given(st.binary(max_size=300))
def test_any_bytes_are_unpacked_or_refused(data):
    for each in (data, PACKED + data, made(data)):
        with suppress(InputError):
            unpack(each, MAX_BYTES)
    assert pack(data) == data
