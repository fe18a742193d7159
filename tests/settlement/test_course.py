# SPDX-License-Identifier: Apache-2.0
"""How a matter stands follows from the set of its steps: in whatever order they come, and whatever the clocks of the two sides say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.agreement.due import TERMS
from hamsaya.desk.roles import VERBS
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.settlement.asking import EXPLAIN_MIN, EXPLANATION, INFORMATION
from hamsaya.settlement.course import GONE, OPENED, Step, clocks, in_order, stand
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.finding import FINDING, PARAGRAPHS, Paragraph, changes, claims_of, text_of

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
OPENING = Step(move=OPENED, by="opener", ref=OPENED, office="watch", at=START, received_at=START + timedelta(minutes=2))


def at(minutes):
    return START + timedelta(minutes=minutes)


def step(move, by, minutes, *, seen="", ref="", received=None):
    return Step(move=move, by=by, ref=ref or f"{move}-{minutes}", office="watch", at=at(minutes), seen=seen, received_at=received)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_table_is_whole(course):
    """Every state it names stands in it and can be reached, every kind is a record's, every right and every term exists."""
    assert course.kind in RECORD_KINDS
    reached = {course.first}
    for _ in course.states:
        reached |= {state for move in course.moves.values() if move.before & reached for state in (move.after, move.halfway) if state}
    assert reached == set(course.states)
    assert course.starts <= set(course.states)
    for move in course.moves.values():
        assert move.before <= set(course.states)
        assert move.verb in VERBS
    for clock in course.clocks.values():
        assert clock.runs_in <= set(course.states)
        assert clock.term in TERMS or (not clock.term and (clock.named or clock.otherwise_min))
    assert OPENED not in course.moves
    assert all(move.halfway in course.states for move in course.moves.values() if move.halfway)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], "asked"), ([("acknowledge", "other")], "acknowledged"), ([("acknowledge", "other"), ("refuse", "other")], "refused"),
        ([("answer", "other")], "answered"), ([("refuse", "other"), ("answer", "other")], "answered"),
        ([("answer", "other"), ("refuse", "other")], "answered"), ([("answer", "other"), ("close", "opener")], "closed"),
        ([("answer", "other"), ("reopen", "opener"), ("refuse", "other")], "refused"),
        ([("answer", "other"), ("close", "opener"), ("reopen", "opener")], "again"),
        ([("answer", "other"), ("close", "opener"), ("reopen", "opener"), ("answer", "other")], "answered"),
        ([("withdraw", "opener"), ("answer", "other")], "withdrawn"), ([("acknowledge", "other"), ("recall", "opener")], "withdrawn"),
        ([("close", "opener")], "asked"),  # nothing was answered yet
        ([("answer", "other"), ("close", "other")], "answered"),  # whoever was asked does not close it
        ([("withdraw", "other")], "asked"), ([("answer", "opener")], "asked"), ([("burn", "opener")], "asked"),
        ([("answer", "other"), ("close", "opener"), ("acknowledge", "other")], "closed"),
    ],
)  # fmt: skip
def test_table_says_how_it_stands(steps, state):
    told = stand(INFORMATION, [OPENING, *(step(move, by, number) for number, (move, by) in enumerate(steps, 1))])
    assert told.state == state


steps_of = st.lists(
    st.builds(
        lambda number, move, minutes, back: (number, move, minutes, back),
        st.integers(0, 1 << 30), st.sampled_from(sorted(INFORMATION.moves)), st.integers(-30, 300), st.integers(0, 9),
    ),
    max_size=9, unique_by=lambda each: each[0],
)  # fmt: skip


def built(drawn):
    """Steps as their signers made them: some name one that they had seen before."""
    made = [OPENING]
    for number, move, minutes, back in drawn:
        seen = made[-1 - back % len(made)].ref if back % 3 else ""
        made.append(step(move, INFORMATION.moves[move].by, minutes, ref=f"r{number}", seen=seen))
    return made


