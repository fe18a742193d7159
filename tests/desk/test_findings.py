# SPDX-License-Identifier: Apache-2.0
"""Joint findings: a text goes back and forth, by wire or stick, until both have signed the very same bytes (F22, law 6)."""

from __future__ import annotations

import pytest
from tests.conftest import REPORT, release
from tests.desk.made import journal_size
from tests.desk.test_erasing import confirm, erase
from tests.desk.test_refilling import evidence, set_back

from hamsaya.desk.converse import receive
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.findings import findings_held, findings_of, propose_finding, put_forward, sign_finding
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.matters import move_matter
from hamsaya.desk.offering import write_for
from hamsaya.desk.recalls import recall_release
from hamsaya.desk.release import propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.matters import MATTER_MOVED, MatterMoved
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.finding import Paragraph

FACT = Paragraph("agreed_fact", "Two border guards were killed near Mirjaveh on 12 November.")
POINT = Paragraph("open_point", "From which side the first shot came.")
OURS = Paragraph("remark", "The watch saw muzzle flashes east of the line.", "IR")
THEIRS = Paragraph("remark", "No patrol was out that night.", "PK")


def propose(desk, incident, *text, login="commander"):
    return propose_finding(desk.node, desk.officers[login], incident, text).record.id


def stands(desk, finding):
    with desk.store.reading() as book:
        (held,) = findings_of(desk.node, book, finding)
    return held


def told(desk, finding):
    """What both desks must show alike."""
    held = stands(desk, finding)
    standing = held.matter.standing
    texts = [(each.name, each.by, each.step.at, each.paragraphs) for each in held.texts]
    return standing.state, held.signed_by, texts, [(each.step.move, each.step.by, each.step.at, each.counted) for each in standing.steps]


def sign(desk, finding, on=None, login="commander"):
    return sign_finding(desk.node, desk.officers[login], finding, on if on is not None else stands(desk, finding).matter.standing.text)


@pytest.fixture
def told_of(agreed):
    """West told east of an incident, and both hold west's account of it."""
    record = agreed.west.file()
    release(agreed.west, record.record.id)
    agreed.sync()
    return agreed, record.record.incident


@pytest.fixture
def put(told_of):
    """East put a text forward, and west has it."""
    pair, incident = told_of
    finding = propose(pair.east, incident, FACT, POINT, THEIRS)
    release(pair.east, finding)
    pair.sync()
    return pair, incident, finding


def test_finding_goes_from_a_first_text_to_two_signatures_over_the_same_bytes_on_both_nodes(put):
    pair, incident, finding = put
    west, east = pair.west, pair.east
    assert told(west, finding) == told(east, finding)
    answer = put_forward(west.node, west.officers["commander"], finding, [FACT, POINT, THEIRS, OURS]).record
    assert stands(west, finding).matter.standing.state == "proposed"
    assert len(stands(west, finding).texts) == 1  # filed is not put forward: two officers release it
    release(west, answer.id)
    pair.sync()
    held = stands(east, finding)
    assert [(each.by, [change.how for change in each.paragraphs]) for each in held.texts] == [
        ("east", ["kept"] * 3), ("west", ["kept", "kept", "kept", "added"]),
    ]  # fmt: skip
    sign(east, finding)
    pair.sync()
    assert told(west, finding)[:2] == told(east, finding)[:2] == ("half", ["east"])
    sign(west, finding)
    pair.sync()
    assert told(west, finding) == told(east, finding)
    assert told(west, finding)[:2] == ("signed", ["east", "west"])
    for desk in (west, east):
        with desk.store.reading() as book:
            view = view_incident(book, incident)
            assert [account.record.kind for account in view.accounts] == ["incident_account"]  # a finding is no account
            assert [each.matter.record.id for each in findings_held(desk.node, book)] == [finding]
        assert verify_store(desk.store).faults == []


def test_a_text_that_changed_after_one_signature_has_to_be_signed_again(put):
    pair, _, finding = put
    west, east = pair.west, pair.east
    first = stands(east, finding).matter.standing.text
    sign(east, finding)
    pair.sync()
    other = put_forward(west.node, west.officers["commander"], finding, [FACT, THEIRS]).record.id
    release(west, other)
    with pytest.raises(Refused) as named:
        sign(west, finding, first)  # it was read before it changed
    assert named.value.rule == "decided"
    pair.sync()
    assert told(west, finding) == told(east, finding)
    assert told(west, finding)[:2] == ("proposed", [])
    assert [change.how for change in stands(east, finding).texts[1].paragraphs] == ["kept", "removed", "kept"]
    for desk in (east, west):
        sign(desk, finding)
        pair.sync()
    assert told(west, finding)[:2] == ("signed", ["east", "west"])
    for move in ("decline", "withdraw", "sign"):
        with pytest.raises(Refused):
            move_matter(east.node, east.officers["commander"], finding, move, on=stands(east, finding).matter.standing.text)
    with pytest.raises(Refused):
        put_forward(east.node, east.officers["commander"], finding, [FACT])


