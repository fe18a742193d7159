# SPDX-License-Identifier: Apache-2.0
"""A job is one process's at a time: leases are taken once, taken over when their holder fell silent, and rounds go by them."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.conftest import release

from hamsaya.assemble.leases import LASTS, Leases
from hamsaya.assemble.rounds import Rounds
from hamsaya.desk.contacts import links_now
from hamsaya.desk.converse import answer, synchronise
from hamsaya.desk.distress import send_distress
from hamsaya.desk.opening import Sheet, open_matter
from hamsaya.desk.ports import Pace
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import LinkError
from hamsaya.facts.values import Place
from hamsaya.facts.words import say
from hamsaya.ledger.store import Store


@pytest.fixture
def again(pair):
    """Open west's store once more, as another process would."""
    opened = []

    def open_again():
        west = pair.west
        at = west.store.at
        store = Store(at, west.store_key, party="west", key=west.node.key, now=west.clock, random=west.node.random)
        opened.append(store)
        return store

    yield open_again
    for store in opened:
        store.close()


class Link:
    """Carries to east, slowly, and watches how many are on the way at once."""

    def __init__(self, pair):
        self.pair, self.visits, self.at_once, self.most, self.broken = pair, 0, 0, 0, False
        self.lock = threading.Lock()

    def __call__(self, party, data):
        with self.lock:
            self.visits += 1
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        try:
            time.sleep(0.05)
            if self.broken:
                raise LinkError(say("{party} cannot be reached", party=party.card.party))
            return answer(self.pair.east.node, data)
        finally:
            with self.lock:
                self.at_once -= 1


def rounds(pair, store, link, told=None, every=30):
    leases = Leases(store, pair.west.clock)
    opened = SimpleNamespace(store=store, node=replace(pair.west.node, ledger=store, pace=Pace(every_s=every)))
    return Rounds(opened, leases, (told if told is not None else []).append, link)


def at_the_same_time(*jobs):
    gate = threading.Barrier(len(jobs))
    failed = []

    def run(job):
        gate.wait()
        try:
            job()
        except Exception as error:  # noqa: BLE001  (shown by the assertion below)
            failed.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def test_of_many_who_want_a_lease_one_has_it(pair, again):
    leases = [Leases(again(), pair.west.clock) for _ in range(4)]
    got, at_once, most = [], [], []

    def take(each):
        for _ in range(5):
            with each.held("job") as mine:
                if mine:
                    got.append(each.holder)
                    at_once.append(1)
                    most.append(len(at_once))
                    time.sleep(0.01)
                    at_once.pop()

    at_the_same_time(*(lambda each=each: take(each) for each in leases))
    assert got
    assert max(most) == 1


def test_a_lease_ends_by_itself_and_is_taken_over_then_and_the_late_holder_does_not_take_it_away(pair, again):
    dead, heir = Leases(again(), pair.west.clock), Leases(again(), pair.west.clock)
    with dead.held("job") as mine:
        assert mine
        with heir.held("job") as taken:
            assert not taken
        pair.west.clock.at += LASTS
        with heir.held("job") as taken:
            assert taken
            with dead.held("job") as again_mine:
                assert not again_mine
            with pair.west.store.working() as work:
                work.drop_lease("job", dead.holder)
            assert not dead._take("job")
    with pair.west.store.reading() as book:
        assert book.leases("job", pair.west.clock()) == []


def test_what_is_held_is_prolonged(pair, again, monkeypatch):
    monkeypatch.setattr("hamsaya.assemble.leases.PROLONG_S", 0.02)
    leases = Leases(again(), pair.west.clock)
    leases.start()
    with leases.held("job/x"):
        until = time.monotonic() + 20
        pair.west.clock.at += LASTS
        while time.monotonic() < until:
            with pair.west.store.reading() as book:
                if book.leases("job", pair.west.clock()):
                    break
            time.sleep(0.02)
        else:
            raise AssertionError("not prolonged")
    leases.stop()


def test_two_processes_that_make_their_rounds_together_visit_a_neighbour_once(pair, again):
    link = Link(pair)
    one, other = rounds(pair, again(), link), rounds(pair, again(), link)
    at_the_same_time(one.visit_all, other.visit_all)
    first = link.visits
    one.visit_all()
    other.visit_all()
    assert link.most == 1
    assert link.visits == first
    pair.west.clock.at += timedelta(seconds=30)
    other.visit_all()
    assert link.visits > first


def test_what_was_just_logged_goes_out_at_once_and_never_by_two_at_a_time(pair, again):
    link = Link(pair)
    both = [rounds(pair, again(), link) for _ in range(2)]

    def log_and_visit(mine):
        for _ in range(3):
            mine.hurry("east")
            while mine._hurried:
                mine.visit_all()

    at_the_same_time(*(lambda mine=mine: log_and_visit(mine) for mine in both))
    assert link.most == 1
    assert link.visits >= 3


def test_every_desk_shows_what_the_last_visit_came_to_and_a_warning_is_told_once(pair, again):
    link, told = Link(pair), []
    one, other = rounds(pair, again(), link, told), rounds(pair, again(), link, told)
    link.broken = True
    for each in (one, other, one):
        pair.west.clock.at += timedelta(seconds=31)
        each.visit_all()
    assert [str(each) for each in told] == ["east cannot be reached"]
    state = link_of(pair)
    assert (state.neighbour, state.kind, state.warning, state.failures) == ("east", "never", told[0], 3)
    link.broken = False
    pair.west.clock.at += timedelta(seconds=31)
    one.visit_all()
    state = link_of(pair)
    assert (state.kind, state.way, state.warning, state.failures) == ("proven", "called", None, 0)
    assert pair.west.clock() - state.proven < timedelta(seconds=1)
    assert state.failure == told[0]  # the last failure stays to be seen


