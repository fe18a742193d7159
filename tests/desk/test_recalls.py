# SPDX-License-Identifier: Apache-2.0
"""What was released is taken back: every holder strikes it and answers, and both desks show both (F13)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.test_consents import consented_to, holding, linked, push, told  # noqa: F401  (fixtures)
from tests.desk.test_refilling import evidence, set_back
from tests.desk.three import NECESSITY, agree, ask, inbox, quarantine, send, talk

from hamsaya.agreement.screen import find_persons
from hamsaya.desk.converse import answer, receive, synchronise
from hamsaya.desk.events import RecordWithdrawn
from hamsaya.desk.explain import explain
from hamsaya.desk.health import check_book
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.offering import write_for
from hamsaya.desk.recalls import answer_recall, onward, recall_named, recall_record, recall_release
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.exchange.acts import ReleaseOpened
from hamsaya.exchange.bundle import read_bundle, write_bundle
from hamsaya.exchange.logs import release_log
from hamsaya.exchange.recalls import PASSED_ON, PassedOn, RecallAnswered, ReleaseRecalled, why_recalled
from hamsaya.facts.errors import HamsayaError, InputError, NotFound, Refused
from hamsaya.facts.words import say
from hamsaya.ledger.verify import verify_store
from hamsaya.tongues import translate

WHY = "It was another post."


def recall(desk, held, reason=WHY, login="duty"):
    return recall_release(desk.node, desk.officers[login], held.release, reason)


def answered(desk, held, **options):
    return answer_recall(desk.node, desk.officers["duty"], held.log, held.seq, **options)


def condition(desk, held):
    with desk.store.reading() as book:
        return book.release(held.release).condition


def recalls(desk):
    with desk.store.reading() as book:
        return book.recalls()


def sound(*desks):
    for desk in desks:
        assert verify_store(desk.store).faults == []


@pytest.fixture
def sent(agreed):
    """West's release, which east has."""
    held = release(agreed.west, agreed.west.file().record.id)
    agreed.sync()
    return held


def test_both_desks_show_the_struck_record_and_the_answer(agreed, sent):
    west, east = agreed.west, agreed.east
    acknowledge(east.node, east.officers["duty"], sent.log, sent.seq)
    agreed.sync()
    assert recall(west, sent).condition == "recalled"
    agreed.sync()
    (struck,) = holding(east, sent.record)
    assert (struck.withdrawn_by, struck.withdrawn_why) == ("duty office", WHY)
    with east.store.reading() as book:
        assert book.records() == []  # counted and found nowhere
        assert [each.record.id for each in book.struck()] == [sent.record]
        assert view_incident(book, struck.record.incident).struck
    (item,) = inbox(east, "release.recalled")
    assert item.state == "new"
    assert condition(west, sent) == "recalled"
    held = answered(east, sent)
    assert (held.reason, held.answer.passed_on) == (WHY, [])
    assert inbox(east, "release.recalled")[0].state == "acknowledged"
    agreed.sync()
    assert condition(west, sent) == "recall answered"
    assert recalls(west) == recalls(east) == [held]
    assert (held.answer.office, held.by, held.to) == ("duty office", "west", "east")
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)


def test_opened_after_it_was_taken_back_stays_taken_back(agreed, sent):
    west, east = agreed.west, agreed.east
    acknowledge(east.node, east.officers["duty"], sent.log, sent.seq)
    recall(west, sent)
    agreed.sync()
    assert condition(west, sent) == "recalled"
    sound(west, east)


def test_recall_is_answered_not_acknowledged_and_once(agreed, sent):
    east = agreed.east
    recall(agreed.west, sent)
    agreed.sync()
    (item,) = inbox(east, "release.recalled")
    with pytest.raises(Refused) as named:
        acknowledge(east.node, east.officers["duty"], item.log, item.seq)
    assert named.value.rule == "answer"
    answered(east, sent)
    with pytest.raises(Refused):
        answered(east, sent)
    with pytest.raises(Refused):  # whose own recall it is
        answered(agreed.west, sent)
    with pytest.raises(NotFound):
        answer_recall(east.node, east.officers["duty"], sent.log, 99)


def test_it_passes_after_the_agreement_has_expired(agreed, sent):
    west = agreed.west
    west.clock.at += timedelta(days=400)
    assert recall(west, sent).condition == "recalled"
    agreed.sync()
    assert holding(agreed.east, sent.record)[0].withdrawn_by


