# SPDX-License-Identifier: Apache-2.0
"""What a neighbour released is listed when its time has run out, and two persons erase it; its sender is told by which clause (law 14)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.conftest import START, Clock, Pair, make_desk
from tests.desk.test_erasing import MARKS, condition, erase, found, sound, warn
from tests.desk.test_refilling import evidence, logs, set_back
from tests.desk.three import inbox, quarantine, trust

from hamsaya.agreement.charter import write_text
from hamsaya.agreement.clauses import Retention
from hamsaya.desk.agreements import sign_agreement
from hamsaya.desk.converse import answer, synchronise
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.erasing import confirm_erasure
from hamsaya.desk.explain import explain
from hamsaya.desk.filters import Filter
from hamsaya.desk.health import check_book
from hamsaya.desk.linked import link_received
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.recalls import recall_release
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.retaining import decide_due, hold_copy, order_due, review_hold
from hamsaya.desk.retention import copy_of, count_due, due_here, keep_of, late_there
from hamsaya.desk.simulate import weigh
from hamsaya.desk.stale import Stale
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.steps import delivery_here, delivery_of
from hamsaya.desk.terms import read_terms, sample_terms
from hamsaya.exchange.erasures import ErasureConfirmed, RanOut
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.retention import CopyHeld
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.seal.canonical import canonical

DAYS = 30
DAY = timedelta(days=1)


def kept_for(days, number="20"):
    return f'\n[[clauses]]\nnumber = "{number}"\ntype = "retention"\nkinds = ["warning"]\ndays = {days}\n'


def terms(days=DAYS):
    return sample_terms("west", "east", START - DAY) + kept_for(days)


@pytest.fixture
def kept(pair):
    """Two nodes whose agreement lets warnings be kept for thirty days, and west's warning at east."""
    pair.agree(terms())
    pair.held = warn(pair.west)
    pair.sync()
    return pair


def later(pair, days):
    pair.west.clock.at += days * DAY


def amend(pair, days):
    with pair.west.store.reading() as book:
        (held,) = book.agreements()
    text = propose_text(pair.west.node, pair.west.officers["commander"], read_terms(terms(days)), revises=held.hash).hash
    pair.sync()
    for desk in (pair.west, pair.east):
        sign_agreement(desk.node, desk.officers["commander"], held.agreement.table.id, text)
    pair.sync()


def due(desk):
    with desk.store.reading() as book:
        return due_here(desk.node, book, desk.node.now())


def places(desk):
    return [(each.log, each.seq) for each in due(desk).due]


def number_due(desk):
    with desk.store.reading() as book:
        return count_due(desk.node, book, desk.node.now())


def keep(desk, held):
    with desk.store.reading() as book:
        return keep_of(book, held.log, held.seq)


def codes(desk):
    with desk.store.reading() as book:
        return {each.code for each in check_book(desk.node, book)}


def erase_due(desk, *, hold=None):
    order = order_due(desk.node, desk.officers["commander"], places(desk))
    return decide_due(desk.node, desk.officers["approver"], order.number, erase=True, hold=hold or {})


def steps(desk, held):
    with desk.store.reading() as book:
        told = (
            delivery_of(desk.node, book, book.release(held.release))
            if desk.node.party == "west"
            else delivery_here(desk.node, book, held.log, held.seq)
        )
    return [(each.step, each.at, str(each.why), each.by, each.office) for each in told.shared]


def test_both_nodes_tell_the_same_time_and_the_clause_as_it_was_signed(kept):
    west, east, held = kept.west, kept.east, kept.held
    keep_there = keep(west, held)
    assert keep_there == keep(east, held)
    assert (keep_there.days, keep_there.clause, keep_there.until) == (30, "20", keep_there.released_at + 30 * DAY)
    for desk in (west, east):
        with desk.store.reading() as book:
            told = explain(desk.node, book, held.release)
        assert told.keep == keep_there
        assert told.faults == []
    assert (due(east).due, due(east).soon, number_due(east)) == ([], [], 0)


