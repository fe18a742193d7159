# SPDX-License-Identifier: Apache-2.0
"""Return cases: by counts, closed on both nodes; whoever seeks protection is none (F29, laws 6, 11, 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import release
from tests.desk.made import journal_size
from tests.desk.test_refilling import evidence, set_back
from tests.desk.walk import typed

from hamsaya.desk.counts_told import counts_differ
from hamsaya.desk.filling import read_form
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.matters import matter_with, move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.refusing import refuse_matter
from hamsaya.desk.stale import Stale
from hamsaya.exchange.logs import link_log
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.values import Count
from hamsaya.ledger.verify import verify_store
from hamsaya.settlement.returning import RETURN, difference


def opened(pair, **fields):
    duty = pair.west.officers["duty"]
    filed = open_matter(pair.west.node, duty, RETURN.kind, Sheet(typed=typed(RETURN.form, "") | fields)).held.record
    release(pair.west, filed.id)
    pair.sync()
    return filed.id


def goes_on(pair, desk, record, step, **fields):
    filed = answer_matter(desk.node, desk.officers["duty"], record, step, Sheet(typed=typed(RETURN.moves[step].form, "") | fields))
    release(desk, filed.held.record.id)
    pair.sync()


def stands(pair, record):
    """How it stands, and how its counts differ: the same on both desks."""
    told = []
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            matter = matter_with(desk.node, book, record)
            told.append((matter.standing.state, matter.clocks, counts_differ(matter)))
    assert told[0] == told[1]
    return told[0]


@pytest.mark.parametrize(("whose", "steps"), [("we_hold", ("expect", "hand_over", "receive")), ("we_miss", ("found", "give", "take"))])
def test_case_closes_on_both_nodes_and_counts_that_differ_both_stand(agreed, whose, steps):
    west, east = agreed.west, agreed.east
    record = opened(agreed, whose=whose, protection="no_persons")
    holder, receiver = (west, east) if whose == "we_hold" else (east, west)
    goes_on(agreed, east, record, steps[0], when="+1d")
    due = next(each for each in stands(agreed, record)[1] if each.name == ("hand_over" if whose == "we_hold" else "give"))
    assert timedelta(hours=23) < due.due_at - west.clock.at < timedelta(hours=25)
    goes_on(agreed, holder, record, steps[1], count="12")
    goes_on(agreed, receiver, record, steps[2], count="11")
    state, _, differs = stands(agreed, record)
    assert (state, differs.handed.low, differs.received.low) == ("received", 12, 11)
    move_matter(west.node, west.officers["duty"], record, "close")
    agreed.sync()
    assert stands(agreed, record)[0] == "closed"
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


@pytest.mark.parametrize(
    ("handed", "received", "differ"),
    [((12, 12), (12, 12), False), ((12, 12), (11, 11), True), ((10, 12), (12, 15), False), ((3, None), (7, 7), False), ((3, None), (2, 2), True)],
)
def test_counts_differ_only_where_no_number_is_both(handed, received, differ):
    counts = {"hand_over": Count(low=handed[0], high=handed[1], words=""), "receive": Count(low=received[0], high=received[1], words="")}
    assert (difference(counts) is not None) == differ
    assert difference({"hand_over": counts["hand_over"]}) is None


def test_no_field_names_a_person_or_tells_where_those_are_who_are_held_or_missed():
    forms = [RETURN.form, *(move.form for move in RETURN.moves.values() if move.form)]
    fields = [field for form in forms for field in form.fields]
    assert {field.predicate for field in fields if field.reads == "place"} == {"handover_place"}
    assert not {field.name for field in fields} & {"name", "names", "identity", "age", "sex", "nationality"}
    assert {field.predicate for field in fields} <= set(PREDICATES)


def test_whoever_seeks_protection_or_was_not_asked_is_no_return_case(agreed):
    before = journal_size(agreed.west)
    for fields in (
        {"protection": "some_seek_protection"}, {"protection": "not_asked"}, {"protection": ""},
        {"what": "detained_persons", "protection": "no_persons"}, {"what": "strayed_persons", "protection": "no_persons"},
        {"whose": "we_hold", "protection": "not_with_us"},
    ):  # fmt: skip
        with pytest.raises(InputError):
            open_matter(agreed.west.node, agreed.west.officers["duty"], RETURN.kind, Sheet(typed=typed(RETURN.form, "") | fields))
    assert journal_size(agreed.west) == before


def test_holder_that_was_asked_says_the_same_before_it_gives_anybody_back(agreed):
    record = opened(agreed, whose="we_miss", what="strayed_persons", protection="not_with_us")
    east, form = agreed.east, RETURN.moves["found"].form
    for answer in ("some_seek_protection", "not_asked", "not_with_us", ""):
        with pytest.raises(InputError):
            answer_matter(east.node, east.officers["duty"], record, "found", Sheet(typed=typed(form, "") | {"protection": answer}))
    goes_on(agreed, east, record, "found", protection="each_was_asked")
    assert stands(agreed, record)[0] == "found"


def test_words_that_may_touch_asylum_are_asked_about_and_decide_nothing(agreed):
    for words, asked in (
        ("Two of them asked for asylum at the gate.", 1), ("Three are refugees.", 1), ("دو تن پناهنده‌اند.", 1), ("ان میں دو پناہ گزین ہیں۔", 1),
        ("They crossed at the dry river bed.", 0),
    ):  # fmt: skip
        with agreed.west.store.reading() as book:
            filled = read_form(agreed.west.node, book, RETURN.form, typed(RETURN.form, "") | {"says": words})
        assert filled.problems == {}
        assert len(filled.persons) == asked


def test_refusal_leaves_the_same_bytes_whatever_the_ground(agreed):
    west, east = agreed.west, agreed.east
    contents = []
    for ground in ("asylum", "torture"):
        record = opened(agreed)
        refuse_matter(east.node, east.officers["duty"], record, [ground], "They are in danger there.")
        with east.store.reading() as book:
            said = [each.content for each in book.entries(link_log("east", "west"), 0, 100) if each.header().kind == "request.refused"]
        contents.append(said[-1].replace(record.encode(), b"-"))
        agreed.sync()
        assert stands(agreed, record)[0] == "refused"
        with pytest.raises(Stale):
            refuse_matter(east.node, east.officers["duty"], record, [ground], "Again.")
    assert contents[0] == contents[1]
    record = opened(agreed)
    for refused, desk, grounds in ((Refused, west, ["asylum"]), (InputError, east, []), (InputError, east, ["weather"])):
        with pytest.raises(refused):
            refuse_matter(desk.node, desk.officers["duty"], record, grounds, "Why.")


def test_both_move_at_once_and_a_node_that_was_set_back_tells_the_same(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    record = opened(agreed)
    with east.store.reading() as book:
        matter = matter_with(east.node, book, record)
    acknowledge(east.node, east.officers["duty"], matter.log, matter.seq)
    move_matter(west.node, west.officers["duty"], record, "withdraw")
    filed = answer_matter(east.node, east.officers["duty"], record, "expect", Sheet(typed=typed(RETURN.moves["expect"].form, "")))
    release(east, filed.held.record.id)
    agreed.sync()
    assert stands(agreed, record)[0] == "withdrawn"
    set_back(west, kept, tmp_path)
    for _ in range(3):
        agreed.sync()
    assert stands(agreed, record)[0] == "withdrawn"