def test_version_before_it_stands_again_where_that_was_not_taken_back(agreed, sent):
    west, east = agreed.west, agreed.east
    later = release(west, west.file(REPORT.replace("One", "Two"), revises=sent.record).record.id)
    agreed.sync()
    recall(west, later)
    agreed.sync()
    with east.store.reading() as book:
        assert [(each.record.id, each.record.version) for each in book.records()] == [(sent.record, 1)]
    sound(east)


def test_taken_back_version_is_not_released_to_it_again_but_a_next_one_is(agreed, sent):
    west = agreed.west
    recall(west, sent)
    with pytest.raises(Refused) as named:
        propose_release(west.node, west.officers["duty"], sent.record, purpose="settlement", necessity=NECESSITY)
    assert named.value.rule == "recalled"
    later = release(west, west.file(REPORT.replace("One", "Two"), revises=sent.record).record.id)
    agreed.sync()
    with agreed.east.store.reading() as book:
        assert [(each.record.id, each.record.version) for each in book.records()] == [(sent.record, 2)]
    assert later.condition == "logged"


def test_version_that_was_taken_back_does_not_leave_by_a_proposal_made_before(agreed, sent):
    west = agreed.west
    waits = propose_release(west.node, west.officers["duty"], sent.record, purpose="settlement", necessity=NECESSITY)
    recall(west, sent)
    done = approve_release(west.node, west.officers["approver"], waits.release)
    assert (done.condition, done.rule, done.log) == ("refused", "recalled", "")
    with west.store.reading() as book:
        assert explain(west.node, book, waits.release).faults == []


def test_version_that_was_struck_at_home_does_not_leave_by_a_proposal_made_before(agreed):
    west = agreed.west
    filed = west.file()
    waits = propose_release(west.node, west.officers["duty"], filed.record.id, purpose="settlement", necessity=NECESSITY)
    with west.store.writing() as pen:
        pen.journal(RecordWithdrawn(record=filed.record.id, version=1, reason=WHY), west.officers["duty"])
    done = approve_release(west.node, west.officers["approver"], waits.release)
    assert (done.condition, done.rule) == ("refused", "withdrawn")


def test_held_release_of_a_version_that_was_taken_back_does_not_leave_when_the_agreement_resumes(agreed, sent):
    west, east = agreed.west, agreed.east
    waits = propose_release(west.node, west.officers["duty"], sent.record, purpose="settlement", necessity=NECESSITY)
    act_on_agreement(west.node, west.officers["commander"], sent.agreement, "suspend", "Shots near the line.")
    assert approve_release(west.node, west.officers["approver"], waits.release).condition == "held"
    recall(west, sent)
    agreed.sync()
    act_on_agreement(west.node, west.officers["commander"], sent.agreement, "resume", "Quiet again.")
    agreed.sync()
    assert condition(west, waits) == "refused"
    assert holding(east, sent.record)[0].withdrawn_by
    sound(west, east)


@pytest.mark.parametrize("late", [False, True], ids=["both were here", "the other comes after"])
def test_recall_of_one_release_leaves_the_version_that_another_one_brought(agreed, sent, late):
    """The same version goes under two agreements; one release is taken back, the other stands until that is taken back too."""
    west, east = agreed.west, agreed.east
    second = agree(west, east, lambda text: text.replace("west-east-2026-11-21", "west-east-second"))
    with west.store.reading() as book:
        (entry,) = book.entries(sent.log, sent.seq, 1)
    other = release_log(second, "west", "east")

    def tell():
        with west.store.writing() as pen:
            pen.extend(other, "release", entry.content, west.officers["duty"], dict(entry.header().about, agreement=second))
        talk(west, east)

    def struck():
        with east.store.reading() as book:
            listed = [each.record.id for each in book.records()]
        (held,) = holding(east, sent.record)
        assert listed == ([] if held.withdrawn_by else [sent.record])
        sound(east)
        return bool(held.withdrawn_by)

    if not late:
        tell()
    recall(west, sent)
    talk(west, east)
    assert struck() == late
    if late:
        tell()
    assert quarantine(east) == []
    assert not struck()
    push(west, "east", "release.recalled",
         ReleaseRecalled(log=other, seq=0, record=sent.record, version=1, reason=WHY, office="duty office", at=west.clock()))  # fmt: skip
    talk(west, east)
    assert struck()


