# SPDX-License-Identifier: Apache-2.0
"""The life of an agreement from the command line, carried between two nodes as a file: both say the same of it after each exchange."""

from __future__ import annotations

import io

import pytest
from tests.cli.conftest import open_text
from tests.cli.test_bad_input import both_sign, filed, propose


@pytest.fixture
def bound(two, tmp_path):
    """Two nodes with an agreement in force: its id, and a way to carry it from one to the other."""
    name, file = both_sign(two, tmp_path)

    def carry(giver, taker):
        assert giver("agreement", "export", name, file).code == 0
        assert taker("agreement", "import", file).code == 0

    return name, carry


def shown(node, name):
    return node("agreement", "show", name).out


def test_suspension_holds_on_both_and_ends_with_the_party_that_made_it(two, bound, tmp_path):
    (west, east), (name, carry) = two, bound
    record = filed(west, tmp_path)
    assert east("agreement", "suspend", name, "--reason", "Shots near the line.", login="commander").code == 0
    carry(east, west)
    assert "suspended" in shown(west, name)
    assert "Shots near the line." in shown(west, name)
    assert propose(west, record).json["rule"] == "in-force"
    ran = west("agreement", "resume", name, "--reason", "We want it back.", login="commander")
    assert (ran.code, "suspended" in shown(west, name)) == (3, True)
    assert east("agreement", "resume", name, "--reason", "It is quiet.", login="commander").code == 0
    carry(east, west)
    assert "in force" in shown(west, name)
    assert propose(west, record).json["condition"] == "proposed"


def test_withdrawal_is_final_on_both_and_made_once(two, bound, tmp_path):
    (west, east), (name, carry) = two, bound
    assert west("agreement", "withdraw", name, "--reason", "We go.", login="commander").code == 0
    carry(west, east)
    for node in (west, east):
        assert "withdrawn" in shown(node, name)
        assert node("agreement", "withdraw", name, "--reason", "Again.", login="commander").code == 3
        assert node("agreement", "resume", name, "--reason", "Back.", login="commander").code == 3
    assert propose(west, filed(west, tmp_path)).json["rule"] == "in-force"


def test_amendment_shows_its_changes_and_replaces_the_text_once_both_have_signed(two, bound, tmp_path):
    (west, east), (name, carry) = two, bound
    terms = tmp_path / "terms.toml"
    terms.write_text(east("agreement", "terms", name).out.replace("place_m = 1000", "place_m = 5000"))
    assert east("agreement", "counter", terms, login="commander").code == 3  # it is in force: one amends it
    assert east("agreement", "amend", terms, login="commander").code == 0
    carry(east, west)
    told = west("agreement", "diff", name).out
    assert "rounded to 1000 m" in told
    assert "rounded to 5000 m" in told
    assert "rounded to 1000 m" in shown(west, name)  # what is proposed changes nothing yet
    for node, other in ((west, east), (east, west)):
        assert node("agreement", "sign", name, "--text", open_text(node, name), login="commander").code == 0
        carry(node, other)
    for node in (west, east):
        assert "rounded to 5000 m" in shown(node, name)
        assert node("verify").code == 0


def test_declined_text_can_be_countered_and_not_signed(two, tmp_path):
    west, east = two
    terms, file = tmp_path / "terms.toml", tmp_path / "agreement.json"
    terms.write_text(west("agreement", "draft", "--sample").out)
    name = west("agreement", "draft", terms, "--json").json["id"]
    west("agreement", "export", name, file)
    assert east("agreement", "import", file).code == 0
    assert east("agreement", "decline", name, "--reason", "Too coarse.", login="commander").code == 0
    east("agreement", "export", name, file)
    assert west("agreement", "import", file).code == 0
    assert "Too coarse." in shown(west, name)
    assert west("agreement", "sign", name, "--text", open_text(west, name), login="commander").code == 3


@pytest.mark.parametrize("verb", ["suspend", "resume", "withdraw", "decline"])
def test_act_needs_a_reason_and_the_commander(two, bound, verb):
    (west, _), (name, _) = two, bound
    before = shown(west, name)
    assert west("agreement", verb, name, "--reason", " ", login="commander").code != 0
    assert west("agreement", verb, name, "--reason", "Called by +92 300 1234567.", login="commander").code != 0  # no person's data leaves
    assert west("agreement", verb, name, "--reason", "I want to.", login="duty").code != 0
    assert shown(west, name) == before


def test_who_names_no_hash_is_shown_what_would_be_signed_and_signs_nothing(two, tmp_path):
    west, _ = two
    (tmp_path / "terms.toml").write_text(west("agreement", "draft", "--sample").out)
    name = west("agreement", "draft", tmp_path / "terms.toml", "--json").json["id"]
    ran = west("agreement", "sign", name, login="commander")
    made = west("agreement", "show", name, "--json").json
    assert (ran.code, made["signed_by"]) == (2, [])
    assert made["title"] in ran.err
    assert f"--text {made['hash'][:12]}" in ran.err
    assert all(sentence in ran.err for sentence in made["text"]["en"].values())
    assert west("agreement", "sign", name, "--text", made["hash"][:12], login="commander").code == 0


def test_hash_is_asked_for_where_somebody_can_type_it(two, tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    west, _ = two
    (tmp_path / "terms.toml").write_text(west("agreement", "draft", "--sample").out)
    name = west("agreement", "draft", tmp_path / "terms.toml", "--json").json["id"]
    start = open_text(west, name)[:10]
    for typed, code in (("", 2), (start[:3], 2), ("0" * 10, 2), (start.upper(), 0)):
        monkeypatch.setattr("sys.stdin", Terminal(typed + "\n"))
        assert west("agreement", "sign", name, login="commander").code == code


def test_several_open_texts_are_named_and_none_is_signed(two, bound, tmp_path):
    (west, _), (name, _) = two, bound
    terms = tmp_path / "terms.toml"
    for metres in (5000, 9000):
        terms.write_text(west("agreement", "terms", name).out.replace("place_m = 1000", f"place_m = {metres}"))
        assert west("agreement", "amend", terms, login="commander").code == 0
    ran = west("agreement", "sign", name, login="commander")
    texts = [each["hash"][:12] for each in west("agreement", "show", name, "--json").json["texts"] if each["open"]]
    assert (ran.code, len(texts)) == (2, 2)
    assert all(each in ran.err for each in texts)
