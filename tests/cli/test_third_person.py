# SPDX-License-Identifier: Apache-2.0
"""A third person checks a file offline, without a node, against the keys that were read aloud."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from tests.cli.test_keeping import agree, by_hand
from tests.cli.test_keeping import release as released

from hamsaya.desk.offering import write_for
from hamsaya.desk.proofs import export_proof
from hamsaya.exchange import proof as proof_room
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.exchange.packing import pack, unpack
from hamsaya.exchange.proof import check_proof
from hamsaya.facts.errors import NotFound
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal


@pytest.fixture(scope="module")
def evidence(lived_in):
    with lived_in.west.store.reading() as book:
        return export_proof(lived_in.west.node, book)


@pytest.fixture(scope="module")
def cards(lived_in):
    with lived_in.west.store.reading() as book:
        return {party: book.card_of(party) for party in ("west", "east")}


@pytest.fixture(scope="module")
def bundle(lived_in):
    """All that west has for east, as it would travel to a node that has nothing yet."""
    with lived_in.west.store.reading() as book:
        return unpack(write_for(lived_in.west.node, book, "east", {}), MAX_BYTES)


@pytest.fixture
def aloud(lived_in, tmp_path):
    file = tmp_path / "keys.txt"
    west, east = (desk.node.key.public.fingerprint() for desk in (lived_in.west, lived_in.east))
    file.write_text(f"# read aloud on the telephone\n\nwest {west}\neast: {east.lower().replace('-', ' ')}\n")
    return file


@pytest.fixture
def verify(run, tmp_path, monkeypatch):
    """Check bytes as a file, in a folder that is no node's."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def verified(data, *options):
        file = tmp_path / "evidence.json"
        file.write_bytes(data)
        return run("verify", "--bundle", file, *options, "--json")

    return verified


def opened(data):
    return json.loads(base64.b64decode(json.loads(data)["payload"]))


def test_evidence_holds_and_says_whose_keys_and_how_far_each_log_is_receipted(verify, run, evidence, aloud, tmp_path):
    ran = verify(evidence, "--keys", aloud)
    assert ran.code == 0
    assert ran.json["verified"] is True
    assert sorted(ran.json["compared"]) == ["east", "west"]
    for log in ran.json["shown"]:
        assert log["entries"] == ran.json["logs"][log["log"]]
        assert re.fullmatch("[0-9a-f]{64}", log["root"])
    assert max(log["receipted"] for log in ran.json["shown"] if log["sender"] == "west") > 0
    told = run("verify", "--bundle", tmp_path / "evidence.json").out
    assert "NOT COMPARED" in told
    assert "signed by west" in told


def test_first_altered_entry_is_named_with_what_is_wrong(verify, lived_in, evidence, aloud):
    payload = opened(evidence)
    log = next(each for each in payload["logs"] if each["log"].startswith("release/") and len(each["entries"]) > 1)
    for at, (part, wrong) in enumerate((("content", "commitment"), ("envelope", "signature"))):
        log["entries"][at][part] = log["entries"][at][part].replace("e", "f", 1)
        changed = seal("proof", canonical(payload), lived_in.west.node.key)
        ran = verify(changed, "--keys", aloud)
        assert ran.code == 7
        assert (ran.json["first_fault"]["entry"], ran.json["first_fault"]["wrong"]) == (f"{log['log']}#0", "commitment")
        assert {each["wrong"] for each in ran.json["faults"]} >= {wrong}


def test_key_of_another_party_and_party_without_a_key_are_said(verify, lived_in, evidence, tmp_path):
    keys = tmp_path / "other.txt"
    west, east = (desk.node.key.public.fingerprint() for desk in (lived_in.west, lived_in.east))
    keys.write_text(f"west {west}\neast {west}\n")
    ran = verify(evidence, "--keys", keys)
    assert ran.code == 7
    assert ran.json["first_fault"]["entry"] == "card-1"
    assert east in ran.json["first_fault"]["what"]
    assert west in ran.json["first_fault"]["what"]
    keys.write_text(f"west {west}\n")
    assert "Expected the key of east" in verify(evidence, "--keys", keys).json["first_fault"]["what"]


def test_cards_and_raw_keys_serve_as_keys(verify, lived_in, evidence, cards, tmp_path):
    keys = tmp_path / "cards.txt"
    keys.write_bytes(cards["west"] + b"\n" + f"east {lived_in.east.node.key.public.hex}\n".encode())
    assert verify(evidence, "--keys", keys).json["verified"] is True


