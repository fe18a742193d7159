# SPDX-License-Identifier: Apache-2.0
"""Law 2: distress and STOP pass, by one officer, whatever stands between the two nodes; both sides show how far each has come."""

from __future__ import annotations

import sys
from datetime import timedelta

import msgspec
import pytest
from tests.conftest import REPORT, START, release
from tests.desk.test_refilling import evidence, holds, logs, set_back
from tests.desk.three import talk

from hamsaya.desk import offering
from hamsaya.desk.converse import answer, receive, synchronise
from hamsaya.desk.distress import answer_distress, call_of, review_distress, send_distress, send_stop, stand_down
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import add_officer
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.exchange.bundle import Bundle, Offer, read_bundle, send_entry, write_bundle
from hamsaya.exchange.distress import CallWord, read_call
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import InputError, NeighbourError, NotFound, Refused
from hamsaya.facts.values import Count, Moment, Place
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.entries import Header, make_checkpoint, make_entry
from hamsaya.seal.merkle import Frontier

POINT = Place(words="", precision="exact", lon_udeg=61_512_345, lat_udeg=25_187_654, radius_m=50)
AT = Moment(start=START, end=START + timedelta(minutes=1), precision="minute", zone="UTC")
FORM = Call(what=["vessel"], place=POINT, since=AT, count=Count(low=4, high=6), help=["rescue_boat", "helicopter"], contact="Operations room")
STOP = Call(what=["fire", "approach"], whom=["foot_patrol"], place=POINT, since=AT)


def call(desk, form=FORM, **options):
    return send_distress(desk.node, desk.officers["duty"], form, **options)[0]


def told(desk):
    """What a node shows of every call, without what only it knows."""
    with desk.store.reading() as book:
        return {
            held.case: (held.kind, held.call, held.office, held.at, held.condition, [(s.kind, s.code, s.party, s.office, s.at, s.minutes) for s in held.steps])
            for held in book.calls()
        }  # fmt: skip


def unseen(desk):
    with desk.store.reading() as book:
        return book.calls_unseen()


def both_sound(pair):
    for side in (pair.west, pair.east):
        assert verify_store(side.store).faults == []
        with side.store.reading() as book:
            assert book.quarantined() == []
            assert [item for item in book.inbox() if item.state == "quarantined"] == []


@pytest.mark.parametrize("agreement", ["none", "expired", "suspended", "withdrawn", "in force"])
def test_distress_passes_with_any_agreement_and_with_none(pair, agreement):
    west, east = pair.west, pair.east
    if agreement != "none":
        name = pair.agree()
    if agreement in ("suspended", "withdrawn"):
        verb = {"suspended": "suspend", "withdrawn": "withdraw"}[agreement]
        act_on_agreement(east.node, east.officers["commander"], name, verb, "A shot was fired.")
        pair.sync()
    if agreement == "expired":
        west.clock.at = START + timedelta(days=800)
        filed = west.file()
        with pytest.raises((Refused, InputError)):
            release(west, filed.record.id)
    sent = call(west)
    assert (sent.case, sent.condition) == ("west.east.0", "logged")
    pair.sync()
    assert unseen(east) == [sent.case]
    with east.store.reading() as book:
        came = call_of(book, sent.case)
    assert came.call == FORM  # the point to the metre: law 11 excepts distress
    assert (came.office, came.own, came.kind) == ("duty office", False, "distress")
    both_sound(pair)


def test_every_condition_is_the_same_on_both_nodes_after_the_next_exchange(pair):
    west, east = pair.west, pair.east
    sent = call(west)
    seen = []

    def note():
        pair.sync()
        assert told(west) == told(east)
        seen.append(told(west)[sent.case][4])

    note()
    answer_distress(east.node, east.officers["commander"], sent.case)
    assert unseen(east) == []
    note()
    answer_distress(east.node, east.officers["duty"], sent.case, "coming", minutes=25)
    note()
    stand_down(west.node, west.officers["approver"], sent.case)
    note()
    review_distress(west.node, west.officers["commander"], sent.case, "right", "Four men were taken off the boat.")
    note()
    assert seen == ["receipted", "seen", "answered", "over", "reviewed"]
    with east.store.reading() as book:
        assert [step.note for step in call_of(book, sent.case).steps] == [""] * 4  # what the reviewer wrote stays at home
    both_sound(pair)


