# SPDX-License-Identifier: Apache-2.0
"""Releases that have not arrived when their agreement is suspended, expires, is withdrawn or amended: held, stopped, or let go on."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import msgspec
import pytest
from tests.conftest import REPORT, START, release
from tests.desk.test_lifecycle import LAXER, TERMS, act, propose, quarantined, sign

from hamsaya.desk import converse, offering, settling
from hamsaya.desk import release as releases
from hamsaya.desk.converse import answer, receive, settle, synchronise
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.offering import write_for
from hamsaya.desk.proofs import export_proof
from hamsaya.desk.release import approve_release, propose_release, refuse_release, release_of
from hamsaya.exchange.bundle import MAX_BYTES, Bundle, Offer, read_bundle, write_bundle
from hamsaya.exchange.logs import release_log
from hamsaya.exchange.packing import unpack
from hamsaya.exchange.proof import Proof, check_proof
from hamsaya.facts.errors import LinkError, NeighbourError, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Receipt, make_receipt
from hamsaya.seal.envelope import open_envelope

NAME = "west-east-2026-11-21"
LOG = release_log(NAME, "west", "east")
NECESSITY = "Both commands must see this account."
NO_MEETINGS = re.sub(r'kinds = \["incident_account"[^]]*\]', 'kinds = ["complaint"]', TERMS)


def condition(desk, made):
    with desk.store.reading() as book:
        held = release_of(book, made.release)
    return held.condition, held.rule


def reason(desk, made):
    with desk.store.reading() as book:
        return str(release_of(book, made.release).reason)


def arrived(desk):
    with desk.store.reading() as book:
        return [item.state for item in book.inbox() if item.kind == "release"]


def records(desk):
    with desk.store.reading() as book:
        return {held.record.id for held in book.records() if held.received_from}


def bundle(desk, to="east"):
    with desk.store.reading() as book:
        return write_for(desk.node, book, to)


def proposed(desk, text=REPORT):
    made = desk.file(text)
    return propose_release(desk.node, desk.officers["duty"], made.record.id, purpose="settlement", necessity=NECESSITY)


def approve(desk, made):
    return approve_release(desk.node, desk.officers["approver"], made.release)


def check_sound(pair):
    for side in (pair.west, pair.east):
        assert verify_store(side.store).faults == []
        with side.store.reading() as book:
            assert book.quarantined() == []


def hear(pair):
    """Let west hear of east without sending anything of its own: the answer of west is lost."""
    receive(pair.west.node, bundle(pair.east, "west"))


def test_what_is_logged_and_not_receipted_is_held_under_suspension_and_goes_after_it(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    act(east, "suspend")
    hear(agreed)
    assert condition(west, sent) == ("held", "in-force")
    assert reason(west, sent).startswith("Suspended by East (commander office)")
    agreed.sync()
    assert (arrived(east), records(east), condition(west, sent)[0]) == ([], set(), "held")
    offers = read_bundle(bundle(west), west.node.key.public, sender="west", receiver="east").offers
    assert [offer.log for offer in offers] == ["link/west/east"]
    act(east, "resume")
    agreed.sync()
    assert (arrived(east), condition(west, sent)) == (["new"], ("receipted", ""))
    check_sound(agreed)


def test_no_byte_of_what_is_held_stands_in_a_bundle(agreed):
    west = agreed.west
    sent = release(west, west.file().record.id)
    assert sent.release.encode() in open_all(bundle(west))
    act(west, "suspend")
    assert sent.release.encode() not in open_all(bundle(west))


def open_all(data):
    """Return a bundle with its envelopes opened, as text that can be searched."""
    opened = unpack(data, MAX_BYTES)
    for _ in range(3):
        opened += b"".join(base64.b64decode(each + b"=" * (-len(each) % 4)) for each in re.findall(rb"[A-Za-z0-9+/]{40,}", opened[-10_000_000:]))
    return opened


def test_what_the_neighbour_has_already_stays_receipted(agreed):
    west = agreed.west
    sent = release(west, west.file().record.id)
    agreed.sync()
    act(west, "suspend")
    assert condition(west, sent)[0] == "receipted"
    agreed.sync()
    assert (condition(west, sent)[0], arrived(agreed.east)) == ("receipted", ["new"])


def test_approved_under_suspension_is_held_and_goes_by_the_same_word_once_it_is_resumed(agreed):
    west, east = agreed.west, agreed.east
    made = proposed(west)
    act(east, "suspend")
    agreed.sync()
    held = approve(west, made)
    assert (held.condition, held.log, held.decided_office) == ("held", "", "approver office")
    with pytest.raises(Refused) as refused:
        approve(west, made)
    assert refused.value.rule == "decided"
    assert arrived(east) == []
    act(east, "resume")
    agreed.sync()
    assert (arrived(east), condition(west, made)) == (["new"], ("receipted", ""))
    with west.store.reading() as book:
        (entry,) = book.entries(LOG, 0, 10)
        assert release_of(book, made.release).decided_office == "approver office"
    assert entry.header().office == "approver office"
    check_sound(agreed)


def test_nothing_is_proposed_under_suspension(agreed):
    act(agreed.west, "suspend")
    made = proposed(agreed.west)
    assert (made.condition, made.rule) == ("refused", "in-force")


def test_expiry_holds_what_has_not_arrived_and_says_so(agreed):
    west, east = agreed.west, agreed.east
    sent, waits = release(west, west.file().record.id), proposed(west, REPORT.replace("12 November", "14 November"))
    for side in (west, east):
        side.clock.at = START + timedelta(days=400)
    assert approve(west, waits).condition == "held"
    agreed.sync()
    assert condition(west, sent)[0] == condition(west, waits)[0] == "held"
    assert reason(west, sent).startswith("Expired on")
    assert arrived(east) == []
    check_sound(agreed)


def test_expired_agreement_that_is_amended_to_last_longer_lets_go_on_what_was_held(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    for side in (west, east):
        side.clock.at = START + timedelta(days=400)
    settle(west.node)
    assert condition(west, sent)[0] == "held"
    propose(west, TERMS.replace("valid_until = 2027", "valid_until = 2029"))
    agreed.sync()
    for side in (east, west):
        sign(side)
        agreed.sync()
    assert (condition(west, sent)[0], arrived(east)) == ("receipted", ["new"])
    check_sound(agreed)


def test_withdrawal_stops_what_has_not_arrived_for_good(agreed):
    west, east = agreed.west, agreed.east
    sent, waits = release(west, west.file().record.id), proposed(west, REPORT.replace("12 November", "14 November"))
    act(east, "withdraw")
    hear(agreed)
    assert condition(west, sent) == ("refused", "in-force")
    assert approve(west, waits).condition == "refused"
    with west.store.reading() as book:
        (entry,) = book.entries(LOG, 0, 10)
    assert entry.content is None
    agreed.sync()
    assert (arrived(east), records(east)) == ([], set())
    check_sound(agreed)


def amend(pair, terms):
    """Let west propose an amendment and both sign it, over a link on which west's releases do not get through yet."""
    west, east = pair.west, pair.east
    amended = propose(east, terms).hash
    sign(east, amended)
    hear(pair)
    sign(west, amended)


