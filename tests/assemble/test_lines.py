# SPDX-License-Identifier: Apache-2.0
"""The lines of a node: declared ones from its folder, reference lines of its country, and files that are no lines."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from hamsaya.assemble import lines as room
from hamsaya.assemble.lines import REFERENCE_UNCERTAINTY_M, lines_of, read_declared, read_line, read_references
from hamsaya.facts.errors import InputError
from hamsaya.tongues import translate

NORTH = [[61.0, 28.0], [61.0, 28.0], [61.0, 29.0], [61.0, 30.0, 900.0]]


def written(**changes) -> dict:
    feature = {"type": "Feature", "properties": {"left": "IR", "right": "PK"}, "geometry": {"type": "LineString", "coordinates": NORTH}}
    whole = {"type": "FeatureCollection", "name": "Line of 1958", "version": "2", "uncertainty_m": 50, "declared_by": "west", "features": [feature]}
    return whole | changes


def put(folder, content, name="west.geojson"):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_a_declared_line_is_read_with_its_name_version_uncertainty_and_who_declares_it(tmp_path):
    line = read_line(put(tmp_path, written()))
    assert (line.id, line.name, line.version, line.uncertainty_m, line.declared_by) == ("west", "Line of 1958", "2", 50, "west")
    assert not line.is_reference
    assert line.stretches[0].points == ((61.0, 28.0), (61.0, 29.0), (61.0, 30.0))


def test_a_line_that_nobody_declares_is_a_reference_line(tmp_path):
    assert read_line(put(tmp_path, written(declared_by=""))).is_reference


def test_a_line_of_several_parts(tmp_path):
    parts = {"type": "MultiLineString", "coordinates": [NORTH[1:3], NORTH[2:]]}
    feature = {"type": "Feature", "properties": {"left": "IR", "right": "PK", "note": "kept apart"}, "geometry": parts}
    assert len(read_line(put(tmp_path, written(features=[feature]))).stretches) == 2


def geometry(**changes) -> dict:
    return {"type": "Feature", "properties": {"left": "IR", "right": "PK"}, "geometry": {"type": "LineString", "coordinates": NORTH} | changes}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "truncated"), ("{", "truncated"), ("[1]", "object"), ("\x00", "west.geojson"),
        (written(uncertainty_m=-1), "uncertainty_m"), (written(uncertainty_m=None), "uncertainty_m"), (written(name=""), "name"),
        (written(features=[]), "features"), (written(type="Feature"), "type"),
        (written(features=[geometry(type="Polygon", coordinates=[NORTH])]), "Polygon"),
        (written(features=[geometry(coordinates=NORTH[:1])]), "length"),
        (written(features=[geometry(coordinates=NORTH[:2])]), "two different points"),
        (written(features=[geometry(coordinates=[[28.0, 97.0], [29.0, 61.0]])]), "97.0"),
        (written(features=[geometry(coordinates=[[999.0, 28.0], [61.0, 29.0]])]), "999.0"),
        (written(features=[geometry() | {"properties": {"left": "Iran", "right": "PK"}}]), "left"),
        ({name: value for name, value in written().items() if name != "version"}, "version"),
    ],
)  # fmt: skip
def test_what_is_no_line_is_named_and_never_left_out_in_silence(tmp_path, content, told):
    put(tmp_path / "lines", written(), "east.geojson")
    put(tmp_path / "lines", content)
    with pytest.raises(InputError) as caught:
        read_declared(tmp_path / "lines")
    for language in ("en", "fa", "ur"):
        assert "west.geojson" in translate(caught.value.what, language)
    assert told in str(caught.value.what)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path = put(tmp_path, written())
    monkeypatch.setattr(room, "MAX_BYTES", 10)
    with pytest.raises(InputError, match="MB"):
        read_line(path)


def test_a_node_knows_its_declared_lines_first_then_both_reference_lines(tmp_path):
    put(tmp_path / "lines", written(name="B"), "b.geojson")
    put(tmp_path / "lines", written(name="A"), "a.geojson")
    put(tmp_path / "lines", "not asked for", "notes.txt")
    known = lines_of(tmp_path, "IR")()
    assert [ruler.line.id for ruler in known[:2]] == ["a", "b"]
    references = [ruler.line for ruler in known[2:]]
    assert references, "the reference lines are missing; run: make assets"
    assert [line.id for line in references] == ["natural-earth-10m", "natural-earth-50m"]
    assert all(line.is_reference and line.uncertainty_m == REFERENCE_UNCERTAINTY_M for line in references)


def test_reference_lines_are_those_of_the_nodes_country_whichever_it_is():
    for country, neighbour in (("IR", "PK"), ("PK", "IR"), ("FI", "NO"), ("KE", "TZ")):
        for ruler in read_references(country):
            assert all(country in (stretch.left, stretch.right) for stretch in ruler.line.stretches)
            assert any(neighbour in (stretch.left, stretch.right) for stretch in ruler.line.stretches)
    assert read_references("IS") == []  # an island has no land border
    assert read_references("XX") == []


@pytest.mark.parametrize(("point", "side"), [((60.3, 29.5), "IR"), ((62.5, 28.9), "PK"), ((61.2, 26.5), "IR"), ((63.0, 26.1), "PK")])
def test_reference_lines_put_known_places_on_their_side(point, side):
    """Zahedan, Taftan's hinterland, Iranshahr's road, Turbat."""
    for ruler in read_references("IR"):
        assert ruler.stand(point).side == side


def test_without_brought_maps_there_are_no_reference_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "BROUGHT", tmp_path)
    assert lines_of(tmp_path, "IR")() == ()


@pytest.mark.shared
def test_the_stated_uncertainty_of_the_reference_lines_holds_against_openstreetmap(shared):
    osm = json.loads((shared / "data/boundary/IRN-PAK_shared_line_osm2017.geojson").read_text())["features"][0]["geometry"]["coordinates"]
    land = [(lon, lat) for lon, lat in osm if lat > 25.25]
    assert len(land) > 4000
    for ruler in read_references("IR"):
        apart = [ruler.stand(point).distance_m for point in land[::5]]
        assert max(apart) < REFERENCE_UNCERTAINTY_M
        assert max(apart) > 5_000  # it is no finer than is said, either


def test_a_desk_does_not_start_without_a_line_that_should_be_there(tmp_path):
    done = [sys.executable, "-m", "hamsaya", "init", tmp_path / "node", "--party", "west", "--country", "IR", "--zone", "UTC", "--name", "en=West"]
    subprocess.run([*done, "--desk-port", "0", "--gate-port", "0"], check=True, capture_output=True)
    put(tmp_path / "node/lines", written(version=None))
    served = subprocess.run(
        [sys.executable, "-m", "hamsaya", "serve", "--node", tmp_path / "node"], capture_output=True, text=True, timeout=60, check=False
    )
    assert served.returncode != 0
    assert "west.geojson" in served.stderr
    assert "version" in served.stderr
