# SPDX-License-Identifier: Apache-2.0
"""Three real nodes, three processes, one agreement: the third sees exactly what its text allows, and nothing else (F6)."""

from __future__ import annotations

import base64
import re
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from hamsaya.demo import run as demo
from hamsaya.demo.nodes import DemoNode

pytestmark = pytest.mark.live
NAME = "three"
TERMS = """
id = "three"
title = "Cooperation of three"
place = ""
drafted_on = "{day}"
valid_from = {day}T00:00:00Z
valid_until = {until}T00:00:00Z
clauses = [
  {{ number = "1", type = "kinds", sender = "west", receiver = "east", kinds = ["incident_account", "warning"] }},
  {{ number = "2", type = "kinds", sender = "west", receiver = "north", kinds = ["warning"] }},
  {{ number = "3", type = "kinds", sender = "east", receiver = "west", kinds = ["warning"] }},
  {{ number = "4", type = "handling", ceiling = "amber" }},
  {{ number = "5", type = "purposes", purposes = ["prevention"] }},
]
"""
ACCOUNT, WARNING, ANSWER = "quarrel at the lower well", "pillar will be painted", "painters will carry lamps"


@pytest.fixture
def three(tmp_path):
    setups = {side: tomllib.loads(demo._sample("scenario.toml").decode())[side] for side in ("west", "east")}
    setups["north"] = {**setups["east"], "party": "north", "country": "AF", "zone": "Asia/Kabul", "name": {"en": "Northern Border Police"}}
    nodes = {side: DemoNode(tmp_path / side / "node", setup) for side, setup in setups.items()}
    try:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda node: (node.make(), node.serve()), nodes.values()))
        for node, other in permutations(nodes.values(), 2):
            card = node.folder.parent / other.card.name
            card.write_bytes(other.card.read_bytes())
            node.run("party", "trust", str(card), "--fingerprint", other.fingerprint)
        for node in nodes.values():
            node.wait()
        yield nodes
    finally:
        for node in nodes.values():
            node.stop()


def agreed(node):
    """The agreement as this node shows it, once all three have signed."""
    found = [each for each in node.get("commander", "/agreements")["agreements"] if each["agreement"]["table"]["id"] == NAME]
    return found[0] if found and found[0]["standing"]["state"] == "in force" else None


def known(node, text):
    found = [each for each in node.get("commander", "/agreements")["agreements"] if each["hash"] == text]
    return found[0] if found else None


def filed(node, kind, words):
    return node.run("report", "file", "--kind", kind, "--remarks", words, "--grade", "B2", "--handling", "green", login="duty")["record"]["id"]


def released(node, record, receiver):
    held = node.post("duty", "/releases", record=record, receiver=receiver, purpose="prevention", necessity="Both commands must know of it.")
    return node.post("approver", f"/releases/{held['release']}/approve") if held["condition"] == "proposed" else held


def received(node):
    """What this node shows of others: the records that came, by their sender."""
    items = [each for each in node.get("duty", "/inbox")["items"] if each["kind"] == "release"]
    return sorted((each["sender"], each["subject"], each["state"]) for each in items)


def opened(text):
    """A signed file with every signed thing in it opened as well, to be searched."""
    inner = [base64.b64decode(each).decode() for each in re.findall(r"payload\W+([A-Za-z0-9+/=]{20,})", text)]
    return "\n".join([text, *map(opened, inner)])


def test_third_party_sees_exactly_what_its_text_allows(three, tmp_path):
    west, east, north = three.values()
    terms = tmp_path / "terms.toml"
    now = time.time()
    terms.write_text(TERMS.format(day=time.strftime("%Y-%m-%d", time.gmtime(now - 86_400)), until=time.strftime("%Y-%m-%d", time.gmtime(now + 9e6))))
    text = west.run("agreement", "draft", str(terms), "--with", "east", "--with", "north")["hash"]
    for node in (west, east, north):
        node.wait_for("the text arrives", lambda node=node: known(node, text))
        node.post("commander", f"/agreements/{NAME}/sign", text=text)
    for node in (west, east, north):
        assert sorted(node.wait_for("all signatures arrive", lambda node=node: agreed(node))["signatures"]) == ["east", "north", "west"]

    account, warning = filed(west, "incident_account", ACCOUNT), filed(west, "warning", WARNING)
    assert released(west, account, "east")["condition"] == "logged"
    refused = released(west, account, "north")
    assert (refused["condition"], refused["rule"]) == ("refused", "deny-by-default")
    sent = [released(west, warning, to)["release"] for to in ("east", "north")]
    answer = filed(east, "warning", ANSWER)
    refused = released(east, answer, "north")
    assert (refused["condition"], refused["rule"]) == ("refused", "deny-by-default")
    sent.append(released(east, answer, "west")["release"])
    for node in (west, east):
        mine = {each["release"] for each in node.get("duty", "/releases")["releases"]} & set(sent)
        node.wait_for("the receipts arrive", lambda node=node, mine=mine: all(
            each["condition"] == "receipted" for each in node.get("duty", "/releases")["releases"] if each["release"] in mine
        ))  # fmt: skip

    assert received(north) == [("west", warning, "new")]
    assert received(east) == sorted([("west", account, "new"), ("west", warning, "new")])
    assert received(west) == [("east", answer, "new")]
    assert [each["record"]["id"] for each in north.get("duty", "/records")["records"]] == [warning]
    for record in (account, answer):
        with pytest.raises(Exception, match=record):
            north.get("duty", f"/records/{record}")

    for node in (west, east, north):
        node.stop()
        assert node.run("verify")["verified"] is True
    proof = tmp_path / "north.proof"
    north.run("verify", "--export", str(proof))
    held = opened(proof.read_text("utf-8"))
    assert WARNING in held
    assert not [each for each in (ACCOUNT, ANSWER, account, answer, "release/three/west/east", "release/three/east/west") if each in held]
