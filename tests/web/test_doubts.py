# SPDX-License-Identifier: Apache-2.0
"""Pages tell what the desk doubts of a place, and what is told of a distance beside what each line measures; nothing is kept from being filed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.desk.test_doubts import LINES, good, rows_of
from tests.web.test_reports import new_form

from hamsaya.desk.importing import import_records


@pytest.fixture
def office(agreed, webs):
    desk = agreed.west
    return webs(replace(desk, node=replace(desk.node, lines=lambda: LINES))).login()


def filed(office, **typed):
    return office.post("/reports", data=new_form(office, **typed)).json()


def test_the_wrong_side_is_told_before_filing_and_on_every_page_after(office):
    place = "3 km inside Iran, 28.0N 62.3E"
    preview = office.post("/reports/preview", data=new_form(office, location=place)).json()
    assert [each for each in preview["warnings"] if "said to be in IR" in each]
    assert preview["problems"] == []
    assert "said to be in <bdi>Iran</bdi>" in office.post("/reports/preview", json=False, data=new_form(office, location=place)).text
    record = filed(office, location=place)
    assert [each for each in record["warnings"] if "said to be in IR" in each]
    name, incident = record["record"]["id"], record["record"]["incident"]
    for path in (f"/records/{name}", f"/incidents/{incident}", f"/incidents/{incident}/comparison"):
        page = office.get(path).text
        assert '<span class="badge warn">doubt</span>' in page
        assert "said to be in <bdi>Iran</bdi>, but it lies in <bdi>Pakistan</bdi> by every line that can tell" in page
        assert page.count("the told distance does not fit") == 2
        assert page.count("inside <bdi>Pakistan</bdi>") == 2
        data = office.json(path).json()
        points = data.get("pinpoints") or data["places"]
        assert [each["rule"] for each in points[0]["doubts"]] == ["side"]
        assert [it["inside_m"]["PK"] > 0 > it["inside_m"]["IR"] for it in points[0]["standings"]] == [True, True]
        assert points[0]["told"][0]["by_line"] == {"a": "differs", "b": "differs"}


@pytest.mark.parametrize(("language", "words"), [("fa", ["در هر دو سو", "خطی با ۲ نقطه"]), ("ur", ["دونوں جانب", "نقطوں کا خط"])])
def test_a_place_on_both_sides_is_told_in_each_language(office, language, words):
    record = filed(office, location="61.9, 28; 62.1, 28")["record"]
    page = office.get(f"/incidents/{record['incident']}?lang={language}").text
    for word in words:
        assert word in page
    assert "on both sides:" in office.get(f"/records/{record['id']}?lang=en").text


def test_a_district_is_doubted_also_at_a_node_without_lines(agreed, webs):
    desk = agreed.west
    import_records(desk.node, desk.officers["duty"], rows_of(*(good(n) for n in range(9))))
    office = webs(desk).login()
    record = filed(office, location="Sui, Dera Bugti district", lon="62.05", lat="25.65")
    assert [each for each in record["warnings"] if "where 9 other points" in each]
    assert "where <bdi>9</bdi> other points" in office.get(f"/records/{record['record']['id']}").text
