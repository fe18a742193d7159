# SPDX-License-Identifier: Apache-2.0
"""An exported file is checked by anyone offline; altering anything in it is found, and the entry named."""

from __future__ import annotations

import base64
import copy
import json

import pytest

from hamsaya.desk.proofs import export_proof
from hamsaya.exchange.proof import check_proof
from hamsaya.facts.errors import InputError
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.seal.keys import SigningKey


@pytest.fixture(scope="module")
def proof(lived_in):
    with lived_in.west.store.reading() as book:
        return export_proof(lived_in.west.node, book)


def opened(data):
    return json.loads(base64.b64decode(json.loads(data)["payload"]))


def closed_again(data, payload):
    envelope = json.loads(data)
    envelope["payload"] = base64.b64encode(canonical(payload)).decode()
    return canonical(envelope)


def flip(text):
    middle = len(text) // 2
    return text[:middle] + ("0" if text[middle] != "0" else "1") + text[middle + 1 :]


def test_unaltered_file_holds_and_tells_fingerprints(proof, lived_in):
    checked = check_proof(proof)
    assert checked.faults == []
    assert checked.fingerprints["east"] == lived_in.east.node.key.public.fingerprint()
    assert checked.receipts > 0


@pytest.mark.parametrize("part", ["envelope", "salt", "content"])
def test_altered_entry_is_named(proof, part):
    payload = opened(proof)
    for log_number, log in enumerate(payload["logs"]):
        for seq, entry in enumerate(log["entries"]):
            if part not in entry:
                continue
            changed = copy.deepcopy(payload)
            changed["logs"][log_number]["entries"][seq][part] = flip(entry[part])
            assert check_proof(closed_again(proof, changed)).faults[0].entry == f"{log['log']}#{seq}"


@pytest.mark.parametrize("part", ["checkpoint", "receipts", "entries"])
def test_altered_or_missing_part_of_a_log_is_found(proof, part):
    payload = opened(proof)
    for number, log in enumerate(payload["logs"]):
        changed = copy.deepcopy(payload)
        if part == "checkpoint":
            changed["logs"][number]["checkpoint"] = flip(log["checkpoint"])
        elif not log[part]:
            continue
        elif part == "receipts":
            changed["logs"][number]["receipts"][0] = flip(log["receipts"][0])
        else:
            changed["logs"][number]["entries"].pop()
        assert any(log["log"] in fault.entry for fault in check_proof(closed_again(proof, changed)).faults)


def test_altered_card_is_found(proof):
    payload = opened(proof)
    payload["cards"][1] = flip(payload["cards"][1])
    assert check_proof(closed_again(proof, payload)).faults


def test_file_written_by_somebody_else_is_found(proof):
    payload = opened(proof)
    assert check_proof(seal("proof", canonical(payload), SigningKey(b"x" * 32))).faults[-1].entry == "file"


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00\xff", b'{"payloadType":1}', b"[" * 100_000])
def test_what_is_no_proof_is_refused_in_words(data):
    with pytest.raises(InputError):
        check_proof(data)
