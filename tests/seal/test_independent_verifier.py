# SPDX-License-Identifier: Apache-2.0
"""A verifier that a stranger wrote from the documented format finds what ours finds, in the same place."""

from __future__ import annotations

import ast
import base64
import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import REPORT, release
from tests.desk.test_erasing import confirm, erase
from tests.desk.test_key_change import change, hear
from tests.seal import independent_verifier as stranger

from hamsaya.desk.proofs import export_proof
from hamsaya.exchange.proof import check_proof
from hamsaya.seal.canonical import canonical
from hamsaya.seal.entries import Header, Receipt, make_checkpoint, make_entry, make_receipt
from hamsaya.seal.envelope import open_envelope, seal
from hamsaya.seal.merkle import Frontier, leaf_hash

PROGRAM = Path(stranger.__file__)


@pytest.fixture(scope="module")
def evidence(lived_in):
    with lived_in.west.store.reading() as book:
        return export_proof(lived_in.west.node, book)


def opened(data):
    return json.loads(base64.b64decode(json.loads(data)["payload"]))


def resealed(desk, payload):
    return seal("proof", canonical(payload), desk.node.key)


def first_of_both(data, spoken=None):
    """The first fault, once both verifiers named the same faults."""
    ours = check_proof(data, {party: frozenset({each}) for party, each in spoken.items()} if spoken else None)
    theirs = stranger.verify(data, spoken)
    assert [(each.entry, each.wrong) for each in ours.faults] == theirs
    return theirs[0] if theirs else None