def test_bundle_as_it_travelled_is_checked_with_cards(verify, bundle, cards, aloud, tmp_path):
    keys = tmp_path / "cards.txt"
    keys.write_bytes(b"\n".join(cards.values()))
    ran = verify(bundle, "--keys", keys)
    assert ran.code == 0
    assert ran.json["written_by"] == "west"
    assert sum(ran.json["logs"].values()) > 3
    packed = pack(bundle)
    assert packed[:1] == b"\x01"
    assert verify(packed, "--keys", keys).json["logs"] == ran.json["logs"]
    alone = verify(bundle)
    assert (alone.code, alone.json["error"]) == (2, "input")
    assert "--keys" in alone.json["what"]
    told = verify(bundle, "--keys", aloud)
    assert (told.code, told.json["error"]) == (2, "input")
    assert "only the fingerprint of west" in told.json["what"]
    assert "card" in told.json["hint"]


def test_altered_entry_of_a_bundle_is_named(verify, lived_in, bundle, cards, tmp_path):
    keys = tmp_path / "cards.txt"
    keys.write_bytes(b"\n".join(cards.values()))
    payload = opened(bundle)
    for offer in payload["offers"]:
        for seq, entry in enumerate(offer["entries"], offer["first"]):
            kept = entry["envelope"]
            entry["envelope"] = kept.replace("e", "f", 1)
            ran = verify(seal("bundle", canonical(payload), lived_in.west.node.key), "--keys", keys)
            assert ran.json["first_fault"]["entry"] == f"{offer['log']}#{seq}"
            entry["envelope"] = kept
    assert verify(seal("bundle", canonical(payload), lived_in.east.node.key), "--keys", keys).json["first_fault"]["entry"] == "file"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b'{"payload"', "strict JSON"),
        (b"\xff\xfe\x00", "strict JSON"),
        (b"[" * 200_000, "strict JSON"),
        (b'{"payload":"","payload":""}', "twice"),
        (b'{"payload":NaN}', "NaN"),
        (b'{"payload":1.5}', "1.5"),
        (b"{}", "does not fit"),
        (b"age-encryption.org/v1\n", "encrypted to a node"),
        (b"<!doctype html><p>hello</p>", "one piece of evidence"),
        (b"<p>\xff", "UTF-8"),
        (b'<script id="evidence">{', "strict JSON"),
    ],
)
def test_what_is_no_evidence_is_refused_in_words(verify, data, says):
    ran = verify(data)
    assert ran.code == 2
    assert says in ran.json["what"]
    assert "Traceback" not in ran.err


def test_truncated_evidence_is_refused_wherever_it_was_cut(verify, evidence):
    for at in (1, 100, len(evidence) // 2, len(evidence) - 1):
        assert verify(evidence[:at]).code == 2


def test_huge_file_is_refused_before_it_is_read(run, tmp_path):
    file = tmp_path / "huge.json"
    with file.open("wb") as out:
        out.truncate(proof_room.MAX_PROOF_BYTES + 1)
    ran = run("verify", "--bundle", file)
    assert ran.code == 2
    assert str(proof_room.MAX_PROOF_BYTES) in ran.err


def test_evidence_without_its_receipts_or_of_another_format_says_what_is_missing(verify, lived_in, evidence):
    payload = opened(evidence)
    del payload["logs"][0]["receipts"]
    ran = verify(seal("proof", canonical(payload), lived_in.west.node.key))
    assert ran.code == 2
    assert "receipts" in ran.json["what"]
    ran = verify(seal("proof", canonical({**opened(evidence), "format": "hamsaya-proof-9"}), lived_in.west.node.key))
    assert "hamsaya-proof-9" in ran.json["what"]
    empty = {**opened(evidence), "logs": [{**log, "receipts": []} for log in opened(evidence)["logs"]]}
    shown = verify(seal("proof", canonical(empty), lived_in.west.node.key)).json["shown"]
    assert {log["receipted"] for log in shown} == {0}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (b"", "no party"),
        (b"# nothing\n", "no party"),
        (b"west\n", "Line 1"),
        (b"\nwest ABCD-EFGH\n", "Line 2"),
        (b"west \xff", "UTF-8"),
        (b"{", "card"),
        (b'{"payload":"","payloadType":"application/vnd.hamsaya.card","signatures":[]}', "card"),
        (b"[" * 100_000, "Line 1"),
    ],
)
def test_keys_that_cannot_be_read_are_named_by_line(verify, evidence, tmp_path, keys, says):
    file = tmp_path / "bad.txt"
    file.write_bytes(keys)
    ran = verify(evidence, "--keys", file)
    assert ran.code == 2
    assert says in ran.json["what"]


@pytest.mark.parametrize("words", [("--keys", "x"), ("--without-content",), ("--without", "WEST-R-1"), ("a", "--bundle", "b")])
def test_options_that_do_not_go_together_are_refused(run, words):
    assert run("verify", *words).code == 2


