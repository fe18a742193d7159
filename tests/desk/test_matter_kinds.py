# SPDX-License-Identifier: Apache-2.0
"""Every kind of matter by its table alone: each transition by each side and role on both nodes, and nothing else (issue 7 item 1)."""

from __future__ import annotations

import random

import pytest
from tests.conftest import release, trusting
from tests.desk.made import event, journal_size
from tests.desk.test_erasing import confirm, erase
from tests.desk.three import send
from tests.desk.walk import make, officer, opened, sides, tours, typed

from hamsaya.agreement.decision import refuse
from hamsaya.desk.converse import receive
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import link_incident, view_incident
from hamsaya.desk.matters import matter_with
from hamsaya.desk.offering import write_for
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.roles import may
from hamsaya.facts.claims import CODES, PREDICATES
from hamsaya.facts.errors import HamsayaError, InputError, NotFound, Refused
from hamsaya.facts.values import Coded, Moment, Words
from hamsaya.facts.words import say
from hamsaya.ledger.verify import verify_store
from hamsaya.settlement.courses import COURSES

KINDS = {kind: course for kind, course in COURSES.items() if not course.negotiated}
FORMS = {kind: course for kind, course in KINDS.items() if course.form}


def state(desk, record):
    with desk.store.reading() as book:
        return matter_with(desk.node, book, record).standing.state


def told(desk, record):
    """What both desks must show alike."""
    with desk.store.reading() as book:
        held = matter_with(desk.node, book, record)
    steps = [(each.step.move, each.step.by, each.step.office, each.step.at, each.step.record, each.counted) for each in held.standing.steps]
    return held.standing.state, steps, held.clocks


@pytest.fixture(scope="module")
def settled(tmp_path_factory, places):
    """Both hold west's account of an incident. What is open between them grows from test to test; in the end every byte of it is verified."""
    pair = trusting(tmp_path_factory.mktemp("kinds"), places)
    pair.agree()
    record = pair.west.file().record
    release(pair.west, record.id)
    pair.sync()
    yield pair, record.incident
    assert verify_store(pair.west.store).faults == verify_store(pair.east.store).faults == []
    pair.west.store.close()
    pair.east.store.close()


def subject_for(desk, incident):
    with desk.store.reading() as book:
        return book.incident_name(incident)


@pytest.mark.parametrize("kind", KINDS)
def test_every_transition_by_every_side_is_made_on_both_nodes_or_refused_with_a_reason(settled, kind):
    """Several matters of a kind go their ways at once; in each state that one reaches, all else is tried first."""
    pair, incident = settled
    course = KINDS[kind]
    desks = {"opener": pair.west, "other": pair.east}
    walks = tours(course)
    records = [opened(pair.west, course, subject_for(pair.west, incident))[0] for _ in walks]
    pair.sync()
    tried = set()
    for number in range(max(map(len, walks)) + 1):
        for record, walk in zip(records, walks, strict=True):
            if number <= len(walk):
                stood = course.moves[walk[number - 1][1]].after if number else course.first
                assert told(pair.west, record) == told(pair.east, record)
                assert state(pair.west, record) == stood
                if stood not in tried:
                    sizes = journal_size(pair.west), journal_size(pair.east)
                    refuse_all_but(course, record, stood, desks, incident)
                    assert (journal_size(pair.west), journal_size(pair.east)) == sizes
                    tried.add(stood)
        for record, walk in zip(records, walks, strict=True):
            if number < len(walk):
                _, name, side = walk[number]
                make(desks[side], course, record, name, subject_for(desks[side], incident))
        pair.sync()
    assert tried == set(course.states)


def refuse_all_but(course, record, stood, desks, incident):
    """Try what the table does not let in while it stands so, and what a role has no right to."""
    for name, move in course.moves.items():
        if move.borne not in ("move", "refusal") and move.form is None:
            continue
        for side, desk in desks.items():
            subject = subject_for(desk, incident)
            if side not in sides(move) or stood not in move.before:
                with pytest.raises(Refused) as named:
                    make(desk, course, record, name, subject)
                assert named.value.rule in ("side", "decided")
            else:
                for each in desk.officers.values():
                    if not may(each.role, move.verb):
                        with pytest.raises(Refused) as named:
                            make(desk, course, record, name, subject, by=each)
                        assert named.value.rule == "role"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_random_moves_over_a_link_that_drops_and_repeats_end_alike(settled, kind, seed):
    pair, incident = settled
    chance, course = random.Random(seed), KINDS[kind]  # noqa: S311
    record, _ = opened(pair.west, course, subject_for(pair.west, incident))
    pair.sync()
    desks = {"opener": pair.west, "other": pair.east}
    under_way, made = [], 0
    for _ in range(12):
        name = chance.choice(sorted(course.moves))
        desk = desks[chance.choice(sides(course.moves[name]))]
        try:
            make(desk, course, record, name, subject_for(desk, incident))
            made += 1
        except HamsayaError:
            pass  # not to be done as it stands there
        sender, other = chance.choice([(pair.west, pair.east), (pair.east, pair.west)])
        with sender.store.reading() as book:
            under_way.append((other, write_for(sender.node, book, other.node.party)))
        chance.shuffle(under_way)
        while under_way and chance.random() < 0.4:
            receiver, bundle = under_way.pop()
            receive(receiver.node, bundle)
            if chance.random() < 0.3:
                receive(receiver.node, bundle)
    pair.sync()
    pair.sync()
    assert made
    assert told(pair.west, record) == told(pair.east, record)


