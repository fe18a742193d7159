# SPDX-License-Identifier: Apache-2.0
"""Commitments from the command line."""

from __future__ import annotations

import pytest


@pytest.mark.shared
def test_aman_20_stands_at_invited_with_no_answer_on_record(two, shared):
    west, _ = two
    document = shared / "documents" / "2019-12_cooperation-document.txt"
    assert west("document", "add", document, "--json", login="duty").code == 0
    for each in west("draft", "list", "--json").json:
        if each["body"]["kind"] == "commitment":
            assert west("draft", "accept", each["draft"], "--grade", "C3", "--json", login="duty").code == 0
    told = west("commitment", "list")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    at = next(number for number, line in enumerate(lines) if "10 December 2019" in line)
    assert lines[at].startswith("  invited, ")
    assert lines[at + 1] == "  no answer on record"
    words = west("commitment", "list", "--json").json["words"]
    assert not {rung["status"] for word in words for rung in word["rungs"]} & {"accepted", "agreed", "done"}
