# SPDX-License-Identifier: Apache-2.0
"""An officer adds a claim to a draft: on words of the document, with a span, and taken back like a correction."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import RIGHTS
from tests.desk.test_erasing import REPORT, erase, found
from tests.facts.made import claim, code, count, text

from hamsaya.desk.adding import BY_HAND, add_claim, places_of, sentence_around, span_in
from hamsaya.desk.documents import add_document, text_of
from hamsaya.desk.drafts import accept_draft, reject_draft
from hamsaya.desk.review import edit_claim, undo_draft
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, Refused
from hamsaya.ledger.verify import verify_store

ARMED = claim("means", code("small_arms", "armed"))


@pytest.fixture
def open_one(desk):
    _, drafts = add_document(desk.node, desk.officers["duty"], REPORT.encode(), name="report.txt", basis="own")
    return desk, drafts[0]


def add(desk, held, words="armed smugglers", which=0, *, made=ARMED, login="duty", **options):
    return add_claim(desk.node, desk.officers[login], held.draft, made, words, which, **options)


def test_added_claim_rests_on_its_words_and_is_filed_with_the_rest(open_one):
    desk, held = open_one
    after = add(desk, held, seen=held.entry)
    added = after.body.claims[-1]
    with desk.store.reading() as book:
        whole = text_of(book, held.document)
    span = added.span
    assert whole[span.start : span.end] == "armed smugglers"
    assert whole[span.sentence_start : span.sentence_end].startswith("On 12 November 2026")
    assert whole[span.sentence_start : span.sentence_end].endswith("near Mirjaveh.")
    assert (added.id, added.reason, added.grade) == ("h1", BY_HAND, None)
    again = add(desk, held, "near  Mirjaveh", made=claim("concerns", text("the post")))
    assert again.body.claims[-1].id == "h2"
    record = accept_draft(desk.node, desk.officers["duty"], held.draft, grade="B2").record
    assert [each.id for each in record.claims[-2:]] == ["h1", "h2"]
    assert record.claims[-1].grade == "B2"
    assert verify_store(desk.store).faults == []


def test_added_claim_is_corrected_and_both_are_taken_back_in_turn(open_one):
    desk, held = open_one
    added = add(desk, held).body.claims[-1]
    edit_claim(desk.node, desk.officers["duty"], held.draft, msgspec.structs.replace(added, value=code("heavy_weapon", "armed")))
    back = undo_draft(desk.node, desk.officers["duty"], held.draft)
    assert back.body.claims[-1].value.code == "small_arms"
    back = undo_draft(desk.node, desk.officers["duty"], held.draft)
    assert back.body.claims == held.body.claims
    assert [step.act for step in back.steps] == ["added", "edited", "reverted", "removed"]
    with pytest.raises(InputError, match="Nothing was done"):
        undo_draft(desk.node, desk.officers["duty"], held.draft)
    assert add(desk, held).body.claims[-1].id == "h2", "a name that was taken back is not given to another claim"
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize(
    ("words", "which", "why"),
    [
        ("two hundred tanks", 0, "do not stand"),
        ("", 0, "do not stand"),
        ("x" * 2000, 0, "do not stand"),
        ("2026", 0, "stand 2 times"),
        ("2026", 3, "stand 2 times"),
        ("armed smugglers", 2, "stand 1 times"),
    ],
)
def test_words_that_are_not_there_or_stand_at_several_places_are_asked_again(open_one, words, which, why):
    desk, held = open_one
    with pytest.raises(InputError, match=why):
        add(desk, held, words, which)


def test_what_may_not_be_added_is_refused(open_one):
    desk, held = open_one
    with pytest.raises(InputError, match="no kind of fact"):
        add(desk, held, made=msgspec.structs.replace(ARMED, predicate="name_of_a_person"))
    with pytest.raises(InputError, match="does not fit its kind"):
        add(desk, held, made=msgspec.structs.replace(ARMED, value=count(1, 1)))
    with pytest.raises(Refused):
        add(desk, held, login="approver")
    with pytest.raises(Refused):
        add_claim(desk.node, RIGHTS, held.draft, ARMED, "armed smugglers")
    add(desk, held)
    with pytest.raises(Stale):
        add(desk, held, seen=held.entry)
    reject_draft(desk.node, desk.officers["duty"], held.draft, "another event")
    with pytest.raises(Stale):
        add(desk, held)


def test_no_claim_rests_on_a_passage_that_is_left_out():
    whole = "A shot was fired. Advertisement: a shot of tea."
    assert span_in(whole, "d", [(18, 47)], "shot", 1).start == 2
    with pytest.raises(InputError, match="no claim may rest"):
        span_in(whole, "d", [(18, 47)], "shot", 2)


@pytest.mark.parametrize(
    ("whole", "words", "sentence"),
    [
        ("One. Two men came. Three.", "men", "Two men came."),
        ("دو نفر آمدند. سه نفر رفتند؟ پایان", "سه نفر", "سه نفر رفتند؟"),
        ("دو شہری زخمی ہوئے۔ تین گئے۔", "شہری", "دو شہری زخمی ہوئے۔"),
        ("Head\n\nOne man came", "man", "One man came"),
        ("a\u00a0man\r\ncame.", "man came", "a\u00a0man\r\ncame."),
        ("word", "word", "word"),
    ],
)
def test_sentence_goes_from_stop_to_stop(whole, words, sentence):
    ((start, end),) = places_of(whole, words)
    since, until = sentence_around(whole, start, end)
    assert whole[since:until] == sentence


def test_nothing_of_an_added_claim_is_left_where_it_was_erased(desk):
    _, drafts = add_document(desk.node, desk.officers["duty"], REPORT.encode(), name="report.txt", basis="own")
    add(desk, drafts[0], "Zzyzxville", made=claim("concerns", text("of Zzyzxville")))
    undo_draft(desk.node, desk.officers["duty"], drafts[0].draft)
    add(desk, drafts[0], "Zzyzxville", made=claim("concerns", text("of Zzyzxville")))
    erase(desk, accept_draft(desk.node, desk.officers["duty"], drafts[0].draft, grade="B2").record.id)
    assert found(desk) == set()
    assert verify_store(desk.store).faults == []
