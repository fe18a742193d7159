# SPDX-License-Identifier: Apache-2.0
"""Exercises over two desks: invited, checked against what else is planned, and written as a notice (F38 to F41)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.conftest import START, make_desk, release
from tests.desk.made import journal_size
from tests.desk.walk import officer, typed

from hamsaya.desk.announced import not_kept
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.matters import matter_with, move_matter
from hamsaya.desk.meetings import agenda_for
from hamsaya.desk.notices import EXERCISE_ONLY, notice_of, read_lanes, take_notice
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.planned import check_record, check_typed, stock_of, window_of
from hamsaya.desk.release import propose_release
from hamsaya.desk.terms import sample_terms
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.formats.notice import Unreadable
from hamsaya.formats.reading import read_warning
from hamsaya.formats.writing import write_navarea, write_navtex
from hamsaya.settlement.exercise import EXERCISE
from hamsaya.settlement.patrol import PATROL

HERE = "61.4, 24.9; 61.7, 24.9; 61.7, 25.1; 61.4, 25.1; 61.4, 24.9"
FAR = "65.4, 24.9; 65.7, 24.9; 65.7, 25.1; 65.4, 24.9"
OVER_THE_LINE = "179.9, -15; -179.9, -15; -179.9, -15.2; 179.9, -15.2; 179.9, -15"
WARNING = """GULF OF OMAN.
1. GUNNERY EXERCISES {hours}
   IN AREA BOUND BY
   24-54.0N 061-30.0E, 24-54.0N 061-36.0E, 25-06.0N 061-36.0E.
2. CANCEL THIS MSG {after}.
"""


@pytest.fixture
def west(pair):
    return pair.west


def planned(desk, **changed):
    """File an exercise from the form's examples, without phases unless they are given."""
    sheet = typed(EXERCISE.form, "") | {"phases": "", "phase_areas": "", "area": HERE} | changed
    return open_matter(desk.node, officer(desk, "file", "propose"), "exercise", Sheet(typed=sheet)).held.record.id


def invited(pair, **changed):
    record = planned(pair.west, **changed)
    release(pair.west, record)
    pair.sync()
    return record


def check(desk, record, lanes=()):
    with desk.store.reading() as book:
        return check_record(desk.node, book, record, stock_of(desk.node, book, lanes))


def warning(desk, first, last):
    at = [desk.node.now() + timedelta(days=each) for each in (first, last, last + 1)]
    start, end, after = (f"{each:%d%H%M}Z {each:%b %y}".upper() for each in at)
    return WARNING.format(hours=f"{start} TO {end}", after=after).encode()


def test_neighbours_plan_is_named_with_both_contacts_until_it_is_cancelled(agreed):
    record = invited(agreed, contact="Operations desk west, channel 16")
    ours = planned(agreed.east, name="Patrol drill", window="+5d – +9d", contact="Duty officer east, hotline 2")
    (found,) = check(agreed.east, ours)
    assert (found.other.ref, found.other.party, found.other.contact) == (record, "west", "Operations desk west, channel 16")
    assert (found.one.contact, found.other.kind) == ("Duty officer east, hotline 2", "exercise")
    assert found.last - found.first <= timedelta(days=1, minutes=1)
    assert check(agreed.west, record) == []  # east has not told of its own
    with agreed.east.store.reading() as book:
        assert matter_with(agreed.east.node, book, record).standing.state == "invited"
    move_matter(agreed.west.node, officer(agreed.west, "propose"), record, "cancel")
    agreed.sync()
    assert check(agreed.east, ours) == []


def test_postponed_exercise_meets_what_is_planned_for_its_new_time_only(agreed):
    record = invited(agreed, window="+3d – +4d")
    before, after = (planned(agreed.east, window=window) for window in ("+3d – +4d", "+20d – +22d"))
    assert ([each.other.ref for each in check(agreed.east, before)], check(agreed.east, after)) == ([record], [])
    moved = answer_matter(agreed.west.node, officer(agreed.west, "propose"), record, "postpone", Sheet(typed={"window": "+20d – +21d"}))
    release(agreed.west, moved.held.record.id)
    agreed.sync()
    assert [each.other.ref for each in check(agreed.east, after)] == [record]
    assert check(agreed.east, before) == []


def patrol(desk, **changed):
    """File a patrol in the exercise's area, at its time."""
    sheet = typed(PATROL.form, "") | {"area": HERE, "window": "+3d – +4d"} | changed
    return open_matter(desk.node, officer(desk, "file", "propose"), "patrol", Sheet(typed=sheet)).held.record.id


