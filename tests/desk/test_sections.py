# SPDX-License-Identifier: Apache-2.0
"""Sections of the border on two nodes: daily words, silence and levels; each word once, alike on both, whatever came (F51, F73)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import Clock, Pair, introduced, make_desk
from tests.desk.made import event, journal_size
from tests.desk.test_refilling import evidence, set_back
from tests.facts.made import point

from hamsaya.desk.converse import receive, settle
from hamsaya.desk.keeping import free_link, hold_link
from hamsaya.desk.offering import write_for
from hamsaya.desk.section_days import days_told
from hamsaya.desk.sections import define_section, end_section, say_day, section_of, sections_of, set_level
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.sections import SECTION_DAY, SectionDay
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical

TODAY = date(2026, 11, 22)
LINE = "61.4,29.0 61.5,29.3"


def define(desk, section="mirjaveh", **options):
    return define_section(desk.node, desk.officers["commander"], section, "Mirjaveh gate", **{"points": LINE, **options})


def said(desk, section="mirjaveh", day=None, **options):
    return say_day(desk.node, desk.officers["duty"], section, day, **options)


def told(desk, by, days=3):
    """Return what this desk knows of the days of `by`, on the link: state, office and time of each."""
    with desk.store.reading() as book:
        found = days_told(book, TODAY, TODAY + timedelta(days=days - 1), desk.clock())
    links = [each for each in found if each.by == by and (each.party != by or by != desk.node.party)]
    return {each.section: [(day.state, day.word and (day.word.at, day.word.office, day.late_days)) for day in each.days] for each in links}


def states(desk, by, days=3):
    return {section: [state for state, _ in told] for section, told in told(desk, by, days).items()}


def test_daily_words_are_the_same_on_both_nodes_and_a_missing_day_is_silence(pair):
    west, east = pair.west, pair.east
    define(west)
    said(west)
    for _ in range(2):
        west.clock.at += timedelta(days=1)
    pair.sync()
    assert states(west, "west") == states(east, "west") == {"mirjaveh": ["nothing", "silent", "open"]}
    said(west, day=TODAY + timedelta(days=1))
    pair.sync()
    assert told(west, "west") == told(east, "west")
    assert [late for _, (_, _, late) in [told(east, "west")["mirjaveh"][1]]] == [1]
    end_section(west.node, west.officers["commander"], "mirjaveh")
    west.clock.at += timedelta(days=2)
    pair.sync()
    assert states(west, "west", 5) == states(east, "west", 5) == {"mirjaveh": ["nothing", "nothing", "uncounted", "uncounted", "uncounted"]}
    for desk in (west, east):
        assert verify_store(desk.store).faults == []


def test_a_section_whose_day_has_begun_in_the_east_is_seen_at_once_in_the_west(tmp_path, places):
    """At 19:30 UTC it is the 23rd in Karachi and still the 22nd in Tehran: each side's days end with its own today."""
    clock = Clock(datetime(2026, 11, 22, 19, 30, tzinfo=UTC))
    west = make_desk(tmp_path, "west", "IR", zone="Asia/Tehran", clock=clock, places=places)
    east = make_desk(tmp_path, "east", "PK", zone="Asia/Karachi", clock=clock, places=places)
    pair = introduced(Pair(west, east))
    define(west)
    define(east, "taftan")
    said(west)
    said(east, "taftan")
    pair.sync()
    for desk in (west, east):
        with desk.store.reading() as book:
            shown = {each.section: each.days[-1] for each in days_told(book, TODAY, None, clock()) if each.party == each.by}
        assert {name: (day.day, day.state) for name, day in shown.items()} == {
            "mirjaveh": (TODAY, "nothing"),
            "taftan": (TODAY + timedelta(days=1), "nothing"),
        }
        desk.store.close()


def test_a_day_with_a_report_is_no_quiet_day_and_never_becomes_quiet_again(pair):
    west, east = pair.west, pair.east
    define(west)
    said(west)
    record = event(west, "2026-11-22", place=point(61.45, 29.1, 2000, words="Mirjaveh"))
    event(west, "2026-11-22", place=point(62.9, 26.1, 2000, words="Mand"))  # 300 km away
    event(west, "2026-11-21", place=point(61.45, 29.1, 2000, words="Mirjaveh"))
    with pytest.raises(Refused) as named:
        said(west)
    assert named.value.rule == "reports"
    assert str(named.value.what) == f"It was no quiet day: {record.id}."
    assert {each.said for each in said(west, reports=True)} == {"begins", "nothing", "reports"}
    for reports in (False, True):
        with pytest.raises(Refused):
            said(west, reports=reports)
    pair.sync()
    assert states(west, "west", 1) == states(east, "west", 1) == {"mirjaveh": ["reports"]}


