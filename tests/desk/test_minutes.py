# SPDX-License-Identifier: Apache-2.0
"""Minutes and press lines: agreed paragraph by paragraph, both texts where the sides differ, signed by both, held back until then (F33, F37)."""

from __future__ import annotations

import pytest
from tests.conftest import release
from tests.desk.made import journal_size
from tests.desk.test_meetings import INVITED, opened
from tests.desk.test_refilling import evidence, set_back

from hamsaya.desk.converse import receive
from hamsaya.desk.finding_export import export_finding
from hamsaya.desk.findings import finding_with, propose_minutes, put_forward, sign_finding
from hamsaya.desk.matters import move_matter
from hamsaya.desk.offering import write_for
from hamsaya.exchange.third_person import check_file
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.settlement.finding import Paragraph

AGREED = Paragraph("agreed_text", "The boats that drifted over the line were returned on the day.")
DECIDED = Paragraph("decided", "The two sectors test the hotline on the first of each month.")
OURS = Paragraph("remark", "The line is where our chart has it.")
THEIRS = Paragraph("remark", "The line is where our chart has it, three miles to the east.")
MARKED = {"to": "Joint commission", "why": "It meets on Monday about this."}


def head(desk):
    return desk.officers["commander"]


def put(desk, record):
    release(desk, record)
    return record


def held(desk, record):
    with desk.store.reading() as book:
        return finding_with(desk.node, book, record)


def stands(desk, record):
    found = held(desk, record)
    text = [(each.paragraph.kind, each.paragraph.side, each.paragraph.text) for each in found.texts[-1].paragraphs if each.how != "removed"]
    return found.matter.standing.state, found.signed_by, found.matter.standing.text, text


def by_stick(sender, receiver):
    """Carry what one node has for the other, as a memory stick does."""
    with sender.store.reading() as book:
        bundle = write_for(sender.node, book, receiver.node.party)
    receive(receiver.node, bundle)


@pytest.fixture
def met(agreed):
    """A meeting that was held."""
    west, east = agreed.west, agreed.east
    meeting = opened(west, "meeting", INVITED)
    agreed.sync()
    move_matter(east.node, east.officers["duty"], meeting, "accept")
    agreed.sync()
    return agreed, meeting


def test_disputed_paragraph_shows_both_texts_and_both_sign_by_memory_stick(met):
    pair, meeting = met
    west, east = pair.west, pair.east
    minutes = put(west, propose_minutes(west.node, head(west), "minutes", [AGREED, OURS, DECIDED], about=meeting).record.id)
    by_stick(west, east)
    first = stands(east, minutes)
    sign_finding(west.node, head(west), minutes, first[2])
    by_stick(west, east)
    assert stands(east, minutes)[:2] == ("half", ["west"])
    both = [AGREED, Paragraph("remark", OURS.text, "IR"), THEIRS, DECIDED]
    put(east, put_forward(east.node, head(east), minutes, both).record.id)  # changed after one signature
    by_stick(east, west)
    state, signed, name, text = stands(west, minutes)
    assert (state, signed) == ("proposed", [])  # what was signed is the text before
    assert [each[:2] for each in text] == [("agreed_text", ""), ("remark", "IR"), ("remark", "PK"), ("decided", "")]
    with pytest.raises(Refused):
        sign_finding(west.node, head(west), minutes, first[2])
    with pytest.raises(Refused) as named:
        export_finding(west.node, head(west), minutes, **MARKED)
    assert named.value.rule == "signed"
    sign_finding(west.node, head(west), minutes, name)
    sign_finding(east.node, head(east), minutes, name)  # at once
    for _ in range(2):
        by_stick(west, east)
        by_stick(east, west)
    assert stands(west, minutes) == stands(east, minutes)
    assert stands(west, minutes)[:2] == ("signed", ["east", "west"])
    _, data = export_finding(east.node, head(east), minutes, **MARKED)
    checked = check_file(data, None)
    assert checked.faults == []
    assert any(minutes in str(each) and name in str(each) for each in checked.proven)
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


