# SPDX-License-Identifier: Apache-2.0
"""The page of situation reports: drafted in three languages, filed as approved, and nothing lost by a bad field."""

from __future__ import annotations

from tests.desk.made import event
from tests.facts.made import claim, count


def test_a_report_is_drafted_edited_and_filed_once(web):
    record = event(web.desk, "2026-11-22", more=[claim("wounded", count(2, 3), grade=None)]).id
    duty = web.login()
    for language in ("en", "fa", "ur"):
        page = duty.get(f"/situation?language={language}")
        assert page.status_code == 200
        assert f'href="/records/{record}"' in page.text
    (sentence,) = duty.json("/situation?hours=168").json()["sentences"]
    assert (sentence["records"], sentence["voice"]) == ([record], "own")
    fields = {"text": ["<i>Two</i> were wounded.", ""], "records": [record, ""], "grade": ["B2", "F6"], "language": "en", "kind": "notice",
              "handling": "green", "token": "a-token-of-a-form"}  # fmt: skip
    filed = duty.post("/situation", data=fields).json()
    assert duty.post("/situation", data=fields).json() == {**filed, "repeated": True}
    shown = duty.get(f"/records/{filed['record']}").text
    assert "&lt;i&gt;Two&lt;/i&gt; were wounded." in shown
    for bad in (
        {"text": ["x"]},
        {"grade": ["", "", ""]},
        {"kind": "complaint", "token": "another-token"},
        {"records": ["", ""], "token": "another-one"},
    ):
        assert duty.post("/situation", data=fields | bad).status_code == 400, bad
    assert duty.json("/situation?hours=12").status_code == 400
    assert duty.json("/situation?hours=x").status_code == 400
