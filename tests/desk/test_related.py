# SPDX-License-Identifier: Apache-2.0
"""What may be one event is proposed from all that stands here; what answers what is an officer's word, taken back by another; each side's is its own."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import release
from tests.desk.made import event, journal_size
from tests.facts.made import claim, code, count

from hamsaya.accounts.gist import gist_of
from hamsaya.accounts.likeness import NEAR, NEAR_M
from hamsaya.accounts.traces import asked_of
from hamsaya.desk.erasing import decide_erasure, order_erasure
from hamsaya.desk.incidents import link_incident, unlink_incident, view_incident
from hamsaya.desk.relating import put_back, relate_incidents, set_apart, unrelate_incidents
from hamsaya.desk.roles import ROLES, may
from hamsaya.desk.stale import Stale
from hamsaya.desk.suggesting import same_as, suggest_for
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store


def lost(side, number=2):
    return claim("killed", count(number, number), about=code("border_guard", country=side), grade=None)


def acting(side):
    return claim("actor", code("border_guard", country=side), grade=None)


def proposed(desk, incident):
    with desk.store.reading() as book:
        return suggest_for(book, incident)


def relations(desk, incident):
    with desk.store.reading() as book:
        return [(each.incident, each.relation, each.other) for each in book.relations_of(incident)]


def relate(desk, one, relation, other, role="duty"):
    return relate_incidents(desk.node, desk.officers[role], one, relation, other)


def test_same_event_is_proposed_from_either_side_and_linking_it_ends_the_proposal(desk):
    one, two = event(desk), event(desk, what="armed_attack")
    event(desk, when="2026-11-20")
    (found,) = proposed(desk, one.incident).same
    (back,) = proposed(desk, two.incident).same
    assert (found.incident, found.record, found.of) == (two.incident, two.id, one.id)
    assert (back.incident, back.score, found.score) == (one.incident, 7 + 6 + 1, 7 + 6 + 1)
    link_incident(desk.node, desk.officers["duty"], one.incident, two.incident)
    assert proposed(desk, one.incident).same == []
    unlink_incident(desk.node, desk.officers["duty"], one.incident, two.incident)
    assert [each.incident for each in proposed(desk, two.incident).same] == [one.incident]


def test_neighbours_account_is_proposed_and_both_sides_may_hold_another_view(agreed):
    """The link is this node's own; the neighbour's account keeps the name that its author gave, and the neighbour sees nothing of our link."""
    west, east = agreed.west, agreed.east
    ours, theirs = event(west), event(east)
    release(east, theirs.id)
    agreed.sync()
    (found,) = proposed(west, theirs.incident).same
    assert found.incident == ours.incident
    link_incident(west.node, west.officers["duty"], theirs.incident, ours.incident)
    agreed.sync()
    with west.store.reading() as book:
        names = {held.record.incident for held in view_incident(book, ours.incident).held.values()}
        assert names == {ours.incident, theirs.incident}  # what the author says of it stands as it came
        assert same_as(book, ours.incident) == []
    with east.store.reading() as book:
        assert book.links_of(theirs.incident) == []
        assert len(view_incident(book, theirs.incident).accounts) == 1
    relate(east, theirs.incident, "responds_to", event(east, when="2026-11-10").incident)
    agreed.sync()
    assert relations(west, ours.incident) == []
    assert verify_store(west.store).faults == []


def test_relation_is_proposed_said_told_from_both_ends_and_taken_back(desk):
    first = event(desk, more=[lost("IR")])
    answer = event(desk, when="2026-11-13", what="armed_trespass", more=[acting("IR")])
    (found,) = proposed(desk, first.incident).connected
    assert (found.incident, found.relation, found.other) == (answer.incident, "responds_to", first.incident)
    assert str(found.reasons[0]) == "those who act in the later one had losses in the earlier one"
    assert proposed(desk, answer.incident).connected == [found]
    said = relate(desk, answer.incident, "responds_to", first.incident)
    assert (said.office, said.said_of) == ("duty office", (answer.incident, first.incident))
    assert relations(desk, first.incident) == relations(desk, answer.incident) == [(answer.incident, "responds_to", first.incident)]
    assert proposed(desk, first.incident).connected == []
    unrelate_incidents(desk.node, desk.officers["duty"], answer.incident, "responds_to", first.incident)
    assert relations(desk, first.incident) == []
    assert proposed(desk, first.incident).connected == [found]
    assert verify_store(desk.store).faults == []


def test_relation_follows_an_incident_that_goes_on_under_another_name(desk):
    a, b, c = (event(desk, when=f"2026-11-{number}").incident for number in (10, 14, 18))
    relate(desk, a, "causes", b)
    link_incident(desk.node, desk.officers["duty"], a, c)
    assert relations(desk, c) == relations(desk, b) == [(c, "causes", b)]
    with pytest.raises(InputError):  # they were said to be two
        link_incident(desk.node, desk.officers["duty"], b, a)
    unrelate_incidents(desk.node, desk.officers["duty"], c, "causes", b)
    assert relations(desk, b) == []
    assert link_incident(desk.node, desk.officers["duty"], b, a) == c
    with pytest.raises(InputError):
        relate(desk, a, "causes", b)
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize(
    ("one", "relation", "other", "error"),
    [("a", "causes", "a", InputError), ("a", "likes", "b", InputError), ("a", "", "b", InputError), ("a", "causes", "WEST-I-NONE", NotFound),
     ("", "causes", "b", NotFound), ("a", "causes", "", NotFound), ("b", "causes", "a", InputError), ("a", "causes", "b", Refused)],
    ids=["itself", "no such relation", "none", "unknown", "empty", "empty other", "the reverse of what was said", "said before"],
)  # fmt: skip
def test_what_cannot_be_said_changes_nothing(desk, one, relation, other, error):
    names = {"a": event(desk).incident, "b": event(desk, when="2026-11-20").incident}
    relate(desk, names["a"], "causes", names["b"])
    before = journal_size(desk)
    with pytest.raises(error):
        relate(desk, names.get(one, one), relation, names.get(other, other))
    with pytest.raises((NotFound, Refused)):
        unrelate_incidents(desk.node, desk.officers["duty"], names.get(one, one), "responds_to", names.get(other, other))
    assert journal_size(desk) == before


@pytest.mark.parametrize("role", sorted(role for role in ROLES if not may(role, "file")))
def test_who_may_not_file_may_not_say_it(desk, role):
    a, b = event(desk).incident, event(desk, when="2026-11-20").incident
    officer = msgspec.structs.replace(desk.officers["duty"], role=role)
    for act in (relate_incidents, unrelate_incidents):
        with pytest.raises(Refused) as refused:
            act(desk.node, officer, a, "causes", b)
        assert refused.value.rule == "role"


def test_correction_withdrawal_and_erasure_change_what_is_proposed(desk):
    one, two = event(desk), event(desk)
    assert len(proposed(desk, one.incident).same) == 1
    event(desk, when="2026-09-01", revises=two.id)
    assert proposed(desk, one.incident).same == []
    three = event(desk)
    assert [each.incident for each in proposed(desk, one.incident).same] == [three.incident]
    order_erasure(desk.node, desk.officers["commander"], three.id, "retention")
    decide_erasure(desk.node, desk.officers["approver"], three.id, erase=True)
    assert proposed(desk, one.incident).same == []
    assert verify_store(desk.store).faults == []


def test_unknown_incident_is_told(desk):
    with desk.store.reading() as book, pytest.raises(NotFound):
        suggest_for(book, "WEST-I-NONE")


def test_account_that_answers_an_incident_unknown_here_stands_under_the_name_it_gives(agreed):
    """The neighbour names an incident of which nothing stands here: it is shown under that name, and weighed like any other."""
    west, east = agreed.west, agreed.east
    hidden = event(east)
    theirs = event(east, incident=hidden.incident)
    release(east, theirs.id)
    agreed.sync()
    ours = event(west)
    (found,) = proposed(west, ours.incident).same
    assert (found.incident, found.record) == (hidden.incident, theirs.id)


def test_of_many_accounts_in_one_class_the_newest_are_weighed(desk, monkeypatch):
    from hamsaya.ledger import nearby

    monkeypatch.setattr(nearby, "MOST", 2)
    first, *_, last = (event(desk) for _ in range(4))
    with desk.store.reading() as book:
        found = book.nearby("incident_account", asked_of(gist_of(first), NEAR, NEAR_M))
    assert len(found) == 2
    assert found[0].held.record.id == last.id


def stands_under(desk, record):
    with desk.store.reading() as book:
        return next(name for name in book.incidents() for held in book.records_of([name]) if held.record.id == record)


def test_account_that_names_our_incident_may_be_set_apart_here_and_is_put_back(agreed):
    """The neighbour answers our incident; we see another event. Its account stays as signed, a correction of it stays apart too, and links part well."""
    west, east = agreed.west, agreed.east
    ours, other = event(west), event(west, when="2026-11-20")
    release(west, ours.id)
    agreed.sync()
    theirs = event(east, incident=ours.incident)
    release(east, theirs.id)
    agreed.sync()
    assert stands_under(west, theirs.id) == ours.incident
    held = set_apart(west.node, west.officers["duty"], theirs.id)
    assert stands_under(west, theirs.id) == held.incident != ours.incident
    with west.store.reading() as book:
        assert book.versions(theirs.id)[-1].record.incident == ours.incident  # as its author signed it
        assert [each.incident for each in same_as(book, held.incident)] == [ours.incident]
    event(east, more=[acting("IR")], revises=theirs.id)
    release(east, theirs.id)
    agreed.sync()
    assert stands_under(west, theirs.id) == held.incident
    link_incident(west.node, west.officers["duty"], held.incident, other.incident)
    assert stands_under(west, theirs.id) == other.incident
    unlink_incident(west.node, west.officers["duty"], held.incident, other.incident)
    assert stands_under(west, theirs.id) == held.incident
    with pytest.raises(Stale):
        set_apart(west.node, west.officers["duty"], theirs.id)
    assert put_back(west.node, west.officers["duty"], theirs.id) == ours.incident == stands_under(west, theirs.id)
    with pytest.raises(Stale):
        put_back(west.node, west.officers["duty"], theirs.id)
    assert stands_under(east, theirs.id) == ours.incident
    assert verify_store(west.store).faults == []


def test_what_is_ours_unknown_or_alone_is_not_set_apart(agreed):
    west, east = agreed.west, agreed.east
    ours, alone = event(west), event(east)
    release(east, alone.id)
    agreed.sync()
    before = journal_size(west)
    for record, error in ((ours.id, NotFound), ("EAST-R-NONE", NotFound), ("", NotFound), (alone.id, InputError)):
        with pytest.raises(error):
            set_apart(west.node, west.officers["duty"], record)
    with pytest.raises(Refused):
        set_apart(west.node, west.officers["approver"], alone.id)
    assert journal_size(west) == before