def test_stop_says_to_whom_what_where_and_since_when(pair):
    west, east = pair.west, pair.east
    (sent,) = send_stop(east.node, east.officers["duty"], STOP)
    pair.sync()
    assert unseen(west) == ["east.west.0"]
    answer_distress(west.node, west.officers["duty"], sent.case, "stopped")
    pair.sync()
    assert told(west) == told(east)
    assert told(east)[sent.case][4] == "answered"


def test_one_officer_is_enough_and_an_administrator_none(pair):
    west = pair.west
    for role in ("officer", "liaison", "approver", "commander", "administrator", "analyst", "auditor", "rights-officer"):
        officer = add_officer(west.node, login=f"x-{role}", office=role, role=role, language="en", password="x", hash_password=str)
        allowed = role in ("officer", "liaison", "approver", "commander")
        for act in (send_distress, send_stop):
            form = FORM if act is send_distress else STOP
            if allowed:
                assert act(west.node, officer, form)[0].condition == "logged"
            else:
                with pytest.raises(Refused) as named:
                    act(west.node, officer, form)
                assert named.value.rule == "role"


@pytest.mark.parametrize(
    ("act", "form"),
    [
        (send_distress, {"what": []}), (send_distress, {"what": ["meteor"]}), (send_distress, {"help": ["airstrike"]}),
        (send_distress, {"place": None}), (send_distress, {"words": "see me"}), (send_distress, {"count": Count(low=5, high=2)}),
        (send_distress, {"what": ["other"], "words": "x" * 201}), (send_distress, {"contact": "Ops\u202eroom"}),
        (send_stop, {"what": ["fire"], "whom": ["foot_patrol"]}), (send_stop, {"what": ["fire"], "whom": [], "help": [], "count": None}),
        (send_stop, {"what": ["medical"], "whom": ["all"], "help": [], "count": None}),
    ],
)  # fmt: skip
def test_form_is_closed(pair, act, form):
    with pytest.raises(InputError):
        act(pair.west.node, pair.west.officers["duty"], msgspec.structs.replace(FORM, **form))
    assert told(pair.west) == {}


def test_names_of_persons_are_masked_and_never_stop_a_call(pair):
    form = msgspec.structs.replace(FORM, what=["other"], words="Colonel Ahmadi is wounded, call 0912 345 6789", contact="Captain Karim")
    sent = call(pair.west, form)
    pair.sync()
    with pair.east.store.reading() as book:
        came = call_of(book, sent.case).call
    assert "wounded" in came.words
    assert not [word for word in ("Ahmadi", "0912", "Karim") if word in came.words + came.contact]


def test_same_form_sent_twice_calls_once(pair):
    west = pair.west
    one, other = call(west, token="t1"), call(west, token="t1")
    assert one.case == other.case
    assert call(west, token="t2").case != one.case


def test_another_person_reviews_once_and_only_what_is_over(pair):
    west = pair.west
    sent = call(west)
    commander = west.officers["commander"]
    with pytest.raises(Refused) as named:
        review_distress(west.node, commander, sent.case, "right", "It was.")
    assert named.value.rule == "call"
    stand_down(west.node, west.officers["duty"], sent.case, "cancelled")
    with pytest.raises(Refused):
        stand_down(west.node, west.officers["duty"], sent.case)
    own = send_distress(west.node, commander, FORM)[0]
    stand_down(west.node, commander, own.case)
    with pytest.raises(Refused) as named:
        review_distress(west.node, commander, own.case, "right", "I think so.")
    assert named.value.rule == "second-officer"
    with west.store.reading() as book:
        assert call_of(book, sent.case).review_due == call_of(book, sent.case).over.at + timedelta(hours=24)
    review_distress(west.node, commander, sent.case, "mistaken", "It was a fishing light.")
    with pytest.raises(Refused):
        review_distress(west.node, west.officers["approver"], sent.case, "right", "Again.")
    with west.store.reading() as book:
        assert call_of(book, sent.case).review_due is None


