# SPDX-License-Identifier: Apache-2.0
"""The steps of a release: all that a node can prove, the last one its condition, and the same on both nodes after they have talked (law 4)."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.made import file
from tests.desk.test_erasing import erase
from tests.desk.test_lifecycle import act
from tests.desk.test_quarantine import there  # noqa: F401  (fixture)
from tests.desk.test_recalls import WHY, answered, recall
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_requests import answer, ask, asked  # noqa: F401  (fixture)

from hamsaya.desk.converse import answer as answered_by
from hamsaya.desk.converse import synchronise
from hamsaya.desk.erasing import confirm_erasure
from hamsaya.desk.explain import arrived_as, explain
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.release import propose_release
from hamsaya.desk.requests import refuse_request
from hamsaya.desk.steps import delivery_here, delivery_of
from hamsaya.facts.errors import LinkError


def told(desk, name):
    """The release as this node tells it, made here or sent here."""
    with desk.store.reading() as book:
        came = arrived_as(book, name)
        return delivery_here(desk.node, book, *came) if came else delivery_of(desk.node, book, book.release(name))


def names(delivery):
    return [each.step for each in delivery.steps]


def check_alike(pair, name):
    """Both nodes tell the same, to the byte of their JSON, but for what stands in the sender's journal alone."""
    west, east = told(pair.west, name), told(pair.east, name)
    assert msgspec.json.encode(west.shared) == msgspec.json.encode(east.shared)
    assert (west.condition, west.since, west.why) == (east.condition, east.since, east.why)
    assert not any("failed" in str(each.why) or "not needed" in str(each.why) for each in [*west.steps, *east.steps])
    return west


def test_every_step_from_the_proposal_to_the_answer_of_a_recall_is_told_alike(agreed):
    west, east = agreed.west, agreed.east
    made = release(west, file(west).record.id)
    assert names(told(west, made.release)) == ["proposed", "decided", "logged"]
    agreed.sync()
    assert check_alike(agreed, made.release).condition == "receipted"
    acknowledge(east.node, east.officers["duty"], made.log, made.seq)
    assert (told(west, made.release).condition, told(east, made.release).condition) == ("receipted", "opened")  # each what it can prove
    agreed.sync()
    assert check_alike(agreed, made.release).condition == "opened"
    recall(west, made)
    agreed.sync()
    taken = check_alike(agreed, made.release)
    assert (taken.condition, str(taken.why)) == ("recalled", f"taken back: {WHY}")
    answered(east, made)
    agreed.sync()
    last = check_alike(agreed, made.release)
    assert names(last) == ["proposed", "decided", "logged", "receipted", "opened", "recalled", "recall answered"]
    assert str(last.steps[1].why).startswith("allowed by clause ")
    assert [each.by for each in last.steps] == ["west", "west", "west", "east", "east", "west", "east"]
    with west.store.reading() as book:
        assert explain(west.node, book, made.release).delivery == last
        assert book.release(made.release).condition == last.condition


def test_what_never_left_tells_why_and_nothing_more(agreed):
    west = agreed.west
    made = propose_release(west.node, west.officers["duty"], file(west).record.id, purpose="targeting", necessity="It would be of use to us.")
    delivery = told(west, made.release)
    assert (names(delivery), str(delivery.why)) == (["proposed", "refused"], str(made.reason))
    assert all(each.here for each in delivery.steps)


def test_release_held_by_a_suspension_tells_that_it_was_held_and_when_it_went_on(agreed):
    west = agreed.west
    made = release(west, file(west).record.id)
    act(west, "suspend")
    agreed.sync()
    held = told(west, made.release)
    assert (names(held), held.condition) == (["proposed", "decided", "logged", "held"], "held")
    act(west, "resume")
    agreed.sync()
    assert names(check_alike(agreed, made.release)) == ["proposed", "decided", "logged", "held", "logged", "receipted"]


def test_request_is_answered_or_refused_on_both_desks_alike(asked):  # noqa: F811
    pair, request = asked
    said = answer(pair.west, request)
    second = ask(pair.east, "Which post saw it?")
    pair.sync()
    refuse_request(pair.west.node, pair.west.officers["duty"], second, ["asylum"], "They seek protection.")
    pair.sync()
    with pair.east.store.reading() as book:
        first, other = (book.releases_of(each)[0].release for each in (request, second))
    assert str(check_alike(pair, first).why) == f"answered by record {said.record}"
    refused = check_alike(pair, other)
    assert (refused.condition, str(refused.why)) == ("answered", "refused on a ground of refusal")


def test_answer_that_was_lost_on_the_way_changes_nothing_once_they_have_talked(agreed):
    west, east = agreed.west, agreed.east
    made = release(west, file(west).record.id)

    def lose(_, data):
        answered_by(east.node, data)
        raise LinkError(made.reason)

    with pytest.raises(LinkError):
        synchronise(west.node, "east", lose)
    assert told(west, made.release).condition == "logged"
    agreed.sync()
    assert check_alike(agreed, made.release).condition == "receipted"


def test_node_that_was_set_back_tells_the_same_again(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    made = release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    agreed.sync()
    acknowledge(east.node, east.officers["duty"], made.log, made.seq)
    agreed.sync()
    before = told(west, made.release).shared
    set_back(west, kept, tmp_path)
    agreed.sync()
    assert check_alike(agreed, made.release).shared == before


def test_what_stands_in_quarantine_says_so_with_the_rule_on_both(there):  # noqa: F811
    pair, held = there
    told_of = check_alike(pair, held.release)
    assert (names(told_of)[-2:], told_of.condition) == (["receipted", "quarantined"], "quarantined")
    assert str(told_of.why) == f"quarantined by east: clause {held.clause}: the agreement there does not let it come"


def test_erasure_and_its_confirmation_are_steps_on_both(agreed):
    west, east = agreed.west, agreed.east
    made = release(west, file(west).record.id)
    agreed.sync()
    erase(west, made.record)
    agreed.sync()
    assert check_alike(agreed, made.release).condition == "erasure asked"
    confirm_erasure(east.node, east.officers["approver"], made.log, made.seq)
    agreed.sync()
    assert names(check_alike(agreed, made.release))[-2:] == ["erasure asked", "erasure confirmed"]