def test_patrol_that_was_not_told_is_checked_at_home_and_one_that_was_is_on_both_sides_with_both_contacts(agreed):
    west, east = agreed.west, agreed.east
    drill = invited(agreed, contact="Operations desk west, channel 16", window="+3d – +5d")
    home = patrol(east, contact="Duty officer east, hotline 2")
    (found,) = check(east, home)
    assert (found.other.ref, found.other.kind, found.other.contact) == (drill, "exercise", "Operations desk west, channel 16")
    assert (found.one.kind, found.one.contact) == ("patrol", "Duty officer east, hotline 2")
    assert check(west, drill) == []  # east has told of none
    release(east, home)
    agreed.sync()
    (met,) = check(west, drill)
    assert (met.other.ref, met.other.kind, met.other.party, met.other.contact) == (home, "patrol", "east", "Duty officer east, hotline 2")
    assert met.one.contact == "Operations desk west, channel 16"
    beside = patrol(west, contact="Post west, channel 8")
    assert {(each.other.ref, each.other.kind) for each in check(west, beside)} == {(home, "patrol"), (drill, "exercise")}
    later = answer_matter(east.node, officer(east, "propose"), home, "postpone", Sheet(typed={"window": "+20d – +21d"}))
    release(east, later.held.record.id)
    agreed.sync()
    assert [each.other.ref for each in check(west, drill)] == [beside]
    assert [each.other.ref for each in check(west, beside)] == [drill]
    with west.store.reading() as book:
        stock = stock_of(west.node, book)
        assert window_of(book.versions(home)[-1].record, stock).start > START + timedelta(days=19)
        assert matter_with(west.node, book, home).standing.state == "postponed"
    move_matter(west.node, officer(west, "acknowledge"), home, "note")
    agreed.sync()
    with east.store.reading() as book:
        assert matter_with(east.node, book, home).standing.state == "acknowledged"
        assert home not in [each.name for each in agenda_for(east.node, book, "west").items]
    other = planned(west, window="+20d – +22d")
    assert [each.other.ref for each in check(west, other)] == [home]
    move_matter(east.node, officer(east, "propose"), home, "hold")
    agreed.sync()
    assert check(west, other) == []


def test_patrol_that_nobody_was_told_of_is_called_off_by_a_correction_that_leaves_its_time_out(west):
    home, beside = patrol(west), planned(west)
    assert [each.other.ref for each in check(west, beside)] == [home]
    with west.store.reading() as book:
        claims = [claim for claim in book.versions(home)[-1].record.claims if claim.predicate != "window"]
    correct_record(west.node, officer(west, "file"), home, claims)
    assert check(west, beside) == []
    with pytest.raises(NotFound):
        check(west, home)


def test_postponed_exercise_is_written_with_its_new_time(agreed):
    record = invited(agreed, window="+3d – +4d")
    moved = answer_matter(agreed.west.node, officer(agreed.west, "propose"), record, "postpone", Sheet(typed={"window": "+20d – +21d"}))
    release(agreed.west, moved.held.record.id)
    with agreed.west.store.reading() as book:
        stock = stock_of(agreed.west.node, book)
        notice = notice_of(agreed.west.node, book, record, moved=stock.postponed.get(record))
    (span,) = notice.spans
    assert span.start > START + timedelta(days=19)


def test_patrol_leaves_only_where_the_agreement_lets_it(pair):
    terms = sample_terms("west", "east", START - timedelta(days=1)).replace('"patrol", ', "")
    pair.agree(terms)
    home = patrol(pair.east)
    proposed = propose_release(pair.east.node, pair.east.officers["duty"], home, purpose="prevention", necessity="Nobody should meet it unawares.")
    assert (proposed.condition, proposed.rule) == ("refused", "deny-by-default")
    assert [each.other.ref for each in check(pair.east, patrol(pair.east))] == [home]


def test_phase_with_its_own_area_meets_by_itself_and_areas_over_the_antimeridian_meet(west):
    whole = planned(west, area=OVER_THE_LINE, phases="+3d – +4d: landing", phase_areas=f"landing: {FAR}", name="Long one")
    other = planned(west, area=FAR, window="+3d – +6d")
    assert [each.other.label for each in check(west, other)] == ["Long one: landing"]
    east_side = planned(west, area="-179.95, -15.1; -179.5, -15.1; -179.5, -15.3; -179.95, -15.1")
    assert whole in [each.other.ref for each in check(west, east_side)]


def test_typed_plan_is_checked_and_nothing_is_written(west):
    record = planned(west)
    size = journal_size(west)
    with west.store.reading() as book:
        assert [each.other.ref for each in check_typed(west.node, book, {"area": HERE, "window": "+4d – +5d"})] == [record]
        assert check_typed(west.node, book, {"area": FAR, "window": "+4d – +5d"}) == []
        for wrong in ({"area": HERE}, {"window": "+4d – +5d"}, {"area": HERE, "window": "+5d – +4d"}, {"area": HERE, "window": "2020-01-01 – 2020-01-02"},
                      {"area": "61, 25; 62, 26; 62, 25; 61, 26; 61, 25", "window": "+4d – +5d"}, {"area": "61, 25", "window": "+4d – +5d"},
                      {"area": "0, 88; 120, 88; -120, 88; 0, 88", "window": "+4d – +5d"}):  # fmt: skip
            with pytest.raises(InputError):
                check_typed(west.node, book, wrong)
    assert journal_size(west) == size


