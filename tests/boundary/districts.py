# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  (it prints; that is its job)
"""How well a point that contradicts its district is found, on real rows: recall of the misplaced Sui rows, precision of the other flags.

    python -m tests.boundary.districts

`ged_looked_at.toml` holds what was found by looking, row by row, with a reason each.
"""

from __future__ import annotations

import csv
import gzip
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

from hamsaya.boundary.measure import Point
from hamsaya.boundary.outlying import Outlying, outlying

SHARED = Path(__file__).resolve().parents[3] / "shared"
LOOKED_AT = Path(__file__).parent / "ged_looked_at.toml"
RADIUS_M: Final = {"1": 1_000, "2": 25_000, "3": 50_000, "4": 200_000, "5": 25_000, "6": 900_000}
"""What UCDP's `where_prec` says: the very place, about 25 km around it, a district, a province, a line or a vague area, the country."""


class Row(NamedTuple):
    """One event of the data set."""

    id: int
    district: str
    place: str
    says: str
    point: Point
    radius_m: int


class Measured(NamedTuple):
    """What the flags are worth: which of the misplaced rows were found; of the other flags, which are right and which wrong."""

    found: list[int]
    missed: list[int]
    right: list[int]
    wrong: list[int]
    unjudged: list[int]

    @property
    def recall(self) -> float:
        """Return which part of the misplaced rows is flagged."""
        return len(self.found) / (len(self.found) + len(self.missed))

    @property
    def precision(self) -> float:
        """Return which part of the other flags is right."""
        return len(self.right) / max(1, len(self.right) + len(self.wrong))


def rows() -> list[Row]:
    """Return the rows that name a district."""
    with gzip.open(SHARED / "data/ged/ucdp_ged_pakistan_1989_2015.csv.gz", "rt", encoding="utf-8", newline="") as text:
        return [
            Row(int(row["id"]), row["adm_2"], row["where_coordinates"], row["where_description"],
                (float(row["longitude"]), float(row["latitude"])), RADIUS_M[row["where_prec"]])
            for row in csv.DictReader(text) if row["adm_2"]
        ]  # fmt: skip


def flags(all_rows: list[Row], *, radius: bool = True) -> list[tuple[Row, Outlying]]:
    """Return the rows that contradict their district; without `radius` as if each point were exact."""
    points: dict[str, set[Point]] = defaultdict(set)
    for row in all_rows:
        points[row.district].add(row.point)
    told: dict[tuple[str, Point, int], Outlying | None] = {}
    for row in all_rows:
        key = (row.district, row.point, row.radius_m if radius else 0)
        if key not in told:
            told[key] = outlying(row.point, key[2], points[row.district])
    return [(row, found) for row in all_rows if (found := told[row.district, row.point, row.radius_m if radius else 0]) is not None]


def measure(flagged: list[tuple[Row, Outlying]]) -> Measured:
    """Compare the flags with what was found by looking."""
    looked_at = tomllib.loads(LOOKED_AT.read_text("utf-8"))
    misplaced = [each["id"] for each in looked_at["misplaced"]]
    wrong_place = {each: judged["wrong"] for judged in looked_at["judged"] for each in judged["ids"]}
    ids = [row.id for row, _ in flagged]
    others = [each for each in ids if each not in misplaced]
    return Measured(
        found=[each for each in misplaced if each in ids], missed=[each for each in misplaced if each not in ids],
        right=[each for each in others if wrong_place.get(each) is True], wrong=[each for each in others if wrong_place.get(each) is False],
        unjudged=[each for each in others if each not in wrong_place],
    )  # fmt: skip


def main() -> None:
    """Measure and tell."""
    all_rows = rows()
    for words, radius in (("as the desk flags", True), ("as if each point were exact", False)):
        flagged = flags(all_rows, radius=radius)
        found = measure(flagged)
        print(f"{words}: {len(flagged)} of {len(all_rows)} rows flagged")
        print(f"  misplaced Sui rows: {len(found.found)} of {len(found.found) + len(found.missed)} found (recall {found.recall:.2f})")
        print(
            f"  other flags: {len(found.right)} right, {len(found.wrong)} not (precision {found.precision:.2f}), {len(found.unjudged)} not looked at"
        )
        shown: dict[tuple[str, str], tuple[int, Outlying]] = {}
        for row, told in flagged:
            shown[row.district, row.place] = (shown.get((row.district, row.place), (0, told))[0] + 1, told)
        for (district, place), (n, told) in sorted(shown.items(), key=lambda each: -each[1][1].distance_m):
            print(f"    {n:3} × {place} ({district}): {told.distance_m / 1e3:.0f} km from where {told.centre.points} other points put it")


if __name__ == "__main__":
    main()