def test_what_has_not_left_goes_without_its_content(agreed):
    west, east = agreed.west, agreed.east
    held = release(west, west.file().record.id)
    recall(west, held)
    with west.store.reading() as book:
        assert book.entries(held.log, held.seq, 1)[0].content is None
    agreed.sync()
    assert holding(east, held.record) == []
    with east.store.reading() as book:
        assert book.entries(held.log, held.seq, 1)[0].content is None
        assert book.documents() == []
    answered(east, held)
    agreed.sync()
    assert condition(west, held) == "recall answered"
    more = release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    agreed.sync()
    assert condition(west, more) == "receipted"  # the log goes on
    sound(west, east)


def test_recall_that_comes_before_its_release_strikes_it_when_it_comes(agreed):
    west, east = agreed.west, agreed.east
    held = release(west, west.file().record.id)
    with west.store.reading() as book:
        early = write_for(west.node, book, "east")  # a stick that is on its way
    act = ReleaseRecalled(log=held.log, seq=held.seq, record=held.record, version=1, reason=WHY, office="duty office", at=west.clock())
    push(west, "east", "release.recalled", act)
    with west.store.reading() as book:
        late = write_for(west.node, book, "east", have={held.log: 1})  # the link log only
    receive(east.node, late)
    assert recalls(east)[0].record == held.record
    receive(east.node, early)
    with west.store.reading() as book:
        receive(east.node, write_for(west.node, book, "east"))
    (came,) = holding(east, held.record)
    assert came.withdrawn_why == WHY
    with east.store.reading() as book:
        assert book.records() == []
    sound(east)


@pytest.mark.parametrize(
    "wrong",
    [
        {"log": "release/other/west/east"}, {"log": "link/west/east"}, {"log": "release/west-east-2026-11-21/east/west"}, {"log": "x"}, {"seq": -1},
        {"record": "WEST-R-000000"}, {"version": 2}, {"reason": " "}, {"reason": "x" * 401}, {"reason": "a\u202eb"}, {"record": "../x"},
    ],
    ids=str,
)  # fmt: skip
def test_bad_recall_stands_in_quarantine_and_strikes_nothing(agreed, sent, wrong):
    west, east = agreed.west, agreed.east
    act = ReleaseRecalled(log=sent.log, seq=sent.seq, record=sent.record, version=1, reason=WHY, office="duty office", at=west.clock())
    push(west, "east", "release.recalled", msgspec.structs.replace(act, **wrong))
    agreed.sync()
    assert len(quarantine(east)) == 1
    assert not holding(east, sent.record)[0].withdrawn_by


def test_recall_twice_is_one_and_with_other_words_is_none(agreed, sent):
    west, east = agreed.west, agreed.east
    recall(west, sent)
    (mine,) = recalls(west)
    act = ReleaseRecalled(log=mine.log, seq=mine.seq, record=mine.record, version=1, reason=WHY, office=mine.office, at=mine.at)
    push(west, "east", "release.recalled", act)
    push(west, "east", "release.recalled", msgspec.structs.replace(act, reason="Something else."))
    agreed.sync()
    assert len(recalls(east)) == len(quarantine(east)) == 1
    assert [item.state for item in inbox(east, "release.recalled")].count("new") == 1
    with pytest.raises(Refused):
        recall(west, sent)


@pytest.mark.parametrize("wrong", [{"seq": 7}, {"log": "release/x/west/east"}, {"passed_on": [PassedOn("../x", True)]},
                                   {"passed_on": [PassedOn("north", True)] * 2}], ids=str)  # fmt: skip
def test_bad_answer_stands_in_quarantine(agreed, sent, wrong):
    recall(agreed.west, sent)
    agreed.sync()
    act = RecallAnswered(log=sent.log, seq=sent.seq, passed_on=[], office="duty office", at=agreed.east.clock())
    push(agreed.east, "west", "recall.answered", msgspec.structs.replace(act, **wrong))
    agreed.sync()
    assert len(quarantine(agreed.west)) == 1
    assert condition(agreed.west, sent) == "recalled"


def test_third_party_cannot_answer(three, told):  # noqa: F811
    with three.west.store.reading() as book:
        (held,) = book.releases_of(told)
    recall(three.west, held)
    act = RecallAnswered(log=held.log, seq=held.seq, passed_on=[], office="duty office", at=three.north.clock())
    push(three.north, "west", "recall.answered", act)
    three.sync(("north", "west"))
    assert len(quarantine(three.west)) == 1
    assert condition(three.west, held) == "recalled"