def test_each_bad_word_is_refused_and_nothing_is_written(pair):
    west = pair.west
    define(west)
    said(west)
    before = journal_size(west)
    commander = west.officers["commander"]
    for verb, error in (
        (lambda: said(west), Refused), (lambda: said(west, "nowhere"), NotFound), (lambda: said(west, ""), NotFound),
        (lambda: said(west, day=TODAY + timedelta(days=1)), InputError), (lambda: said(west, day=TODAY - timedelta(days=8)), InputError),
        (lambda: said(west, day=TODAY - timedelta(days=1)), InputError),  # before it was named
        (lambda: define(west, "Mirjaveh!"), InputError), (lambda: define(west, points="61.4"), InputError),
        (lambda: define(west, points="61.4,95 61.5,29.3"), InputError), (lambda: define(west, reach_km=0), InputError),
        (lambda: define(west, points="", line="none", km="1-2"), NotFound), (lambda: define(west, neighbours=["north"]), NotFound),
        (lambda: set_level(west.node, commander, "mirjaveh", "huge", "Shots were fired twice."), InputError),
        (lambda: set_level(west.node, commander, "mirjaveh", "high", " "), InputError),
        (lambda: set_level(west.node, commander, "nowhere", "high", "Shots were fired twice."), NotFound),
        (lambda: set_level(west.node, west.officers["duty"], "mirjaveh", "high", "Shots were fired twice."), Refused),
        (lambda: define_section(west.node, west.officers["duty"], "taftan", "Taftan"), Refused),
        (lambda: say_day(west.node, west.officers["auditor"], "mirjaveh"), Refused),
    ):  # fmt: skip
        with pytest.raises(error):
            verb()
    assert journal_size(west) == before


def test_levels_stay_in_the_history_and_do_not_leave(pair):
    west, east = pair.west, pair.east
    define(west)
    for level, reason in (("medium", "Two crossings in one week."), ("high", "Shots were fired at a patrol.")):
        set_level(west.node, west.officers["commander"], "mirjaveh", level, reason)
    pair.sync()
    with west.store.reading() as book:
        assert [(each.level, each.reason, each.office) for each in book.section_levels("mirjaveh")] == [
            ("medium", "Two crossings in one week.", "commander office"), ("high", "Shots were fired at a patrol.", "commander office")]  # fmt: skip
        assert section_of(book, "mirjaveh").level.level == "high"
    with east.store.reading() as book:
        assert book.section_levels() == []
        assert sections_of(book) == []


def test_words_survive_lost_answers_repeats_and_a_restore(pair, tmp_path):
    west, east = pair.west, pair.east
    define(west)
    kept = evidence(west)
    said(west)
    with west.store.reading() as book:
        data = write_for(west.node, book, "east")
    receive(east.node, data)  # the answer is lost, and the bundle comes again
    receive(east.node, data)
    west.clock.at += timedelta(days=1)
    said(west)
    pair.sync()
    before = told(west, "west")
    assert before == told(east, "west")
    set_back(west, kept, tmp_path)
    pair.sync()
    assert told(west, "west") == told(east, "west") == before
    with pytest.raises(Refused):
        said(west)
    for desk in (west, east):
        assert verify_store(desk.store).faults == []


def test_while_a_link_is_held_the_word_is_said_here_and_told_later(pair):
    west, east = pair.west, pair.east
    define(west)
    pair.sync()
    hold_link(west.node, "east", "a test of what is said meanwhile")
    assert {each.party for each in said(west) if each.said == "nothing"} == {"west"}
    with pytest.raises(Refused):
        said(west)
    free_link(west.node, "east", "nothing was lost in this test")
    assert {each.party for each in said(west) if each.said == "nothing"} == {"west", "east"}
    pair.sync()
    assert told(east, "west", 1) == told(west, "west", 1)