def test_soon_due_then_due_then_days_late(kept):
    east, held = kept.east, kept.held
    later(kept, 17)
    (soon,) = due(east).soon
    assert ((soon.log, soon.seq), soon.record, soon.by, soon.to, soon.kind) == ((held.log, held.seq), held.record, "west", "east", "warning")
    assert (number_due(east), "copy-due-soon" in codes(east), "copy-due" in codes(east)) == (0, True, False)
    later(kept, 13)
    (late,) = due(east).due
    assert (late.days_late(east.clock()), late.days_late(east.clock() + 3 * DAY)) == (0, 3)
    assert (number_due(east), due(east).soon, "copy-due" in codes(east)) == (1, [], True)
    later(kept, 2)
    with kept.west.store.reading() as book:
        (there,) = late_there(kept.west.node, book, kept.west.clock())
    assert (there.log, there.seq, there.to, there.keep) == (late.log, late.seq, "east", late.keep)
    assert "copy-due-there" in codes(kept.west)
    assert due(kept.west).due == []  # its own record is its own


def test_two_persons_erase_what_ran_out_and_the_sender_sees_by_which_clause(kept):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, DAYS + 3)
    before = logs(west)
    assert found(east)
    done = erase_due(east)
    assert (done.state, done.items, done.erased) == ("erased", [(held.log, held.seq)], [(held.log, held.seq)])
    assert (done.ordered_office, done.decided_office) == ("commander office", "approver office")
    assert found(east) == set()
    assert (due(east).due, number_due(east), keep(east, held)) == ([], 0, None)
    with east.store.reading() as book:
        assert book.search_page(Filter(text=MARKS[0])).rows == []
        assert [each.record.claims for each in book.versions(held.record)] == [[]]
    kept.sync()
    assert condition(west, held) == "erasure confirmed"
    assert found(west)  # the record is west's own
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures()
        (told,) = one.erasures()
    assert (told.asked, told.reason, told.confirmed.ran_out.clause, told.confirmed.office) == (False, "retention", "20", "approver office")
    assert steps(west, held) == steps(east, held)
    assert "erased it: clause 20 let it be kept until" in steps(west, held)[-1][2]
    assert not {"copy-due-there", "copy-due", "erased-is-here", "erasure-unconfirmed"} & (codes(west) | codes(east))
    for desk in (west, east):
        with desk.store.reading() as book:
            assert explain(desk.node, book, held.release).faults == []
    assert {log: entries for log, entries in logs(west).items() if log.startswith("release/")} == {
        log: entries for log, entries in before.items() if log.startswith("release/")
    }
    assert logs(west) == logs(east)
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)


def test_what_ran_out_there_stays_the_senders_own_and_can_be_sent_again(kept):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, DAYS)
    erase_due(east)
    kept.sync()
    with pytest.raises(Refused):
        link_received(east.node, east.officers["duty"], held.record)
    again = propose_release(west.node, west.officers["duty"], held.record, receiver="east", purpose="prevention", necessity="It is painted again.")
    assert again.condition == "proposed"
    recall_release(west.node, west.officers["duty"], held.release, "It was another pillar.")
    kept.sync()
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)


def test_order_names_exactly_what_is_due_and_another_person_confirms_it(kept):
    east, held = kept.east, kept.held
    place = (held.log, held.seq)
    with pytest.raises(NotFound):
        order_due(east.node, east.officers["commander"], [place])  # not yet
    later(kept, DAYS)
    for items, error in (([], InputError), ([("release/x/west/east", 0)], NotFound), ([(held.log, 99)], NotFound), ([(held.log, -1)], NotFound)):
        with pytest.raises(error):
            order_due(east.node, east.officers["commander"], items)
    order = order_due(east.node, east.officers["commander"], [place])
    with pytest.raises(Stale):
        order_due(east.node, east.officers["commander"], [place])
    with pytest.raises(Refused) as named:
        decide_due(east.node, east.officers["commander"], order.number, erase=True)
    assert named.value.rule == "second-officer"
    for number in (-1, order.number + 1):
        with pytest.raises(NotFound):
            decide_due(east.node, east.officers["approver"], number, erase=True)
    with pytest.raises(InputError):
        decide_due(east.node, east.officers["approver"], order.number, erase=True, hold={(held.log, 99): "court"})
    with pytest.raises(InputError):
        decide_due(east.node, east.officers["approver"], order.number, erase=True, hold={place: "because"})
    assert found(east)
    assert decide_due(east.node, east.officers["approver"], order.number, erase=False).state == "declined"
    with pytest.raises(Stale):
        decide_due(east.node, east.officers["approver"], order.number, erase=True)
    assert places(east) == [place]  # it is due as before
    assert erase_due(east).erased == [place]
    sound(east)