def link_of(pair):
    with pair.west.store.reading() as book:
        return links_now(pair.west.node, book)[0]


def test_wait_after_failures_grows_up_to_its_most_survives_a_restart_and_is_ended_by_a_call_of_the_neighbour(pair, again):
    link = Link(pair)
    link.broken = True
    clock = pair.west.clock
    first = rounds(pair, again(), link)
    waits = []
    for number in range(9):
        made = first if number < 4 else rounds(pair, again(), link)  # a restart in between
        until = clock.at + timedelta(seconds=400)
        before, started = link.visits, clock.at
        while link.visits == before and clock.at < until:
            clock.at += timedelta(seconds=1)
            made.visit_all()
        waits.append((clock.at - started).total_seconds())
    assert waits[0] < 2  # nothing was known yet
    assert all(wait < 302 for wait in waits)
    assert [3 < waits[1] < 8, waits[3] > 14, waits[5] > 58, waits[-1] > 220] == [True] * 4, waits
    assert link_of(pair).failures == 9
    synchronise(pair.east.node, "west", pair.carry(pair.east, pair.west))
    state = link_of(pair)
    assert (state.kind, state.way, state.failures) == ("proven", "answered", 0)
    assert (state.due - clock()).total_seconds() <= 30


def test_where_only_one_side_can_dial_out_both_desks_say_that_contact_is_proven_and_both_lose_it_within_a_minute(pair, again):
    """West cannot be reached, and east cannot reach: only west dials."""
    link = Link(pair)
    west = rounds(pair, again(), link)
    blocked = rounds_of(pair.east, broken)
    record = pair.east.file()  # something of east's own waits to go the other way
    assert record
    for _ in range(100):
        tick(pair, west, blocked)
    assert [state.kind for state in both(pair)] == ["proven", "proven"]
    assert [state.way for state in both(pair)] == ["called", "answered"]
    assert both(pair)[1].warning is None
    link.broken = True
    cut = pair.west.clock()
    said = {}
    while len(said) < 2 and pair.west.clock() - cut < timedelta(seconds=120):
        tick(pair, west, blocked)
        for side, state in zip("we", both(pair), strict=True):
            if not state.good:
                said.setdefault(side, (pair.west.clock() - cut).total_seconds())
    assert max(said.values()) <= 60
    assert len(said) == 2
    assert both(pair)[1].kind == "silent"
    link.broken = False
    for _ in range(305):
        tick(pair, west, blocked)
    assert [state.good for state in both(pair)] == [True, True]


def broken(party, data):
    del data
    raise LinkError(say("{party} cannot be reached", party=party.card.party))


def rounds_of(desk, exchange):
    return Rounds(SimpleNamespace(store=desk.store, node=desk.node), Leases(desk.store, desk.clock), lambda _: None, exchange)


def both(pair):
    states = []
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            states += links_now(desk.node, book)
    return states


def tick(pair, *all_rounds):
    pair.west.clock.at += timedelta(seconds=1)
    for each in all_rounds:
        each.visit_all()


def test_call_of_distress_is_tried_again_every_few_seconds_whoever_logged_it(pair, again):
    link = Link(pair)
    link.broken = True
    made = rounds(pair, again(), link, every=3600)
    made.visit_all()
    assert link.visits == 1
    made.visit_all()
    assert link.visits == 1  # nothing waits: not before its time
    place = Place(words="Mirjaveh", precision="settlement")
    send_distress(pair.west.node, pair.west.officers["duty"], Call(what=["medical"], place=place))  # by another process: nobody hurries us
    tried = []
    for _ in range(60):
        pair.west.clock.at += timedelta(seconds=1)
        before = link.visits
        made.visit_all()
        tried.append(link.visits > before)
    assert 4 <= sum(tried) <= 15  # the waits grow from seconds to a quarter of a minute
    assert any(tried[:5])
    assert any(tried[-16:])
    link.broken = False
    pair.west.clock.at += timedelta(seconds=16)
    made.visit_all()
    with pair.west.store.reading() as book:
        assert book.unreceipted_distress() == []
        assert book.calls()[0].condition == "receipted"
    visits = link.visits
    pair.west.clock.at += timedelta(seconds=60)
    made.visit_all()
    assert link.visits == visits


def test_written_call_of_the_hotline_is_tried_again_every_few_seconds_and_an_account_is_not(pair, again):
    pair.agree()
    link = Link(pair)
    made = rounds(pair, again(), link, every=3600)
    made.visit_all()
    link.broken = True

    def visits_in_a_minute():
        before = link.visits
        for _ in range(60):
            pair.west.clock.at += timedelta(seconds=1)
            made.visit_all()
        return link.visits - before

    release(pair.west, pair.west.file().record.id)
    assert visits_in_a_minute() + visits_in_a_minute() <= 5  # after each failure it waits twice as long
    told = {"when": "-15m", "line": "hotline", "caller": "Duty officer", "called": "Duty officer", "said": "A boat drifts.", "read_back": "read_back"}
    release(pair.west, open_matter(pair.west.node, pair.west.officers["duty"], "hotline_call", Sheet(typed=told)).held.record.id)
    assert 4 <= visits_in_a_minute() <= 15
    link.broken = False
    pair.west.clock.at += timedelta(seconds=16)
    made.visit_all()
    with pair.west.store.reading() as book:
        assert book.awaited_by(["hotline_call", "incident_account"]) == []
    assert visits_in_a_minute() == 0


def test_where_rounds_are_off_only_what_waits_is_carried(pair, again):
    link = Link(pair)
    made = rounds(pair, again(), link, every=0)
    made.visit_all()
    assert link.visits == 0
    made.hurry("east")
    made.visit_all()
    assert link.visits > 0
