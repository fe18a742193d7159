# SPDX-License-Identifier: Apache-2.0
"""Each clause as a sentence: one a language, saying what the machine enforces."""

from __future__ import annotations

import re

import msgspec
import pytest

from hamsaya.agreement.clauses import (
    Area,
    Buffer,
    Clause,
    Deadlines,
    Exactness,
    Exercises,
    Ground,
    HandlingCeiling,
    Kinds,
    Level,
    LiaisonLevels,
    OriginatorControl,
    Polygon,
    Purposes,
    Quotes,
    RefusalGrounds,
    Retention,
    StandingApproval,
    TearLine,
)
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import LANGUAGES

CALLED = {"en": "Sector 4", "fa": "ناحیهٔ ۴", "ur": "سیکٹر 4"}
ZONE = Polygon(called=CALLED, points=[(61_000_000, 28_000_000), (62_000_000, 28_000_000), (62_000_000, 29_000_000)])
STRIP = Buffer(called=CALLED, points=[(61_000_000, 28_000_000), (62_000_000, 28_000_000)], within_m=20_001)
EVERY = {
    "kinds": Kinds(number="1", sender="west", receiver="east", kinds=list(RECORD_KINDS)),
    "handling": HandlingCeiling(number="2", ceiling="green"),
    "purposes": Purposes(number="3", purposes=list(PURPOSES)),
    "exactness": Exactness(number="4", place_m=4321, time_min=17),
    "quotes allowed": Quotes(number="5", allowed=True),
    "quotes kept": Quotes(number="6", allowed=False),
    "deadlines": Deadlines(number="7", acknowledge_min=61, answer_min=1441),
    "deadlines of reports": Deadlines(
        number="8",
        acknowledge_min=61,
        answer_min=1441,
        formal_min=2881,
        final_min=10081,
        explain_min=1501,
        pursuit_min=16,
        after_report_min=1442,
        escalate_min=243,
        return_min=1503,
    ),
    "handling with scales": HandlingCeiling(number="9", ceiling="amber", scales={"west": {"M2": "amber"}, "east": {"R1": "amber+strict"}}),
    "exactness of numbers": Exactness(number="10", place_m=4321, time_min=17, number_step=5),
    "tear-line": TearLine(number="11", fields=list(PREDICATES)),
    "area": Area(number="20", kinds=list(RECORD_KINDS), zones=[ZONE]),
    "area along a line": Area(number="21", kinds=["warning"], zones=[STRIP]),
    "grounds": RefusalGrounds(number="12", also=[Ground("press", {"en": "work of the press", "fa": "کار مطبوعات", "ur": "صحافتی کام"})]),
    "originator": OriginatorControl(number="13", answer_min=721),
    "originator with consent": OriginatorControl(number="14", answer_min=721, consent_for=["east"]),
    "retention": Retention(number="15", kinds=list(RECORD_KINDS), days=731),
    "levels": LiaisonLevels(
        number="16", levels=[Level(called={"en": "sector", "fa": "ناحیه", "ur": "سیکٹر"}, offices={"west": "Post 7", "east": "Wing 9"})]
    ),
    "exercises": Exercises(number="17", notice_days=21, within_km=51, observers=True),
    "exercises unobserved": Exercises(number="18", notice_days=21, within_km=51, observers=False),
    "standing approval": StandingApproval(number="19", kinds=["notice"], ceiling="green", review_h=23),
}
NAMES = {code: {party: f"{party}-{code}" for party in ("west", "east", "south")} for code in LANGUAGES}


def test_every_type_of_clause_is_in_this_table():
    assert {type(clause) for clause in EVERY.values()} == set(Clause.__args__)


@pytest.mark.parametrize("clause", EVERY.values(), ids=EVERY)
def test_clause_is_a_different_sentence_in_each_language(clause):
    sentences = clause.sentences(NAMES)
    assert set(sentences) == set(LANGUAGES)
    assert len(set(sentences.values())) == len(LANGUAGES)
    assert not re.search(r"[\u0600-\u06ff]", sentences["en"])
    assert sentences["en"].endswith(".")
    assert sentences["fa"].endswith(".")
    assert sentences["ur"].endswith("۔")
    assert not any("{" in sentence for sentence in sentences.values())


@pytest.mark.parametrize("clause", EVERY.values(), ids=EVERY)
def test_clause_without_fault_is_read_back_as_itself(clause):
    assert clause.faults(["west", "east"]) == []
    assert msgspec.convert(msgspec.to_builtins(clause), Clause) == clause


@pytest.mark.parametrize(
    ("clause", "terms"),
    [
        (EVERY["exactness"], ["4321", "17"]),
        (EVERY["deadlines"], ["61", "1441"]),
        (EVERY["handling"], ["TLP:GREEN"]),
        (EVERY["kinds"], ["west", "east"]),
        (EVERY["deadlines of reports"], ["61", "1441", "2881", "10081"]),
        (EVERY["handling with scales"], ["TLP:AMBER", "west", "M2", "east", "R1", "TLP:AMBER+STRICT"]),
        (EVERY["exactness of numbers"], ["4321", "17", "5"]),
        (EVERY["originator with consent"], ["721", "east"]),
        (EVERY["retention"], ["731"]),
        (EVERY["area along a line"], ["20001"]),
        (EVERY["levels"], ["west", "Post 7", "east", "Wing 9"]),
        (EVERY["exercises"], ["21", "51"]),
        (EVERY["standing approval"], ["TLP:GREEN", "23"]),
    ],
)
def test_sentence_holds_every_term_in_every_language(clause, terms):
    for sentence in clause.sentences(NAMES).values():
        assert all(term in sentence for term in terms)