def test_what_comes_after_the_order_is_not_erased_by_it(kept):
    west, east = kept.west, kept.east
    later(kept, DAYS - 1)
    second = warn(west)
    kept.sync()
    later(kept, 1)
    order = order_due(east.node, east.officers["commander"], places(east))
    later(kept, DAYS)
    assert (second.log, second.seq) in places(east)
    assert decide_due(east.node, east.officers["approver"], order.number, erase=True).erased == [(kept.held.log, kept.held.seq)]
    assert places(east) == [(second.log, second.seq)]


def test_copy_is_held_for_a_reason_its_sender_is_told_and_it_is_due_again_when_the_hold_ends(kept):
    west, east, held = kept.west, kept.east, kept.held
    place = (held.log, held.seq)
    later(kept, DAYS)
    assert erase_due(east, hold={place: "complaint"}).erased == []
    assert (due(east).due, number_due(east), [each.hold.reason for each in due(east).held]) == ([], 0, ["complaint"])
    kept.sync()
    with west.store.reading() as one, east.store.reading() as other:
        (there,), (here,) = one.copy_holds(), other.copy_holds()
        assert copy_of(one, *place).state(west.clock()) == "held"
        assert (here.by, there.by) == ("approver", "")
        assert msgspec.structs.replace(here, by="") == there
        assert any("keeps its copy beyond its time" in str(each.what) for each in explain(west.node, one, held.release).acts)
    assert "copy-due-there" not in codes(west)
    assert "hold-unreviewed" not in codes(east)
    later(kept, 8)
    assert "hold-unreviewed" in codes(east)
    with pytest.raises(Refused) as named:
        review_hold(east.node, east.officers["approver"], *place, fine=True)
    assert named.value.rule == "second-officer"
    assert review_hold(east.node, east.officers["commander"], *place, fine=True).outcome == "fine"
    with pytest.raises(Stale):
        review_hold(east.node, east.officers["commander"], *place, fine=True)
    assert "hold-unreviewed" not in codes(east)
    later(kept, 30)
    (again,) = due(east).due
    assert (again.hold.number, again.days_late(east.clock())) == (1, 38)
    with pytest.raises(NotFound):
        review_hold(east.node, east.officers["commander"], *place, fine=False)  # it has ended by itself
    hold_copy(east.node, east.officers["approver"], *place, "court", 90)
    assert review_hold(east.node, east.officers["commander"], *place, fine=False).number == 3  # ended by the second person
    kept.sync()
    assert places(east) == [place]
    with west.store.reading() as book:
        assert copy_of(book, *place).state(west.clock()) == "due"
    assert erase_due(east).erased == [place]
    kept.sync()
    assert condition(west, held) == "erasure confirmed"
    assert logs(west) == logs(east)
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)


def test_hold_is_for_what_is_due_and_for_no_longer_than_one_may(kept):
    east, held = kept.east, kept.held
    with pytest.raises(NotFound):
        hold_copy(east.node, east.officers["approver"], held.log, held.seq, "court")
    later(kept, DAYS)
    for reason, days in (("because", 30), ("court", 0), ("court", 91)):
        with pytest.raises(InputError):
            hold_copy(east.node, east.officers["approver"], held.log, held.seq, reason, days)
    with pytest.raises(NotFound):
        hold_copy(east.node, east.officers["approver"], held.log, -1, "court")


