# SPDX-License-Identifier: Apache-2.0
"""A situation report: whose word each sentence is, ranges, links that survive an edit and a release, and what is not filed (F11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import release
from tests.desk.made import event, file, journal_size
from tests.facts.made import claim, code, count, day

from hamsaya.desk.recalls import recall_record
from hamsaya.desk.situation import accounts_of, approve_situation
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.words import LANGUAGES
from hamsaya.settlement.situation import Sentence, cited, records_in
from hamsaya.tongues.situations import Account, draft_situation

PLAIN = Sentence(text="Shots were fired twice.", records=["X"])


def drafted(desk, language="en"):
    with desk.store.reading() as book:
        told = accounts_of(desk.node, book, desk.clock() - timedelta(hours=48), desk.clock())
    return draft_situation([Account(each.held.record, each.voice) for each in told], language)


@pytest.fixture
def told(agreed):
    """West holds two accounts of its own, one that east signed, and one that is attributed to it."""
    west, east = agreed.west, agreed.east
    own = [event(west, "2026-11-21", more=[claim("wounded", count(low, high), grade=None)]).id for low, high in ((2, 2), (3, None))]
    event(west, "2026-11-02")
    signed = file(east, claim("occurred", day("2026-11-21"), grade=None), claim("action", code("armed_attack"), grade=None)).record.id
    release(east, signed)
    agreed.sync()
    attributed = file(west, claim("occurred", day("2026-11-21"), grade=None), claim("killed", count(1, 4), grade=None),
                      basis="attributed", origin="PK").record.id  # fmt: skip
    return agreed, own, signed, attributed


def test_each_voice_is_told_apart_numbers_stay_ranges_and_every_sentence_has_its_records(told):
    agreed, own, signed, attributed = told
    sentences = drafted(agreed.west)
    by_record = {each.records[0]: each for each in sentences if len(each.records) == 1}
    assert set(by_record) == {*own, signed, attributed}
    assert {by_record[name].voice for name in own} == {"own"}
    assert by_record[signed].text.startswith("Pakistan states, and has signed: ")
    assert by_record[attributed].text.startswith("Pakistan is reported to have said, unsigned: ")
    (total,) = [each for each in sentences if len(each.records) > 1]  # nothing is added up over two voices
    assert set(total.records) == set(own)
    assert "5 or more" in total.text
    for language in LANGUAGES:
        assert [each.records for each in drafted(agreed.west, language)] == [each.records for each in sentences]


def test_what_a_person_approved_is_a_record_whose_sentences_keep_their_links_when_it_leaves(told):
    agreed, own, signed, attributed = told
    west, east = agreed.west, agreed.east
    edited = [Sentence(text=f"Edited: {each.text}", records=each.records, grade=each.grade) for each in drafted(west)]
    filed = approve_situation(west.node, west.officers["duty"], edited, language="en", kind="notice", handling="green", token="once-only")
    again = approve_situation(west.node, west.officers["duty"], edited, language="en", kind="notice", token="once-only")
    assert (again.repeated, again.held.record.id) == (True, filed.held.record.id)
    record = filed.held.record
    assert [(each.record, each.party) for each in record.derived] == [(signed, "east")]
    said = {tuple(records_in(each.value.text)): (each.speaker.kind, each.speaker.side, each.hedge) for each in record.claims}
    assert said[signed,] == ("side", "PK", "")
    assert said[attributed,] == ("side", "PK", "reported")
    assert {said[name,] for name in own} == {("own", "", "")}
    sent = release(west, record.id)
    assert sent.condition == "logged", str(sent.reason)
    agreed.sync()
    with east.store.reading() as book:
        copy = book.versions(record.id)[0].record
    assert [records_in(each.value.text) for each in copy.claims] == [each.records for each in edited]


def test_what_rests_on_nothing_or_is_none_is_not_filed(told):
    agreed, own, *_ = told
    west = agreed.west
    release(west, own[1])
    agreed.sync()
    recall_record(west.node, west.officers["duty"], own[1], "It was another post.")
    before = journal_size(west)
    good = Sentence(text="Shots were fired.", records=[own[0]])
    for sentences, options, error in (
        ([], {}, InputError), ([PLAIN], {}, NotFound), ([Sentence(text="Shots.", records=[])], {}, InputError),
        ([Sentence(text=" ", records=[own[0]])], {}, InputError), ([Sentence(text="Shots.", records=[own[1]])], {}, Refused),
        ([good], {"language": "xx"}, InputError), ([good], {"kind": "complaint"}, InputError), ([good], {"handling": "pink"}, InputError),
        ([Sentence(text="Shots.", records=[own[0]], grade="Z9")], {}, InputError), ([good] * 201, {}, InputError),
    ):  # fmt: skip
        with pytest.raises(error):
            approve_situation(west.node, west.officers["duty"], sentences, **{"language": "en", **options})
    with pytest.raises(Refused):
        approve_situation(west.node, west.officers["approver"], [good], language="en")
    assert journal_size(west) == before


def test_names_at_the_end_read_back():
    assert records_in(cited(Sentence(text="Shots [two].", records=["WEST-R-1", "EAST-R-2"]))) == ["WEST-R-1", "EAST-R-2"]
    assert records_in("Shots were fired.") == []
