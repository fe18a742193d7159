# SPDX-License-Identifier: Apache-2.0
"""`hamsaya release explain`: lines and JSON, also for what was refused; what is unknown is not found."""

from __future__ import annotations

NECESSITY = "Both commands must see this account."
REPORT = "Report\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"


def test_refusal_is_told_step_by_step(two, tmp_path):
    west, _ = two
    report = tmp_path / "report.txt"
    report.write_text(REPORT)
    (added,) = west("document", "add", report, "--own", "--json", login="duty").json
    filed = west("draft", "accept", added["drafts"][0]["draft"], "--grade", "B2", "--json", login="duty").json
    record = filed["record"]["id"] if "record" in filed else filed[0]["record"]["id"]
    west("release", "propose", record, "--purpose", "settlement", "--necessity", NECESSITY, login="duty")
    (release,) = [each["release"] for each in west("release", "show", "--json").json]
    ran = west("release", "explain", release)
    assert ran.code == 0
    assert "What was asked, in order:" in ran.out
    assert " 1 x an agreement must be in force between the two parties" in ran.out
    told = west("release", "explain", release, "--json").json
    assert [each["step"] for each in told["delivery"]["steps"]] == ["proposed", "refused"]
    assert west("release", "show", release, "--json").json["delivery"] == told["delivery"]
    assert "Every step that is proven; the last one is its condition:" in west("release", "show", release).out
    assert (told["agrees"], told["condition"], told["again"]["rule"]) == (True, "refused", "in-force")


def test_unknown_release_is_not_found(west):
    assert west("release", "explain", "WEST-S-NOTHERE").code == 2