def test_amendment_that_shortens_makes_due_what_came_before_it_and_one_that_lengthens_gives_nothing_back(kept):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, 5)
    amend(kept, 4)
    assert keep(west, held) == keep(east, held)
    assert keep(east, held).days == 4
    assert places(east) == [(held.log, held.seq)]
    amend(kept, 300)
    assert keep(west, held).days == keep(east, held).days == 4
    assert places(east) == [(held.log, held.seq)]
    fresh = warn(west)
    kept.sync()
    assert keep(west, fresh).days == keep(east, fresh).days == 300
    assert erase_due(east).erased == [(held.log, held.seq)]
    kept.sync()
    assert condition(west, held) == "erasure confirmed"
    assert quarantine(west) == []
    sound(west, east)


@pytest.mark.parametrize("verb", ["suspend", "withdraw", "expire"])
def test_clause_goes_on_binding_when_the_agreement_does_not(kept, verb):
    west, east, held = kept.west, kept.east, kept.held
    if verb == "expire":
        later(kept, 400)
    else:
        with west.store.reading() as book:
            name = book.agreements()[0].agreement.table.id
        act_on_agreement(west.node, west.officers["commander"], name, verb, "Shots near the line.")
        kept.sync()
        later(kept, DAYS)
    assert places(east) == [(held.log, held.seq)]
    erase_due(east)
    kept.sync()
    assert condition(west, held) == "erasure confirmed"
    assert quarantine(west) == []


def test_agreement_without_such_a_clause_ends_nothing(agreed):
    held = warn(agreed.west)
    agreed.sync()
    later(agreed, 3_000)
    assert (keep(agreed.west, held), keep(agreed.east, held), due(agreed.east).due) == (None, None, [])


def test_older_version_ends_and_the_newer_one_stays(kept):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, 10)
    with west.store.reading() as book:
        (first,) = book.versions(held.record)
    claims = [msgspec.structs.replace(claim, hedge="reported") for claim in first.record.claims]
    correct_record(west.node, west.officers["duty"], held.record, claims)
    newer = propose_release(west.node, west.officers["duty"], held.record, receiver="east", purpose="prevention", necessity="It is corrected.")
    newer = approve_release(west.node, west.officers["approver"], newer.release)
    kept.sync()
    later(kept, 20)
    assert erase_due(east).erased == [(held.log, held.seq)]
    with east.store.reading() as book:
        assert [bool(each.record.claims) for each in book.versions(held.record)] == [False, True]
        assert keep_of(book, newer.log, newer.seq) is not None
    kept.sync()
    link_received(east.node, east.officers["duty"], held.record)  # what is here still can be gone on with
    later(kept, 10)
    assert places(east) == [(newer.log, newer.seq)]
    sound(west, east)


def test_copy_that_comes_back_with_an_older_backup_is_due_at_once_and_goes_again_by_itself(kept, tmp_path):
    west, east, held = kept.west, kept.east, kept.held
    before = evidence(east)
    later(kept, DAYS + 1)
    erase_due(east)
    kept.sync()
    told = logs(east)
    set_back(east, before, tmp_path)
    assert found(east)
    assert places(east) == [(held.log, held.seq)]  # before it has talked with anybody
    assert "copy-due" in codes(east)
    with pytest.raises(Refused):  # nothing can be signed for a neighbour before our own is back
        hold_copy(east.node, east.officers["approver"], held.log, held.seq, "court")
    order = order_due(east.node, east.officers["commander"], places(east))
    assert decide_due(east.node, east.officers["approver"], order.number, erase=True).erased == []
    kept.sync()
    assert found(east) == set()
    assert (due(east).due, logs(east)) == ([], told)
    assert condition(west, held) == "erasure confirmed"
    sound(west, east)


def test_hold_comes_back_to_a_node_that_was_set_back(kept, tmp_path):
    west, east, held = kept.west, kept.east, kept.held
    before = evidence(east)
    later(kept, DAYS)
    hold_copy(east.node, east.officers["approver"], held.log, held.seq, "rights")
    kept.sync()
    set_back(east, before, tmp_path)
    kept.sync()
    (back,) = due(east).held
    assert (back.hold.reason, back.hold.by) == ("rights", "")
    sound(west, east)


