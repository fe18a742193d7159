# SPDX-License-Identifier: Apache-2.0
"""The example of the documented format is what today's code writes, to the byte, and its figures stand in the text."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from tests.seal import independent_verifier as stranger

from hamsaya.exchange.acts import Card, write_card
from hamsaya.exchange.proof import FORMAT, Proof, ProvenLog, check_proof, prove_entry, write_proof
from hamsaya.seal.entries import Header, Receipt, Stored, make_checkpoint, make_entry, make_receipt
from hamsaya.seal.envelope import open_envelope, pre_authentication
from hamsaya.seal.keys import SigningKey
from hamsaya.seal.merkle import Frontier

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEST, EAST = SigningKey(bytes(range(32))), SigningKey(bytes(range(32, 64)))
LOG = "release/west-east-2026/west/east"
CONTENT = '{"release":"WEST-S-000001","record":{"words":"مرز"}}'.encode()
SALT = bytes(range(64, 96))


def card(party: str, country: str, key: SigningKey) -> bytes:
    """The rest of a card is no part of the proof, and stands here without a certificate."""
    return write_card(
        Card(party=party, name={"en": party.title()}, country=country, languages=["en"], zone="UTC", key=key.public.hex, tls="-", age="-", address="-:1",
             exercise=True), key)  # fmt: skip


def example() -> tuple[bytes, dict[str, str]]:
    about = {"clause": "1", "purpose": "settlement", "necessity": "Both commands must see this."}
    entry = make_entry(
        Header(log=LOG, seq=0, kind="release", at=AT, by="west", office="duty office", commitment="", about=about), SALT, CONTENT, WEST
    )
    frontier = Frontier()
    frontier.append(entry.leaf)
    root = frontier.root().hex()
    receipt = Receipt(log=LOG, size=1, root=root, at=AT, by="east", stored=[Stored(0, about["purpose"], about["necessity"])])
    log = ProvenLog(
        log=LOG, checkpoint=make_checkpoint(LOG, frontier, WEST).decode(), entries=[prove_entry(entry)],
        receipts=[make_receipt(receipt, EAST).decode()],
    )  # fmt: skip
    cards = [card("west", "IR", WEST).decode(), card("east", "PK", EAST).decode()]
    data = write_proof(Proof(format=FORMAT, written_by="west", at=AT, exercise=True, cards=cards, logs=[log]), WEST)
    payload = open_envelope(entry.envelope).payload
    return data, {
        "public key of west": WEST.public.hex,
        "fingerprint of west": WEST.public.fingerprint(),
        "fingerprint of east": EAST.public.fingerprint(),
        "salt": SALT.hex(),
        "content": CONTENT.decode(),
        "commitment": entry.header().commitment,
        "header": payload.decode(),
        "SHA-256 of the bytes that the entry's signature covers": hashlib.sha256(pre_authentication("entry", payload)).hexdigest(),
        "root of the log (its one leaf's hash)": root,
        "SHA-256 of the whole file": hashlib.sha256(data).hexdigest(),
    }


def test_example_is_what_todays_code_writes():
    assert (DOCS / "evidence-example.json").read_bytes() == example()[0]


def test_every_figure_of_the_example_stands_in_the_text():
    text = (DOCS / "evidence.md").read_text("utf-8")
    for name, value in example()[1].items():
        assert f"    {name}:\n      {value}\n" in text, name


def test_example_holds_for_both_verifiers():
    data = (DOCS / "evidence-example.json").read_bytes()
    assert stranger.verify(data, {"west": WEST.public.fingerprint(), "east": EAST.public.fingerprint()}) == []
    assert check_proof(data).faults == []
