# SPDX-License-Identifier: Apache-2.0
"""The two-sided page: whose words, how sure, and the sentence they rest on, wherever it is."""

from __future__ import annotations

import re

import msgspec
import pytest

from hamsaya.facts.claims import Claim, Span, Speaker
from hamsaya.facts.values import Count
from hamsaya.facts.words import Text
from hamsaya.web.segments import SHOWN, cut
from hamsaya.web.statements import Sentences

SECOND = """Report.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. Two civilians were wounded. Three smugglers were killed.
"""


@pytest.fixture
def both(web, webs, agreed, work):
    """One incident with an account of each side, as each desk shows it."""
    duty, second = web.login("officer"), web.login("approver")
    record = work.file_record(duty)
    second.post(f"/releases/{work.propose(duty, record['id'])['release']}/approve")
    agreed.sync()
    east = webs(agreed.east)
    there, approver = east.login("officer"), east.login("approver")
    answer = work.file_record(there, SECOND, incident=record["incident"])
    data = {"record": answer["id"], "receiver": "west", "purpose": "settlement", "necessity": work.NECESSITY}
    held = there.post("/releases", data=data).json()
    approver.post(f"/releases/{held['release']}/approve")
    agreed.sync()
    return record["incident"], duty, there


def test_both_desks_show_the_same_states(both):
    incident, west, east = both
    mine, theirs = (office.json(f"/incidents/{incident}").json() for office in (west, east))
    for state in ("agree", "differ", "silent"):
        assert mine[state] == theirs[state] != []
    assert "wounded:civilian" in mine["differ"]
    for office in (west, east):
        page = office.get(f"/incidents/{incident}").text
        assert all(word in page for word in ("Agreed", "Disputed", "One side only", "says nothing", "signed"))


def test_values_open_the_sentence_they_rest_on(both):
    incident, west, _ = both
    page = west.get(f"/incidents/{incident}").text
    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert any(words.startswith("One") for words in marked)  # west's own, from the document that is here
    assert any(words.startswith("Two") for words in marked)  # east's, from the quote that came with its release
    assert "Quoted by the originator" in page
    assert "usually reliable" in page
    assert "probably true" in page


def test_attributed_account_gives_way_when_its_side_signs(web, agreed, work, webs):
    duty = web.login()
    drafts = work.take_in(duty, SECOND, basis="attributed", origin="PK")["drafts"]
    record = duty.post(f"/drafts/{drafts[0]['draft']}/accept", data={"grade": "C3"}).json()["record"]
    page = duty.get(f"/incidents/{record['incident']}").text
    assert "attributed" in page
    assert "not signed by that side" in page
    assert "gives way" not in page
    own = webs(agreed.east)
    there, approver = own.login("officer"), own.login("approver")
    second = web.login("approver")
    assert second.post(f"/releases/{work.propose(duty, record['id'])['release']}/approve").json()["condition"] == "logged"
    agreed.sync()
    answer = work.file_record(there, SECOND, incident=record["incident"])
    data = {"record": answer["id"], "receiver": "west", "purpose": "settlement", "necessity": work.NECESSITY}
    approver.post(f"/releases/{there.post('/releases', data=data).json()['release']}/approve")
    agreed.sync()
    assert "gives way" in duty.get(f"/incidents/{record['incident']}").text


def test_two_incidents_are_linked_by_a_person(web, work):
    duty = web.login()
    one = work.file_record(duty)["incident"]
    other = work.file_record(duty, SECOND.replace("12 November", "14 November"))["incident"]
    assert "The same event as another incident" in duty.get(f"/incidents/{one}").text
    assert duty.post(f"/incidents/{one}/link", data={"into": other}).json()["incident"] == other
    assert duty.json(f"/incidents/{one}").json()["incident"] == other
    assert [each["incident"] for each in duty.json("/incidents").json()["incidents"]] == [other]
    assert duty.post(f"/incidents/{one}/link", data={"into": other}).status_code == 400


CLAIM = Claim(id="c1", predicate="killed", value=Count(low=1, high=1), speaker=Speaker(kind="own"))
SPAN = Span(document="ab" * 32, start=5, end=8, sentence_start=0, sentence_end=12)


class OneDocument:
    """A book that holds one document."""

    def __init__(self, text: str) -> None:
        self.text = text

    def document_bytes(self, document: str) -> bytes | None:
        return self.text.encode() if document == SPAN.document else None


def test_sentence_comes_from_the_document_when_it_is_here():
    found = Sentences(OneDocument("Then one fell. More.")).of(msgspec.structs.replace(CLAIM, span=SPAN, quote="another"))
    assert (found.origin, found.before, found.marked, found.after) == ("document", "Then ", "one", " fel")


@pytest.mark.parametrize(("start", "end", "first", "last"), [(-3, 2, -5, 4), (8, 5, 0, 12), (5, 8, 6, 12), (5, 8, 0, 7), (5, 999, 0, 1000)])
def test_offsets_of_a_neighbour_that_do_not_fit_show_no_text_of_ours(start, end, first, last):
    span = Span(document=SPAN.document, start=start, end=end, sentence_start=first, sentence_end=last)
    found = Sentences(OneDocument("Then one fell. More.")).of(msgspec.structs.replace(CLAIM, span=span, quote_commitment="ff"))
    assert (found.origin, found.before, found.marked, found.hash) == ("withheld", "", "", "ff")


def test_sentence_that_did_not_come_is_said_to_be_withheld():
    empty = Sentences(OneDocument(""))
    assert empty.of(msgspec.structs.replace(CLAIM, quote="as sent", quote_commitment="ff")).before == "as sent"
    assert empty.of(msgspec.structs.replace(CLAIM, quote_commitment="ff")).origin == "withheld"
    assert empty.of(CLAIM) is None


def test_overlapping_spans_keep_every_number_and_every_letter():
    text = "abcdefghij"
    pieces = cut(text, [(0, 4, 1), (2, 6, 2), (2, 6, 3), (9, 10, 4), (3, 99, 5), (-1, 4, 6)], [(7, 9, Text("dateline"))])
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.numbers, piece.ends) for piece in pieces if piece.numbers] == [
        ("ab", [1], []),
        ("cd", [1, 2, 3], [1]),
        ("ef", [2, 3], [2, 3]),
        ("j", [4], [4]),
    ]
    assert [piece.text for piece in pieces if piece.excluded] == ["hi"]


def test_empty_and_huge_texts_are_cut():
    assert cut("", [], []) == []
    pieces = cut("x" * (SHOWN + 5), [(SHOWN - 1, SHOWN + 2, 1), (0, 1, 2)], [(SHOWN - 2, SHOWN + 9, Text("end"))])
    assert sum(len(piece.text) for piece in pieces) == SHOWN
    assert pieces[0].numbers == [2]
    assert pieces[-1].excluded == Text("end")
