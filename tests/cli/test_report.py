# SPDX-License-Identifier: Apache-2.0
"""`hamsaya report file`: the desk's own verb and parser, for scripts and for a desk without a screen."""

from __future__ import annotations

import re


def test_a_report_is_filed_and_shown(west):
    filed = west(
        "report", "file", "--size", "10-12", "--activity", "crossing", "--place", "12 km NE of Taftan", "--unit", "smugglers", "--time", "-15m",
        "--equipment", "2 pickups, rifles", "--grade", "B2", "--grade-of", "size=C3", "--source", "REED-7", "--json", login="duty",
    )  # fmt: skip
    assert filed.code == 0, filed.err
    record = filed.json["record"]
    assert [(claim["predicate"], claim["grade"]) for claim in record["claims"]] == [
        ("strength", "C3"), ("action", "B2"), ("place", "B2"), ("actor", "B2"), ("occurred", "B2"), ("means", "B2"), ("means", "B2"),
    ]  # fmt: skip
    assert (filed.json["repeated"], filed.json["warnings"]) == (False, [])
    shown = west("record", "show", record["id"], "--json").json
    assert record["id"] in str(shown)
    lines = west("record", "show", record["id"]).out
    assert re.search(r"c3 +place +12 km NE of Taftan 61\.\d+ E 29\.\d+ N ± ", lines)
    assert re.search(r"c5 +occurred +\d+ \w+ 20\d\d, \d\d:\d\d .*“-15m” ", lines)


def test_the_same_token_files_once(west):
    def send():
        return west("report", "file", "--size", "several", "--grade", "C3", "--token", "shift-2026-11-22-a", "--json", login="duty")

    first, again = send(), send()
    assert (first.code, again.code) == (0, 0)
    assert first.json["record"]["id"] == again.json["record"]["id"]
    assert again.json["repeated"] is True
    assert len(west("record", "list", "--json").json) == 1


def test_what_is_wrong_is_one_line_and_a_hint(west):
    refused = west("report", "file", "--size", "12", "--time", "2031-01-01", "--grade", "B2", login="duty")
    assert refused.code == 2
    assert "Time: This time has not come yet" in refused.err
    assert "clock" in refused.err
    assert "Traceback" not in refused.err
    asked = west("report", "file", "--place", "Pishin", "--grade", "B2", login="duty")
    assert asked.code == 2
    assert west("report", "file", "--place", "Pishin", "--place-ref", "IR.pishin", "--grade", "B2", login="duty").code == 0
    assert west("report", "file", "--size", "12", "--grade-of", "shoe=B2", login="duty").code == 2


def test_only_an_office_that_may_file_files(west):
    refused = west("report", "file", "--size", "12", "--grade", "B2", login="approver")
    assert refused.code == 3
