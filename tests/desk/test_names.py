# SPDX-License-Identifier: Apache-2.0
"""A party names what is its own, under its own prefix; nobody takes a name ahead of its owner."""

from __future__ import annotations

import pytest
from tests.conftest import REPORT
from tests.desk.forged import copy_of, forge, renamed
from tests.desk.test_consents import holding, told  # noqa: F401  (a fixture)
from tests.desk.three import agree, quarantine, send, talk

from hamsaya.desk.explain import explain
from hamsaya.desk.linked import link_received, linked_name
from hamsaya.desk.names import is_named_by, new_name


def test_names_that_a_node_makes_are_its_own(desk):
    for kind in ("R", "S"):
        made = new_name(desk.node, kind)
        assert is_named_by("west", kind, made)
        assert not any(is_named_by(party, kind, made) for party in ("east", "wes", "west-r"))
    assert not is_named_by("west", "S", new_name(desk.node, "R"))


@pytest.mark.parametrize("name", ["WEST-R-R-7F3KQ2", "WEST-R-", "WEST-R-a", "WEST-R-7F\n", "west-R-7F3KQ2", "WEST-R-" + "A" * 21, ""])
def test_what_is_no_name_of_west(name):
    assert not is_named_by("west", "R", name)


def test_name_of_a_party_whose_name_begins_with_anothers_is_not_that_ones():
    assert is_named_by("west-r", "R", "WEST-R-R-7F3KQ2")
    assert not is_named_by("west", "R", "WEST-R-R-7F3KQ2")


def test_neighbour_cannot_take_the_name_under_which_a_linked_record_will_be_filed(three, told):  # noqa: F811
    """The name follows from what everybody knows who holds the record; north sends one of that name first."""
    east, north = three.east, three.north
    name = linked_name("east", holding(east, told)[-1].record)
    held = send(north, north.file().record.id, "east")
    forge(north, held, renamed(copy_of(north, held), name))
    talk(north, east)
    assert len(quarantine(east)) == 1
    made, before = link_received(east.node, east.officers["duty"], told)
    assert (made.received_from, before) == ("", False)
    assert link_received(east.node, east.officers["duty"], told)[1]


def test_neighbour_cannot_keep_anothers_record_away_by_its_name(three):
    west, east, north = three.west, three.east, three.north
    record = west.file().record.id
    held = send(north, north.file().record.id, "east")
    forge(north, held, renamed(copy_of(north, held), record))
    talk(north, east)
    send(west, record, "east")
    talk(west, east)
    assert [each.received_from for each in holding(east, record)] == ["west"]


def test_account_of_one_neighbours_release_is_not_anothers(three):
    """East sends an entry under the name of a release that north made."""
    west, east, north = three.west, three.east, three.north
    agree(west, north)
    theirs = send(north, north.file().record.id, "west")
    talk(north, west)
    held = send(east, east.file(REPORT.replace("One", "Two")).record.id, "west")
    forge(east, held, renamed(copy_of(east, held), "EAST-R-1"), release=theirs.release)
    talk(east, west)
    assert len(quarantine(west)) == 1
    with west.store.reading() as book:
        assert explain(west.node, book, theirs.release).sender == "north"


@pytest.mark.parametrize("part", ["release", "record", "version"])
def test_header_that_speaks_of_another_release_record_or_version_than_its_content_is_quarantined(three, part):
    """Else a receipt, a recall or an account would be about something else than what came."""
    west, east = three.west, three.east
    held = send(west, west.file().record.id, "east")
    other = {"release": new_name(west.node, "S"), "record": new_name(west.node, "R"), "version": "7"}[part]
    forge(west, held, renamed(copy_of(west, held), "WEST-R-ABCDEF"), **{part: other})
    talk(west, east)
    assert ["another release, record or version" in why for why in quarantine(east)] == [True]
    assert holding(east, "WEST-R-ABCDEF") == []
