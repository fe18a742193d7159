# SPDX-License-Identifier: Apache-2.0
"""A neighbour whose program sends more than the text lets leave: the receiver quarantines it, and says which clause."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.forged import copy_of, forge, renamed
from tests.desk.test_lifecycle import TERMS, propose, quarantined, sign
from tests.desk.test_settling import arrived, bundle, check_sound, condition
from tests.facts.made import minute, point

from hamsaya.desk.converse import receive

COARSER = TERMS.replace("time_min = 1\n", "time_min = 1440\n").replace("place_m = 1000\n", "place_m = 20000\n")
FINER = {"place": point(61.01234, 29.04567, 40, precision="site"), "occurred": minute("2014-10-22T09:37")}


def finer(sent, field):
    """The same record with one value as exact as its filer knew it."""
    return [msgspec.structs.replace(each, value=FINER[field]) if each.predicate == field else each for each in sent.record.claims]


@pytest.mark.parametrize("field", FINER)
def test_copy_that_is_more_exact_than_the_text_demands_is_quarantined_with_the_clause(pair, field):
    pair.agree(COARSER)
    west, east = pair.west, pair.east
    held = release(west, west.file().record.id)
    sent = copy_of(west, held)
    forge(west, held, renamed(sent, "WEST-R-ABCDEF", claims=finer(sent, field)))
    pair.sync()
    with east.store.reading() as book:
        states = sorted((each.state, str(each.reason)) for each in book.inbox() if each.log == held.log)
        assert book.versions("WEST-R-ABCDEF") == []
    assert [state for state, _ in states] == ["new", "quarantined"]
    assert "more than clause 5 lets it" in states[1][1]


def test_copy_that_was_made_before_a_coarser_text_came_into_force_is_taken_by_the_text_of_that_time(agreed):
    west, east = agreed.west, agreed.east
    amended = propose(east, COARSER).hash
    agreed.sync()
    sign(west, amended)
    agreed.sync()
    sent = release(west, west.file().record.id)
    on_its_way = bundle(west)
    sign(east, amended)  # in force at east, and west has not heard
    receive(east.node, on_its_way)
    assert (arrived(east), quarantined(east)) == (["new"], [])
    agreed.sync()
    assert condition(west, sent)[0] == "receipted"
    check_sound(agreed)


def test_what_is_sent_after_a_finer_text_came_into_force_is_judged_by_that(pair):
    pair.agree(COARSER)
    release(pair.west, pair.west.file().record.id)
    amended = propose(pair.west, TERMS).hash
    for side in (pair.west, pair.east):
        sign(side, amended)
        pair.sync()
    release(pair.west, pair.west.file(REPORT.replace("12 November", "14 November")).record.id)
    pair.sync()
    assert (arrived(pair.east), quarantined(pair.east)) == (["new", "new"], [])
    check_sound(pair)