def strings_in(value):
    """Every text of more than three letters in a JSON value, and every text that is itself JSON or base64 of it, opened."""
    found = set()
    if isinstance(value, dict):
        found = set().union(*(strings_in(each) for each in value.values()))
    elif isinstance(value, list):
        found = set().union(*(strings_in(each) for each in value), set())
    elif isinstance(value, str):
        found = {value} if len(value) > 3 else set()
    return found


def unfolded(data):
    """The bytes of a file, and of every envelope in it, with every payload decoded."""
    seen = [data.decode()]
    try:
        value = json.loads(data)
    except ValueError:
        return seen
    for text in strings_in(value):
        if text.startswith(("{", "[")):
            seen += unfolded(text.encode())
        elif len(text) > 40:
            try:
                inside = base64.b64decode(text, validate=True).decode()
            except ValueError:
                continue
            if inside.startswith("{"):
                seen += unfolded(inside.encode())
    return seen


def secrets(payload):
    """What only the contents say and no header, receipt or card, with the salts that could help to guess it."""
    entries = [entry for log in payload["logs"] for entry in log["entries"]]
    signed = [entry["envelope"] for entry in entries] + [text for log in payload["logs"] for text in [log["checkpoint"], *log["receipts"]]]
    open_words = "".join(unfolded(json.dumps([*signed, *payload["cards"], *payload.get("letters", [])]).encode()))
    told = {text for entry in entries if entry.get("content") for text in strings_in(json.loads(entry["content"]))}
    salts = {entry["salt"] for entry in entries if "salt" in entry}  # of erased content none is left
    return {text for text in told if text not in open_words} | salts


def test_redacted_evidence_verifies_and_holds_no_value_of_what_was_left_out(lived_in, evidence):
    with lived_in.west.store.reading() as book:
        redacted = export_proof(lived_in.west.node, book, content=False)
    everywhere, told = "\x00".join(unfolded(redacted)), secrets(opened(evidence))
    assert len(told) > 100
    assert {text for text in told if text in "\x00".join(unfolded(evidence))} == told
    assert {text for text in told if text in everywhere} == set()
    checked = check_proof(redacted)
    assert checked.faults == []
    assert checked.receipts == check_proof(evidence).receipts
    assert {log.with_content for log in checked.shown} == {0}


def test_content_of_one_record_is_left_out_and_the_rest_stays(lived_in, evidence):
    with lived_in.west.store.reading() as book:
        held = next(each for each in book.releases() if each.condition == "opened")
        redacted = export_proof(lived_in.west.node, book, without=[held.record])
        with pytest.raises(NotFound):
            export_proof(lived_in.west.node, book, without=["WEST-R-NONE"])
    checked, before = check_proof(redacted), check_proof(evidence)
    assert checked.faults == []
    assert sum(log.with_content for log in checked.shown) == sum(log.with_content for log in before.shown) - 1
    assert canonical(held.record).decode() not in "".join(unfolded(redacted)).replace('\\"', '"').partition('"about"')[0]
    entry = next(log for log in opened(redacted)["logs"] if log["log"] == held.log)["entries"][held.seq]
    assert set(entry) == {"envelope"}


def test_export_from_the_command_line_leaves_contents_out(west, tmp_path):
    file = tmp_path / "evidence.json"
    assert west("verify", "--export", file, "--without-content").code == 0
    assert check_proof(file.read_bytes()).faults == []
    assert west("verify", "--export", file, "--without", "WEST-R-NONE").code == 2


def test_case_file_from_the_command_line_is_checked_without_a_node(two, tmp_path, run):
    """The way of the how-to: the commander writes the file, each party reads its fingerprint aloud, a third person checks it."""
    west, east = two
    agree(west, east, tmp_path)
    record, _ = released(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    incident = west("record", "show", record, "--json").json["record"]["incident"]
    file, told = tmp_path / "case.html", ["--to", "the joint commission", "--why", "It was asked to settle this."]
    assert west("incident", "export", incident, "--html", file, *told, login="duty").code == 3
    assert not file.exists()
    made = west("incident", "export", incident, "--html", file, *told, "--json", login="commander")
    assert made.code == 0
    assert made.json["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    keys = tmp_path / "keys.txt"
    keys.write_text(f"west {west.fingerprint}\neast {east.fingerprint}\n")
    checked = run("verify", "--bundle", file, "--keys", keys, "--json").json
    assert (checked["verified"], sorted(checked["compared"]), checked["case"]["to"]) == (True, ["east", "west"], "the joint commission")
    file.write_bytes(file.read_bytes().replace(b"joint commission", b"other commission", 1))
    ran = run("verify", "--bundle", file, "--keys", keys, "--json")
    assert (ran.code, ran.json["first_fault"]["wrong"]) == (7, "page")
    before = west("verify", "--json").json["logs"]["journal/west"]
    assert west("incident", "export", incident, "--html", tmp_path / "none" / "case.html", *told, login="commander").code == 6
    assert west("verify", "--json").json["logs"]["journal/west"] == before
