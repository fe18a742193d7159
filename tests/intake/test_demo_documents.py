# SPDX-License-Identifier: Apache-2.0
"""The demonstration's documents are read as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources

import pytest

from hamsaya.facts.claims import Claim, field_of
from hamsaya.facts.records import Draft
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Words
from hamsaya.intake import Reading, read_document

FOLDER = resources.files("hamsaya.demo").joinpath("documents")
SETTINGS = {
    "exercise-west.fa.txt": {"origin": "IR", "basis": "own", "zone": "Asia/Tehran"},
    "exercise-east.ur.txt": {"origin": "PK", "basis": "own", "zone": "Asia/Karachi"},
    "exercise-report.en.txt": {"origin": "PK", "basis": "own", "zone": "Asia/Karachi"},
    "press-pk-2014-10-22.en.txt": {"origin": "PK", "zone": "Asia/Karachi"},
    "press-pk-2014-10-22.ur.txt": {"origin": "PK", "zone": "Asia/Karachi"},
    "press-ir-2014-10-19.fa.txt": {"origin": "IR", "zone": "Asia/Tehran"},
}


def read(name: str) -> Reading:
    return read_document(FOLDER.joinpath(name).read_bytes(), name=name, **SETTINGS[name])


def by_field(draft: Draft) -> dict[str, Claim]:
    return {field_of(claim): claim for claim in draft.claims}


def day(draft: Draft) -> str:
    moment = by_field(draft)["occurred"].value
    assert isinstance(moment, Moment)
    assert moment.start is not None
    assert moment.end is not None
    middle = moment.start + (moment.end - moment.start) / 2
    return middle.date().isoformat()


def count(draft: Draft, field: str) -> tuple[int, int | None]:
    found = by_field(draft)[field].value
    assert isinstance(found, Count)
    return found.low, found.high


def coded(draft: Draft, field: str) -> tuple[str, str]:
    found = by_field(draft)[field].value
    assert isinstance(found, Coded)
    return found.code, found.country


def ref(draft: Draft) -> str:
    found = by_field(draft)["place"].value
    assert isinstance(found, Place)
    return found.ref


def test_all_documents_of_the_folder_are_tested() -> None:
    assert {entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".txt")} == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_claim_stands_in_a_sentence_that_may_bear_it_and_nothing_is_asked(name: str) -> None:
    reading = read(name)
    assert reading.drafts
    for draft in reading.drafts:
        assert not draft.open_questions
        for claim in draft.claims:
            assert claim.span is not None
            assert not any(claim.span.sentence_start < each.end and each.start < claim.span.sentence_end for each in reading.excluded)


def test_the_two_exercise_reports_agree_differ_and_are_silent() -> None:
    (west,), (east,) = read("exercise-west.fa.txt").drafts, read("exercise-east.ur.txt").drafts
    assert (west.kind, east.kind) == ("incident_account", "incident_account")
    assert (west.side, west.basis, east.side, east.basis) == ("IR", "own", "PK", "own")
    one, other = by_field(west), by_field(east)
    for fields in (one, other):
        moment = fields["occurred"].value
        assert isinstance(moment, Moment)
        assert (moment.start, moment.precision) == (datetime(2026, 11, 12, 13, 10, tzinfo=UTC), "minute")
    for field in ("action", "property"):
        assert coded(west, field) == coded(east, field)
    assert count(west, "wounded:civilian@PK") == count(east, "wounded:civilian@PK") == (1, 1)
    assert coded(west, "actor") == ("smuggler", "")
    assert coded(east, "actor") == ("border_guard", "IR")
    assert count(west, "strength:border_guard@IR") == (6, 6)
    assert count(east, "strength:border_guard@IR") == (12, 12)
    assert (ref(west), ref(east)) == ("IR.mirjaveh", "PK.taftan")
    assert set(one) - set(other) == {"means", "strength:smuggler"}
    assert set(other) - set(one) == {"depth", "duration"}
    depth, duration = other["depth"].value, other["duration"].value
    assert isinstance(depth, Depth)
    assert (depth.low_m, depth.territory) == (300, "PK")
    assert isinstance(duration, Words)
    assert all(claim.speaker.kind == "own" for claim in (*west.claims, *east.claims))


@pytest.mark.parametrize("name", ["exercise-west.fa.txt", "exercise-east.ur.txt", "exercise-report.en.txt"])
def test_first_line_says_that_it_is_an_exercise(name: str) -> None:
    first = read(name).text.splitlines()[0].lower()
    assert any(word in first for word in ("تمرین", "مشق", "exercise"))


def test_the_english_press_text() -> None:
    meeting, e1, e2 = read("press-pk-2014-10-22.en.txt").drafts
    assert (meeting.kind, day(meeting), ref(meeting)) == ("meeting", "2014-10-22", "IR.tehran")
    assert {claim.value.code for claim in meeting.claims if claim.predicate == "decision" and isinstance(claim.value, Coded)} == {
        "improve_intelligence_sharing", "improve_surveillance",
    }  # fmt: skip
    assert (day(e1), ref(e1), coded(e1, "actor")) == ("2014-10-17", "PK.mand", ("border_guard", "IR"))
    assert count(e1, "killed:border_guard@PK") == (1, 1)
    assert count(e1, "wounded:border_guard@PK") == (3, 3)
    assert by_field(e1)["killed:border_guard@PK"].speaker.office == "FC spokesman"
    assert (day(e2), ref(e2)) == ("2014-10-18", "PK.nok-kundi")
    assert count(e2, "strength:border_guard@IR") == (25, 35)
    assert count(e2, "held:civilian") == (1, None)
    assert by_field(e2)["held:civilian"].grade == "F6"


def test_the_persian_press_text() -> None:
    e3, e4, complaint = read("press-ir-2014-10-19.fa.txt").drafts
    assert (day(e3), e3.side, coded(e3, "actor")) == ("2014-10-16", "IR", ("armed_group_member", ""))
    assert count(e3, "killed:border_guard@IR") == (2, 2)
    assert count(e3, "wounded:border_guard@IR") == (3, None)
    assert by_field(e3)["killed:border_guard@IR"].speaker.kind == "office"
    assert (day(e4), ref(e4)) == ("2014-10-08", "IR.saravan")
    assert count(e4, "killed:police") == (3, 3)
    assert (complaint.kind, complaint.side, day(complaint)) == ("complaint", "IR", "2014-10-18")
    assert coded(complaint, "demand") == ("prevent_repetition", "")


def test_the_urdu_press_text() -> None:
    e1, e2 = read("press-pk-2014-10-22.ur.txt").drafts
    assert (day(e1), ref(e1), coded(e1, "actor")) == ("2014-10-18", "PK.mand", ("border_guard", "IR"))
    assert count(e1, "killed:border_guard@PK") == (1, 1)
    assert count(e1, "wounded:border_guard@PK") == (3, 3)
    assert (day(e2), ref(e2)) == ("2014-10-18", "PK.nok-kundi")
    assert count(e2, "strength:border_guard@IR") == (25, 35)
    assert count(e2, "held:civilian") == (1, None)


def test_the_intelligence_report() -> None:
    (report,) = read("exercise-report.en.txt").drafts
    assert (report.kind, report.basis, report.side) == ("intelligence_report", "own", "PK")
    assert count(report, "strength:armed_group_member") == (17, 23)
    assert ref(report) == "PK.mashkel"
    means = [claim for claim in report.claims if claim.predicate == "means"]
    assert {claim.speaker.kind for claim in means} == {"source"}
    assert {claim.grade for claim in means} == {"F6"}