def test_sentence_calls_each_party_by_its_name_in_that_language_and_says_who_sends():
    one, other = (Kinds(number="1", sender=sender, receiver=receiver, kinds=["meeting"]) for sender, receiver in (("west", "east"), ("east", "west")))
    for language in LANGUAGES:
        there, back = one.sentences(NAMES)[language], other.sentences(NAMES)[language]
        assert f"west-{language}" in there
        assert f"east-{language}" in there
        assert there != back


def test_no_two_terms_read_alike():
    made = [Kinds(number="1", sender="west", receiver="east", kinds=[kind]) for kind in RECORD_KINDS]
    made += [Purposes(number="1", purposes=[purpose]) for purpose in PURPOSES]
    made += [HandlingCeiling(number="1", ceiling=level) for level in HANDLING]
    made += [TearLine(number="1", fields=[field]) for field in PREDICATES]
    made += [Retention(number="1", kinds=[kind], days=7) for kind in RECORD_KINDS]
    made += [StandingApproval(number="1", kinds=[kind], ceiling="green", review_h=7) for kind in RECORD_KINDS]
    made += [EVERY["exercises"], EVERY["exercises unobserved"], EVERY["originator"], EVERY["originator with consent"]]
    made += [
        Kinds(number="1", sender="east", receiver="west", kinds=["meeting"]),
        Quotes(number="1", allowed=True),
        Quotes(number="1", allowed=False),
    ]
    for language in LANGUAGES:
        sentences = [clause.sentences(NAMES)[language] for clause in made]
        assert len(set(sentences)) == len(sentences)


FAULTY = [
    ("unknown kind", Kinds(number="1", sender="west", receiver="east", kinds=["strike"]), "unknown record kind “strike”"),
    ("no kind", Kinds(number="1", sender="west", receiver="east", kinds=[]), "empty"),
    ("sender who is no party", Kinds(number="1", sender="north", receiver="east", kinds=["meeting"]), "“north” is no party"),
    ("unknown level", HandlingCeiling(number="1", ceiling="secret"), "unknown handling level “secret”"),
    ("scale of a stranger", HandlingCeiling(number="1", ceiling="amber", scales={"north": {"M": "amber"}}), "“north” is no party"),
    ("scale to no TLP level", HandlingCeiling(number="1", ceiling="amber", scales={"west": {"M": "high"}}), "unknown handling level “high”"),
    ("marking that turns the line", HandlingCeiling(number="1", ceiling="amber", scales={"west": {"M\u202e": "amber"}}), "control characters"),
    ("purpose of law 12", Purposes(number="1", purposes=["targeting"]), "unknown purpose “targeting”"),
    ("no purpose", Purposes(number="1", purposes=[]), "empty"),
    ("no distance", Exactness(number="1", place_m=0, time_min=1), "place_m must be 1 to"),
    ("no duration", Exactness(number="1", place_m=1, time_min=0), "time_min must be 1 to"),
    ("no step", Exactness(number="1", place_m=1, time_min=1, number_step=0), "number_step must be 1 to"),
    ("unknown field", TearLine(number="1", fields=["name"]), "unknown field “name”"),
    ("no field", TearLine(number="1", fields=[]), "says nothing"),
    ("no ground", RefusalGrounds(number="1", also=[]), "adds no ground"),
    ("ground that always holds", RefusalGrounds(number="1", also=[Ground("torture", {"en": "a", "fa": "b", "ur": "c"})]), "stands already"),
    ("ground without Urdu", RefusalGrounds(number="1", also=[Ground("press", {"en": "a", "fa": "b"})]), "needs words in English, Persian and Urdu"),
    ("consent for a stranger", OriginatorControl(number="1", answer_min=5, consent_for=["north"]), "“north” is no party"),
    ("consent never due", OriginatorControl(number="1", answer_min=0), "answer_min must be 1 to"),
    ("answer before acknowledgement", Deadlines(number="1", acknowledge_min=9, answer_min=8), "answer_min must not be less"),
    ("final before formal", Deadlines(number="1", acknowledge_min=1, answer_min=2, formal_min=9, final_min=8), "final_min must not be less"),
    ("acknowledged in no time", Deadlines(number="1", acknowledge_min=0, answer_min=8), "acknowledge_min must be 1 to"),
    ("kept for no time", Retention(number="1", kinds=["meeting"], days=0), "days must be 1 to"),
    ("no level", LiaisonLevels(number="1", levels=[]), "says nothing"),
    ("level without an office of one side", LiaisonLevels(number="1", levels=[Level(called={"en": "a", "fa": "b", "ur": "c"}, offices={"west": "x"})]),
     "names no office of east"),
    ("level without a name", LiaisonLevels(number="1", levels=[Level(called={"en": "a"}, offices={"west": "x", "east": "y"})]), "needs a name"),
    ("no notice", Exercises(number="1", notice_days=0, within_km=1, observers=True), "notice_days must be 1 to"),
    ("standing approval of what is not low", StandingApproval(number="1", kinds=["notice"], ceiling="amber", review_h=9), "two officers look first"),
    ("review after more than a day", StandingApproval(number="1", kinds=["notice"], ceiling="green", review_h=25), "review_h must be 1 to 24"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "said"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_faulty_clause_says_what_is_wrong_with_it(clause, said):
    assert any(said in str(fault) for fault in clause.faults(["west", "east"]))