def heard(three, party, days=6):
    """Return how east's section stands by day for one it tells, the same on both desks; for east itself, as it is noted for the house."""
    found = []
    for desk, to in ((three.east, party), (getattr(three, party), "east")):
        with desk.store.reading() as book:
            every = days_told(book, TODAY, TODAY + timedelta(days=days - 1), desk.clock())
        found.append([day.state for each in every if (each.by, each.party) == ("east", to) for day in each.days])
    assert found[0] == found[1]
    return "".join({"silent": "s", "open": "o", "uncounted": "-", "nothing": "n"}[state] for state in found[0])


def test_neighbour_that_is_taken_off_a_sections_list_counts_its_days_no_more(three, tmp_path):
    """Each line is a day: north is taken off, put on again, taken off while its link is held; then the section ends while west's is."""
    east, both = three.east, ["west", "north"]
    next_day = timedelta(days=1)
    define(east, neighbours=both)
    three.sync()
    kept = evidence(east)
    east.clock.at += next_day
    define(east, neighbours=["west"])
    three.sync()
    assert heard(three, "north", 3) == "s--"
    assert heard(three, "west", 3) == heard(three, "east", 3) == "soo"
    set_back(east, kept, tmp_path)
    three.sync()
    assert heard(three, "east", 3) == "soo"  # what was said to north came back; the section goes on
    define(east, neighbours=["west"])
    east.clock.at += next_day
    define(east, neighbours=both)
    three.sync()
    assert heard(three, "north", 3) == "s-o"
    east.clock.at += next_day
    hold_link(east.node, "north", "a test of what is decided meanwhile")
    define(east, neighbours=["west"])
    assert heard(three, "north", 4) == "s-so"
    three.sync()  # which frees the link: nothing was lost
    assert heard(three, "north", 4) == "s-s-"
    east.clock.at += next_day
    hold_link(east.node, "west", "a test of what is decided meanwhile")
    end_section(east.node, east.officers["commander"], "mirjaveh")
    east.clock.at += next_day
    free_link(east.node, "west", "nothing was lost in this test")
    settle(east.node)  # as before a stick is written
    with east.store.reading() as book:
        receive(three.west.node, write_for(east.node, book, "west"))
    with three.west.store.reading() as book:
        assert [(each.day, each.office) for each in book.section_days() if each.said == "ends"] == [("2026-11-27", "commander office")]
    three.sync()
    assert (heard(three, "north"), heard(three, "west"), heard(three, "east")) == ("s-s---", "sssss-", "ssss--")
    size = journal_size(east)
    three.sync()
    assert journal_size(east) == size
    for desk in (three.west, east, three.north):
        assert verify_store(desk.store).faults == []


@pytest.mark.parametrize(
    "changes",
    [
        {"section": "Words that leave"}, {"section": "x" * 30}, {"day": "2026-11-30"}, {"day": "2026-11-01"}, {"day": "tomorrow"},
        {"day": "20261122"}, {"said": "all quiet here"}, {"office": "x" * 300}, {"office": "a\u202eb"}, {"more": "words"},
    ],
)  # fmt: skip
def test_a_word_that_is_not_in_form_is_quarantined(pair, changes):
    west, east = pair.west, pair.east
    word = {"section": "mirjaveh", "day": "2026-11-22", "said": "nothing", "office": "duty office", "at": east.clock().isoformat()} | changes
    with east.store.writing() as pen:
        pen.extend(link_log("east", "west"), SECTION_DAY, canonical(word), east.officers["duty"])
    pair.sync()
    with west.store.reading() as book:
        assert [(each.kind, each.state) for each in book.inbox() if each.kind == SECTION_DAY] == [(SECTION_DAY, "quarantined")]
        assert book.section_days() == []
    assert verify_store(west.store).faults == []


def test_the_same_word_signed_twice_counts_as_the_first_on_whichever_came_first(pair):
    west, east = pair.west, pair.east
    at = east.clock()
    for minutes in (5, 0, 9):
        word = SectionDay(section="mirjaveh", day="2026-11-22", said="nothing", office="duty", at=at - timedelta(minutes=minutes))
        with east.store.writing() as pen:
            pen.extend(link_log("east", "west"), SECTION_DAY, canonical(word), east.officers["duty"])
        pair.sync()
    with west.store.reading() as book:
        assert [each.at for each in book.section_days()] == [at - timedelta(minutes=9)]
        states = [each.state for each in book.inbox() if each.kind == SECTION_DAY]
    assert states == ["noted"] * 3
    assert verify_store(west.store).faults == []
