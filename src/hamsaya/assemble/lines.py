# SPDX-License-Identifier: Apache-2.0
"""The lines that a node knows: two reference lines of Natural Earth, and those declared in its folder `lines/`.

A declared line is a GeoJSON file: a FeatureCollection with `name`, `version`, `uncertainty_m`, `declared_by`, and
features that are lines, each with the states on its `left` and `right`. Without `declared_by` it is one more reference line.
A file that cannot be read is an error that names it, never a line that is missing without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

import msgspec
from babel.core import get_global

from hamsaya.boundary.lines import Line, Ruler, Stretch
from hamsaya.boundary.measure import Point
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.words import say

FOLDER: Final = "lines"
MAX_BYTES: Final = 32 << 20
BROUGHT: Final = Path(__file__).parents[1] / "brought"
REFERENCES: Final = {"10m": ("natural-earth-10m", "Natural Earth 1:10 m", 1_900), "50m": ("natural-earth-50m", "Natural Earth 1:50 m", 2_300)}
"""Their names, and how far half of each lies off at most."""
REFERENCE_UNCERTAINTY_M: Final = 15_000
"""Measured on 22 November 2026 along the land border of Iran and Pakistan: no point of the OpenStreetMap line of 2017 lies farther than
12.3 km from the 1:10 m line, and 13.3 km from the 1:50 m line (medians 1.9 and 2.3 km)."""
_Code = Annotated[str, msgspec.Meta(pattern="^([A-Z]{2})?$")]
_Position = Annotated[list[float], msgspec.Meta(min_length=2, max_length=4)]
_Positions = Annotated[list[_Position], msgspec.Meta(min_length=2)]
_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class _LineString(msgspec.Struct, tag_field="type", tag="LineString"):
    coordinates: _Positions


class _MultiLineString(msgspec.Struct, tag_field="type", tag="MultiLineString"):
    coordinates: Annotated[list[_Positions], msgspec.Meta(min_length=1)]


class _Sides(msgspec.Struct):
    left: _Code
    right: _Code


class _Feature(msgspec.Struct, tag_field="type", tag="Feature"):
    properties: _Sides
    geometry: _LineString | _MultiLineString


class _Declared(msgspec.Struct, tag_field="type", tag="FeatureCollection", kw_only=True):
    name: _Short
    version: _Short
    uncertainty_m: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    declared_by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    usual_m: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    source: Annotated[str, msgspec.Meta(max_length=500)] = ""
    features: Annotated[list[_Feature], msgspec.Meta(min_length=1)]


class _Border(msgspec.Struct):
    left: str
    right: str
    points: list[tuple[float, float]]


class _Borders(msgspec.Struct):
    version: str
    lines: list[_Border]


def lines_of(folder: Path, country: str) -> Callable[[], tuple[Ruler, ...]]:
    """Return what gives the lines of the node in `folder`: declared ones first. They are read once, when first asked for."""

    @cache
    def read() -> tuple[Ruler, ...]:
        return (*read_declared(folder / FOLDER), *read_references(country))

    return read


def read_declared(folder: Path) -> list[Ruler]:
    """Return the lines in the folder by file name. Raises `InputError` or `OperatorError` naming the file."""
    return [Ruler(read_line(path)) for path in sorted(folder.glob("*.geojson"))] if folder.is_dir() else []


def read_line(path: Path) -> Line:
    """Return the line in a file. Raises `InputError` or `OperatorError` naming the file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(say("{file}: a line's file may have up to {n} MB.", file=path.name, n=MAX_BYTES >> 20))
        data = path.read_bytes()
    except OSError as error:
        raise OperatorError(say("{file} cannot be read: {why}", file=path.name, why=error.strerror or error)) from error
    try:
        found = msgspec.json.decode(data, type=_Declared)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            say("{file}: {why}", file=path.name, why=error), say("docs/how-to/lines.md shows how a declared line is written.")
        ) from error
    stretches = tuple(
        Stretch(feature.properties.left, feature.properties.right, _points(path.name, part))
        for feature in found.features
        for part in ([feature.geometry.coordinates] if isinstance(feature.geometry, _LineString) else feature.geometry.coordinates)
    )
    return Line(
        id=path.stem, name=found.name, version=found.version, uncertainty_m=found.uncertainty_m, declared_by=found.declared_by.strip(),
        source=found.source, usual_m=found.usual_m, stretches=stretches,
    )  # fmt: skip


def _points(file: str, positions: list[list[float]]) -> tuple[Point, ...]:
    """Return the positions as points, without one that repeats the one before it."""
    points = [(position[0], position[1]) for position in positions]
    for lon, lat in points:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise InputError(say("{file}: a position is longitude, then latitude, in degrees; this came: {came}", file=file, came=f"{lon}, {lat}"))
    kept = [points[0], *(after for before, after in pairwise(points) if after != before)]
    if len(kept) < 2:
        raise InputError(say("{file}: a line needs two different points.", file=file))
    return tuple(kept)


def read_references(country: str) -> list[Ruler]:
    """Return the two reference lines about a country; none where the build brought no maps."""
    found = []
    for scale, (name, title, usual_m) in REFERENCES.items():
        path = BROUGHT / f"lines-{scale}.json"
        if path.is_file():
            borders = msgspec.json.decode(path.read_bytes(), type=_Borders)
            codes = {each: _alpha2(each) for border in borders.lines for each in (border.left, border.right)}
            stretches = tuple(
                Stretch(codes[border.left], codes[border.right], tuple(border.points))
                for border in borders.lines
                if country in (codes[border.left], codes[border.right])
            )
            if stretches:
                found.append(Ruler(Line(
                    id=name, name=title, version=borders.version, uncertainty_m=REFERENCE_UNCERTAINTY_M, declared_by="",
                    source="naturalearthdata.com", usual_m=usual_m, stretches=stretches,
                )))  # fmt: skip
    return found


def _alpha2(number: str) -> str:
    """Return a country's two letters for its ISO 3166-1 number, or nothing where Natural Earth gives it none."""
    found = get_global("territory_aliases").get(number, [])
    return str(found[0]) if len(found) == 1 else ""