@given(steps_of, st.randoms(use_true_random=False))
def test_how_it_stands_does_not_depend_on_the_order_in_which_the_steps_come(drawn, chance):
    made = built(drawn)
    shuffled = [*made, *made[:3]]
    chance.shuffle(shuffled)
    assert stand(INFORMATION, shuffled) == stand(INFORMATION, made)
    assert in_order(shuffled)[0] == OPENING


@given(steps_of)
def test_what_a_step_had_seen_comes_before_it_whatever_the_clocks_say(drawn):
    made = built(drawn)
    place = {each.ref: number for number, each in enumerate(in_order(made))}
    assert all(place[each.seen] < place[each.ref] for each in made if each.seen)


@given(steps_of)
def test_a_step_that_does_not_count_changes_nothing(drawn):
    state = INFORMATION.first
    for told in stand(INFORMATION, built(drawn)).steps:
        assert told.counted or told.state == state
        state = told.state


def text(name, by, minutes):
    return Step(move="text", by=by, ref=f"{by}-{minutes}", office="watch", at=at(minutes), text=name)


FIRST = Step(move=OPENED, by="opener", ref=OPENED, office="watch", at=START, text="one")


def sign(by, minutes, on, seen=OPENED):
    return Step(move="sign", by=by, ref=f"sign-{by}-{minutes}", office="commander", at=at(minutes), on=on, seen=seen)


def test_both_sign_in_the_same_instant_and_both_count():
    """Acts that say the same have the same bytes, and so the same name: they are two all the same. Found by the simulator."""
    one, other = (Step(move="sign", by=by, ref="same", office="commander", at=at(1), on="one", seen=OPENED) for by in ("opener", "other"))
    for steps in ([one, other], [other, one], [one, other, one]):
        standing = stand(FINDING, [msgspec.structs.replace(OPENING, text="one"), *steps])
        assert (standing.state, standing.signers) == ("signed", {"opener", "other"})


@pytest.mark.parametrize(("steps", "state", "signers"), [
    ([], "proposed", set()), ([sign("other", 1, "one")], "half", {"other"}),
    ([sign("opener", 1, "one"), sign("other", 2, "one")], "signed", {"opener", "other"}),
    ([sign("other", 1, "one"), sign("other", 2, "one")], "half", {"other"}),  # one side twice is one side
    ([sign("other", 1, "two")], "proposed", set()),  # a text that nobody put forward
    ([sign("other", 1, "one"), text("two", "opener", 2)], "proposed", set()),  # what was signed is about the text before
    ([text("two", "opener", 2), sign("other", 3, "one"), sign("opener", 4, "two")], "half", {"opener"}),
    ([text("two", "other", 2), sign("other", 3, "two"), sign("opener", 4, "two")], "signed", {"opener", "other"}),
    ([sign("opener", 1, "one"), sign("other", 2, "one"), text("two", "opener", 3)], "signed", {"opener", "other"}),  # signed is signed
    ([step("decline", "other", 1), sign("other", 2, "one")], "declined", set()),
    ([step("decline", "other", 1), text("two", "opener", 2), sign("opener", 3, "two"), sign("other", 4, "two")], "signed", {"opener", "other"}),
    ([sign("opener", 1, "one"), sign("other", 2, "one"), step("recall", "opener", 3)], "signed", {"opener", "other"}),
    ([sign("other", 1, "")], "proposed", set()),
    # the bytes are erased: what both signed alike stays signed, and two texts do not become one
    ([text(GONE, "opener", 2), sign("opener", 3, "two"), sign("other", 4, "two")], "signed", {"opener", "other"}),
    ([text(GONE, "opener", 2), sign("opener", 3, "two"), sign("other", 4, "one")], "half", {"opener"}),
])  # fmt: skip
def test_finding_is_signed_when_both_have_signed_the_same_text(steps, state, signers):
    told = stand(FINDING, [FIRST, *steps])
    assert (told.state, set(told.signers)) == (state, signers)
    assert stand(FINDING, [*reversed(steps), FIRST]) == told


