# SPDX-License-Identifier: Apache-2.0
"""Each node says who told whom what of an agreement of three, and proves to a third person what a party signed twice in one place."""

from __future__ import annotations

import msgspec
import pytest
from tests.agreement.made import KEYS
from tests.desk.test_lifecycle import NAME as PAIR_NAME
from tests.desk.test_three_parties import NAME, bound, sync, sync_all, three  # noqa: F401  (fixtures)
from tests.desk.test_told_differently import made, tell

from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.doubt_files import write_doubts
from hamsaya.desk.health import check_book
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.told_whom import doubts, known_by
from hamsaya.exchange.doubt_file import DOUBTS, DoubtFile, check_doubt_file, write_doubt_file
from hamsaya.exchange.spoken import Spoken
from hamsaya.exchange.third_person import check_file
from hamsaya.facts.errors import NotFound
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope


def acts(desk):
    """How each party knows each act, as this desk tells it."""
    with desk.store.reading() as book:
        return [(each.party, each.act.verb, each.ways) for each in known_by(desk.node, book, agreement_of(book, NAME)) if each.act]


def codes(desk):
    with desk.store.reading() as book:
        return [finding.code for finding in check_book(desk.node, book)]


def test_each_says_who_told_whom_as_far_as_it_can_tell(bound):  # noqa: F811
    east = bound["east"]
    envelope = made(east, "suspend")
    tell(east, "west", envelope)
    sync(bound, "west", "east")
    assert acts(bound["west"]) == [("east", "suspend", {"west": "author", "north": "passed on"})]
    sync(bound, "west", "north")
    assert acts(bound["north"]) == [("east", "suspend", {"west": "author", "north": "other"})]
    assert acts(bound["west"]) == [("east", "suspend", {"west": "author", "north": "passed on"})]
    tell(east, "north", envelope)
    sync_all(bound)
    for party in ("west", "north"):
        assert acts(bound[party]) == [("east", "suspend", {"west": "author", "north": "author"})]


def test_what_was_told_to_both_alike_is_known_to_have_been_and_so_are_texts_and_signatures(bound):  # noqa: F811
    north = bound["north"]
    act_on_agreement(north.node, north.officers["commander"], NAME, "suspend", "Our post is being moved.")
    sync_all(bound)
    for desk in bound.values():
        with desk.store.reading() as book:
            found = known_by(desk.node, book, agreement_of(book, NAME))
            assert doubts(desk.node, book, agreement_of(book, NAME)) == []
        assert [(each.party, bool(each.signature), set(each.ways.values()) - {"knows", "passed on"}) for each in found] == [
            ("west", False, {"author"}),
            ("east", True, {"author"}), ("north", True, {"author"}), ("west", True, {"author"}), ("north", False, {"author"}),
        ]  # fmt: skip


def test_agreement_of_two_tells_nothing_of_it(agreed):
    with agreed.west.store.reading() as book:
        assert known_by(agreed.west.node, book, agreement_of(book, PAIR_NAME)) == []


@pytest.fixture
def doubted(bound):  # noqa: F811
    """East told west that it suspended, and north that it resumed, under one number."""
    east = bound["east"]
    tell(east, "west", made(east, "suspend"))
    tell(east, "north", made(east, "resume", reason="It was settled."))
    for _ in range(2):
        sync_all(bound)
    return bound


def test_contradiction_says_what_was_told_to_whom_on_every_node(doubted):
    for party in ("west", "north"):
        with doubted[party].store.reading() as book:
            (found,) = doubts(doubted[party].node, book, agreement_of(book, NAME))
        assert str(found.what("East")) == "East signed 2 different acts under number 1. What stops counts, at every party."
        assert {each.act.verb: each.told for each in found.signed} == {"suspend": ["west"], "resume": ["north"]}
    assert all("agreement-contradicted" in codes(desk) for desk in doubted.values())


def spoken(*desks):
    return Spoken({desk.node.party: frozenset({desk.node.key.public.fingerprint()}) for desk in desks}, {})


def test_third_person_is_shown_that_one_party_signed_two_things_in_one_place(doubted):
    north, east = doubted["north"], doubted["east"]
    with north.store.reading() as book:
        data, count = write_doubts(north.node, book, NAME)
    checked = check_file(data, spoken(north, east))
    assert (count, checked.faults, sorted(checked.compared)) == (1, [], ["east", "north"])
    assert [str(each) for each in checked.proven] == ["east signed 2 different acts under number 1 on agreement three."]
    assert b"clauses" not in open_envelope(data).payload


def test_sound_agreement_has_nothing_to_prove(bound):  # noqa: F811
    with bound["west"].store.reading() as book, pytest.raises(NotFound):
        write_doubts(bound["west"].node, book, NAME)
    assert "agreement-contradicted" not in codes(bound["west"])


@pytest.mark.parametrize(
    "wrong", ["forged", "the same twice", "two places", "two parties", "another agreement", "no card", "stranger's card", "another writer"]
)
def test_file_that_proves_nothing_is_said_to(doubted, wrong):
    west, north, east = doubted["west"], doubted["north"], doubted["east"]
    with north.store.reading() as book:
        file = read(open_envelope(write_doubts(north.node, book, NAME)[0]).payload, DoubtFile)
        west_card = book.card_of("west").decode()
    one = file.doubts[0][0]
    changed = {
        "forged": {"doubts": [[one, made(west, "resume", party="east")]]},
        "the same twice": {"doubts": [[one, one]]},
        "two places": {"doubts": [[one, made(east, "resume", 2)]]},
        "two parties": {"doubts": [[one, made(west, "resume")]], "cards": [*file.cards, west_card]},
        "another agreement": {"agreement": "other"},
        "no card": {"cards": [card for card in file.cards if b'"east"' not in open_envelope(card.encode()).payload]},
        "stranger's card": {},
        "another writer": {},
    }[wrong]
    data = write_doubt_file(msgspec.structs.replace(file, **changed), KEYS["stranger"] if wrong == "another writer" else north.node.key)
    checked = check_doubt_file(data, spoken(north, west if wrong == "stranger's card" else east).fingerprints)
    assert checked.faults
    assert open_envelope(data).kind == DOUBTS
    if wrong not in ("stranger's card", "another writer"):
        assert checked.proven == []