def test_each_side_does_only_what_is_its_own(pair):
    west, east = pair.west, pair.east
    sent = call(west)
    pair.sync()
    for attempt in (
        lambda: answer_distress(west.node, west.officers["duty"], sent.case),
        lambda: stand_down(east.node, east.officers["duty"], sent.case),
        lambda: review_distress(east.node, east.officers["commander"], sent.case, "wrong", "No."),
    ):
        with pytest.raises(Refused) as named:
            attempt()
        assert named.value.rule == "call"
    with pytest.raises(NotFound):
        answer_distress(west.node, west.officers["duty"], "east.west.0")
    with pytest.raises(InputError):
        answer_distress(east.node, east.officers["duty"], sent.case, "stopped")  # an answer to a STOP


def test_it_stands_first_in_the_bundle_and_no_other_log_takes_its_place(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    monkeypatch.setattr(offering, "BUNDLE_BYTES", 1)
    for day in (11, 12, 13):
        release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id)
    sent = [call(west).case, call(west).case]
    with west.store.reading() as book:
        data = write_for(west.node, book, "east")
    bundle = read_bundle(data, west.node.key.public, sender="west", receiver="east")
    assert bundle.offers[0].log == "distress/west/east"
    assert [len(offer.entries) for offer in bundle.offers] == [2, 0, 1]  # of what was queued, one entry goes
    receive(east.node, data)
    assert unseen(east) == sent


def test_it_is_taken_from_a_bundle_of_which_nothing_else_can_be(agreed):
    west, east = agreed.west, agreed.east
    sent = call(west)
    with west.store.reading() as book:
        bundle = read_bundle(write_for(west.node, book, "east", {}), west.node.key.public, sender="west", receiver="east")
    link = next(offer for offer in bundle.offers if offer.log.startswith("link/"))
    broken = [msgspec.structs.replace(link, entries=link.entries[:1], first=1), *(offer for offer in bundle.offers if offer is not link)]
    with pytest.raises(NeighbourError):
        receive(east.node, write_bundle(msgspec.structs.replace(bundle, offers=broken), west.node.key))
    assert unseen(east) == [sent.case]
    with east.store.reading() as book:
        assert len(book.quarantined()) == 1
        assert [receipt.size for receipt in book.receipts() if receipt.log == "distress/west/east"] == [1]
    agreed.sync()
    assert told(west) == told(east)


def test_it_is_carried_on_a_stick_and_doing_it_twice_does_no_harm(pair):
    west, east = pair.west, pair.east
    sent = call(west)
    with west.store.reading() as book:
        stick = write_for(west.node, book, "east")
    receive(east.node, stick)
    receive(east.node, stick)
    assert unseen(east) == [sent.case]
    with east.store.reading() as book:
        back = write_for(east.node, book, "west")
    receive(west.node, back)
    assert told(west)[sent.case][4] == "receipted"
    with west.store.reading() as book:
        assert book.unreceipted_distress() == []


def test_bundle_with_a_distress_call_and_its_receipt_is_small(pair, capsys):
    west, east = pair.west, pair.east
    call(west)
    with west.store.reading() as book:
        out = write_for(west.node, book, "east")
    back = answer(east.node, out)
    with capsys.disabled():
        sys.stdout.write(f"\ndistress call: {len(out)} bytes; its receipt: {len(back)} bytes\n")
    assert len(out) + len(back) < 3 * 1024 + 1024


# A node that was set back


def test_node_that_was_set_back_calls_at_once_under_a_new_epoch(pair, tmp_path):
    west, east = pair.west, pair.east
    kept = evidence(west)
    first = call(west)
    pair.sync()
    answer_distress(east.node, east.officers["duty"], first.case, "coming")
    pair.sync()
    set_back(west, kept, tmp_path)
    assert holds(west) == ["east"]
    second = call(west)  # while nothing else may be signed
    assert second.log.startswith("distress/west/east/e")
    with west.store.reading() as book:
        data = write_for(west.node, book, "east")
    receive(east.node, data)
    assert unseen(east) == [second.case]
    with east.store.reading() as book:
        assert book.quarantined() == []
    pair.sync()
    assert holds(west) == []
    assert told(west) == told(east)
    assert told(west)[first.case][4] == "answered"
    third = call(west)
    assert third.log == second.log  # and goes on there
    pair.sync()
    assert logs(west) == logs(east)
    both_sound(pair)


