# SPDX-License-Identifier: Apache-2.0
"""`hamsaya search` on the command line."""

from __future__ import annotations

REPORT = "Report\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. Colonel Hamid Rezaei said so.\n"


def test_search_prints_hits_with_their_words_marked_and_json(west, tmp_path):
    (tmp_path / "a.txt").write_text(REPORT)
    assert west("document", "add", tmp_path / "a.txt", "--own", login="duty").code == 0
    found = west("search", "smugglers", "mirj", "--json").json
    assert [hit["kind"] for hit in found["hits"]] == ["document"]
    assert [piece["text"] for piece in found["hits"][0]["pieces"] if piece.get("marked")] == ["smugglers", "Mirjaveh"]
    assert "[smugglers]" in west("search", "smugglers").out
    assert west("search", "elephants", "--json").json["hits"] == []
    assert west("search", "Rezaei", "--json").json["hits"] == []
    person = west("search", "Colonel Rezaei")
    assert "persons" in person.err


def test_a_bad_filter_or_cursor_is_one_clear_line(west):
    for words in (("x", "--kind", "person"), ("x", "--since", "soon"), ("x", "--after", "zz"), ("x", "--limit", "0"), ("x" * 10_240,)):
        ran = west("search", *words)
        assert ran.code == 2
        assert ran.err.startswith("hamsaya: ")


LINE = '{"kind": "warning", "side": "PK", "claims": [{"id": "c1", "predicate": "statement", "value": {"type": "words", "text": "Boats near Jiwani"}, "speaker": {"kind": "press"}}]}'


def test_a_file_is_imported_and_its_refused_lines_are_told(west, tmp_path):
    (tmp_path / "a.jsonl").write_text(f"{LINE}\n")
    assert west("record", "import", tmp_path / "a.jsonl", "--json", login="duty").json["filed"] == 1
    assert len(west("search", "jiwani", "--json").json["hits"]) == 1
    (tmp_path / "b.jsonl").write_text(f"{LINE}\nnonsense\n")
    ran = west("record", "import", tmp_path / "b.jsonl", login="duty")
    assert ran.code == 2
    assert "line 2:" in ran.err
    assert "Nothing was filed" in ran.err
    ran = west("record", "import", tmp_path / "b.jsonl", "--skip-refused", "--json", login="duty")
    assert (ran.code, ran.json["filed"], ran.json["repeated"], ran.json["refused"]) == (0, 0, 1, 1)


def test_what_is_no_file_of_records_is_one_clear_line(west, tmp_path):
    (tmp_path / "c.csv").write_bytes(b"kind,side\n\xff\xfe,PK\n")
    for name in ("none.jsonl", "c.csv", "c.txt", "."):
        ran = west("record", "import", tmp_path / name, login="duty")
        assert ran.code == 2
        assert ran.err.startswith("hamsaya: ")
