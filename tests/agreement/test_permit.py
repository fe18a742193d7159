# SPDX-License-Identifier: Apache-2.0
"""May this version go to that party, for this purpose? Allowed or refused, by which clause or rule (laws 1, 11, 12, 15)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CEILING, CLAUSES, EAST_TO_WEST, FOR, FROM, NOW, UNTIL, WEST_TO_EAST, agreement, standing_at
from tests.facts.made import claim, code, count, day, depth, point, record, span_of, text

from hamsaya.agreement.charter import Standing
from hamsaya.agreement.clauses import HandlingCeiling, Kinds, Purposes
from hamsaya.agreement.decision import RULES
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.agreement.release import permit
from hamsaya.facts.claims import Speaker
from hamsaya.facts.grades import HANDLING, is_within
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import say

MADE = agreement()
EXERCISE = agreement(exercise=True)
THREE = agreement([WEST_TO_EAST, EAST_TO_WEST, CEILING, FOR], parties=("west", "east", "north"))
IN_FORCE = standing_at(MADE)
NECESSITY = "Both commands must see this account."


def asked(version=None, *, made=MADE, now=None, receiver="east", purpose="settlement", necessity=NECESSITY):
    now = now or (standing_at(made) if made else IN_FORCE)
    return permit(version or record(), receiver, purpose, necessity, made, now)


def with_clauses(*clauses):
    return {"made": agreement(clauses)}


def with_claim(predicate, value, **options):
    return {"version": record(claim(predicate, value, **options))}


ALLOWED = [
    ("as agreed", {}, "1"),
    ("other kind of the list", {"version": record(kind="complaint")}, "1"),
    ("other direction by its own clause", {"version": record(party="east", side="PK", kind="warning"), "receiver": "west"}, "2"),
    ("attributed account", {"version": record(basis="attributed", side="PK")}, "1"),
    ("grade that cannot be judged", {"version": record(claim("action", code("raid"), grade="F6"))}, "1"),
    ("handling at the ceiling", {"version": record(handling="amber")}, "1"),
    ("handling below the ceiling", {"version": record(handling="clear")}, "1"),
    ("exercise under an exercise agreement", {"version": record(exercise=True), "made": EXERCISE}, "1"),
    ("first moment of validity", {"now": standing_at(MADE, FROM)}, "1"),
    ("last moment of validity", {"now": standing_at(MADE, UNTIL - timedelta(microseconds=1))}, "1"),
    ("three words of necessity", {"necessity": "prevent it again"}, "1"),
    ("necessity in Persian", {"necessity": "برای جلوگیری از تکرار"}, "1"),
    ("second kinds clause of the same pair", with_clauses(Kinds(number="1", sender="west", receiver="east", kinds=["meeting"]),
                                                         Kinds(number="8", sender="west", receiver="east", kinds=["incident_account"])), "8"),
    ("no clause but kinds", with_clauses(WEST_TO_EAST), "1"),
    ("office named as an office", with_claim("statement", text("stated"), speaker=Speaker(kind="office", office="Inspector General Frontier Corps")), "1"),
    ("agreement of three, two of them asking", {"made": THREE}, "1"),
]  # fmt: skip

BY_RULE = [
    ("no agreement", {"made": None, "now": Standing("draft", say("none"), [])}, "in-force"),
    ("no agreement though a standing says so", {"made": None, "now": IN_FORCE}, "in-force"),
    ("unsigned", {"now": standing_at(MADE, parties=())}, "in-force"),
    ("signed by the sender only", {"now": standing_at(MADE, parties=("west",))}, "in-force"),
    ("signed by the receiver only", {"now": standing_at(MADE, parties=("east",))}, "in-force"),
    ("signed by two of three", {"made": THREE, "now": standing_at(THREE, parties=("west", "east"))}, "in-force"),
    ("not yet valid", {"now": standing_at(MADE, FROM - timedelta(microseconds=1))}, "in-force"),
    ("expired this moment", {"now": standing_at(MADE, UNTIL)}, "in-force"),
    ("expired long ago", {"now": standing_at(MADE, UNTIL + timedelta(days=400))}, "in-force"),
    ("receiver is no party", {"receiver": "north"}, "party"),
    ("receiver unknown", {"receiver": ""}, "party"),
    ("record of a third party", {"version": record(party="north", side="AF")}, "party"),
    ("exercise under a real agreement", {"version": record(exercise=True)}, "exercise"),
    ("real under an exercise agreement", {"made": EXERCISE}, "exercise"),
    ("no claim", {"version": msgspec.structs.replace(record(), claims=[])}, "empty"),
    ("ungraded claim", {"version": record(claim("action", code("raid"), grade=None))}, "grade"),
    ("empty grade", {"version": record(claim("action", code("raid"), grade=""))}, "grade"),
    ("half a grade", {"version": record(claim("action", code("raid"), grade="B"))}, "grade"),
    ("no grade of the scale", {"version": record(claim("action", code("raid"), grade="Z9"))}, "grade"),
    ("one of two ungraded", {"version": record(claim("action", code("raid")), claim("killed", count(1, 1), number=2, grade=None))}, "grade"),
    ("time that a neighbour could not keep", with_claim("occurred", span_of("1893-01-01", "1894-01-01")), "unsound"),
    ("text that turns the line around", with_claim("statement", text("abc\u202edef")), "unsound"),
    ("more at least than at most", with_claim("killed", count(3, 2)), "unsound"),
    ("no purpose", {"purpose": ""}, "purpose"),
    ("targeting", {"purpose": "targeting"}, "purpose"),
    ("strike", {"purpose": "strike"}, "purpose"),
    ("purpose in capitals", {"purpose": "Settlement"}, "purpose"),
    ("no necessity", {"necessity": ""}, "necessity"),
    ("blank necessity", {"necessity": " \n\t "}, "necessity"),
    ("necessity that repaints the screen", {"necessity": "needed \x1b[2J by both"}, "necessity"),
    ("necessity without an end", {"necessity": "needed " * 1000}, "necessity"),
    ("two words of necessity", {"necessity": "is needed"}, "necessity"),
    ("kind not listed", {"version": record(kind="intelligence_report")}, "deny-by-default"),
    ("direction that no clause opens", {"version": record(party="east", side="PK"), "receiver": "west"}, "deny-by-default"),
    ("to oneself", {"receiver": "west"}, "deny-by-default"),
    ("third of three without a clause", {"made": THREE, "receiver": "north"}, "deny-by-default"),
    ("no kinds clause at all", with_clauses(CEILING, FOR), "deny-by-default"),
    ("name in the necessity", {"necessity": "Colonel Ahmadi asked for it."}, "screen"),
    ("Persian name in the necessity", {"necessity": "برای آقای محمدی لازم است"}, "screen"),
    ("Urdu name in the necessity", {"necessity": "یہ کرنل رحمان کو چاہیے"}, "screen"),
    ("telephone in the necessity", {"necessity": "Call back at +92 81 9201234 please."}, "screen"),
    ("name in words of a place", with_claim("place", point(61, 29, 5000, words="the house of Haji Rahim")), "screen"),
    ("name in words of a code", with_claim("action", code("raid", words="حمله به خانه سردار احمدی")), "screen"),
    ("name in words of the group", with_claim("killed", count(1, 1), about=code("police", words="Sergeant Rezaei")), "screen"),
    ("name in words of a count", with_claim("killed", count(2, 2, words="Major Karim and another")), "screen"),
    ("name in words of a depth", with_claim("depth", msgspec.structs.replace(depth(1000, 2000), words="up to Mullah Omar's house")), "screen"),
    ("name in words of a time", with_claim("occurred", day("2014-10-22", words="when Capt. Naseer called")), "screen"),
    ("name in a statement", with_claim("statement", text("ڈاکٹر مالک نے کہا")), "screen"),
    ("name in the hedge", with_claim("action", code("raid"), hedge="sources", hedge_words="Mr. Baloch said"), "screen"),
    ("name in the speaker's office", with_claim("action", code("raid"), speaker=Speaker(kind="office", office="Brigadier Tariq, FC")), "screen"),
    ("name in the filing office", {"version": record(office="office of Colonel Ahmadi")}, "screen"),
    ("identity number in a statement", with_claim("statement", text("ID 35202-1234567-1")), "screen"),
    ("Iranian identity number in Persian digits", with_claim("statement", text("کد ملی ۰۰۱۲۳۴۵۶۷۸")), "screen"),
]  # fmt: skip

BY_CLAUSE = [
    ("purpose of the closed list that was not agreed", {"purpose": "return"}, "4"),
    ("handling above the ceiling", {"version": record(handling="amber+strict")}, "3"),
    ("red", {"version": record(handling="red")}, "3"),
    ("handling that nobody knows", {"version": record(handling="secret")}, "3"),
    ("no handling", {"version": record(handling="")}, "3"),
    ("the lower of two ceilings", {"made": agreement([*CLAUSES, HandlingCeiling(number="9", ceiling="green")])}, "9"),
    ("the narrower of two lists of purposes", {"made": agreement([*CLAUSES, Purposes(number="9", purposes=["rescue"])])}, "9"),
]


@pytest.mark.parametrize(("case", "clause"), [each[1:] for each in ALLOWED], ids=[each[0] for each in ALLOWED])
def test_allowed_by_the_clause_that_it_names(case, clause):
    decision = asked(**case)
    assert (decision.allowed, decision.clause, decision.rule) == (True, clause, "")
    assert str(decision.reason)


@pytest.mark.parametrize(("case", "rule"), [each[1:] for each in BY_RULE], ids=[each[0] for each in BY_RULE])
def test_refused_by_a_rule_of_the_house(case, rule):
    decision = asked(**case)
    assert (decision.allowed, decision.rule) == (False, rule)
    assert rule in RULES
    assert str(decision.reason)


@pytest.mark.parametrize(("case", "clause"), [each[1:] for each in BY_CLAUSE], ids=[each[0] for each in BY_CLAUSE])
def test_refused_by_the_clause_that_it_names(case, clause):
    decision = asked(**case)
    assert (decision.allowed, decision.clause) == (False, clause)
    assert str(decision.reason)


def test_refusal_by_default_names_the_clause_that_was_searched_where_there_is_one():
    assert asked(record(kind="warning")).clause == "1"
    assert asked(record(kind="incident_account", party="east"), receiver="west").clause == "2"
    assert asked(made=THREE, receiver="north").clause == ""


def test_reason_does_not_repeat_what_the_screen_found():
    decision = asked(necessity="Colonel Ahmadi asked for it.")
    assert "Ahmadi" not in str(decision.reason)


def test_ungraded_claims_are_named():
    decision = asked(record(claim("action", code("raid")), claim("killed", count(1, 1), number=2, grade=None)))
    assert "c2" in str(decision.reason)
    assert "c1" not in str(decision.reason)


PARTIES = st.sampled_from(["west", "east", "north", "stranger", ""])
WORDS = st.sampled_from(["", "needed", "Both commands must see this.", "Colonel Ahmadi asked for it.", "یہ دونوں کے لیے ضروری ہے"])
CLAUSE_LISTS = st.lists(
    st.one_of(
        st.builds(Kinds, number=st.just("?"), sender=st.sampled_from(["west", "east", "north"]), receiver=st.sampled_from(["west", "east", "north"]),
                  kinds=st.lists(st.sampled_from(list(RECORD_KINDS)), min_size=1, max_size=3)),
        st.builds(HandlingCeiling, number=st.just("?"), ceiling=st.sampled_from(HANDLING)),
        st.builds(Purposes, number=st.just("?"), purposes=st.lists(st.sampled_from(list(PURPOSES)), min_size=1, max_size=3)),
    ),
    min_size=1, max_size=5,
).map(lambda clauses: [msgspec.structs.replace(clause, number=str(number)) for number, clause in enumerate(clauses, 1)])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    CLAUSE_LISTS, st.booleans(), st.booleans(), st.sampled_from([(), ("west",), ("west", "east"), None]),
    st.sampled_from([FROM - timedelta(days=1), NOW, UNTIL]), PARTIES, PARTIES, st.sampled_from([*RECORD_KINDS, "incident_account"]),
    st.sampled_from([*HANDLING, "secret"]), st.sampled_from([*PURPOSES, "targeting", ""]), WORDS, st.sampled_from(["B2", "F6", "", None]),
)  # fmt: skip
def test_nothing_is_allowed_without_a_clause_in_force_for_exactly_this_kind_and_pair(
    clauses, exercise, drill, signed, at, sender, receiver, kind, handling, purpose, necessity, grade
):
    made = agreement(clauses, exercise=exercise, parties=("west", "east", "north"))
    now = standing_at(made, at, signed)
    version = record(claim("action", code("raid"), grade=grade), party=sender, kind=kind, handling=handling, exercise=drill)
    decision = permit(version, receiver, purpose, necessity, made, now)
    assert bool(decision.clause or decision.rule)
    if not decision.allowed:
        return
    assert now.in_force
    assert signed is None
    assert at == NOW
    clause = next(each for each in clauses if each.number == decision.clause)
    assert isinstance(clause, Kinds)
    assert (clause.sender, clause.receiver) == (sender, receiver)
    assert kind in clause.kinds
    assert all(is_within(handling, each.ceiling) for each in clauses if isinstance(each, HandlingCeiling))
    assert all(purpose in each.purposes for each in clauses if isinstance(each, Purposes))
    assert purpose in PURPOSES
    assert grade in ("B2", "F6")
    assert exercise == drill
    assert len(necessity.split()) >= 3
    assert "Ahmadi" not in necessity


@pytest.mark.parametrize("state", ["draft", "signed by some", "not yet valid", "expired"])
def test_no_state_but_in_force_allows_anything(state):
    assert asked(now=Standing(state, say("…"), ["west", "east"])).rule == "in-force"


def test_every_refusal_rule_of_the_table_is_one_that_is_explained():
    assert {each[2] for each in BY_RULE} <= set(RULES)