def test_sender_that_was_set_back_learns_again_what_ran_out(kept, tmp_path):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, DAYS)
    before = evidence(west)
    erase_due(east)
    kept.sync()
    set_back(west, before, tmp_path)
    kept.sync()
    assert condition(west, held) == "erasure confirmed"
    assert found(west)
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures()
    sound(west, east)


def test_request_and_erasure_by_clause_that_cross_come_to_the_same(kept):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, DAYS)
    erase_due(east)
    erase(west, held.record, "mistake")
    kept.sync()
    assert inbox(east, "erasure.asked")[0].state == "noted"  # it is confirmed already
    assert condition(west, held) == "erasure confirmed"
    assert found(west) == found(east) == set()
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures()
        assert [(each.asked, each.reason) for each in one.erasures()] == [(True, "mistake")]
    assert steps(west, held) == steps(east, held)
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)


def test_what_its_sender_asked_to_erase_is_answered_and_not_listed_twice(kept):
    west, east, held = kept.west, kept.east, kept.held
    later(kept, DAYS)
    erase(west, held.record, "ordered")
    kept.sync()
    assert (due(east).due, number_due(east), keep(east, held), keep(west, held)) == ([], 0, None, None)
    with pytest.raises(NotFound):
        order_due(east.node, east.officers["commander"], [(held.log, held.seq)])
    confirm_erasure(east.node, east.officers["approver"], held.log, held.seq)
    assert found(east) == set()


def wrong_words(held, until):
    with_ = msgspec.structs.replace
    text = "0" * 64
    ran = RanOut(record=held.record, version=held.version, text=text, clause="20", until=until)
    right = ErasureConfirmed(log=held.log, seq=held.seq, onward=[], office="duty office", at=until, ran_out=ran)
    return right, {
        "a text that nobody knows": right,
        "another record": with_(right, ran_out=with_(ran, record="WEST-R-000000")),
        "another entry": with_(right, seq=99),
        "another log": with_(right, log="release/nothing/west/east"),
        "our own log": with_(right, log="release/west-east-2026-11-21/east/west"),
    }


def test_false_word_of_what_ran_out_stands_in_quarantine(kept):
    west, east, held = kept.west, kept.east, kept.held
    kept_until = keep(west, held)
    later(kept, DAYS)
    right, wrong = wrong_words(held, kept_until.until)
    ran = msgspec.structs.replace(right.ran_out, text=kept_until.text)
    change = msgspec.structs.replace
    wrong |= {
        "a clause of another sort": change(right, ran_out=change(ran, clause="1")),
        "another time": change(right, ran_out=change(ran, until=kept_until.until - DAY)),
        "before its time": change(right, at=kept_until.until - DAY, ran_out=ran),
    }
    for act in wrong.values():
        with east.store.writing() as pen:
            pen.extend(link_log("east", "west"), "erasure.confirmed", canonical(act), east.officers["approver"])
    hold = CopyHeld(log=held.log, seq=held.seq, number=1, reason="court", until=east.clock() + DAY, office="duty office", at=east.clock())
    bad = [
        change(hold, reason="because"), change(hold, until=hold.at + 91 * DAY), change(hold, seq=99), change(hold, number=0),
        change(hold, log="release/west-east-2026-11-21/east/west"),
    ]  # fmt: skip
    for act in bad:
        with east.store.writing() as pen:
            pen.extend(link_log("east", "west"), "copy.held", canonical(act), east.officers["approver"])
    kept.sync()
    assert len(quarantine(west)) == len(wrong) + len(bad)
    assert condition(west, held) == "receipted"
    with west.store.reading() as book:
        assert (book.erasures(), book.copy_holds()) == ([], [])
    sound(west, east)


def test_third_party_cannot_tell_of_what_it_never_had(three):
    held = warn(three.west)
    three.sync()
    hold = CopyHeld(log=held.log, seq=held.seq, number=1, reason="court", until=START + 9 * DAY, office="x", at=START)
    with three.north.store.writing() as pen:
        pen.extend(link_log("north", "west"), "copy.held", canonical(hold), three.north.officers["approver"])
    synchronise(three.north.node, "west", lambda _, data: answer(three.west.node, data))
    assert len(quarantine(three.west)) == 1


