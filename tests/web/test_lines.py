# SPDX-License-Identifier: Apache-2.0
"""Every line by its name, version and uncertainty; every distance by every line (law 10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamsaya.boundary.lines import Line, Ruler, Stretch
from hamsaya.web.shelf import Shelf

POINTS = ((62.5, 28.0), (62.5, 31.0))
WEST = Ruler(
    Line(id="west-1", name="West’s line <b>", version="1958-02", uncertainty_m=100, declared_by="West", stretches=(Stretch("IR", "PK", POINTS),))
)
EAST = Ruler(
    Line(
        id="east-1",
        name="East’s line",
        version="2026",
        uncertainty_m=50,
        declared_by="East",
        stretches=(Stretch("IR", "PK", ((62.0, 28.0), (62.0, 31.0))),),
    )
)
ROUGH = Ruler(
    Line(id="rough", name="Rough", version="9", uncertainty_m=190_000, declared_by="", source="public", stretches=(Stretch("IR", "PK", POINTS),))
)


@pytest.fixture
def lined(agreed, webs, work):
    desk = agreed.west
    web = webs(replace(desk, node=replace(desk.node, lines=lambda: (WEST, EAST, ROUGH))))
    office = web.login()
    work.file_record(office)
    return office


def test_every_line_is_listed_and_a_reference_line_is_nobodys(lined):
    page = lined.get("/lines").text
    for told in ("West’s line &lt;b&gt;", "1958-02", "declared by <bdi>West</bdi>", "East’s line", "reference line, declared by nobody", "190 km"):
        assert told in page
    lines = lined.json("/lines").json()["lines"]
    assert [(line["id"], line["declared_by"], line["uncertainty_m"]) for line in lines] == [
        ("west-1", "West", 100),
        ("east-1", "East", 50),
        ("rough", "", 190_000),
    ]
    assert lines[0]["stretches"] == [[list(point) for point in POINTS]]
    assert len({line["style"] for line in lines}) == 3


def test_an_incident_tells_its_distance_by_every_line(lined):
    incident = lined.json("/incidents").json()["incidents"][0]["incident"]
    found = lined.json(f"/incidents/{incident}").json()["pinpoints"]
    assert len(found) == 1
    by_line = {standing["line"]: standing for standing in found[0]["standings"]}
    assert set(by_line) == {"west-1", "east-1", "rough"}
    assert by_line["west-1"]["side"] == by_line["east-1"]["side"] == "IR"
    assert by_line["west-1"]["distance_m"] > by_line["east-1"]["distance_m"] > 10_000
    assert by_line["rough"]["side"] == ""
    assert by_line["rough"]["doubt"] == "uncertainty"
    page = lined.get(f"/incidents/{incident}").text
    assert page.count('class="swatch') == 3
    assert "cannot tell:" in page
    assert "inside <bdi>Iran</bdi>" in page
    persian = lined.get(f"/incidents/{incident}?lang=fa").text
    assert "نمی‌توان گفت" in persian
    assert "درون" in persian


def test_a_node_without_lines_says_so_and_tells_no_distance(web, work):
    office = web.login()
    work.file_record(office)
    assert "This node knows no line." in office.get("/lines").text
    incident = office.json("/incidents").json()["incidents"][0]["incident"]
    assert "by each line" not in office.get(f"/incidents/{incident}").text


def test_the_list_tells_by_the_line_in_the_address_and_keeps_the_filter(lined):
    found = lined.json("/incidents").json()["incidents"][0]["pinpoints"]
    assert [standing["line"] for standing in found[0]["standings"]] == ["west-1", "east-1", "rough"]
    assert (found[0]["side"], found[0]["signed"]) == ("IR", True)
    page = lined.get("/incidents?side=IR&line=east-1").text
    assert 'value="east-1" checked' in page
    assert '<input type="hidden" name="side" value="IR">' in page
    assert '<strong data-by-line="east-1">' in page
    assert '<strong data-by-line="west-1" hidden>' in page
    for unknown in ("nobody", "<b>", "x" * 5000):
        assert 'value="west-1" checked' in lined.get("/incidents", params={"line": unknown}).text


def test_a_desk_without_map_says_which_command_brings_it(agreed, webs, tmp_path, monkeypatch):
    monkeypatch.setattr("hamsaya.web.render.shelf", lambda: Shelf(brought=tmp_path))
    page = webs(agreed.west).login().get("/incidents").text
    assert "make assets" in page
    assert 'class="map"' not in page
