# SPDX-License-Identifier: Apache-2.0
"""What an adversarial reading of the agreement's promises tried to break: each of these did, once."""

from __future__ import annotations

import pytest
from tests.conftest import STANDING, release
from tests.desk.test_consents import consented_to, linked, told  # noqa: F401  (fixtures)
from tests.desk.test_explain import account, faults
from tests.desk.test_lifecycle import act, life, sign
from tests.desk.test_releases import TERMS
from tests.desk.test_releases import propose as propose_meeting
from tests.desk.test_reviewing import meeting, stood  # noqa: F401  (a fixture)
from tests.desk.test_settling import bundle
from tests.desk.three import inbox, send

from hamsaya.desk.consents import revoke_consent
from hamsaya.desk.converse import receive
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.recalls import recall_release
from hamsaya.desk.release import release_of
from hamsaya.desk.reviewing import review_release
from hamsaya.desk.terms import read_terms
from hamsaya.ledger.verify import verify_store


def stands(desk, made):
    with desk.store.reading() as book:
        held = release_of(book, made.release)
    return held.condition, held.rule


def test_release_that_crossed_a_suspension_is_explained_as_it_was_judged_when_it_came(agreed):
    """East suspends while west's release is on its way: west had not heard of it, so it is taken, and the account says why."""
    west, east = agreed.west, agreed.east
    made = release(west, west.file().record.id)
    on_its_way = bundle(west)
    act(east, "suspend")
    receive(east.node, on_its_way)
    shown = account(east, made.release)
    assert (shown.condition, faults(shown)) == ("new", [])
    assert (shown.standing.state, shown.again.allowed) == ("in force", True)


@pytest.mark.parametrize("how", ["consent", "record"])
def test_what_rests_on_what_its_originator_took_back_before_it_left_does_not_leave(three, told, linked, how):  # noqa: F811
    """West consents that east tells north; the link to north is away; west takes its consent back, or the record itself."""
    west, east, north = three.west, three.east, three.north
    request = consented_to(three, linked)
    made = send(east, linked, "north")
    assert made.condition == "logged"
    if how == "consent":
        revoke_consent(west.node, west.officers["duty"], "east", request)
    else:
        with west.store.reading() as book:
            (sent,) = book.releases_of(told)
        recall_release(west.node, west.officers["duty"], sent.release, reason="It did not happen on that day.")
    three.sync(("east", "west"))
    assert stands(east, made) == ("refused", "originator")
    three.sync(("east", "north"))
    assert [item.state for item in inbox(north, "release")] in ([], ["quarantined"])
    with north.store.reading() as book:
        assert not [held for held in book.records() if held.received_from]
    for desk in (west, east, north):
        assert verify_store(desk.store).faults == []


def amend(pair, terms):
    return propose_text(pair.west.node, pair.west.officers["commander"], read_terms(terms), revises=life(pair.west).governs).hash


@pytest.mark.parametrize("looked", [False, True])
def test_what_one_officer_released_does_not_leave_under_a_text_that_wants_two_unless_a_second_looked(stood, looked):  # noqa: F811
    """The link is away for east's signature to come by file: the standing approval is gone before the entry left."""
    west, east = stood.west, stood.east
    text = amend(stood, TERMS)
    stood.sync()
    sign(east, text)
    stood.sync()
    made = propose_meeting(west, meeting(west))
    assert made.condition == "logged"
    if looked:
        review_release(west.node, west.officers["approver"], made.release, fine=True)
    sign(west, text)
    assert stands(west, made) == (("logged", "") if looked else ("refused", "amended"))
    stood.sync()
    with east.store.reading() as book:
        assert bool([held for held in book.records() if held.received_from]) is looked
    assert STANDING not in TERMS