def test_both_act_at_once_and_end_alike(put):
    pair, _, finding = put
    west, east = pair.west, pair.east
    sign(east, finding)
    other = put_forward(west.node, west.officers["commander"], finding, [FACT, POINT, THEIRS, OURS]).record.id
    release(west, other)
    sign(west, finding)
    pair.sync()
    pair.sync()
    assert told(west, finding) == told(east, finding)
    assert told(west, finding)[0] == "half"
    assert stands(east, finding).signed_by == ["west"]


def test_nobody_puts_words_into_the_others_mouth(put):
    pair, incident, finding = put
    west, east = pair.west, pair.east
    before = journal_size(west)
    for text in ([FACT, OURS, Paragraph("remark", "We were wrong.", "PK")], [Paragraph("remark", "No patrol was out.", "PK")]):
        with pytest.raises(Refused) as named:
            put_forward(west.node, west.officers["commander"], finding, text)
        assert named.value.rule == "remark"
    with pytest.raises(Refused):
        propose(west, incident, FACT, THEIRS)
    assert journal_size(west) == before
    forged = propose(east, incident, FACT, THEIRS)
    with east.node.ledger.reading() as book:
        assert book.versions(forged)


def test_a_remark_that_is_said_to_be_ours_and_is_not_is_never_signed(told_of, monkeypatch):
    pair, incident = told_of
    west, east = pair.west, pair.east
    monkeypatch.setattr("hamsaya.desk.findings.words_of_others", lambda *_: [])  # a neighbour's node that does not ask
    finding = propose(east, incident, FACT, OURS)
    monkeypatch.undo()
    release(east, finding)
    pair.sync()
    with pytest.raises(Refused) as named:
        sign(west, finding)
    assert named.value.rule == "remark"
    assert stands(west, finding).signed_by == []


@pytest.mark.parametrize("text", [
    [], [Paragraph("agreed_fact", "  \n")], [Paragraph("verdict", "They did it.")], [FACT, FACT], [Paragraph("open_point", "x" * 2001)],
    [Paragraph("open_point", f"{n}") for n in range(201)],
])  # fmt: skip
def test_text_that_cannot_be_is_refused_and_nothing_is_written(told_of, text):
    pair, incident = told_of
    before = journal_size(pair.east)
    with pytest.raises(InputError):
        propose(pair.east, incident, *text)
    assert journal_size(pair.east) == before


def test_one_side_alone_finds_nothing_and_unknown_names_are_not_found(told_of):
    pair, incident = told_of
    west, east = pair.west, pair.east
    own = west.file(REPORT.replace("12 November", "14 November")).record.incident
    with pytest.raises(Refused) as named:
        propose(west, own, FACT)
    assert named.value.rule == "one-side"
    for act in (
        lambda: propose(east, "WEST-I-NONE", FACT),
        lambda: propose(east, "", FACT),
        lambda: sign(east, incident, "x"),
        lambda: put_forward(east.node, east.officers["commander"], "WEST-R-NONE", [FACT]),
    ):
        with pytest.raises(NotFound):
            act()
    for login in ("duty", "approver", "auditor", "admin"):
        with pytest.raises(Refused):
            propose(east, incident, FACT, login=login)


def test_only_a_commander_signs(put):
    pair, _, finding = put
    for login in ("duty", "approver", "auditor", "admin"):
        with pytest.raises(Refused) as named:
            sign(pair.west, finding, login=login)
        assert named.value.rule == "role"


def test_names_of_persons_do_not_leave_in_a_finding(told_of):
    pair, incident = told_of
    east = pair.east
    finding = propose(east, incident, Paragraph("agreed_fact", "Captain Reza Ahmadi was killed."))
    held = propose_release(east.node, east.officers["duty"], finding, purpose="settlement", necessity="Both sides must agree on what happened.")
    assert held.condition == "refused"


def test_text_and_signatures_go_by_stick_in_any_order(put):
    """Bundles are carried by hand: the signature's stick is read before the one with the text that it is about."""
    pair, _, finding = put
    west, east = pair.west, pair.east

    def stick(desk, other):
        with desk.store.reading() as book:
            return write_for(desk.node, book, other)

    other = put_forward(west.node, west.officers["commander"], finding, [FACT, POINT, THEIRS, OURS]).record.id
    release(west, other)
    first = stick(west, "east")
    sign(west, finding)
    second = stick(west, "east")
    receive(east.node, second)
    receive(east.node, first)
    assert stands(east, finding).signed_by == ["west"]
    sign(east, finding)
    receive(west.node, stick(east, "west"))
    receive(west.node, stick(east, "west"))
    assert told(west, finding)[:2] == told(east, finding)[:2] == ("signed", ["east", "west"])


