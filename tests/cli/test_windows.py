# SPDX-License-Identifier: Apache-2.0
"""What is printed in a window of 80 columns: names that are to be copied, and fingerprints that are read aloud, are never broken."""

from __future__ import annotations

import re

import pytest

from hamsaya.cli import say_out

ENTRY = "release/western-border-guard-eastern-frontier-2026/west/east#0"


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(say_out, "_json_wanted", False)


@pytest.mark.usefixtures("narrow")
def test_name_is_whole_in_a_narrow_window_and_sentences_wrap(capsys):
    sentence = "It tells where a group was less than 24 hours ago, and it may leave no sooner than tomorrow morning, as law 11 has it."
    say_out.result([], table=(("item", "about"), [(ENTRY, "WEST-R-7F3KQ2XYZAB")]))
    wide = capsys.readouterr().out
    assert ENTRY in wide
    say_out.result([], table=(("item", "why"), [("WEST-R-7F3KQ2", sentence)]))
    wrapped = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)
    assert all(len(line) <= 80 for line in wrapped.splitlines())
    assert sentence.split() == " ".join(wrapped.split("why")[1].split()).replace("WEST-R-7F3KQ2 ", "").split()


@pytest.mark.usefixtures("narrow")
def test_fingerprint_stands_in_a_line_of_its_own(west):
    lines = [line for line in west("party", "show").out.splitlines() if "fingerprint" in line]
    assert [line.split() for line in lines] == [["fingerprint", west.fingerprint]]
    assert len(lines[0]) <= 80


def test_sentences_of_an_agreement_are_in_the_language_of_the_reader(two, tmp_path, monkeypatch):
    west, _ = two
    (tmp_path / "terms.toml").write_text(west("agreement", "draft", "--sample").out)
    assert west("agreement", "draft", tmp_path / "terms.toml").code == 0
    monkeypatch.setenv("HAMSAYA_LANGUAGE", "fa")
    told = west("agreement", "show").out
    assert "هیچ سندی با نشان بالاتر از TLP:AMBER" in told
    assert "Nothing marked above" not in told
    assert "Cooperation on the joint border" in told