words = st.builds(Paragraph, st.sampled_from(sorted(PARAGRAPHS)), st.sampled_from("abcdef"))
texts = st.lists(words, max_size=6, unique=True)


@given(texts, texts)
def test_changes_hold_both_texts_and_invent_nothing(before, after):
    told = changes(before, after)
    assert [each.paragraph for each in told if each.how != "removed"] == after
    assert {each.paragraph for each in told if each.how != "added"} == set(before)
    assert all((each.paragraph in before) == (each.how != "added") for each in told)


@given(texts)
def test_a_text_survives_as_claims(said):
    said = [msgspec.structs.replace(each, side="IR" if each.kind == "remark" else "") for each in said]
    record = Record(
        id="WEST-R-7F3KQ2", version=1, kind="finding", party="west", office="watch", side="IR", basis="own", handling="amber", incident="",
        claims=claims_of(said), filed_at=START,
    )  # fmt: skip
    assert text_of(msgspec.json.decode(msgspec.json.encode(record), type=Record)) == said


def test_a_slow_clock_does_not_undo_a_closing():
    """The desk that asked is an hour behind: by the signed times it closed the request before the answer was given."""
    answer = step("answer", "other", 60, ref="WEST-R-1")
    assert stand(INFORMATION, [OPENING, answer, step("close", "opener", 5, seen="WEST-R-1")]).state == "closed"
    assert stand(INFORMATION, [OPENING, answer, step("close", "opener", 5)]).state == "answered"


def test_clocks_run_from_the_signed_time_that_both_hold_whatever_receipt_is_here():
    terms = {"acknowledge_min": 60, "answer_min": 1440}
    told = {each.name: each for each in clocks(INFORMATION, stand(INFORMATION, [OPENING]), terms, {})}
    assert {name: (each.due_at, each.met_at, each.owed_by) for name, each in told.items()} == {
        "acknowledge": (at(60), None, "other"), "answer": (at(1440), None, "other"),
    }  # fmt: skip
    assert told["answer"].late_s(at(1440)) == 0
    assert told["answer"].late_s(at(1441)) == 60
    for receipt in (None, at(30)):
        opening = msgspec.structs.replace(OPENING, received_at=receipt)
        assert clocks(INFORMATION, stand(INFORMATION, [opening]), terms, {}) == list(told.values())
    assert clocks(INFORMATION, stand(INFORMATION, [OPENING]), {}, {}) == []


def test_what_came_late_stays_late_and_asking_again_starts_the_clock_anew():
    steps = [OPENING, step("answer", "other", 2000)]
    terms = {"answer_min": 1440}
    (late,) = clocks(INFORMATION, stand(INFORMATION, steps), terms, {})
    assert (late.met_at, late.late_s(at(9000))) == (at(2000), (2000 - 1440) * 60)
    (anew,) = clocks(INFORMATION, stand(INFORMATION, [*steps, step("reopen", "opener", 3000, received=at(3010))]), terms, {})
    assert (anew.due_at, anew.met_at) == (at(3000 + 1440), None)


def test_an_explanation_is_due_in_48_hours_where_the_agreement_says_nothing():
    (running,) = clocks(EXPLANATION, stand(EXPLANATION, [OPENING]), {"answer_min": 60}, {})
    assert running.due_at - OPENING.at == timedelta(hours=48) == timedelta(minutes=EXPLAIN_MIN)
    (running,) = clocks(EXPLANATION, stand(EXPLANATION, [OPENING]), {"explain_min": 90}, {})
    assert running.due_at == at(90)


@pytest.mark.parametrize(("side", "state", "open_to"), [
    ("opener", "asked", {"withdraw"}), ("opener", "answered", {"close", "reopen"}), ("opener", "closed", {"reopen"}), ("opener", "withdrawn", set()),
    ("other", "asked", set()), ("other", "answered", set()),
])  # fmt: skip
def test_what_is_open_to_whom(side, state, open_to):
    assert set(INFORMATION.open_to(side, state)) == open_to
    assert INFORMATION.is_over(state) == (state in ("answered", "closed", "withdrawn", "refused"))
