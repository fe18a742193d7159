# SPDX-License-Identifier: Apache-2.0
"""Entries, checkpoints and receipts: what they sign, and that what today's code signs is read for ever.

`golden/signed-1.json` was written once from a fixed seed. It is never written again: a change that makes these tests
fail would make every log that exists unreadable, or signs other bytes than before.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.seal.canonical import canonical
from hamsaya.seal.entries import (
    SALT_BYTES,
    Checkpoint,
    Entry,
    Header,
    Receipt,
    Stored,
    check_checkpoint,
    check_entry,
    check_receipt,
    commit,
    make_checkpoint,
    make_entry,
    make_receipt,
)
from hamsaya.seal.envelope import open_envelope, seal
from hamsaya.seal.keys import SigningKey
from hamsaya.seal.merkle import Frontier

GOLDEN = json.loads((Path(__file__).parent / "golden" / "signed-1.json").read_text("utf-8"))
KEY, STRANGER = SigningKey(bytes(range(32))), SigningKey(b"s" * 32)
SALT = bytes(range(32, 64))
LOG = "release/west-east-2026/west/east"
AT = datetime(2026, 11, 22, 9, 0, 0, 1000, tzinfo=UTC)
HEADER = Header(
    log=LOG, seq=7, kind="release", at=AT, by="west", office="فرماندهٔ مرزبانی", commitment="",
    about={"clause": "1", "purpose": "settlement", "necessity": "Both commands must see this."},
)  # fmt: skip
CONTENT = '{"release":"WEST-S-000001","record":{"words":"مرز"}}'.encode()
ENTRY = make_entry(HEADER, SALT, CONTENT, KEY)


def frontier_of(*leaves):
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier


CHECKPOINT = make_checkpoint(LOG, frontier_of(ENTRY.leaf), KEY)
RECEIPT = make_receipt(
    Receipt(log=LOG, size=1, root=ENTRY.leaf.hex(), at=AT, by="east", stored=[Stored(0, "settlement", "Both commands must see this.")]), KEY
)


def test_todays_code_signs_the_golden_bytes():
    assert ENTRY.envelope.decode() == GOLDEN["entry"]["envelope"]
    assert ENTRY.leaf.hex() == GOLDEN["entry"]["leaf"]
    assert CHECKPOINT.decode() == GOLDEN["checkpoint"]
    assert RECEIPT.decode() == GOLDEN["receipt"]


def test_golden_entry_is_read_and_verifies():
    entry = Entry(GOLDEN["entry"]["envelope"].encode(), bytes.fromhex(GOLDEN["entry"]["salt"]), GOLDEN["entry"]["content"].encode())
    header = check_entry(entry, KEY.public, log=LOG, seq=7)
    assert header == msgspec.structs.replace(HEADER, commitment=commit(SALT, CONTENT))
    assert KEY.public.hex == GOLDEN["key"]


def test_golden_checkpoint_and_receipt_are_read_and_verify():
    assert check_checkpoint(GOLDEN["checkpoint"].encode(), KEY.public, LOG) == Checkpoint(LOG, 1, GOLDEN["entry"]["leaf"])
    receipt = check_receipt(GOLDEN["receipt"].encode(), KEY.public)
    assert (receipt.size, receipt.by, receipt.at, receipt.stored[0].purpose) == (1, "east", AT, "settlement")


def test_signature_covers_the_commitment_and_not_the_content():
    payload = open_envelope(ENTRY.envelope).payload
    assert b"WEST-S-000001" not in payload
    assert json.loads(payload)["commitment"] == commit(SALT, CONTENT)


def test_entry_verifies_after_its_content_was_erased_and_keeps_its_leaf():
    erased = msgspec.structs.replace(ENTRY, content=None)
    assert check_entry(erased, KEY.public, log=LOG, seq=7).about["clause"] == "1"
    assert erased.leaf == ENTRY.leaf


def test_same_content_under_another_salt_cannot_be_told_from_other_content():
    assert commit(SALT, CONTENT) != commit(bytes(32), CONTENT)
    assert commit(SALT + b"x", b"y") == commit(SALT, b"xy")  # which is why a salt has one length only


@pytest.mark.parametrize("length", [0, 1, SALT_BYTES - 1, SALT_BYTES + 1])
def test_salt_of_another_length_is_refused(length):
    with pytest.raises(InputError):
        make_entry(HEADER, b"s" * length, CONTENT, KEY)


@pytest.mark.parametrize(
    "wrong",
    [
        msgspec.structs.replace(ENTRY, content=CONTENT + b" "),
        msgspec.structs.replace(ENTRY, content=b""),
        msgspec.structs.replace(ENTRY, salt=bytes(32)),
        msgspec.structs.replace(ENTRY, salt=SALT + CONTENT[:1], content=CONTENT[1:]),
        msgspec.structs.replace(ENTRY, salt=SALT[:-1], content=SALT[-1:] + CONTENT),
        msgspec.structs.replace(ENTRY, envelope=make_entry(HEADER, SALT, b"{}", KEY).envelope),
        msgspec.structs.replace(ENTRY, envelope=make_entry(HEADER, SALT, CONTENT, STRANGER).envelope),
        msgspec.structs.replace(ENTRY, envelope=b"{}"),
        msgspec.structs.replace(ENTRY, envelope=b""),
        msgspec.structs.replace(ENTRY, envelope=CHECKPOINT),
        msgspec.structs.replace(ENTRY, envelope=seal("entry", b"{}", KEY)),
        msgspec.structs.replace(ENTRY, envelope=seal("entry", canonical(msgspec.to_builtins(HEADER) | {"at": "2026-11-22T09:00:00"}), KEY)),
    ],
    ids=["content", "no content", "salt", "byte moved into salt", "byte moved out of salt", "other entry", "stranger", "no envelope", "empty",
         "checkpoint", "no header", "time without zone"],
)  # fmt: skip
def test_altered_entry_is_tampered_and_named(wrong):
    with pytest.raises(Tampered, match=r"7 .*release/west-east-2026/west/east"):
        check_entry(wrong, KEY.public, log=LOG, seq=7)


@pytest.mark.parametrize(("log", "seq"), [(LOG, 6), (LOG, 8), ("release/west-east-2026/east/west", 7), ("link/west/east", 7)])
def test_entry_at_another_place_or_in_another_log_is_tampered(log, seq):
    with pytest.raises(Tampered):
        check_entry(ENTRY, KEY.public, log=log, seq=seq)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(ENTRY.envelope) * 8 - 1))
def test_any_flipped_bit_of_an_entry_is_tampered(bit):
    changed = bytearray(ENTRY.envelope)
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(Tampered):
        check_entry(msgspec.structs.replace(ENTRY, envelope=bytes(changed)), KEY.public, log=LOG, seq=7)


@pytest.mark.parametrize(
    "data",
    [
        make_checkpoint("link/west/east", Frontier(), KEY),
        make_checkpoint(LOG, Frontier(), STRANGER),
        seal("checkpoint", canonical(Checkpoint(LOG, -1, "00")), KEY),
        seal("checkpoint", b"{}", KEY),
        seal("receipt", canonical(Checkpoint(LOG, 1, "00")), KEY),
        RECEIPT,
        ENTRY.envelope,
        b"",
        b"null",
    ],
    ids=["other log", "stranger", "negative size", "empty", "other type", "receipt", "entry", "nothing", "null"],
)
def test_what_is_no_checkpoint_of_this_log_is_tampered(data):
    with pytest.raises(Tampered):
        check_checkpoint(data, KEY.public, LOG)


@pytest.mark.parametrize(
    "data", [CHECKPOINT, ENTRY.envelope, make_receipt(Receipt(log=LOG, size=1, root="", at=AT, by="x"), STRANGER), b"", b"{}", b"[]"]
)
def test_what_is_no_receipt_of_this_key_is_tampered(data):
    with pytest.raises(Tampered):
        check_receipt(data, KEY.public)


def test_receipt_without_a_zone_in_its_time_is_tampered():
    plain = msgspec.to_builtins(Receipt(log=LOG, size=1, root="00", at=AT, by="east")) | {"at": "2026-11-22T09:00:00"}
    with pytest.raises(Tampered):
        check_receipt(seal("receipt", canonical(plain), KEY), KEY.public)
