# SPDX-License-Identifier: Apache-2.0
"""Each clause as a sentence: one a language, saying what the machine enforces."""

from __future__ import annotations

import msgspec
import pytest

from hamsaya.agreement.clauses import Clause, Deadlines, Exactness, HandlingCeiling, Kinds, Purposes, Quotes
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import LANGUAGES

EVERY = {
    "kinds": Kinds(number="1", sender="west", receiver="east", kinds=list(RECORD_KINDS)),
    "handling": HandlingCeiling(number="2", ceiling="green"),
    "purposes": Purposes(number="3", purposes=list(PURPOSES)),
    "exactness": Exactness(number="4", place_m=4321, time_min=17),
    "quotes allowed": Quotes(number="5", allowed=True),
    "quotes kept": Quotes(number="6", allowed=False),
    "deadlines": Deadlines(number="7", acknowledge_min=61, answer_min=1441),
}
NAMES = {code: {party: f"{party}-{code}" for party in ("west", "east", "south")} for code in LANGUAGES}


def test_every_type_of_clause_is_in_this_table():
    assert {type(clause) for clause in EVERY.values()} == set(Clause.__args__)


@pytest.mark.parametrize("clause", EVERY.values(), ids=EVERY)
def test_clause_is_a_different_sentence_in_each_language(clause):
    sentences = clause.sentences(NAMES)
    assert set(sentences) == set(LANGUAGES)
    assert len(set(sentences.values())) == len(LANGUAGES)
    assert sentences["en"].isascii()
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
    made += [
        Kinds(number="1", sender="east", receiver="west", kinds=["meeting"]),
        Quotes(number="1", allowed=True),
        Quotes(number="1", allowed=False),
    ]
    for language in LANGUAGES:
        sentences = [clause.sentences(NAMES)[language] for clause in made]
        assert len(set(sentences)) == len(sentences)
