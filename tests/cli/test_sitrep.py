# SPDX-License-Identifier: Apache-2.0
"""`hamsaya sitrep` and `hamsaya statistics`: drafted, filed, counted; and what is refused."""

from __future__ import annotations

import json


def test_a_report_is_drafted_and_filed_and_figures_are_printed(west, tmp_path):
    filed = west("report", "file", "--activity", "shots", "--time", "-30m", "--place", "Mirjaveh", "--grade", "B2", "--json", login="duty")
    assert filed.code == 0, filed.err
    drafted = west("sitrep", "draft", "--language", "fa", "--json").json
    (sentence,) = drafted["sentences"]
    file = tmp_path / "report.json"
    file.write_text(json.dumps(drafted | {"sentences": [sentence | {"text": "Edited."}]}), "utf-8")
    made = west("sitrep", "approve", file, "--kind", "notice", "--json", login="duty")
    assert (made.code, made.json["claims"][0]["value"]["text"]) == (0, f"Edited. [{sentence['records'][0]}]"), made.err
    file.write_text('{"sentences": 3}')
    assert west("sitrep", "approve", file, login="duty").code == 2
    assert west("sitrep", "approve", tmp_path / "none.json", login="duty").code == 2
    assert west("statistics", "--json").json["rows"] == []
    assert west("statistics", "--to", "2200-01-01").code == 2