@pytest.mark.parametrize("text", [[Paragraph("press_text", "Both sectors have met.")], [OURS]], ids=["joint", "of-one-side"])
def test_press_line_is_held_until_both_have_cleared_it(agreed, text):
    west, east = agreed.west, agreed.east
    line = put(west, propose_minutes(west.node, head(west), "press_line", text).record.id)
    agreed.sync()
    name = stands(west, line)[2]
    sign_finding(west.node, head(west), line, name)
    agreed.sync()
    for desk in (west, east):
        with pytest.raises(Refused) as named:
            export_finding(desk.node, head(desk), line, **MARKED)
        assert named.value.rule == "signed"
    sign_finding(east.node, head(east), line, name)
    agreed.sync()
    for desk in (west, east):
        _, data = export_finding(desk.node, head(desk), line, **MARKED)
        assert check_file(data, None).faults == []


def test_bad_minutes_are_refused_and_nothing_is_filed(met):
    pair, meeting = met
    west = pair.west
    before = journal_size(west)
    for about in ("", "WEST-R-NONE", "'; --"):
        with pytest.raises(NotFound):
            propose_minutes(west.node, head(west), "minutes", [AGREED], about=about)
    for kind, text in (
        ("finding", [AGREED]), ("", [AGREED]), ("meeting", [AGREED]), ("minutes", []), ("minutes", [AGREED, AGREED]),
        ("minutes", [Paragraph("open_point", "x")]), ("press_line", [DECIDED]),
        ("minutes", [Paragraph("decided", "x" * 3_000)]),
    ):  # fmt: skip
        with pytest.raises(InputError):
            propose_minutes(west.node, head(west), kind, text, about=meeting)
    with pytest.raises(InputError):
        propose_minutes(west.node, head(west), "minutes", [AGREED], about=meeting, handling="purple")
    with pytest.raises(Refused) as named:
        propose_minutes(west.node, head(west), "minutes", [Paragraph("remark", "We were wrong.", "PK")], about=meeting)
    assert named.value.rule == "remark"
    with pytest.raises(Refused):
        propose_minutes(west.node, west.officers["duty"], "minutes", [AGREED], about=meeting)
    assert journal_size(west) == before


def test_both_desks_show_the_same_after_either_was_set_back(met, tmp_path):
    pair, meeting = met
    west, east = pair.west, pair.east
    kept = {id(west): evidence(west), id(east): evidence(east)}
    minutes = put(west, propose_minutes(west.node, head(west), "minutes", [AGREED, DECIDED], about=meeting).record.id)
    line = put(east, propose_minutes(east.node, head(east), "press_line", [Paragraph("press_text", "Both sectors have met.")]).record.id)
    pair.sync()
    sign_finding(west.node, head(west), minutes, stands(west, minutes)[2])
    sign_finding(east.node, head(east), line, stands(east, line)[2])
    pair.sync()
    put(east, put_forward(east.node, head(east), minutes, [AGREED, THEIRS, DECIDED]).record.id)
    sign_finding(west.node, head(west), line, stands(west, line)[2])
    pair.sync()
    sign_finding(east.node, head(east), minutes, stands(east, minutes)[2])
    pair.sync()
    before = [stands(west, each) for each in (minutes, line)]
    assert [each[:2] for each in before] == [("half", ["east"]), ("signed", ["east", "west"])]
    for desk in (west, east):
        set_back(desk, kept[id(desk)], tmp_path)
        pair.sync()
        pair.sync()
        for each in (west, east):
            assert [stands(each, record) for record in (minutes, line)] == before
    sign_finding(west.node, head(west), minutes, before[0][2])
    pair.sync()
    assert [stands(each, minutes)[0] for each in (west, east)] == ["signed", "signed"]
    assert verify_store(west.store).faults == verify_store(east.store).faults == []