def test_warning_is_taken_in_as_a_notice_and_lanes_are_asked_too(west):
    filed, notice = take_notice(
        west.node, officer(west, "file"), warning(west, 4, 6), number="NAVAREA IX 7/26", issued=f"{west.node.now():%d%H%MZ %b %Y}"
    )
    assert len(notice.shapes) == 1
    lane = {"type": "Feature", "properties": {"name": "Inner lane"}, "geometry": {"type": "LineString", "coordinates": [[61.0, 25.0], [62.0, 25.0]]}}
    record = planned(west)
    found = check(west, record, read_lanes(json.dumps(lane).encode(), "lanes.json"))
    assert [(each.other.kind, each.other.label, each.other.contact) for each in found] == [
        ("lane", "Inner lane", ""), ("notice", "GUNNERY EXERCISES", "NAVAREA IX 7/26"),
    ]  # fmt: skip
    with west.store.reading() as book:
        held = book.versions(filed)[0].record
    assert (held.basis, held.claims[0].speaker.office, held.claims[0].grade) == ("attributed", "NAVAREA IX", "F6")


@pytest.mark.parametrize(
    "lanes",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}',
        b'{"type": "FeatureCollection", "features": [null]}',
    ],
)
def test_lanes_that_are_none_are_refused(lanes):
    with pytest.raises(InputError):
        read_lanes(lanes, "lanes.json")


def test_warning_that_cannot_be_read_whole_is_refused_and_nothing_is_kept(west):
    size = journal_size(west)
    for text in (warning(west, 4, 6).replace(b"061-36.0E.", b"061-36.0E,"), b"\xff\xfe", b""):
        with pytest.raises(Unreadable):
            take_notice(west.node, officer(west, "file"), text, issued=f"{west.node.now():%d%H%MZ %b %Y}")
    with pytest.raises(Refused):
        take_notice(west.node, next(each for each in west.officers.values() if each.role == "auditor"), warning(west, 4, 6))
    assert journal_size(west) == size


def test_exercise_becomes_a_text_that_reads_back_as_its_area_and_time(west):
    record = planned(west)
    with west.store.reading() as book:
        notice = notice_of(west.node, book, record, regions=["Arabian Sea"])
    for text in (write_navarea(notice), write_navtex(notice, station="P", number=4)):
        back = read_warning(text)
        assert back.shapes[0].points == ((61400000, 24900000), (61700000, 24900000), (61700000, 25100000), (61400000, 25100000))
        assert back.spans == notice.spans
        assert "SEA AND SEARCH AND RESCUE EXERCISE" in " ".join(text.split())


def test_text_of_an_exercise_node_says_so_and_no_real_node_takes_it_in(west, tmp_path):
    """Law 15: a text that could be broadcast carries the watermark itself."""
    training = make_desk(tmp_path, "north", "IR", exercise=True)
    record = planned(training)
    with training.store.reading() as book:
        text = write_navtex(notice_of(training.node, book, record), station="K", number=1)
    assert EXERCISE_ONLY in " ".join(text.split())
    assert take_notice(training.node, officer(training, "file"), text.encode())[1].shapes
    with pytest.raises(Refused) as named:
        take_notice(west.node, officer(west, "file"), text.encode())
    assert named.value.rule == "exercise"
    real = planned(west)
    with west.store.reading() as book:
        assert EXERCISE_ONLY not in " ".join(write_navarea(notice_of(west.node, book, real)).split())
    training.store.close()


def test_what_is_no_exercise_is_not_found(west):
    held = west.file()
    with west.store.reading() as book:
        for ask in (
            lambda: check_record(west.node, book, held.record.id),
            lambda: notice_of(west.node, book, held.record.id),
            lambda: check_record(west.node, book, "X"),
        ):
            with pytest.raises(NotFound):
                ask()


CLAUSE = """
[[clauses]]
number = "31"
type = "exercises"
notice_days = 14
within_km = 50
observers = false
"""


def test_both_desks_tell_what_the_agreement_asks_of_an_announcement_and_this_one_does_not_keep(pair):
    pair.agree(sample_terms("west", "east", START - timedelta(days=1)) + CLAUSE)
    late, timely = invited(pair), invited(pair, window="+20d – +21d")
    move_matter(pair.east.node, officer(pair.east, "propose"), timely, "observe")
    pair.sync()
    told = []
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            told.append([[str(each) for each in not_kept(book, matter_with(desk.node, book, record))] for record in (late, timely)])
    assert told[0] == told[1]
    (days,), (observers,) = told[0]
    assert "announced 14 days before; this one was announced 2 days before" in days or "announced 3 days before" in days
    assert observers == "Clause 31 lets no observers come."


def test_an_agreement_without_that_clause_asks_nothing(agreed):
    record = invited(agreed)
    with agreed.west.store.reading() as book:
        assert not_kept(book, matter_with(agreed.west.node, book, record)) == []