def test_signature_over_bytes_that_nobody_put_forward_counts_not(put):
    pair, _, finding = put
    west, east = pair.west, pair.east
    with west.node.ledger.writing() as pen:
        act = MatterMoved(matter=finding, move="sign", seen="open", on="0" * 24, office="commander desk", at=west.clock())
        pen.extend(link_log("west", "east"), MATTER_MOVED, canonical(act), west.officers["commander"])
    pair.sync()
    assert stands(east, finding).signed_by == []
    assert [each.counted for each in stands(east, finding).matter.standing.steps if each.step.move == "sign"] == [False]


def test_signed_finding_stands_after_either_node_was_set_back(told_of, tmp_path):
    pair, incident = told_of
    west, east = pair.west, pair.east
    kept = [(east, evidence(east)), (west, evidence(west))]
    finding = propose(east, incident, FACT, POINT, THEIRS)
    release(east, finding)
    pair.sync()
    for desk in (west, east):
        sign(desk, finding)
        pair.sync()
    for desk, before in kept:
        set_back(desk, before, tmp_path)
        pair.sync()
        pair.sync()
        assert told(west, finding)[:3] == told(east, finding)[:3]
        assert told(west, finding)[:2] == ("signed", ["east", "west"])
        assert verify_store(desk.store).faults == []


def test_a_record_of_another_kind_that_answers_a_finding_is_no_text_of_it(put, monkeypatch):
    """This program files none; another's may send it."""
    pair, _, finding = put
    monkeypatch.setattr("hamsaya.desk.reports.COURSES", COURSES)
    west, east = pair.west, pair.east
    sign(east, finding)
    pair.sync()
    typed = TypedReport(remarks="We look at it on Tuesday.", grade="A1")
    notice = file_report(west.node, west.officers["duty"], typed, kind="notice", answers=finding).held.record.id
    release(west, notice)
    pair.sync()
    assert told(west, finding) == told(east, finding)
    assert told(west, finding)[:2] == ("half", ["east"])
    assert len(stands(east, finding).texts) == 1


def test_a_text_that_was_taken_back_counts_on_neither_node(put):
    pair, _, finding = put
    west, east = pair.west, pair.east
    sign(east, finding)
    pair.sync()
    other = put_forward(west.node, west.officers["commander"], finding, [FACT, THEIRS]).record.id
    held = release(west, other)
    pair.sync()
    assert told(east, finding)[:2] == ("proposed", [])
    recall_release(west.node, west.officers["duty"], held.release, "It went out too early.")
    pair.sync()
    assert told(west, finding) == told(east, finding)
    assert told(west, finding)[:2] == ("half", ["east"])


def test_what_both_signed_stays_signed_when_its_bytes_are_erased(put):
    pair, _, finding = put
    west, east = pair.west, pair.east
    for desk in (east, west):
        sign(desk, finding)
        pair.sync()
    erase(east, finding)
    pair.sync()
    assert told(west, finding)[:2] == ("signed", ["east", "west"])
    with west.store.reading() as book:
        (asked,) = book.erasures()
    confirm(west, asked)
    pair.sync()
    assert told(west, finding)[:2] == told(east, finding)[:2] == ("signed", ["east", "west"])
    for desk in (west, east):
        assert verify_store(desk.store).faults == []


def test_a_text_under_negotiation_is_not_corrected_in_place(put):
    pair, _, finding = put
    before = journal_size(pair.east)
    with pytest.raises(Refused, match="another text") as named:
        correct_record(pair.east.node, pair.east.officers["duty"], finding, handling="red", reason="It is more than we thought.")
    assert named.value.rule == "correct"
    assert journal_size(pair.east) == before


def test_a_finding_that_was_taken_back_before_it_came_is_told_by_both_as_taken_back(told_of):
    """Its recall overtakes it on another log; the neighbour's list left it out, where ours told that it was taken back. Found by the simulator."""
    pair, incident = told_of
    west, east = pair.west, pair.east
    finding = propose(east, incident, FACT, POINT, THEIRS)
    held = release(east, finding)
    with east.store.reading() as book:
        write_for(east.node, book, "west")  # it left, on a stick that never came
    recall_release(east.node, east.officers["duty"], held.release, "It went out too early.")
    pair.sync()
    for desk in (west, east):
        with desk.store.reading() as book:
            assert [(each.matter.record.id, each.matter.standing.state) for each in findings_held(desk.node, book)] == [(finding, "withdrawn")]