def test_recall_reaches_whoever_was_told_in_turn(three, told, linked):  # noqa: F811
    west, east, north = three.west, three.east, three.north
    consented_to(three, linked)
    onwards = send(east, linked, "north")
    three.sync()
    (taken,) = recall_record(west.node, west.officers["duty"], told, WHY)
    assert holding(west, told)[0].withdrawn_by  # struck at home as well
    three.sync()
    assert send_refused(east, linked) in ("originator", "recalled")  # its consent is void: what it is about was taken back
    with east.store.reading() as book:
        held = recall_named(book, taken.log, taken.seq)
        assert [each.release for each in onward(book, held)] == [onwards.release]
    answer = answered(east, taken).answer
    assert answer.passed_on == [PassedOn("north", True)]
    three.sync()
    assert holding(north, linked)[0].withdrawn_why == PASSED_ON.message
    assert recalls(west)[0].answer.passed_on == [PassedOn("north", True)]
    assert condition(east, onwards) == "recalled"
    answered(north, onwards)
    three.sync()
    assert condition(east, onwards) == "recall answered"
    sound(west, east, north)


def test_recall_of_one_release_takes_nothing_back_that_another_one_lets_stand(three, told, linked):  # noqa: F811
    """West told the version under two agreements and takes one release back: what east passed on of it stands until the other goes too."""
    west, east = three.west, three.east
    consented_to(three, linked)
    onwards = send(east, linked, "north")
    three.sync()
    with west.store.reading() as book:
        (held,) = book.releases_of(told)
        (entry,) = book.entries(held.log, held.seq, 1)
    second = agree(west, east, lambda text: text.replace(f'id = "{held.agreement}"', 'id = "west-east-second"'))
    other = release_log(second, "west", "east")
    with west.store.writing() as pen:
        pen.extend(other, "release", entry.content, west.officers["duty"], dict(entry.header().about, agreement=second))
    recall(west, held)
    three.sync()
    assert quarantine(east) == []
    assert answered(east, held).answer.passed_on == []
    assert condition(east, onwards) == "receipted"
    push(west, "east", "release.recalled",
         ReleaseRecalled(log=other, seq=0, record=told, version=1, reason=WHY, office="duty office", at=west.clock()))  # fmt: skip
    three.sync()
    answer_recall(east.node, east.officers["duty"], other, 0)
    assert condition(east, onwards) == "recalled"


@pytest.mark.parametrize(("language", "says"), [("fa", "پس گرفته شد"), ("ur", "واپس لے لیا")])
def test_fixed_sentence_of_a_recall_that_goes_on_is_told_in_the_readers_language(language, says):
    assert says in translate(say("Taken back: {reason}", reason=why_recalled(PASSED_ON.message)), language)
    assert why_recalled("Another {post}.") == "Another {post}."


def test_words_of_a_neighbours_recall_do_not_go_on_unscreened(three, told, linked):  # noqa: F811
    west, east, north = three.west, three.east, three.north
    consented_to(three, linked)
    send(east, linked, "north")
    three.sync()
    with west.store.reading() as book:
        (held,) = book.releases_of(told)
    words = "Ask Colonel Ahmad Khan about it, phone +92 300 1234567."
    assert find_persons(words)
    push(west, "east", "release.recalled",
         ReleaseRecalled(log=held.log, seq=held.seq, record=told, version=1, reason=words, office="duty office", at=west.clock()))  # fmt: skip
    talk(west, east)
    answered(east, held)
    talk(east, north)
    assert [each.reason for each in recalls(north)] == [PASSED_ON.message]
    assert not find_persons(PASSED_ON.message)


def send_refused(desk, record):
    try:
        return send(desk, record, "north").rule
    except Refused as refused:
        return refused.rule


def test_who_answers_decides_what_goes_on(three, told, linked):  # noqa: F811
    consented_to(three, linked)
    onwards = send(three.east, linked, "north")
    three.sync()
    with three.west.store.reading() as book:
        (held,) = book.releases_of(told)
    recall(three.west, held)
    three.sync()
    with pytest.raises(InputError):
        answered(three.east, held, recall=["EAST-S-000000"])
    assert answered(three.east, held, recall=[]).answer.passed_on == [PassedOn("north", False)]
    assert condition(three.east, onwards) == "receipted"


def test_recall_of_what_was_asked_about_voids_the_consent(three, told, linked):  # noqa: F811
    consented_to(three, linked)
    with three.west.store.reading() as book:
        (held,) = book.releases_of(told)
    recall(three.west, held)
    three.sync()
    assert send(three.east, linked, "north").rule == "originator"
    ask(three.east, linked)  # may be asked; it counts only while the version stands
    with pytest.raises(Refused):
        recall_record(three.west.node, three.west.officers["duty"], told, WHY)