@pytest.mark.parametrize("kind", FORMS)
def test_form_becomes_claims_of_its_predicates_and_nothing_else(settled, kind):
    pair, incident = settled
    west, course = pair.west, FORMS[kind]
    forms = [course.form, *(move.form for move in course.moves.values() if move.form)]
    for form in forms:
        assert len({field.name for field in form.fields}) == len(form.fields)
        for field in form.fields:
            kinds = {"words": Words, "line": Words, "names": Words, "past": Moment, "future": Moment, "code": Coded}
            assert PREDICATES[field.predicate].value is kinds.get(field.reads, PREDICATES[field.predicate].value)
            assert set(field.codes) <= set(CODES)
            assert bool(field.codes) == (field.reads == "code")
    filled = typed(course.form, subject_for(west, incident))
    filed = open_matter(west.node, officer(west, course.verb), kind, Sheet(typed=filled, token=f"twice-{kind}"))
    again = open_matter(west.node, officer(west, course.verb), kind, Sheet(typed=filled, token=f"twice-{kind}"))
    assert (again.held, again.repeated) == (filed.held, True)
    said = {claim.predicate for claim in filed.held.record.claims}
    assert said == {field.predicate for field in course.form.fields}
    assert all(claim.grade == "F6" for claim in filed.held.record.claims)


@pytest.mark.parametrize("kind", FORMS)
def test_bad_forms_are_refused_with_the_field_and_nothing_is_written(settled, kind):
    pair, incident = settled
    west, course = pair.west, FORMS[kind]
    good = typed(course.form, subject_for(west, incident))
    before = journal_size(west)
    bad = [({}, "grade", "Z9"), ({"nobody asks": "x"}, "", "")]
    for field in course.form.fields:
        if field.required:
            bad.append(({field.name: "  "}, "", ""))
        bad.append(({field.name: "x" * 5_000}, "", ""))
        if field.reads in ("code", "future", "past", "names"):
            bad.append(({field.name: "\u202eمقهور ☠ <script>"}, "", ""))
        if field.reads == "future":
            bad.append(({field.name: "2020-01-01"}, "", ""))
        if field.reads == "past":
            bad.append(({field.name: "2199-01-01"}, "", ""))
    for change, name, value in bad:
        with pytest.raises((InputError, NotFound)) as named:
            open_matter(west.node, officer(west, course.verb), kind, Sheet(typed={**good, **change}, **({name: value} if name else {})))
        assert str(named.value.what)
    for incident_name in ("WEST-I-NONE", "'; DROP TABLE holding; --"):
        with pytest.raises(InputError):
            open_matter(west.node, officer(west, course.verb), kind, Sheet(typed=good, incident=incident_name))
    assert journal_size(west) == before


def test_what_is_no_matter_is_moved_by_nothing(settled):
    pair, incident = settled
    east = pair.east
    duty = east.officers["duty"]
    with pytest.raises(InputError):
        open_matter(east.node, duty, "incident_account", Sheet(typed={}))
    with pytest.raises(InputError):
        open_matter(east.node, duty, "request", Sheet(typed={}))
    with pytest.raises(NotFound):
        answer_matter(east.node, duty, "WEST-R-NONE", "reply", Sheet(typed={}))
    record, _ = opened(pair.west, COURSES["complaint"], subject_for(pair.west, incident))
    pair.sync()
    for step in ("close", "burn", ""):
        with pytest.raises(InputError):
            answer_matter(east.node, duty, record, step, Sheet(typed={}))


def test_two_replies_at_once_both_stand_and_end_alike(settled):
    """Two officers of the node that was complained to reply, each by their own record."""
    pair, incident = settled
    complaint, _ = opened(pair.west, COURSES["complaint"], subject_for(pair.west, incident))
    pair.sync()
    first = answer_matter(pair.east.node, officer(pair.east, "file", "propose"), complaint, "reply", Sheet(typed={"reply": "regret"}))
    second = answer_matter(pair.east.node, officer(pair.east, "file", "propose"), complaint, "reply", Sheet(typed={"reply": "rejected"}))
    for each in (first, second):
        release(pair.east, each.held.record.id)
    pair.sync()
    assert told(pair.west, complaint) == told(pair.east, complaint)
    assert [name for name, *_ in told(pair.west, complaint)[1]] == ["open", "reply", "reply"]