def test_release_that_the_amended_text_refuses_is_stopped_and_its_bytes_never_leave(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    content = sent.content
    amend(agreed, NO_MEETINGS)
    assert condition(west, sent) == ("refused", "deny-by-default")
    assert "No clause lets a record" in reason(west, sent)
    assert content[200:260] not in open_all(bundle(west))
    agreed.sync()
    assert quarantined(east) == [("release", "Its sender stopped or erased this release before it came; nothing of the record did.")]
    assert (records(east), condition(west, sent)[0]) == (set(), "refused")
    check_sound(agreed)
    agreed.sync()
    check_sound(agreed)


def test_release_that_the_amended_text_lets_leave_goes_on(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    amend(agreed, LAXER)
    agreed.sync()
    assert (condition(west, sent)[0], arrived(east), quarantined(east)) == ("receipted", ["new"], [])
    check_sound(agreed)


def test_bytes_made_under_a_more_exact_text_do_not_leave_under_a_coarser_one(agreed):
    west = agreed.west
    logged, waits = release(west, west.file().record.id), proposed(west, REPORT.replace("12 November", "14 November"))
    amend(agreed, TERMS.replace("allowed = true", "allowed = false").replace("time_min = 1\n", "time_min = 1440\n"))
    assert condition(west, logged) == ("refused", "amended")
    assert (approve(west, waits).condition, condition(west, waits)[1]) == ("refused", "amended")
    again = release(west, logged.record)
    agreed.sync()
    assert condition(west, again)[0] == "receipted"


def test_held_release_is_asked_again_under_the_text_that_was_amended_meanwhile(agreed):
    west = agreed.west
    made = proposed(west)
    act(west, "suspend")
    assert approve(west, made).condition == "held"
    amend(agreed, NO_MEETINGS)
    assert condition(west, made)[0] == "held"
    act(west, "resume")
    assert condition(west, made) == ("refused", "deny-by-default")


def test_release_that_was_made_before_an_amendment_is_judged_by_the_text_of_that_time(agreed):
    """West lets it leave under the first text; east's last signature on the stricter one crosses it on the way."""
    west, east = agreed.west, agreed.east
    amended = propose(east, NO_MEETINGS).hash
    agreed.sync()
    sign(west, amended)
    agreed.sync()
    sent = release(west, west.file().record.id)
    on_its_way = bundle(west)
    sign(east, amended)  # now it is in force at east, and west has not heard
    receive(east.node, on_its_way)
    assert (arrived(east), quarantined(east)) == (["new"], [])
    agreed.sync()
    assert condition(west, sent)[0] == "receipted"
    check_sound(agreed)


@pytest.mark.parametrize("offset", [timedelta(minutes=-10), timedelta(0), timedelta(minutes=10)])
def test_release_that_crosses_a_suspension_on_the_way_is_taken_whatever_the_clocks_say(agreed, offset):
    """East suspends while west's release is on its way: west had not heard of it (Vienna Convention, art. 78)."""
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    on_its_way = bundle(west)
    at = east.clock.at
    east.clock.at = at + offset
    act(east, "suspend")
    receive(east.node, on_its_way)
    east.clock.at = at + timedelta(minutes=1)
    assert (arrived(east), quarantined(east)) == (["new"], [])
    agreed.sync()
    assert condition(west, sent)[0] == "receipted"


def test_release_of_a_neighbour_that_had_heard_of_the_suspension_is_quarantined(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    made = proposed(west)
    act(east, "suspend")
    agreed.sync()
    agreed.sync()

    monkeypatch.setattr(offering, "may_offer", lambda *_: True)  # a neighbour whose node keeps to nothing
    monkeypatch.setattr(releases, "standing_of", lambda _held, _now: releases.Standing("in force", releases.say("x"), []))
    monkeypatch.setattr(converse, "settle_releases", lambda *_, **__: [])
    assert approve(west, made).condition == "logged"
    receive(east.node, bundle(west))
    assert [kind for kind, _ in quarantined(east)] == ["release"]
    assert "Suspended by East" in quarantined(east)[0][1]


def test_stopped_release_that_had_arrived_after_all_is_receipted_or_opened(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    receive(east.node, bundle(west))  # the receipt for it is lost
    amended = propose(west, NO_MEETINGS).hash
    sign(west, amended)
    receive(east.node, bundle(west))
    sign(east, amended)
    with east.store.reading() as book:
        link_only = write_for(east.node, book, "west")
    receive(west.node, link_only)
    assert condition(west, sent)[0] == "receipted"
    acknowledge(east.node, east.officers["duty"], LOG, 0)
    agreed.sync()
    assert condition(west, sent)[0] == "opened"
    check_sound(agreed)


def test_conversation_ends_while_something_is_held(agreed):
    west = agreed.west
    release(west, west.file().record.id)
    act(west, "suspend")
    calls = []

    def carry(_, data):
        calls.append(data)
        if len(calls) > 5:
            raise LinkError(None)
        return answer(agreed.east.node, data)

    synchronise(west.node, "east", carry)
    assert len(calls) <= 3


@pytest.fixture
def one_held(agreed):
    """One release that east holds, and one that was logged and is held since west suspended the agreement."""
    west = agreed.west
    release(west, west.file().record.id)
    agreed.sync()
    second = release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    act(west, "suspend")
    return agreed, second


def asked(pair, **parts):
    """Return the offers of release logs with which west answers a bundle that east made up."""
    made = Bundle(sender="east", receiver="west", at=pair.east.clock(), **parts)
    data = answer(pair.west.node, write_bundle(made, pair.east.node.key))
    return [each for each in read_bundle(data, pair.west.node.key.public, sender="west", receiver="east").offers if each.log == LOG]


def test_size_below_zero_is_refused_and_brings_nothing(one_held):
    pair, held = one_held
    with pytest.raises(NeighbourError, match="below zero"):
        asked(pair, have={LOG: -1000})
    with pair.west.store.reading() as book:  # neither would it, were it taken
        data = write_for(pair.west.node, book, "east", {LOG: -1000})
    assert held.release.encode() not in open_all(data)


def test_root_over_what_is_held_is_not_given_out_so_no_receipt_for_it_can_be_made_up(one_held):
    pair, held = one_held
    for offer in asked(pair, have={LOG: 0}):
        root = read(open_envelope(offer.checkpoint.encode()).payload, Checkpoint)
        made = make_receipt(Receipt(log=LOG, size=root.size, root=root.root, at=pair.east.clock(), by="east"), pair.east.node.key)
        asked(pair, have={LOG: 1}, receipts=[made.decode()])
    assert (asked(pair, have={LOG: 0}), condition(pair.west, held)) == ([], ("held", "in-force"))


def heads(offers):
    """How far each checkpoint of these offers reaches."""
    return [read(open_envelope(each.checkpoint.encode()).payload, Checkpoint).size for each in offers]


def test_checkpoint_reaches_only_as_far_as_what_was_ever_put_into_a_bundle(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    made = [release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id) for day in (12, 14)]
    monkeypatch.setattr(offering, "BUNDLE_BYTES", 1)
    assert heads(asked(agreed, have={LOG: 0})) == [0]  # the link log goes first
    with monkeypatch.context() as patch:
        patch.setattr(offering, "BUNDLE_BYTES", 1_000_000)
        patch.setattr(offering, "MAX_ENTRIES", 1)
        assert heads(asked(agreed, have={LOG: 0})) == [1]
    assert heads(asked(agreed, have={LOG: 2})) == [0]  # a size that no receipt of its own bears out
    act(west, "suspend")
    with west.store.reading() as book:
        root = book.root_at(LOG, 2)
    assert asked(agreed, have={LOG: 0}) == []
    assert [condition(west, each) for each in made] == [("held", "in-force")] * 2
    act(west, "resume")
    agreed.sync()
    assert arrived(east) == ["new", "new"]
    with east.store.reading() as book:
        assert (book.root_at(LOG, 2), heads([Offer(log=LOG, first=0, checkpoint=book.checkpoint(LOG).decode())])) == (root, [2])
    check_sound(agreed)


def test_log_that_is_longer_than_a_bundle_arrives_whole_and_each_part_is_receipted(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    made = [release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id) for day in (12, 14, 16)]
    monkeypatch.setattr(offering, "MAX_ENTRIES", 1)
    agreed.sync()
    assert [condition(west, each)[0] for each in made] == ["receipted"] * 3
    with west.store.reading() as book:
        assert [receipt.size for receipt in book.receipts() if receipt.log == LOG] == [1, 2, 3]
    assert len(arrived(east)) == 3
    check_sound(agreed)


def test_release_that_was_approved_under_suspension_can_be_stopped_before_it_leaves(agreed):
    west = agreed.west
    made = proposed(west)
    act(west, "suspend")
    assert approve(west, made).condition == "held"
    assert refuse_release(west.node, west.officers["approver"], made.release, "No longer needed.").condition == "refused"
    act(west, "resume")
    agreed.sync()
    assert (condition(west, made), arrived(agreed.east)) == (("refused", "second-officer"), [])
    check_sound(agreed)


def test_release_that_is_in_the_log_and_held_is_recalled_and_not_refused(one_held):
    pair, held = one_held
    with pytest.raises(Refused) as refused:
        refuse_release(pair.west.node, pair.west.officers["approver"], held.release, "No longer needed.")
    assert (refused.value.rule, condition(pair.west, held)[0]) == ("decided", "held")


def test_agreement_whose_standing_cannot_be_told_lets_nothing_leave_and_stops_no_bundle(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    sent, theirs = release(west, west.file().record.id), release(east, east.file(REPORT.replace("One", "Two")).record.id)

    def fails(*_):
        raise OverflowError

    monkeypatch.setattr(settling, "standing_of", fails)
    assert [offer.log for offer in read_bundle(bundle(west), west.node.key.public, sender="west", receiver="east").offers] == ["link/west/east"]
    receive(west.node, east_sends(east))
    assert arrived(west) == ["new"]
    monkeypatch.undo()
    agreed.sync()
    assert (condition(west, sent)[0], condition(east, theirs)[0]) == ("receipted", "receipted")


def east_sends(east):
    """Return what east sends where its own node can tell how the agreement stands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offering, "may_offer", lambda *_: True)
        return bundle(east, "west")


def test_release_that_cannot_be_settled_stops_neither_the_bundle_nor_the_others(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    first, second = release(west, west.file().record.id), release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    real = settling.decide_again

    def fails(node, book, held, at):
        if held.release == first.release:
            raise OverflowError
        return real(node, book, held, at)

    monkeypatch.setattr(settling, "decide_again", fails)
    act(east, "suspend")
    hear(agreed)
    assert [condition(west, each)[0] for each in (first, second)] == ["logged", "held"]
    agreed.sync()
    assert (arrived(east), condition(west, first)[0]) == ([], "logged")


def test_release_that_was_sent_is_not_called_refused_because_its_receiver_keeps_back_the_receipt(agreed):
    """East takes the bundle, keeps its receipt back and withdraws; west keeps its own evidence, and does not say that it never left."""
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    receive(east.node, bundle(west))
    act(east, "withdraw")
    told = read_bundle(bundle(east, "west"), east.node.key.public, sender="east", receiver="west")
    receive(west.node, write_bundle(msgspec.structs.replace(told, receipts=[]), east.node.key))
    assert condition(west, sent)[0] == "held"
    with west.store.reading() as book:
        assert book.entries(sent.log, sent.seq, 1)[0].content is not None
    check_sound(agreed)


def test_what_was_sent_and_is_refused_now_goes_out_no_more_and_its_content_is_kept(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, west.file().record.id)
    bundle(west)  # lost on the way
    amend(agreed, NO_MEETINGS)
    assert condition(west, sent) == ("held", "deny-by-default")
    assert sent.content[200:260] not in open_all(bundle(west))
    agreed.sync()
    assert (records(east), condition(west, sent)[0]) == (set(), "held")
    with west.store.reading() as book:
        assert book.entries(sent.log, sent.seq, 1)[0].content is not None
    check_sound(agreed)


def test_proof_for_a_third_person_holds_only_what_left(one_held):
    pair, held = one_held
    with pair.west.store.reading() as book:
        data = export_proof(pair.west.node, book)
    (log,) = [each for each in read(open_envelope(data).payload, Proof).logs if each.log == held.log]
    assert [entry.content is None for entry in log.entries] == [False, True]
    assert check_proof(data).faults == []
