# SPDX-License-Identifier: Apache-2.0
"""The clocks of the reports that follow a first one: the overdue list equals the clock, and both desks show the same (F24)."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta

import pytest
from tests.conftest import START, release
from tests.desk.test_erasing import erase, found
from tests.desk.test_lifecycle import act
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_stages import WHY, account, correct
from tests.desk.three import send

from hamsaya.agreement.lifecycle import acts_that_hold
from hamsaya.agreement.report_clocks import Pause, counted
from hamsaya.desk.agreements import sign_agreement
from hamsaya.desk.comparing import as_data, comparison_of
from hamsaya.desk.erasing import confirm_erasure
from hamsaya.desk.health_stages import reports
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.recalls import recall_record, recall_release
from hamsaya.desk.stages import came_at, clocks_of, count_overdue, owed_reports
from hamsaya.desk.stages_held import StageSent
from hamsaya.desk.terms import read_terms, sample_terms
from hamsaya.facts.errors import HamsayaError
from hamsaya.ledger.verify import verify_store

FORMAL, FINAL = timedelta(minutes=4320), timedelta(minutes=20160)
SECOND = timedelta(seconds=1)
SECOND_CLAUSE = '[[clauses]]\nnumber = "20"\ntype = "deadlines"\nacknowledge_min = 5\nanswer_min = 9\nformal_min = 30\n'


def clock(desk, record, party=""):
    with desk.store.reading() as book:
        found = [each for each in clocks_of(desk.node, book, record.id) if party in ("", each.party)]
    return found[0] if found else None


def at(time, *desks):
    for desk in desks:
        desk.clock.at = time


def told(desk, record, party=""):
    """What a desk shows of an account: by stage when it is due, when it came, and how it stands now."""
    found = clock(desk, record, party)
    return found and {each.stage: (each.due, each.came_at, each.state(desk.clock.at)) for each in found.reports}


def states(desk, record):
    found = told(desk, record)
    return found and [state for _, _, state in found.values()]


def listed(desk, **options):
    with desk.store.reading() as book:
        return [(each.record, each.ours) for each in owed_reports(desk.node, book, **options)]


def same(pair, record):
    pair.sync()
    west, east = told(pair.west, record), told(pair.east, record)
    assert {stage: each[:2] for stage, each in west.items()} == {stage: each[:2] for stage, each in east.items()}
    return west


@pytest.fixture
def begun(agreed):
    """West has released an initial account to east."""
    first = account(agreed.west)
    release(agreed.west, first.id)
    agreed.sync()
    return agreed, first


def test_overdue_list_equals_the_clock_on_both_desks(begun):
    pair, first = begun
    west, east = pair.west, pair.east
    start = clock(west, first).first_at
    assert clock(east, first).first_at == start
    assert [each.due - start for each in clock(east, first).reports] == [FORMAL, FINAL]
    for desk in (west, east):
        for after, formal, final in (
            (SECOND, "running", "running"), (FORMAL, "running", "running"), (FORMAL + SECOND, "overdue", "running"),
            (FINAL, "overdue", "running"), (FINAL + SECOND, "overdue", "overdue"),
        ):  # fmt: skip
            at(start + after - timedelta(milliseconds=1), desk)
            assert states(desk, first) == [formal, final], after
            at(start + after - timedelta(milliseconds=50), desk)  # each look at the clock takes it a little further
            with desk.store.reading() as book:
                late = "overdue" in (formal, final)
                assert count_overdue(desk.node, book, limit=10) == ((late, 0) if desk is west else (0, late))
                assert [each.code for each in reports(desk.node, book, desk.clock.at)] == (
                    [] if not late else ["report-overdue" if desk is west else "report-awaited"]
                )
    assert listed(west) == [(first.id, True)]
    assert listed(east) == [(first.id, False)]


def test_what_came_late_stays_late_and_what_came_in_time_stays_in_time(begun):
    pair, first = begun
    west, east = pair.west, pair.east
    start = clock(west, first).first_at
    at(start + FORMAL + timedelta(hours=1), west, east)
    correct(west, first, stage="formal")
    assert states(west, first) == ["overdue", "running"]  # filed is not released
    release(west, first.id)
    assert states(west, first) == ["came late", "running"]
    assert states(east, first) == ["overdue", "running"]
    same(pair, first)
    at(start + FORMAL * 2, west, east)
    correct(west, first, stage="final")
    release(west, first.id)
    same(pair, first)
    for desk in (west, east):
        assert states(desk, first) == ["came late", "came"]
        assert listed(desk) == []
        assert listed(desk, done=True) == [(first.id, desk is west)]
    third = correct(west, first, claims=first.claims[:2])  # a correction after the final report starts no clock
    release(west, third.id)
    pair.sync()
    at(start + FINAL * 3, west, east)
    assert states(west, first) == states(east, first) == ["came late", "came"]
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


def test_skipped_stage_counts_for_those_before_it_and_a_lower_one_that_is_released_later_changes_nothing(begun):
    pair, first = begun
    correct(pair.west, first, stage="final")
    done = release(pair.west, first.id)
    same(pair, first)
    assert states(pair.east, first) == ["came", "came"]
    again = release(pair.west, first.id)
    assert again.version == done.version


def test_stage_that_is_taken_back_is_owed_again_by_the_same_time(begun):
    pair, first = begun
    west = pair.west
    due = told(west, first)["formal"][0]
    correct(west, first, stage="formal")
    release(west, first.id)
    correct(west, first, stage="initial", reason="It was filed too early.")
    release(west, first.id)
    assert same(pair, first)["formal"] == (due, None, "running")
    at(due + SECOND, west, pair.east)
    correct(west, first, stage="formal")
    release(west, first.id)
    assert same(pair, first)["formal"][2] == "came late"


def test_account_that_did_not_happen_owes_nothing_more_until_it_is_opened_again(begun):
    pair, first = begun
    correct(pair.west, first, stage="did-not-happen", reason=WHY)
    release(pair.west, first.id)
    same(pair, first)
    assert states(pair.east, first) == ["came", "came"]
    assert listed(pair.west) == listed(pair.east) == []
    correct(pair.west, first, stage="initial", reason="It did happen.")
    release(pair.west, first.id)
    same(pair, first)
    assert listed(pair.east) == [(first.id, False)]


def test_clock_stands_still_while_the_agreement_is_suspended(begun):
    pair, first = begun
    west, east = pair.west, pair.east
    due = told(west, first)["formal"][0]
    act(west, "suspend")
    pair.sync()
    at(due + timedelta(days=9), west, east)
    assert states(west, first) == states(east, first) == ["stands still", "stands still"]
    act(west, "resume")
    pair.sync()
    with west.store.reading() as book:
        since, until = (each.at for each in _acts(book))
    assert same(pair, first)["formal"][0] == due + (until - since)
    assert states(east, first) == ["running", "running"]


def _acts(book):
    return [each for each, _ in acts_that_hold(book.agreements()[0].history)]


def test_amended_deadlines_hold_for_what_is_first_released_after_them(begun):
    pair, first = begun
    west, east = pair.west, pair.east
    before = told(west, first)
    shorter = sample_terms("west", "east", START - timedelta(days=1)).replace("formal_min = 4320", "formal_min = 60")
    with west.store.reading() as book:
        held = book.agreements()[0]
    text = propose_text(west.node, west.officers["commander"], read_terms(shorter), revises=held.hash)
    pair.sync()
    for desk in (west, east):
        sign_agreement(desk.node, desk.officers["commander"], held.agreement.table.id, text.hash)
    pair.sync()
    second = account(west)
    release(west, second.id)
    assert same(pair, first) == before
    assert same(pair, second)["formal"][0] - clock(east, second).first_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        (("formal_min = 4320\n", ""), {"final": FINAL}),
        (("formal_min = 4320\nfinal_min = 20160\n", ""), {}),
        (("final_min = 20160\n", f"final_min = 20160\n\n{SECOND_CLAUSE}"), {"formal": timedelta(minutes=30), "final": FINAL}),
    ],
    ids=["no-formal", "none", "two-clauses"],
)  # fmt: skip
def test_the_shorter_of_several_deadlines_holds_and_without_one_no_clock_runs(pair, changes, asked):
    terms = sample_terms("west", "east", START - timedelta(days=1))
    pair.agree(terms.replace(*changes))
    first = account(pair.west)
    release(pair.west, first.id)
    pair.sync()
    for desk in (pair.west, pair.east):
        found = clock(desk, first)
        times = {each.stage: each.due - found.first_at for each in found.reports} if found else {}
        assert times == asked
        assert listed(desk) == ([(first.id, desk is pair.west)] if asked else [])


def test_recall_neither_sets_the_clock_back_nor_leaves_one_for_what_is_gone(begun):
    pair, first = begun
    west, east = pair.west, pair.east
    before = told(west, first)
    correct(west, first, stage="formal")
    later = release(west, first.id)
    pair.sync()
    recall_release(west.node, west.officers["duty"], later.release, "It was not ready.")
    assert same(pair, first) == before  # the formal report was taken back: it is owed as before
    recall_record(west.node, west.officers["duty"], first.id, "It was another place.")
    pair.sync()
    assert told(west, first) is told(east, first) is None


def test_three_parties_each_have_a_clock_of_their_own(three):
    first = account(three.east)
    for to in ("west", "north"):
        send(three.east, first.id, to)
        at(three.east.clock.at + timedelta(hours=5), three.east)
    three.sync()
    starts = {to: clock(three.east, first, to).first_at for to in ("west", "north")}
    assert starts["north"] - starts["west"] > timedelta(hours=4)
    for desk in (three.west, three.north):
        name = desk.node.party
        assert told(desk, first, "east") == told(three.east, first, name)
    correct(three.east, first, stage="final")
    send(three.east, first.id, "west")
    three.sync()
    assert states(three.west, first) == ["came", "came"]
    assert states(three.north, first) == ["running", "running"]
    assert listed(three.east) == [(first.id, True)]


def test_attributed_account_has_no_clock(agreed):
    first = account(agreed.west, basis="attributed", origin="PK")
    release(agreed.west, first.id)
    agreed.sync()
    assert told(agreed.west, first) is told(agreed.east, first) is None


def test_node_that_was_set_back_shows_the_same_clocks_again(begun, tmp_path):
    pair, first = begun
    west = pair.west
    kept = evidence(west)
    correct(west, first, stage="formal")
    release(west, first.id)
    before = same(pair, first)
    (tmp_path / "again").mkdir()
    set_back(west, kept, tmp_path / "again")
    for _ in range(3):
        pair.sync()
    assert same(pair, first) == before
    assert verify_store(west.store).faults == []


def test_time_is_counted_outside_of_the_pauses():
    hour = timedelta(hours=1)
    pause = Pause(START + 2 * hour, START + 5 * hour)
    assert counted(START, hour, [pause]) == START + hour
    assert counted(START, 3 * hour, [pause]) == START + 6 * hour
    assert counted(START, 3 * hour, [pause, Pause(START + 4 * hour, START + 7 * hour)]) == START + 8 * hour
    assert counted(START + 3 * hour, hour, [pause]) == START + 6 * hour
    assert counted(START, 3 * hour, [Pause(START + hour, None)]) is None
    assert counted(START, 2 * hour, [Pause(START + 2 * hour, None)]) == START + 2 * hour


def test_neighbour_and_author_see_the_comparison_of_what_did_not_happen(begun):
    pair, first = begun
    theirs = account(pair.east, incident=first.incident)
    release(pair.east, theirs.id)
    correct(pair.west, first, stage="did_not_happen", reason=WHY)
    release(pair.west, first.id)
    pair.sync()
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            found = as_data(comparison_of(view_incident(book, first.incident)))
        assert found["happened"] == {"so": [theirs.id], "not_so": [first.id], "state": "differ"}
        assert sorted(each["stage"] for each in found["accounts"]) == ["did_not_happen", "initial"]
        assert len(found["fields"]) > 0  # neither account is struck


def test_erased_account_owes_nothing_and_its_reasons_are_gone_on_both_sides(begun):
    pair, first = begun
    west, east = pair.west, pair.east
    correct(west, first, stage="formal", reason="It was at Zzyzxville.")
    sent = release(west, first.id)
    pair.sync()
    erase(west, first.id)
    pair.sync()
    assert told(west, first) is told(east, first) is None
    for seq in range(sent.seq + 1):
        confirm_erasure(east.node, east.officers["approver"], sent.log, seq)
    pair.sync()
    assert told(west, first) is told(east, first) is None
    assert listed(west) == listed(east) == []
    assert found(west, ("Zzyzxville",)) == found(east, ("Zzyzxville",)) == set()
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


def test_order_in_which_versions_left_changes_nothing_but_the_times():
    def sent(version, stage, hour, **options):
        whole = {"record": "W-R-1", "incident": "W-I-1", "party": "east", "ours": True, "log": "x", "seq": version, "stands": True, **options}
        return StageSent(version=version, stage=stage, at=START + timedelta(hours=hour), **whole)

    late_low = [sent(2, "formal", 1), sent(1, "initial", 5)]
    for entries in (late_low, late_low[::-1]):
        there = sorted(entries, key=lambda each: each.version)
        assert came_at(there, "formal") == START + timedelta(hours=1)
    back = [sent(1, "final", 1), sent(2, "initial", 2), sent(3, "formal", 3), sent(4, "final", 4)]
    assert [came_at(back, stage) for stage in ("formal", "final")] == [START + timedelta(hours=3), START + timedelta(hours=4)]
    assert came_at(back[:2], "formal") is None
    assert came_at([sent(1, "initial", 1), sent(2, "did_not_happen", 2)], "final") == START + timedelta(hours=2)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_done_both_desks_show_the_same_after_an_exchange(agreed, seed):
    chance = random.Random(seed)  # noqa: S311  (a history, no secret)
    west, east = agreed.west, agreed.east
    records = [account(west), account(east)]
    desks = [west, east]
    for step in range(24):
        who = chance.randrange(2)
        desk, record = desks[who], records[who]
        try:
            match chance.choice(["stage", "stage", "release", "release", "recall", "pause", "sync"]):
                case "stage":
                    correct(desk, record, stage=chance.choice(["initial", "formal", "final", "did_not_happen"]), reason=f"For reason {step}.")
                case "release":
                    release(desk, record.id)
                case "recall":
                    with desk.store.reading() as book:
                        left = [each.release for each in book.releases_of(record.id) if each.condition in ("logged", "receipted")]
                    recall_release(desk.node, desk.officers["duty"], left[0], f"For reason {step}.")
                case "pause":
                    act(desk, chance.choice(["suspend", "resume"]))
                case "sync":
                    agreed.sync()
        except (HamsayaError, IndexError):
            pass  # what may not be done now is not done; the next thing is
        at(max(west.clock.at, east.clock.at) + timedelta(hours=chance.randrange(40)), west, east)
    with contextlib.suppress(HamsayaError):
        act(west, "resume")
    with contextlib.suppress(HamsayaError):
        act(east, "resume")
    agreed.sync()
    agreed.sync()
    for record in records:
        here, there = told(west, record), told(east, record)
        assert (here is None) == (there is None), record.id
        assert {stage: each[:2] for stage, each in (here or {}).items()} == {stage: each[:2] for stage, each in (there or {}).items()}, record.id