def test_the_time_that_a_complaint_names_holds_before_the_agreements(settled):
    pair, incident = settled
    west, course = pair.west, COURSES["complaint"]
    subject = subject_for(west, incident)
    plain = typed(course.form, subject) | {"due": ""}
    filed = [open_matter(west.node, officer(west, "file", "propose"), "complaint", Sheet(typed=each)).held.record
             for each in (plain, plain | {"due": "+5h"})]  # fmt: skip
    for each in filed:
        release(west, each.id)
    pair.sync()
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            (terms, named) = (matter_with(desk.node, book, each.id).clock("reply") for each in filed)
        due = next(claim.value.end for claim in filed[1].claims if claim.predicate == "due")
        assert named.due_at == due
        assert terms.due_at > due


def test_a_complaint_its_reply_and_a_commitment_are_no_accounts_of_the_incident(settled):
    pair, incident = settled
    course = COURSES["complaint"]
    complaint, _ = opened(pair.west, course, subject_for(pair.west, incident))
    opened(pair.west, COURSES["commitment"], subject_for(pair.west, incident))
    pair.sync()
    make(pair.east, course, complaint, "reply", incident)
    pair.sync()
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            view = view_incident(book, subject_for(desk, incident))
        assert [account.record.kind for account in view.accounts] == ["incident_account"]
        assert not {"demand", "reply", "subject", "evidence"} & {field.key for field in view.fields}


def test_what_opened_a_matter_does_not_change_with_what_is_acknowledged_later(settled):
    """A correction leaves too; then the first version is acknowledged, so that its row was touched last."""
    pair, incident = settled
    west, east = pair.west, pair.east
    record, first = opened(west, COURSES["complaint"], subject_for(west, incident))
    pair.sync()
    correct_record(west.node, west.officers["duty"], record, handling="green", reason="It may be told more widely.")
    release(west, record)
    pair.sync()
    acknowledge(east.node, east.officers["duty"], first.log, first.seq)
    pair.sync()
    assert told(west, record) == told(east, record)
    assert state(west, record) == "acknowledged"


def test_a_time_whose_bytes_one_side_erased_is_told_by_neither(settled):
    pair, incident = settled
    west, east = pair.west, pair.east
    record, _ = opened(west, COURSES["complaint"], subject_for(west, incident))
    pair.sync()
    named = told(west, record)[2]
    erase(west, record)
    pair.sync()
    assert told(west, record) == told(east, record)
    assert told(west, record)[2] != named
    with east.store.reading() as book:
        (asked,) = book.erasures()
    confirm(east, asked)
    pair.sync()
    assert told(west, record) == told(east, record)


def test_a_reply_that_stands_in_quarantine_counts_on_neither_node(settled):
    """West's program does not take what east's let leave."""
    pair, incident = settled
    west, east = pair.west, pair.east
    record, _ = opened(west, COURSES["complaint"], subject_for(west, incident))
    pair.sync()
    reply = answer_matter(east.node, officer(east, "propose"), record, "reply", Sheet(typed={"reply": "regret"})).held.record.id
    held = release(east, reply)
    with east.store.reading() as book:
        bundle = write_for(east.node, book, "west")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hamsaya.desk.judging.misfit", lambda *_, **__: refuse("screen", say("It does not fit.")))
        receive(west.node, bundle)
    pair.sync()
    pair.sync()
    with east.store.reading() as book:
        assert book.release(held.release).condition == "quarantined"
    assert told(west, record) == told(east, record)
    assert state(east, record) == "lodged"


def test_a_third_partys_name_of_an_incident_does_not_leave_in_what_settles_something(three):
    """East, a neighbour of west and north, complains to west about what north told of; under its own name of it that leaves."""
    east, north = three.east, three.north
    theirs, ours = event(north), event(east)
    assert send(north, theirs.id, "east").condition == "logged"
    three.sync()
    link_incident(east.node, east.officers["duty"], ours.incident, theirs.incident)
    good = {"degree": "complaint", "demand": "explanation", "says": "Shots fell on our side."}
    for name, leaves in ((theirs.incident, False), (ours.incident, True)):
        filed = open_matter(east.node, east.officers["duty"], "complaint", Sheet(typed=good | {"subjects": name})).held.record.id
        if leaves:
            assert send(east, filed, "west").condition == "logged"
        else:
            with pytest.raises(Refused) as named:
                send(east, filed, "west")
            assert named.value.rule == "originator"
