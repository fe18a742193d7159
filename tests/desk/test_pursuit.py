# SPDX-License-Identifier: Apache-2.0
"""A pursuit: it is told of at once by one officer, a STOP always passes, and nothing in it helps to find or fire at anyone (F28, laws 2, 11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from tests.conftest import ALONE, START, release
from tests.desk.made import journal_size
from tests.desk.test_refilling import evidence, holds, set_back
from tests.desk.walk import typed

from hamsaya.agreement.fits import misfit
from hamsaya.desk.distress import answer_distress, send_stop
from hamsaya.desk.matters import matter_with, move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.stopping import stop_matter
from hamsaya.desk.terms import sample_terms
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.values import Coded, Place
from hamsaya.ledger import tables as t
from hamsaya.ledger.verify import verify_store
from hamsaya.settlement.pursuit import PURSUIT

WHY = {"purpose": "prevention", "necessity": "Your posts must know that we come near the line."}


@pytest.fixture
def near(pair):
    """Two neighbours whose agreement lets one officer tell of a pursuit."""
    pair.name = pair.agree(sample_terms("west", "east", START - timedelta(days=1)) + ALONE)
    return pair


def told_of(pair, **fields):
    """West tells of a pursuit, by one officer; returns the record."""
    duty = pair.west.officers["duty"]
    filed = open_matter(pair.west.node, duty, PURSUIT.kind, Sheet(typed=typed(PURSUIT.form, "") | fields)).held.record
    assert propose_release(pair.west.node, duty, filed.id, **WHY).condition == "logged"
    pair.sync()
    return filed.id


def stands(desk, record):
    with desk.store.reading() as book:
        matter = matter_with(desk.node, book, record)
    steps = [(each.step.move, each.step.by, each.step.office, each.step.at, each.counted) for each in matter.standing.steps]
    return matter.standing.state, steps, matter.clocks


def both(pair, record):
    """How it stands, the same on both desks."""
    west, east = stands(pair.west, record), stands(pair.east, record)
    assert west == east
    return west


def calls(desk, record):
    with desk.store.reading() as book:
        return book.calls_about([record])


def report(pair, record):
    form = PURSUIT.moves["report"].form
    filed = answer_matter(pair.west.node, pair.west.officers["duty"], record, "report", Sheet(typed=typed(form, "")))
    release(pair.west, filed.held.record.id)
    pair.sync()


def test_notice_leaves_by_one_officer_and_stop_is_its_state_and_the_alarm_of_the_pursuer(near):
    record = told_of(near)
    held = stop_matter(near.east.node, near.east.officers["duty"], record, token="a button pressed twice")
    assert stop_matter(near.east.node, near.east.officers["duty"], record, token="a button pressed twice").case == held.case
    assert stands(near.east, record)[0] == "stopped"
    near.sync()
    assert both(near, record)[0] == "stopped"
    with near.west.store.reading() as book:
        (rings,) = book.calls_open()
        assert book.calls_unseen() == [held.case]
    assert (rings.kind, rings.own, rings.call.what, rings.call.about, rings.call.words) == ("stop", False, ["pursuit"], record, "")
    answer_distress(near.west.node, near.west.officers["duty"], held.case, "stopped")
    near.sync()
    assert both(near, record)[0] == "stop_seen"
    assert verify_store(near.west.store).faults == verify_store(near.east.store).faults == []


def test_each_stop_counts_on_both_desks_however_many_name_the_matter_and_in_whatever_order_they_came(near):
    record = told_of(near)
    held = stop_matter(near.east.node, near.east.officers["duty"], record)
    near.sync()
    for desk, order in ((near.west, 1), (near.east, -1)):  # rows as 250 later STOPs would have left them: known in another order on each side
        with desk.store.engine.begin() as db:
            row = dict(db.execute(select(t.CALL).where(t.CALL.c.case == held.case)).mappings().one())
            more = [
                row | {"case": f"{held.case}-{n:03}", "seq": row["seq"] + n, "at": (held.at + timedelta(seconds=n // 2)).isoformat(),
                       "known_at": (held.at + timedelta(hours=1, seconds=order * n)).isoformat()} for n in range(1, 251)
            ]  # fmt: skip
            db.execute(insert(t.CALL), more)
    told = [[(each.case, each.at) for each in calls(desk, record)] for desk in (near.west, near.east)]
    assert told[0] == told[1]
    assert len(told[0]) == 251
    assert told[0][-1] == (held.case, held.at)
    assert len(both(near, record)[1]) == 1 + 251


def test_positions_of_the_notice_are_rounded_to_the_floor_and_a_finer_copy_fits_no_agreement(near):
    record = told_of(near, where="E61.4512 N29.0534")
    with near.east.store.reading() as book:
        copy = book.versions(record)[-1].record
        agreement = book.agreements()[0].agreement
    with near.west.store.reading() as book:
        own = book.versions(record)[-1].record
    place = next(claim.value for claim in copy.claims if isinstance(claim.value, Place))
    true = next(claim.value for claim in own.claims if isinstance(claim.value, Place))
    assert place.radius_m >= 10_000
    assert (place.lon_udeg, place.lat_udeg) != (true.lon_udeg, true.lat_udeg)
    assert place.words == place.name == ""
    assert misfit(copy, agreement) is None
    assert misfit(own, agreement) is not None


def test_no_field_tells_who_or_where_the_pursued_are_and_a_record_that_does_waits_a_day(near, monkeypatch):
    fields = [field for form in (PURSUIT.form, *(move.form for move in PURSUIT.moves.values() if move.form)) for field in form.fields]
    located = {field.predicate for field in fields if field.reads == "place"}
    assert located == {"own_place", "limit_place"}
    assert not {field.predicate for field in PURSUIT.form.fields} & {"actor", "strength", "parties", "held", "depth", "place", "statement"}
    duty = near.west.officers["duty"]
    for strange in ("group", "their_place", "place"):
        with pytest.raises(InputError):
            open_matter(near.west.node, duty, PURSUIT.kind, Sheet(typed=typed(PURSUIT.form, "") | {strange: "E61.5 N29.1"}))
    from hamsaya.desk import opening

    group = Claim(id="c99", predicate="actor", value=Coded(code="smuggler"), speaker=Speaker(kind="own"), grade="B2")
    form = opening.read_form
    monkeypatch.setattr(opening, "read_form", lambda *a, **k: ((got := form(*a, **k)) and got.claims.append(group)) or got)
    filed = open_matter(near.west.node, duty, PURSUIT.kind, Sheet(typed=typed(PURSUIT.form, ""))).held.record
    refused = propose_release(near.west.node, duty, filed.id, **WHY)
    assert (refused.condition, refused.rule) == ("refused", "position")


def test_stop_passes_while_the_agreement_is_suspended_and_the_terms_are_held(near):
    record = told_of(near)
    east = near.east
    filed = answer_matter(east.node, east.officers["duty"], record, "allow", Sheet(typed=typed(PURSUIT.moves["allow"].form, "")))
    proposed = propose_release(east.node, east.officers["duty"], filed.held.record.id, **WHY)
    act_on_agreement(near.west.node, near.west.officers["commander"], near.name, "suspend", "Shots near the line.")
    near.sync()
    assert approve_release(east.node, east.officers["approver"], proposed.release).condition == "held"
    stop_matter(east.node, east.officers["duty"], record)
    near.sync()
    assert both(near, record)[0] == "stopped"
    move_matter(near.west.node, near.west.officers["duty"], record, "end")
    near.sync()
    assert both(near, record)[0] == "ended"
    act_on_agreement(near.west.node, near.west.officers["commander"], near.name, "resume", "It is quiet again.")
    near.sync()
    near.sync()
    assert both(near, record)[0] == "ended"  # the terms came when it was over: they are told, and count not
    assert ("allow", False) in [(move, counted) for move, *_, counted in stands(near.west, record)[1]]


def test_stop_twice_stop_after_the_end_and_both_at_once_ring_and_end_alike(near):
    west, east = near.west, near.east
    record = told_of(near)
    first = stop_matter(east.node, east.officers["duty"], record)
    again = stop_matter(east.node, east.officers["duty"], record)
    assert first.case != again.case
    near.sync()
    answer_distress(west.node, west.officers["duty"], first.case)
    assert stands(west, record)[0] == "stop_seen"
    with west.store.reading() as book:
        assert book.calls_unseen() == [again.case]  # the second rings until it is seen
    near.sync()
    stop_matter(east.node, east.officers["duty"], record)  # they go on
    near.sync()
    assert both(near, record)[0] == "stopped"
    move_matter(west.node, west.officers["duty"], record, "end")
    late = stop_matter(east.node, east.officers["duty"], record)  # at once: east has not seen the end
    near.sync()
    assert both(near, record)[0] == "ended"
    after = stop_matter(east.node, east.officers["duty"], record)
    near.sync()
    assert both(near, record)[0] == "ended"
    with west.store.reading() as book:
        assert {late.case, after.case} <= set(book.calls_unseen())
    assert [counted for move, *_, counted in stands(west, record)[1] if move == "stop"] == [True, True, True, False, False]


def test_missing_report_goes_red_on_both_desks_and_a_late_one_stays_late(near):
    west = near.west
    record = told_of(near)
    move_matter(west.node, west.officers["duty"], record, "end")
    near.sync()
    west.clock.at += timedelta(hours=25)
    if near.east.clock is not west.clock:
        near.east.clock.at += timedelta(hours=25)
    for desk in (west, near.east):
        (owed,) = [each for each in stands(desk, record)[2] if each.name == "report"]
        assert owed.owed_by == "opener"
        assert owed.met_at is None
        assert owed.late_s(desk.clock.at) > 0
    report(near, record)
    state, _, clocks = both(near, record)
    assert state == "reported"
    assert next(each for each in clocks if each.name == "report").late_s(west.clock.at) > 0
    move_matter(near.east.node, near.east.officers["duty"], record, "close")
    near.sync()
    assert both(near, record)[0] == "closed"


def test_terms_name_their_end_and_further_terms_another(near):
    east, record = near.east, told_of(near)
    for hours in (2, 5):
        terms = typed(PURSUIT.moves["allow"].form, "") | {"until": f"+{hours}h"}
        release(east, answer_matter(east.node, east.officers["duty"], record, "allow", Sheet(typed=terms)).held.record.id)
        near.sync()
        until = next(each for each in both(near, record)[2] if each.name == "until")
        assert timedelta(hours=hours) - timedelta(minutes=5) < until.due_at - east.clock.at <= timedelta(hours=hours, minutes=2)


def test_only_the_host_stops_it_and_only_by_who_may_call(near):
    west, east = near.west, near.east
    record = told_of(near)
    sizes = journal_size(west), journal_size(east)
    with pytest.raises(Refused):
        stop_matter(west.node, west.officers["duty"], record)
    for login in ("admin", "auditor"):
        with pytest.raises(Refused):
            stop_matter(east.node, east.officers[login], record)
    with pytest.raises(NotFound):
        stop_matter(east.node, east.officers["duty"], "WEST-R-NONE")
    with pytest.raises(InputError):
        send_stop(
            east.node, east.officers["duty"], Call(what=["pursuit"], whom=["all"], place=Place(words="x", precision="unknown"), about="<script>")
        )
    assert (journal_size(west), journal_size(east)) == sizes
    # the pursuer's own STOP names the notice: it rings at the host, and moves nothing
    send_stop(west.node, west.officers["duty"], Call(what=["pursuit"], whom=["all"], place=Place(words="x", precision="unknown"), about=record))
    near.sync()
    assert both(near, record)[0] == "told"


@pytest.mark.parametrize("side", ["west", "east"])
def test_node_that_was_set_back_tells_the_pursuit_as_the_other_does(near, tmp_path, side):
    desk = getattr(near, side)
    record = told_of(near)
    kept = evidence(desk)
    held = stop_matter(near.east.node, near.east.officers["duty"], record)
    near.sync()
    answer_distress(near.west.node, near.west.officers["duty"], held.case, "stopped")
    near.sync()
    set_back(desk, kept, tmp_path)
    if side == "east":
        stop_matter(near.east.node, near.east.officers["duty"], record)  # a node that was set back calls all the same
    for _ in range(3):
        near.sync()
    assert holds(desk) == []
    state = both(near, record)[0]
    assert state == ("stopped" if side == "east" else "stop_seen")
    assert len(calls(near.west, record)) == len(calls(near.east, record)) == (2 if side == "east" else 1)