def flipped(text, at):
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def places(text):
    """The first, a middle and the last byte, and each quarter."""
    return sorted({0, len(text) // 4, len(text) // 2, 3 * len(text) // 4, len(text) - 1})


def test_it_imports_nothing_of_ours_and_has_less_than_200_lines():
    text = PROGRAM.read_text("utf-8")
    roots = {(node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
             for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)}  # fmt: skip
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}
    assert len(text.splitlines()) < 200


def test_both_find_an_export_whole_and_compare_what_was_read_aloud(evidence, lived_in):
    spoken = {desk.node.party: desk.node.key.public.fingerprint() for desk in (lived_in.west, lived_in.east)}
    assert first_of_both(evidence) is None
    assert first_of_both(evidence, spoken) is None
    assert first_of_both(evidence, {**spoken, "east": spoken["west"]}) == ("card-1", "key")
    assert first_of_both(evidence, {"west": spoken["west"]}) == ("card-1", "key")


def test_it_runs_by_itself(evidence, lived_in, tmp_path):
    file = tmp_path / "evidence.json"
    file.write_bytes(evidence)
    west = f"west={lived_in.west.node.key.public.fingerprint()}"
    command = [sys.executable, "-I", PROGRAM, file]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "nothing was altered\n"
    ran = subprocess.run([*command, west, "east=AAAA"], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (1, "card-1 key\n")


@pytest.mark.parametrize("part", ["envelope", "salt", "content"])
def test_both_name_each_altered_entry(evidence, lived_in, part):
    whole, seen = opened(evidence), 0
    for log in whole["logs"]:
        for seq, entry in enumerate(log["entries"]):
            for place in places(entry.get(part) or ""):
                if not entry.get(part):
                    continue
                seen += 1
                log["entries"][seq] = {**entry, part: flipped(entry[part], place)}
                data = resealed(lived_in.west, {**whole, "logs": [log]})
                assert first_of_both(data) == (f"{log['log']}#{seq}", "signature" if part == "envelope" else "commitment"), (part, seq, place)
            log["entries"][seq] = entry
    assert seen > 30


def test_both_name_each_altered_card_checkpoint_and_receipt(evidence, lived_in):
    whole = opened(evidence)
    for number, card in enumerate(whole["cards"]):
        for place in places(card):
            cards = [*whole["cards"][:number], flipped(card, place), *whole["cards"][number + 1 :]]
            assert first_of_both(resealed(lived_in.west, {**whole, "cards": cards, "logs": []})) == (f"card-{number}", "card")
    for log in whole["logs"]:
        for place in places(log["checkpoint"]):
            changed = {**log, "checkpoint": flipped(log["checkpoint"], place)}
            assert first_of_both(resealed(lived_in.west, {**whole, "logs": [changed]})) == (f"{log['log']}#checkpoint", "checkpoint")
        for number, receipt in enumerate(log["receipts"]):
            for place in places(receipt):
                receipts = [*log["receipts"][:number], flipped(receipt, place), *log["receipts"][number + 1 :]]
                data = resealed(lived_in.west, {**whole, "logs": [{**log, "receipts": receipts}]})
                assert first_of_both(data) == (f"{log['log']}#receipt-{number}", "receipt")


def test_every_byte_of_one_small_log(evidence, lived_in):
    whole = opened(evidence)
    log = min((each for each in whole["logs"] if each["receipts"]), key=lambda each: len(json.dumps(each)))
    entry = log["entries"][0]
    for place in range(len(entry["envelope"])):
        log["entries"][0] = {**entry, "envelope": flipped(entry["envelope"], place)}
        assert first_of_both(resealed(lived_in.west, {**whole, "logs": [log]})) == (f"{log['log']}#0", "signature"), place


def test_both_name_what_its_own_sender_put_in_another_place(evidence, lived_in):
    """West signs another entry in the place of one that east has receipted: every signature holds, the tree does not."""
    whole, key = opened(evidence), lived_in.west.node.key
    log = next(each for each in whole["logs"] if each["log"].startswith("release/") and each["log"].endswith("/west/east"))
    sizes = sorted({json.loads(open_envelope(text.encode()).payload)["size"] for text in log["receipts"]})
    for seq in range(len(log["entries"])):
        entry = make_entry(Header(log=log["log"], seq=seq, kind="release", at=lived_in.west.clock(), by="west", commitment=""), b"s" * 32, b"{}", key)
        changed = copy.deepcopy(log)
        changed["entries"][seq] = {"envelope": entry.envelope.decode(), "salt": "73" * 32, "content": "{}"}
        where, wrong = first_of_both(resealed(lived_in.west, {**whole, "logs": [changed]}))
        first = max((size for size in sizes if size <= seq), default=0)
        assert wrong == "tree"
        assert where.split("#")[1].split("-")[0] == str(first)
        rest = where.split("#")[1].split("-")
        assert first <= seq <= int(rest[-1])


def test_both_name_what_is_missing_moved_or_added(evidence, lived_in):
    whole = opened(evidence)
    log = next(each for each in whole["logs"] if len(each["entries"]) > 2 and each["receipts"])
    name, entries = log["log"], log["entries"]
    for changed, expected in (
        (entries[:-1], (f"{name}#{len(entries) - 1}", "missing")),
        ([entries[1], entries[0], *entries[2:]], (f"{name}#0", "order")),
        ([*entries, entries[0]], (f"{name}#{len(entries)}", "order")),
        ([{"leaf": "00"}, *entries[1:]], (f"{name}#0", "leaf")),
        ([{"leaf": "0" * 64}, *entries[1:]], None),
    ):
        found = first_of_both(resealed(lived_in.west, {**whole, "logs": [{**log, "entries": changed}]}))
        assert found == expected if expected else found[1] == "tree"
    hashed = [{"leaf": leaf_hash(each["envelope"].encode()).hex()} for each in entries]
    assert first_of_both(resealed(lived_in.west, {**whole, "logs": [{**log, "entries": hashed}]})) is None
    assert first_of_both(resealed(lived_in.west, {**whole, "logs": [{**log, "log": "release/x/nobody/east"}]})) == ("release/x/nobody/east#0", "log")


def test_both_name_a_receipt_that_is_not_over_this_log(evidence, lived_in):
    whole, east = opened(evidence), lived_in.east.node.key
    log = next(each for each in whole["logs"] if each["log"].endswith("/west/east") and each["receipts"])
    for size, root, expected in ((1, "0" * 64, (f"{log['log']}#0", "tree")), (10**6, "0" * 64, (f"{log['log']}#{len(log['entries'])}", "missing"))):
        receipt = make_receipt(Receipt(log=log["log"], size=size, root=root, at=lived_in.east.clock(), by="east"), east).decode()
        assert first_of_both(resealed(lived_in.west, {**whole, "logs": [{**log, "receipts": [receipt]}]})) == expected
    shorter = make_checkpoint(log["log"], frontier(log["entries"][:1]), lived_in.west.node.key).decode()
    changed = {**log, "checkpoint": shorter, "receipts": []}
    assert first_of_both(resealed(lived_in.west, {**whole, "logs": [changed]})) == (f"{log['log']}#1", "tree")


def frontier(entries):
    made = Frontier()
    for each in entries:
        made.append(leaf_hash(each["envelope"].encode()))
    return made


def test_both_name_a_file_that_somebody_else_signed(evidence, lived_in):
    assert first_of_both(resealed(lived_in.east, opened(evidence))) == ("file", "file")


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"payloadType":1,"payloadType":1}', b'{"payload":NaN}', b'{"a":1.5}', b'{"payload":"\\ud800"}']
)
def test_neither_takes_what_is_no_evidence(data):
    with pytest.raises(stranger.Wrong):
        stranger.verify(data)