def test_call_of_a_node_that_was_set_back_is_receipted_and_answered_before_it_is_whole(pair, tmp_path):
    west, east = pair.west, pair.east
    kept = evidence(west)
    pair.agree()
    pair.sync()
    set_back(west, kept, tmp_path)
    sent = call(west)
    their = call(east)
    with west.store.reading() as book:
        answer(east.node, write_for(west.node, book, "east"))  # its answer is lost on the way
    answer_distress(east.node, east.officers["duty"], sent.case)
    with east.store.reading() as book:  # what does not give back what is lost: the link stays held
        more = write_for(east.node, book, "west")
    receive(west.node, more)
    assert holds(west) == ["east"]
    assert told(west)[sent.case][4] == "seen"
    assert unseen(west) == [their.case]
    answer_distress(west.node, west.officers["duty"], their.case, "coming")
    pair.sync()
    assert holds(west) == []
    assert told(west) == told(east)
    both_sound(pair)


def test_answers_of_a_node_that_was_set_back_come_back_to_it(pair, tmp_path):
    west, east = pair.west, pair.east
    kept = evidence(east)
    sent = call(west)
    pair.sync()
    answer_distress(east.node, east.officers["duty"], sent.case, "coming", minutes=5)
    pair.sync()
    set_back(east, kept, tmp_path)
    synchronise(east.node, "west", pair.carry(east, west))
    assert (holds(east), unseen(east)) == ([], [])
    assert told(west) == told(east)
    both_sound(pair)


def test_two_nodes_made_of_one_backup_never_write_the_same_place(pair, tmp_path):
    west, east = pair.west, pair.east
    kept = evidence(west)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    set_back(west, kept, tmp_path / "a")
    one = call(west)
    with west.store.reading() as book:
        receive(east.node, write_for(west.node, book, "east"))
    set_back(west, kept, tmp_path / "b")
    other = call(west)
    assert one.log != other.log
    pair.sync()
    assert sorted(unseen(east)) == sorted([one.case, other.case])
    both_sound(pair)


# A neighbour that is newer, or hostile


class Forger:
    """East's key in other hands: distress logs of any entries."""

    def __init__(self, pair):
        self.pair, self.frontier, self.entries = pair, Frontier(), []

    def add(self, kind, content, **header):
        east = self.pair.east
        log = "distress/east/west"
        head = Header(log=log, seq=self.frontier.size, kind=kind, at=START, by="east", office=header.pop("office", "East"), commitment="", **header)
        entry = make_entry(head, bytes(32), content, east.node.key)
        self.frontier.append(entry.leaf)
        self.entries.append(send_entry(entry))

    def send(self):
        east = self.pair.east
        checkpoint = make_checkpoint("distress/east/west", self.frontier, east.node.key).decode()
        offer = Offer(log="distress/east/west", first=0, checkpoint=checkpoint, entries=self.entries)
        return receive(self.pair.west.node, write_bundle(Bundle(sender="east", receiver="west", at=START, offers=[offer]), east.node.key))


