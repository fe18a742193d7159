# SPDX-License-Identifier: Apache-2.0
"""What holds under ANY agreement, for any record: drawn clauses of every type that limits, drawn records, the very bytes searched."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import NOW, agreement, standing_at
from tests.agreement.test_cedar import FIELDS, KIND_NAMES, PARTIES, agreement_by, asked_by, clause_by
from tests.facts.made import claim, code, count, minute, point, record, text

from hamsaya.agreement.clauses import Exactness, Ground, Kinds, Quotes, RefusalGrounds, TearLine
from hamsaya.agreement.coarsen import coarsen_place
from hamsaya.agreement.floor import FLOOR_M, tells_position
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.omitted import omitted
from hamsaya.agreement.permit import ORDER, permit, read_terms, trace
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import account, decide, question
from hamsaya.facts.claims import PREDICATES, Span, Speaker
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Words
from hamsaya.seal.canonical import canonical

SALT = b"s" * 32
NECESSITY = "Both commands must see this account."
WORD = st.from_regex(r"zq[a-z]{6,9}", fullmatch=True)


def drawing(data):
    """Return the two ways to draw that the makers of clauses and questions take."""
    return (
        lambda of: data.draw(st.sampled_from(list(of))),
        lambda of, low, high: data.draw(st.lists(st.sampled_from(of), min_size=low, max_size=high, unique=True)),
    )


VALUES = {
    Moment: lambda word: minute("2014-10-22T09:37", words=word), Place: lambda word: point(61.01234, 29.04567, 40, words=word, precision="site"),
    Count: lambda word: count(7, 9, words=word), Coded: lambda word: code("other", words=word), Words: text,
    Depth: lambda word: Depth(low_m=501, high_m=907, territory="PK", words=word),
}  # fmt: skip


@st.composite
def records(draw):
    """A record in which each claim has its own words, sentence and perhaps source; and the sentences by claim."""
    claims, quotes = [], {}
    for number, (predicate, word, hedge, handle) in enumerate(draw(
        st.lists(st.tuples(st.sampled_from(FIELDS), WORD, WORD, WORD), min_size=1, max_size=7, unique_by=lambda each: each[1])
    )):  # fmt: skip
        span = Span(document="ab" * 32, start=number * 100, end=number * 100 + 5, sentence_start=number * 100, sentence_end=number * 100 + 60)
        speaker = Speaker(kind="source", handle=f"KESTREL-{handle}") if draw(st.booleans()) else Speaker(kind="own")
        claims.append(claim(predicate, VALUES[PREDICATES[predicate].value](word), number=number, span=span, speaker=speaker, hedge_words=hedge))
        quotes[f"c{number}"] = f"Then {word} was seen."
    return record(*claims, kind=draw(st.sampled_from(KIND_NAMES)), handling="green"), quotes


@settings(max_examples=150, deadline=None)
@given(st.data(), records())
def test_what_stays_at_home_stands_nowhere_in_the_bytes_that_leave(data, told):
    version, quotes = told
    made = agreement_by(*drawing(data))
    leaving = prepare(version, made, quotes, SALT).record
    sent = canonical(leaving).decode()
    assert "KESTREL" not in sent
    claims = {each.id: each for each in version.claims}
    for each in omitted(version, leaving):
        words = each.claim.value.text if isinstance(each.claim.value, Words) else each.claim.value.words
        copy = next((one for one in leaving.claims if one.id == each.claim.id), None)
        if each.part == "claim" or (each.part == "value" and not copy.value.words):
            assert words not in sent
        if each.part == "sentence":
            assert quotes[each.claim.id] not in sent
        if each.part == "words":
            assert claims[each.claim.id].hedge_words not in sent


@settings(max_examples=150, deadline=None)
@given(st.data(), records(), st.sampled_from(["prevention", "settlement"]))
def test_adding_a_clause_that_limits_never_allows_more(data, told, purpose):
    version, quotes = told
    choose, some = drawing(data)
    made = agreement_by(choose, some)
    more = clause_by(choose, some, "99")
    if isinstance(more, Kinds):
        more = TearLine(number="99", fields=some(FIELDS, 1, 4))
    stricter = agreement([*made.table.clauses, more], parties=PARTIES, exercise=made.table.exercise)
    version = msgspec.structs.replace(version, exercise=made.table.exercise)
    before, after = (
        decide(version, NECESSITY, question(version, "east", purpose, NECESSITY, NOW, each), each, standing_at(each)) for each in (made, stricter)
    )
    assert before.allowed or not after.allowed
    loose, strict = (prepare(version, each, quotes, SALT).record for each in (made, stricter))
    assert {each.id for each in strict.claims} <= {each.id for each in loose.claims}
    if not isinstance(more, Quotes) or not more.allowed:  # one that lets sentences go adds those that no clause spoke of
        assert {each.quote for each in strict.claims} <= {each.quote for each in loose.claims} | {""}


@settings(max_examples=150, deadline=None)
@given(st.data(), records(), st.integers(1, 60_000), st.integers(1, 2_000), st.integers(1, 30))
def test_coarsening_of_a_copy_is_idempotent_and_never_finer_than_clause_or_floor(data, told, place_m, time_min, step):
    version, quotes = told
    exact = Exactness(number="98", place_m=place_m, time_min=time_min, number_step=step)
    made = agreement([*agreement_by(*drawing(data)).table.clauses, exact], parties=PARTIES)
    once = prepare(version, made, quotes, SALT).record
    twice = prepare(once, made, quotes, SALT).record
    if tells_position(once) == tells_position(version):  # a copy without its actor tells no position, so that another grid is asked for
        assert {each.id: each.value for each in twice.claims} == {each.id: each.value for each in once.claims}
    exacts = [each for each in made.table.clauses if isinstance(each, Exactness)]
    widest, steps = max(FLOOR_M, *(each.place_m for each in exacts)), max(each.number_step for each in exacts)  # the coarser of two clauses holds
    if tells_position(version):
        assert all(coarsen_place(each.value, widest) == each.value for each in once.claims if isinstance(each.value, Place))
    for each in once.claims:
        if isinstance(each.value, Place) and tells_position(version):
            assert each.value.radius_m >= FLOOR_M
        if isinstance(each.value, Depth):
            assert each.value.high_m - each.value.low_m >= place_m
        if isinstance(each.value, Place):
            assert each.value.radius_m >= place_m
        if isinstance(each.value, Moment):
            assert each.value.end - each.value.start >= timedelta(minutes=time_min)
        if isinstance(each.value, Count):
            assert each.value.low % steps == each.value.high % steps == 0


@settings(max_examples=300, deadline=None)
@given(st.data(), st.booleans())
def test_no_combination_of_clauses_lets_a_refusal_ground_through(data, every_signature):
    choose, some = drawing(data)
    made = agreement_by(choose, some)
    added = RefusalGrounds(number="99", also=[Ground("drought", {"en": "a", "fa": "b", "ur": "c"})])
    made = agreement([*made.table.clauses, added], parties=PARTIES, exercise=made.table.exercise)
    asked = asked_by(choose, some, made.table.exercise)
    touched = msgspec.structs.replace(asked, grounds=frozenset(some([*GROUNDS, "drought"], 1, 3)), danger=choose([False, True]))
    decision = permit(touched, read_terms(made), standing_at(made, touched.at, None if every_signature else ("west",)))
    assert not decision.allowed


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from([PARTIES, PARTIES, PARTIES, ("west",)]))
def test_what_was_asked_is_told_in_order_and_ends_with_what_decides(data, signed):
    choose, some = drawing(data)
    made = agreement_by(choose, some)
    asked = asked_by(choose, some, made.table.exercise)
    terms, now = read_terms(made), standing_at(made, asked.at, signed)
    decision, steps = permit(asked, terms, now), trace(asked, terms, now)
    order = ["in-force", *(rule for rules, _ in ORDER for rule in rules)]
    assert [each.rule for each in steps if each.rule] == order[: sum(bool(each.rule) for each in steps)]
    assert [each.clause for each in steps if not each.rule] == [each.number for each in terms.limits][: sum(not each.rule for each in steps)]
    assert all(each.refusal is None for each in steps[:-1])
    if decision.allowed:
        assert steps[-1].refusal is None
        assert len(steps) == len(order) + len(terms.limits)
        assert next(each.clause for each in steps if each.rule == "deny-by-default") == decision.clause
    else:
        assert steps[-1].refusal == decision
        assert (steps[-1].rule, steps[-1].clause) == (decision.rule, decision.clause)


def test_account_of_a_decision_also_tells_of_the_tear_line_and_of_the_screen():
    version = record(claim("killed", count(1, 1, words="one of them")), claim("statement", text("one of them died"), number=2))
    for made, necessity, last in (
        (agreement(), NECESSITY, ("screen", True)),
        (agreement(), "Colonel Ahmadi asked for it.", ("screen", False)),
        (agreement([*agreement().table.clauses, TearLine(number="9", fields=["killed"])]), NECESSITY, ("empty", False)),
        (None, NECESSITY, ("in-force", False)),
    ):
        asked = question(version, "east", "settlement", necessity, NOW, made)
        now = standing_at(made or agreement())
        decision, steps = account(version, necessity, asked, made, now)
        assert decision == decide(version, necessity, asked, made, now)
        assert (steps[-1].rule, steps[-1].refusal is None) == last
        assert decision.allowed == last[1]