def test_both_follow_a_key_that_was_changed_and_name_a_letter_that_was_altered(evidence, lived_in):
    proof = opened(evidence)
    assert len(proof["letters"]) == 1  # east has changed its key
    for at in places(proof["letters"][0]):
        altered = copy.deepcopy(proof)
        altered["letters"][0] = flipped(proof["letters"][0], at)
        assert first_of_both(resealed(lived_in.west, altered)) == ("letter-0", "key")
    without = {name: value for name, value in proof.items() if name != "letters"}
    where, wrong = first_of_both(resealed(lived_in.west, without))
    assert (where.split("/")[0], wrong) in {("link", "signature"), ("release", "receipt"), ("distress", "signature")}


def test_both_follow_keys_over_the_letters_of_their_change(agreed):
    """West changes its key twice, the second time since others may have it; whatever is altered in a letter, both name the same."""
    west, east = agreed.west, agreed.east
    release(west, west.file().record.id)
    agreed.sync()
    change(west)
    release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    agreed.sync()
    change(west, "compromised")
    hear(east, west)
    release(west, west.file(REPORT.replace("12 November", "15 November")).record.id)
    agreed.sync()
    for side in (west, east):
        with side.store.reading() as book:
            data = export_proof(side.node, book)
        assert first_of_both(data) is None
        whole = opened(data)
        assert len(whole["letters"]) >= 2
        for number, letter in enumerate(whole["letters"]):
            for place in places(letter):
                letters = [*whole["letters"][:number], flipped(letter, place), *whole["letters"][number + 1 :]]
                where, wrong = first_of_both(resealed(side, {**whole, "letters": letters}))
                assert (where.startswith("letter-"), wrong) == (True, "key")
        assert first_of_both(resealed(side, {**whole, "letters": []}))[1] in {"signature", "checkpoint", "receipt"}


def test_both_find_logs_whole_of_which_an_entry_was_erased_and_name_what_is_put_in_its_place(agreed):
    west, east = agreed.west, agreed.east
    held = release(west, west.file().record.id)
    stays = release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    agreed.sync()
    for asked in (False, True):
        if asked:
            erase(west, held.record)
            agreed.sync()
            confirm(east, held)
            agreed.sync()
        for side in (west, east):
            with side.store.reading() as book:
                data = export_proof(side.node, book)
            assert first_of_both(data) is None
            whole = opened(data)
            log = next(each for each in whole["logs"] if each["log"] == held.log)
            assert [entry.get("content") is None for entry in log["entries"]] == [asked, False]
            assert not asked or not log["entries"][held.seq].get("salt")
            put_back = {**log["entries"][held.seq], "content": log["entries"][stays.seq]["content"], "salt": log["entries"][stays.seq]["salt"]}
            log["entries"][held.seq] = put_back
            assert first_of_both(resealed(side, whole)) == (f"{held.log}#{held.seq}", "commitment")