HOSTILE = {
    "no JSON": b"{",
    "a list": b"[]",
    "nothing": b"",
    "floats": b'{"what":["fire"],"place":{"type":"place","words":"x","precision":"exact","lon_udeg":1.5}}',
    "codes of tomorrow": canonical({"what": ["volcano"], "help": ["robot"], "place": {"type": "place", "words": "Taftan", "precision": "galaxy"}}),
    "wrong types": canonical({"what": "fire", "place": 7, "count": [], "since": "now", "help": {"a": 1}, "contact": 3}),
    "overrides and markup": canonical(
        {"what": ["\u202efire"], "contact": "<script>\u2066\x00" * 3, "place": {"type": "place", "words": "a\u202eb" * 900}}
    ),
    "huge": canonical({"what": ["x" * 5000] * 900, "contact": "y" * 100_000, "words": "z" * 100_000}),
    "out of range": canonical(
        {"count": {"type": "count", "low": 9, "high": 3}, "place": {"type": "place", "words": "", "precision": "exact", "lat_udeg": 10**9}}
    ),
    "year 9999": canonical({"since": {"type": "moment", "start": "9999-01-01T00:00:00Z", "end": None, "precision": "minute"}}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_call_passes_whatever_it_holds_and_is_contained(pair, content):
    forger = Forger(pair)
    forger.add("distress.sent", content, office="O\u202e" * 500, about={"x\u202e": "y" * 9000})
    got = forger.send()
    assert (got.applied, got.quarantined) == (1, 0)
    assert unseen(pair.west) == ["east.west.0"]
    with pair.west.store.reading() as book:
        held = call_of(book, "east.west.0")
    plain = canonical(held.call).decode() + held.office
    assert len(plain) < 4_000
    assert not [letter for letter in "\u202e\u2066\x00" if letter in plain]
    answer_distress(pair.west.node, pair.west.officers["duty"], "east.west.0")
    assert verify_store(pair.west.store).faults == []


def test_codes_that_only_a_newer_program_knows_are_kept(pair):
    forger = Forger(pair)
    forger.add("distress.sent", HOSTILE["codes of tomorrow"])
    forger.send()
    with pair.west.store.reading() as book:
        came = call_of(book, "east.west.0").call
    assert (came.what, came.help, came.unread) == (["volcano"], ["robot"], [])
    assert (came.place.words, came.place.precision) == ("Taftan", "unknown")
    assert read_call(canonical(FORM)) == FORM


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("distress.answered", {"log": "distress/west/east", "seq": 7, "code": "coming"}),
        ("distress.answered", {"log": "distress/east/west", "seq": 0, "code": "coming"}),
        ("distress.over", {"log": "distress/west/east", "seq": 0, "code": "over"}),
        ("distress.reviewed", {"log": "distress/west/east", "seq": 0, "code": "wrong"}),
        ("distress.over", {"log": "distress/east/west", "seq": 9, "code": "over"}),
        ("distress.over", {"log": "distress/east/west", "seq": -1, "code": "over"}),
        ("distress.over", {"log": "link/east/west", "seq": 0, "code": "over"}),
        ("distress.answered", {"log": 3}), ("release", {}), ("release.opened", {}), ("distress.dance", {}),
    ],
)  # fmt: skip
def test_word_about_a_call_that_is_not_its_senders_to_say_stands_in_quarantine(pair, kind, word):
    sent = call(pair.west)
    pair.sync()
    forger = Forger(pair)
    forger.add("distress.sent", canonical(FORM))
    forger.add(kind, canonical(word))
    got = forger.send()
    assert (got.applied, got.quarantined) == (1, 1)
    assert told(pair.west)[sent.case][4] == "receipted"
    assert verify_store(pair.west.store).faults == []


def test_exercise_calls_no_real_node(pair):
    call(pair.west)
    with pair.west.store.reading() as book:
        bundle = read_bundle(write_for(pair.west.node, book, "east"), pair.west.node.key.public, sender="west", receiver="east")
    with pytest.raises(NeighbourError):
        receive(pair.east.node, write_bundle(msgspec.structs.replace(bundle, exercise=True), pair.west.node.key))
    assert unseen(pair.east) == []


def test_call_word_of_tomorrow_is_shown(pair):
    sent = call(pair.west)
    pair.sync()
    forger = Forger(pair)
    forger.add("distress.answered", canonical(CallWord(log=sent.log, seq=sent.seq, code="teleported\u202e", minutes=-4)))
    forger.send()
    step = next(iter(told(pair.west)[sent.case][5]))
    assert (step[1], step[5]) == ("teleported", None)


def test_calls_of_one_neighbour_do_not_hide_those_of_another_nor_our_own(three):
    west, east, north = three.west, three.east, three.north
    real, ours = call(north, to=["west"]), call(west, to=["north"])
    talk(north, west)
    with east.store.writing() as pen:
        for _ in range(201):
            pen.extend("distress/east/west", "distress.sent", canonical(FORM), east.officers["duty"])
    talk(east, west)
    with west.store.reading() as book:
        for shown in (book.calls_open(), book.calls()):
            assert {real.case, ours.case} <= {each.case for each in shown}
            assert len([each for each in shown if each.neighbour == "east"]) == 200
        assert len(book.calls_unseen()) == 202
