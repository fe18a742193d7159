# SPDX-License-Identifier: Apache-2.0
"""The figures of a period: both nodes print the same bytes, whatever the link did, and after a restore (F31, law 7, law 15)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.conftest import release
from tests.desk.made import file
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_requests import answer, ask, stands
from tests.facts.made import claim, code, count, day

from hamsaya.desk.acts_quarantine import QuarantineTold
from hamsaya.desk.converse import receive
from hamsaya.desk.distress import answer_distress, send_stop
from hamsaya.desk.erasing import confirm_erasure, decide_erasure, order_erasure
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.matters import move_matter
from hamsaya.desk.offering import write_for
from hamsaya.desk.recalls import recall_release
from hamsaya.desk.requests import refuse_request
from hamsaya.desk.sections import define_section, say_day
from hamsaya.desk.statistics import statistics
from hamsaya.desk.statistics_csv import safe, write_csv
from hamsaya.exchange.quarantine import EntryQuarantined
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.values import Place

FIRST, LAST = date(2026, 11, 22), date(2026, 11, 25)


def told(desk, first=FIRST, last=LAST, party=""):
    with desk.store.reading() as book:
        return statistics(desk.node, book, first, last, party)


def rows(desk, table, **options):
    return [row for row in told(desk, **options).rows if row.table == table]


def wounded(desk, low, high):
    return file(desk, claim("action", code("armed_attack"), grade=None), claim("occurred", day("2026-11-22"), grade=None),
                claim("wounded", count(low, high), grade=None)).record.id  # fmt: skip


def lose_an_answer(west, east):
    with west.store.reading() as book:
        data = write_for(west.node, book, "east")
    receive(east.node, data)


def lived(pair):
    """A week between the two, with answers that were lost, and everything that is counted."""
    west, east = pair.west, pair.east
    define_section(west.node, west.officers["commander"], "mirjaveh", "Mirjaveh")
    say_day(west.node, west.officers["duty"], "mirjaveh")
    first, second = wounded(west, 2, 2), wounded(west, 3, None)
    for record in (first, second):
        release(west, record)
    lose_an_answer(west, east)
    asked, refused, waits = ask(east), ask(east, "Who saw the boat?"), ask(west, "Why did it stop?")
    pair.sync()
    west.clock.at += timedelta(hours=5)
    answer(west, asked)
    refuse_request(west.node, west.officers["duty"], refused, ["asylum"], "They seek protection.")
    lose_an_answer(west, east)
    held = stands(east, waits)
    acknowledge(east.node, east.officers["duty"], held.log, held.seq)
    (stop,) = send_stop(east.node, east.officers["duty"], Call(what=["fire"], whom=["all"], place=Place(words="Taftan", precision="settlement")))
    pair.sync()
    west.clock.at += timedelta(minutes=1)
    answer_distress(west.node, west.officers["duty"], stop.case, "stopped")
    move_matter(east.node, east.officers["duty"], asked, "close")
    regretted = release(west, wounded(west, 50, 60))
    gone = release(west, wounded(west, 70, 80))
    pair.sync()
    recall_release(west.node, west.officers["duty"], regretted.release, "It was another post.")
    order_erasure(west.node, west.officers["commander"], gone.record, "mistake")
    decide_erasure(west.node, west.officers["approver"], gone.record, erase=True)
    pair.sync()
    confirm_erasure(east.node, east.officers["approver"], gone.log, gone.seq)
    west.clock.at += timedelta(days=5)
    pair.sync()


def test_both_nodes_print_the_same_bytes_after_lost_answers_and_after_a_restore(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    lived(agreed)
    printed = write_csv(told(west))
    assert printed == write_csv(told(east))
    assert len(printed.splitlines()) > 15
    set_back(west, kept, tmp_path)
    agreed.sync()
    agreed.sync()
    assert write_csv(told(west)) == write_csv(told(east)) == printed


def test_what_is_counted_is_what_happened(agreed):
    west = agreed.west
    lived(agreed)
    opened = {(row.by, row.kind): row.count for row in rows(west, "opened")}
    assert opened == {("east", "request"): 2, ("west", "request"): 1}
    assert {(row.by, row.what): row.count for row in rows(west, "matters")} == {
        ("east", "closed"): 1, ("east", "refused"): 1, ("west", "acknowledged"): 1}  # fmt: skip
    clocks = {(row.by, row.what): row for row in rows(west, "clocks")}
    assert (clocks["west", "answer"].count, clocks["west", "answer"].took.least_s // 3600) == (2, 5)
    assert clocks["east", "answer"].overdue + clocks["east", "answer"].running == 1
    releases = {(row.by, row.kind, row.what): row.count for row in rows(west, "releases")}
    assert releases["west", "incident_account", "recalled"] == 1
    assert releases["west", "erased", "released"] == 1
    assert releases["west", "request", "refused on a ground"] == 1
    (suffered,) = rows(west, "told")
    assert (suffered.by, suffered.what, suffered.count, suffered.low, suffered.high) == ("west", "wounded", 2, 5, None)  # neither recalled nor erased
    (call,) = rows(west, "calls")
    assert (call.by, call.kind, call.count, call.took.median_s) == ("east", "stop", 1, 60)
    assert {row.what: row.count for row in rows(west, "days")} == {"nothing": 1, "silent": 3}
    assert rows(west, "opened", last=FIRST)[0].by == "east"
    assert told(west, first=date(2026, 11, 1), last=date(2026, 11, 3)).rows == []


def test_what_is_taken_back_after_a_period_changes_nothing_in_it(agreed):
    """As at the end of the period: an answer, an account and a report that stood then, and what came, went or was quarantined since (issue 7)."""
    west, east = agreed.west, agreed.east
    asked, told_of = ask(east), wounded(west, 2, 2)
    sent = release(west, told_of)
    agreed.sync()
    answered = answer(west, asked)
    agreed.sync()
    west.clock.at += timedelta(days=5)
    printed = write_csv(told(west))
    assert {row.what for row in rows(west, "matters")} == {"answered"}
    assert {row.what for row in rows(west, "reports")} == {"formal", "final"}
    assert [row.low for row in rows(west, "told")] == [2]
    for taken_back in (answered, sent):
        recall_release(west.node, west.officers["duty"], taken_back.release, "It was another post.")
    agreed.sync()
    assert write_csv(told(west)).decode() == printed.decode()
    assert write_csv(told(east)) == printed
    with west.store.writing() as pen:  # an entry of the period that east tells of later: it stands there in quarantine since now
        place = {"log": sent.log, "seq": sent.seq}
        pen.journal(QuarantineTold(notice=EntryQuarantined(**place, code="unsound", at=west.clock())), west.officers["duty"])
    later = {(row.kind, row.what) for row in rows(west, "releases")}
    assert ("unread", "released") in later  # what may be unreadable there is nothing else at either side, then as now
    assert not any(what == "quarantined" for _, what in later)  # it happened after the period
    west.clock.at += timedelta(days=5)
    since = rows(west, "releases", first=LAST + timedelta(days=1), last=LAST + timedelta(days=4))
    assert ("unread", "quarantined", 1) in {(row.kind, row.what, row.count) for row in since}


def test_a_period_that_is_not_over_or_is_none_is_refused(agreed):
    today = FIRST
    for first, last in ((today, today), (today, today - timedelta(days=1)), (date(2000, 1, 1), date(2026, 1, 1))):
        with pytest.raises(InputError):
            told(agreed.west, first, last)
    with pytest.raises(NotFound):
        told(agreed.west, today - timedelta(days=2), today - timedelta(days=1), "north")


def test_no_cell_is_a_formula():
    for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
        assert safe(cell).startswith("'")
    assert safe("west") == "west"