def test_record_recall_refuses_what_still_waits(agreed, sent):
    west = agreed.west
    later = west.file(REPORT.replace("One", "Two"), revises=sent.record).record
    waits = propose_release(west.node, west.officers["duty"], later.id, purpose="settlement", necessity=NECESSITY)
    assert waits.condition == "proposed"
    assert [each.release for each in recall_record(west.node, west.officers["commander"], sent.record, WHY)] == [sent.release]
    assert condition(west, waits) == "refused"
    with pytest.raises(NotFound):
        recall_record(west.node, west.officers["duty"], "WEST-R-000000", WHY)
    agreed.sync()
    with pytest.raises(NotFound):
        recall_record(agreed.east.node, agreed.east.officers["duty"], sent.record, WHY)


def test_reason_is_a_sentence_without_persons_and_only_what_left_is_taken_back(agreed, sent):
    west = agreed.west
    for reason in ("", "  ", "x" * 401, "Ask Colonel Ahmad Khan about it."):
        with pytest.raises(InputError):
            recall(west, sent, reason)
    with pytest.raises(NotFound):
        recall_release(west.node, west.officers["duty"], "WEST-S-000000", WHY)
    waits = propose_release(
        west.node, west.officers["duty"], west.file(REPORT.replace("One", "Two")).record.id, purpose="settlement", necessity=NECESSITY
    )
    with pytest.raises(Refused):
        recall(west, waits)


@pytest.mark.parametrize("side", ["west", "east"])
@pytest.mark.parametrize("when", ["sent", "recalled", "answered"])
def test_restored_node_shows_the_same_again(agreed, sent, tmp_path, side, when):
    desk = getattr(agreed, side)
    kept = evidence(desk) if when == "sent" else None
    recall(agreed.west, sent)
    agreed.sync()
    kept = evidence(desk) if when == "recalled" else kept
    answered(agreed.east, sent)
    agreed.sync()
    kept = kept or evidence(desk)
    shown = recalls(agreed.west)
    set_back(desk, kept, tmp_path)
    agreed.sync()
    agreed.sync()
    assert recalls(agreed.west) == recalls(agreed.east) == shown
    assert condition(agreed.west, sent) == "recall answered"
    (struck,) = holding(agreed.east, sent.record)
    assert struck.withdrawn_why == WHY
    assert not [item for item in inbox(agreed.east, "release.recalled") if item.state == "new"]
    assert quarantine(agreed.west) == quarantine(agreed.east) == []
    sound(agreed.west, agreed.east)


def test_doctor_tells_of_a_recall_that_nobody_answers(agreed, sent):
    west, east = agreed.west, agreed.east
    recall(west, sent)
    agreed.sync()

    def found(desk):
        with desk.store.reading() as book:
            return [each.code for each in check_book(desk.node, book) if each.code == "recall-unanswered"]

    assert found(west) == found(east) == []
    west.clock.at += timedelta(hours=25)
    assert found(west) == found(east) == ["recall-unanswered"]
    answered(east, sent)
    agreed.sync()
    assert found(west) == found(east) == []


@pytest.mark.parametrize("who", ["auditor", "admin"])
def test_roles(agreed, sent, who):
    with pytest.raises(HamsayaError) as named:
        recall(agreed.west, sent, login=who)
    assert named.value.rule == "role"


def test_notice_that_it_was_opened_may_come_twice_after_a_recall(agreed, sent):
    west, east = agreed.west, agreed.east
    recall(west, sent)
    for _ in range(2):
        push(east, "west", "release.opened", ReleaseOpened(log=sent.log, seq=sent.seq, office="duty office", at=east.clock()))
    agreed.sync()
    assert quarantine(west) == []
    sound(west)


def test_entry_that_came_back_is_not_erased_by_a_recall(agreed, tmp_path):
    """East gives west's entries back and keeps back its receipts; it plainly holds what west takes back."""
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    held = release(west, west.file().record.id)
    agreed.sync()
    set_back(west, kept, tmp_path)

    def without_receipts(_, data):
        bundle = read_bundle(answer(east.node, data), east.node.key.public, sender="east", receiver="west")
        return write_bundle(msgspec.structs.replace(bundle, receipts=[]), east.node.key)

    synchronise(west.node, "east", without_receipts)
    recall(west, held)
    with west.store.reading() as book:
        assert book.entries(held.log, held.seq, 1)[0].content is not None
    sound(west)
