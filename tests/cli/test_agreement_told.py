# SPDX-License-Identifier: Apache-2.0
"""What a party signed twice in one place is named by `agreement show` and `doctor`, and proven to a third person by `agreement evidence`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.cli.test_bad_input import both_sign

from hamsaya.agreement.lifecycle import AgreementAct
from hamsaya.assemble.node import open_node
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal


@pytest.fixture
def doubted(two, tmp_path):
    """East signed that it suspended and that it resumed, under one number; west was brought both."""
    west, east = two
    name, file = both_sign(two, tmp_path)
    text = west("agreement", "show", name, "--json").json["hash"]
    with open_node(east.folder) as opened:
        acts = [
            seal("agreement-act", canonical(AgreementAct(agreement=name, text=text, party="east", office="commander office", at=datetime.now(UTC),
                                                         verb=verb, reason="Shots near the line.", number=1)), opened.node.key).decode()
            for verb in ("suspend", "resume")
        ]  # fmt: skip
    file.write_text(json.dumps(json.loads(file.read_text()) | {"acts": acts}))
    assert west("agreement", "import", file).code == 0
    return name


def test_it_is_named_and_proven_to_a_third_person(two, doubted, tmp_path):
    west, east = two
    shown = west("agreement", "show", doubted)
    assert "suspended" in shown.out.splitlines()[0]
    assert "CONTRADICTION  east signed 2 different acts under number 1. What stops counts, at every party." in shown.out
    (found,) = west("agreement", "show", doubted, "--json").json["contradictions"]
    assert sorted(each["act"]["verb"] for each in found["signed"]) == ["resume", "suspend"]
    assert "agreement-contradicted" in west("doctor", "--json").out
    evidence, keys = tmp_path / "evidence.json", tmp_path / "keys.txt"
    assert west("agreement", "evidence", doubted, evidence).code == 0
    keys.write_text(f"west {west.fingerprint}\neast {east.fingerprint}\n")
    ran = west.run("verify", evidence, "--keys", keys)
    assert (ran.code, f"PROVEN  east signed 2 different acts under number 1 on agreement {doubted}." in ran.out) == (0, True)
    assert west.run("verify", evidence, "--keys", keys, "--json").json["proven"]


def test_sound_agreement_has_no_evidence_to_write(two, tmp_path):
    name, _ = both_sign(two, tmp_path)
    ran = two[0]("agreement", "evidence", name, tmp_path / "evidence.json")
    assert ran.code != 0
    assert "No party signed two things in one place" in ran.err
    assert not (tmp_path / "evidence.json").exists()
    assert "CONTRADICTION" not in two[0]("agreement", "show", name).out