def test_lone_node_has_nothing_that_runs_out(desk):
    desk.file()
    desk.clock.at += 9_999 * DAY
    with desk.store.reading() as book:
        assert due_here(desk.node, book, desk.clock()).due == []
        assert (count_due(desk.node, book, desk.clock()), late_there(desk.node, book, desk.clock())) == (0, [])
    assert not {"copy-due", "copy-due-there"} & codes(desk)


def test_simulation_tells_how_long_each_clause_lets_it_be_kept_and_what_would_be_past_its_time_at_once(kept):
    west, east = kept.west, kept.east
    later(kept, 5)
    with east.store.reading() as book:
        (held,) = book.agreements()
    now, shorter = held.agreement, write_text(msgspec.structs.replace(table(4, held.agreement), revises=held.hash))
    there, then = weigh(east.node, now, purpose="prevention"), weigh(east.node, shorter, purpose="prevention")
    assert [(each.due, each.due_now) for each in (there, then)] == [(0, 0), (1, 0)]
    said = weigh(west.node, now, purpose="prevention")
    assert [(each.clause, each.days, each.records) for each in said.kept] == [("20", 30, 1)]
    assert [(each.keep_clause, each.keep_days) for each in weigh(west.node, shorter, purpose="prevention").rows] == [("20", 4)]
    west.file()
    assert {(each.clause, each.records) for each in weigh(west.node, now, purpose="prevention").kept} == {("20", 1), ("", 1)}


def table(days, agreement):
    return msgspec.structs.replace(
        agreement.table,
        clauses=[msgspec.structs.replace(each, days=days) if isinstance(each, Retention) else each for each in agreement.table.clauses],
    )


def test_copy_that_stands_in_quarantine_has_the_shortest_time_and_goes_too(kept):
    west, east = kept.west, kept.east
    with west.store.writing() as pen:
        forged = pen.entries(kept.held.log, kept.held.seq, 1)[0]
        about = {**forged.header().about, "clause": "2"}
        seq = pen.extend(kept.held.log, "release", forged.content, west.officers["duty"], about)
    kept.sync()
    assert len(quarantine(east)) == 1
    later(kept, DAYS)
    assert places(east) == [(kept.held.log, kept.held.seq), (kept.held.log, seq)]
    erase_due(east)
    assert found(east) == set()
    kept.sync()
    assert quarantine(west) == []
    sound(west, east)


def test_many_are_erased_in_one_act_and_the_rest_is_counted(kept, monkeypatch):
    west, east = kept.west, kept.east
    monkeypatch.setattr("hamsaya.desk.retaining.MOST", 2)
    monkeypatch.setattr("hamsaya.desk.retention.due_here.__defaults__", (2,))
    for _ in range(3):
        warn(west)
    kept.sync()
    later(kept, DAYS)
    told = due(east)
    assert (len(told.due), told.more, number_due(east)) == (2, 2, 4)
    assert len(erase_due(east).erased) == 2
    assert (len(due(east).due), due(east).more) == (2, 0)
    erase_due(east)
    kept.sync()
    with west.store.reading() as book:
        assert {each.condition for each in book.releases()} == {"erasure confirmed"}
        assert late_there(west.node, book, west.clock()) == []
    sound(west, east)


def test_exercise_nodes_keep_the_same_rules(tmp_path, places):
    clock = Clock()
    west, east = (
        make_desk(tmp_path, party, country, clock=clock, places=places, exercise=True) for party, country in (("west", "IR"), ("east", "PK"))
    )
    trust(west, east)
    pair = Pair(west, east)
    pair.agree(terms())
    held = warn(west)
    pair.sync()
    later(pair, DAYS)
    assert erase_due(east).erased == [(held.log, held.seq)]
    pair.sync()
    assert condition(west, held) == "erasure confirmed"
    for desk in (west, east):
        desk.store.close()
