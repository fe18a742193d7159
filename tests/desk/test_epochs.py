# SPDX-License-Identifier: Apache-2.0
"""Logs that can never be made whole again are begun anew by a signed act, and nothing that was agreed, taken back or sent is lost by it."""

from __future__ import annotations

import os
from dataclasses import replace

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.test_erasing import erase, found, warn
from tests.desk.test_key_change import change
from tests.desk.test_lifecycle import act
from tests.desk.test_recalls import answered, recall
from tests.desk.test_refilling import evidence, holds, logs, set_back
from tests.desk.test_steps import told as steps_of

from hamsaya.desk import offering
from hamsaya.desk.acts_epochs import EpochOpened
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.converse import receive
from hamsaya.desk.distress import send_distress
from hamsaya.desk.epochs import open_epoch
from hamsaya.desk.erasing import confirm_erasure
from hamsaya.desk.explain import explain
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.offering import write_for
from hamsaya.desk.proofs import export_proof
from hamsaya.exchange.epochs import EPOCH, LogEpoch
from hamsaya.exchange.letters import Mark
from hamsaya.exchange.logs import LogName, link_log, parse_log
from hamsaya.exchange.proof import check_proof
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import InputError, NeighbourError, Refused
from hamsaya.facts.values import Place
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical

WHY = "The disk was lost and another history was begun on it."


def begin(desk, party="east", why=WHY):
    return open_epoch(desk.node, desk.officers["commander"], party, why)


def on(day):
    return REPORT.replace("12 November", f"{day} November")


def conditions(desk):
    with desk.store.reading() as book:
        return {each.release: each.condition for each in book.releases()}


def arrived(desk):
    with desk.store.reading() as book:
        return {(item.log, item.seq): (item.kind, item.state) for item in book.inbox()}


def records_of(desk, party):
    with desk.store.reading() as book:
        return {held.record.id for held in book.records() if held.received_from == party}


def check_verifies(*desks):
    for desk in desks:
        assert verify_store(desk.store).faults == []


@pytest.fixture
def forked(agreed, tmp_path):
    """West was set back, nobody knew, and signed another entry at a place that east holds one for. East has named the fork."""
    west = agreed.west
    agreed.kept = kept = evidence(west)
    lost = release(west, west.file(on(14)).record.id)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    other = release(west, west.file(on(16)).record.id)
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    hold_link(west.node, "east", "nothing gets through any more")
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    return agreed, lost, other


def test_forked_logs_go_on_under_a_signed_epoch_and_both_histories_stay_as_evidence(forked):
    pair, lost, other = forked
    west, east = pair.west, pair.east
    before = logs(west), logs(east)
    made = begin(west)
    assert (made.epoch[0], made.reason, holds(west)) == ("e", WHY, [])
    pair.sync()
    for desk, old in zip((west, east), before, strict=True):
        now = logs(desk)
        assert {log: now[log] for log in old} == old  # the closed logs stand as they stood, the two of them different
        with desk.store.reading() as book:
            (epoch,) = book.epochs()
            assert (epoch.sender, epoch.receiver, epoch.epoch, epoch.reason, epoch.office) == ("west", "east", made.epoch, WHY, "commander office")
    assert logs(west)[lost.log] != logs(east)[lost.log]
    assert records_of(east, "west") == {lost.record, other.record}
    assert conditions(west) == {lost.release: "receipted", other.release: "receipted"}
    ours, theirs = steps_of(west, other.release), steps_of(east, other.release)
    assert ours.shared == theirs.shared
    assert [(each.step, each.here) for each in ours.steps] == [
        ("proposed", True), ("logged", True), ("decided", False), ("logged", False), ("receipted", False)
    ]  # fmt: skip
    more = release(west, west.file(on(11)).record.id)
    assert parse_log(more.log).epoch == made.epoch
    pair.sync()
    assert conditions(west)[more.release] == "receipted"
    theirs = release(east, east.file(on(10)).record.id)
    pair.sync()
    assert conditions(east)[theirs.release] == "receipted"
    assert all(state != "quarantined" for _, state in arrived(east).values())
    check_verifies(west, east)


def test_what_was_lost_is_named_stands_again_as_the_copy_that_left_and_can_be_taken_back(forked):
    pair, lost, _ = forked
    west, east = pair.west, pair.east
    begin(west)
    pair.sync()
    with west.store.reading() as book:
        (named,) = [each for each in book.lost_entries() if each.kind == "release"]
        held = book.release(lost.release)
        (epoch,) = book.epochs()
    assert (named.release, named.record, named.giver, named.log, named.seq) == (lost.release, lost.record, "east", lost.log, lost.seq)
    assert epoch.settled
    assert (held.condition, held.content, str(held.reason)) == (
        "receipted", lost.content, "Lost when this node was set back, and known to the neighbour, which gave it back."
    )  # fmt: skip
    recall(west, lost)
    pair.sync()
    answered(east, lost)
    pair.sync()
    assert conditions(west)[lost.release] == "recall answered"
    with east.store.reading() as book:
        assert [each.withdrawn_why != "" for each in book.versions(lost.record)] == [True]
    with west.store.reading() as book:
        assert explain(west.node, book, lost.release).faults == []
    check_verifies(west, east)


@pytest.mark.parametrize("which", ["lost", "sent anew"])
def test_what_is_erased_after_an_epoch_is_gone_from_the_closed_logs_too(agreed, tmp_path, which):
    west, east = agreed.west, agreed.east
    agreed.kept = evidence(west)
    lost = warn(west) if which == "lost" else release(west, west.file(on(14)).record.id)
    agreed.sync()
    set_back(west, agreed.kept, tmp_path, sure=True)
    other = warn(west) if which != "lost" else release(west, west.file(on(11)).record.id)
    hold_link(west.node, "east", "a fork")
    begin(west)
    agreed.sync()
    assert {"release", "record"} <= found(west)
    erase(west, (lost if which == "lost" else other).record)
    assert found(west) == set()
    agreed.sync()
    with east.store.reading() as book:
        asked = [(each.log, each.seq) for each in book.erasures()]
    for log, seq in asked:
        confirm_erasure(east.node, east.officers["approver"], log, seq)
    assert found(east) == set()
    agreed.sync()
    with west.store.reading() as book:
        assert explain(west.node, book, lost.release).delivery.condition in ("erasure confirmed", "receipted")
    assert all(state != "quarantined" for desk in (west, east) for _, state in arrived(desk).values())
    check_verifies(west, east)


def test_what_the_neighbour_opened_of_the_lost_one_is_told_of_that_and_of_no_other(forked):
    pair, lost, other = forked
    west, east = pair.west, pair.east
    acknowledge(east.node, east.officers["duty"], lost.log, lost.seq)  # the entry that stands at this place at west is another
    begin(west)
    pair.sync()
    assert (conditions(west)[other.release], conditions(west)[lost.release]) == ("receipted", "opened")
    assert [each.step for each in steps_of(west, lost.release).steps][-1] == "opened"
    assert all(state != "quarantined" for _, state in arrived(west).values())
    check_verifies(west, east)


@pytest.mark.parametrize("sure", [True, False], ids=["nobody knew", "held at once"])
@pytest.mark.parametrize("first", ["west", "east"])
def test_calls_that_were_lost_with_a_set_back_come_back_under_an_epoch(agreed, tmp_path, sure, first):
    """The receipt over a call that is not here any more stops nothing, whoever speaks first: the call comes back, and the link lives."""
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    place = Place(words="Mirjaveh", precision="settlement")
    (call,) = send_distress(west.node, west.officers["duty"], Call(what=["medical"], place=place), to=["east"])
    agreed.sync()
    set_back(west, kept, tmp_path, sure=sure)
    if sure:
        hold_link(west.node, "east", "the neighbour speaks of a call that is not here")
    begin(west)
    if first == "east":
        with east.store.reading() as book:
            receive(west.node, write_for(east.node, book, "west"))
    agreed.sync()
    agreed.sync()
    made = release(west, west.file(on(11)).record.id)
    agreed.sync()
    with west.store.reading() as book:
        assert [(each.case, each.receipted_at is not None) for each in book.calls()] == [(call.case, True)]
        assert all(each.settled for each in book.epochs())
    assert logs(west) == logs(east)
    assert (conditions(west)[made.release], holds(west)) == ("receipted", [])
    check_verifies(west, east)


def test_neighbour_that_heard_of_the_second_epoch_only_has_all_back_that_it_had_acknowledged(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(east)
    made = release(west, west.file(on(14)).record.id)
    agreed.sync()
    for why in ("It was set back.", "It was set back once more."):
        hold_link(west.node, "east", "its end is not known")
        begin(west, why=why)
    set_back(east, kept, tmp_path)
    agreed.sync()
    agreed.sync()
    assert logs(east)[made.log] == logs(west)[made.log]
    assert records_of(east, "west") == {made.record}
    with west.store.reading() as one, east.store.reading() as other:
        assert one.closed_at(made.log) == other.closed_at(made.log) == 1
    assert conditions(west)[made.release] == "receipted"
    check_verifies(west, east)


def test_what_does_not_count_of_a_closed_log_takes_no_room_in_a_bundle(forked, monkeypatch):
    """What stands beyond the mark is never sent: where it filled each bundle, nothing of the new log ever left."""
    pair, lost, other = forked
    monkeypatch.setattr(offering, "BUNDLE_BYTES", 1)
    begin(pair.west)
    pair.sync()
    pair.sync()
    assert conditions(pair.west) == {lost.release: "receipted", other.release: "receipted"}
    check_verifies(pair.west, pair.east)


def test_suspension_that_was_lost_is_in_force_again(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    act(west, "suspend")
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    release(west, west.file(on(16)).record.id)
    act(west, "suspend", "Another reason was signed at that place.")
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    act(west, "resume")
    hold_link(west.node, "east", "nothing gets through any more")
    begin(west)
    agreed.sync()
    standings = []
    for desk in (agreed.west, agreed.east):
        with desk.store.reading() as book:
            standings.append(standing_of(book.agreements()[0], desk.clock()).state)
    assert standings[0] == standings[1]
    check_verifies(agreed.west, agreed.east)


def test_log_of_which_nobody_holds_the_end_goes_on_under_an_epoch_and_a_stick_from_before_changes_nothing(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west), evidence(east)
    release(west, west.file(on(14)).record.id)
    with west.store.reading() as book:
        stick = write_for(west.node, book, "east")
    agreed.sync()
    set_back(west, kept[0], tmp_path)
    set_back(east, kept[1], tmp_path)
    begin(west)  # a commander who knows that east was set back too does not sign at a place that may be taken
    fresh = release(west, west.file(on(16)).record.id)
    agreed.sync()
    assert (holds(west), holds(east), conditions(west)[fresh.release]) == ([], [], "receipted")
    before = logs(east), arrived(east), records_of(east, "west")
    got = receive(east.node, stick)
    assert (got.applied, got.quarantined) == (0, 0)
    assert (logs(east), arrived(east), records_of(east, "west")) == before
    check_verifies(west, east)


def test_without_an_epoch_the_stick_from_before_is_named_as_a_fork_and_the_epoch_heals_it(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west), evidence(east)
    release(west, west.file(on(14)).record.id)
    with west.store.reading() as book:
        stick = write_for(west.node, book, "east")
    agreed.sync()
    set_back(west, kept[0], tmp_path)
    set_back(east, kept[1], tmp_path)
    agreed.sync()  # each gives back what it has, which is nothing: neither knows what was lost
    fresh = release(west, west.file(on(16)).record.id)
    receive(east.node, stick)  # it comes first, and takes the place
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    with east.store.reading() as book:
        assert [each.sender for each in book.quarantined()] == ["west"]  # the evidence for a third person
    hold_link(west.node, "east", "a fork was named")
    begin(west)
    agreed.sync()
    assert conditions(west)[fresh.release] == "receipted"
    check_verifies(west, east)


@pytest.mark.parametrize("when", ["before the fork", "on the other branch"])
def test_node_that_is_set_back_again_to_before_the_epoch_learns_it_and_goes_on(forked, tmp_path, when):
    pair, lost, other = forked
    west = pair.west
    branch = evidence(west)
    begin(west)
    pair.sync()
    more = release(west, west.file(on(9)).record.id)
    pair.sync()
    told = {each: condition for each, condition in conditions(west).items() if condition == "receipted"}
    (tmp_path / "again").mkdir()
    set_back(west, branch if when == "on the other branch" else pair.kept, tmp_path / "again")
    pair.sync()
    pair.sync()
    assert holds(west) == []
    with west.store.reading() as book:
        (epoch,) = book.epochs()
        assert epoch.settled
        assert {each.log for each in book.epochs()[0].closed} >= {lost.log}
    assert {each: condition for each, condition in conditions(west).items() if each in told} == told
    last = release(west, west.file(on(8)).record.id)
    pair.sync()
    assert (conditions(west)[last.release], parse_log(last.log).epoch) == ("receipted", parse_log(more.log).epoch)
    assert other.release in conditions(west)
    check_verifies(west, pair.east)


def test_neighbour_that_is_set_back_to_before_the_epoch_hears_of_it_again(forked, tmp_path):
    pair, _, _ = forked
    kept = evidence(pair.east)
    begin(pair.west)
    pair.sync()
    told = arrived(pair.east).keys()
    (tmp_path / "again").mkdir()
    set_back(pair.east, kept, tmp_path / "again")
    pair.sync()
    assert (holds(pair.east), arrived(pair.east).keys()) == ([], told)
    more = release(pair.west, pair.west.file(on(9)).record.id)
    pair.sync()
    assert conditions(pair.west)[more.release] == "receipted"
    check_verifies(pair.west, pair.east)


def test_epoch_after_an_epoch(forked, tmp_path):
    pair, lost, _ = forked
    west = pair.west
    begin(west)
    pair.sync()
    kept = evidence(west)
    gone = release(west, west.file(on(9)).record.id)
    pair.sync()
    (tmp_path / "again").mkdir()
    set_back(west, kept, tmp_path / "again", sure=True)
    release(west, west.file(on(8)).record.id)
    with pytest.raises(NeighbourError, match="fork"):
        pair.sync()
    hold_link(west.node, "east", "and again")
    second = begin(west, why="It was set back once more.")
    pair.sync()
    with pair.east.store.reading() as book:
        assert [each.epoch for each in book.epochs()][-1] == second.epoch
    assert conditions(west)[gone.release] == conditions(west)[lost.release] == "receipted"
    check_verifies(west, pair.east)


@pytest.mark.parametrize("who", ["west", "east"])
def test_key_is_changed_after_an_epoch_as_before(forked, who):
    pair, _, _ = forked
    begin(pair.west)
    pair.sync()
    change(pair.west if who == "west" else pair.east)
    pair.sync()
    made = release(pair.west, pair.west.file(on(9)).record.id)
    theirs = release(pair.east, pair.east.file(on(8)).record.id)
    pair.sync()
    assert (conditions(pair.west)[made.release], conditions(pair.east)[theirs.release]) == ("receipted", "receipted")
    check_verifies(pair.west, pair.east)
    with pair.west.store.reading() as book:
        assert check_proof(export_proof(pair.west.node, book)).faults == []


def test_third_person_follows_both_histories_across_the_epoch(forked):
    pair, _, _ = forked
    begin(pair.west)
    pair.sync()
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            data = export_proof(desk.node, book)
        checked = check_proof(data)
        assert checked.faults == []
        assert any(parse_log(log).epoch for log in checked.logs)


def test_act_that_says_another_root_than_the_closed_log_has_is_named_to_a_third_person(agreed):
    west = agreed.west
    false = Mark(link_log("west", "east"), 1, "0" * 64)
    with west.store.writing() as pen:  # east quarantines it; west's own file shows it
        pen.journal(EpochOpened(neighbour="east", epoch="e1", reason="x", closed=[false]), west.officers["commander"])
        act_ = LogEpoch(epoch="e1", reason=WHY, closed=[false])
        pen.extend(link_log("west", "east"), EPOCH, canonical(act_), west.officers["commander"])
    with west.store.reading() as book:
        checked = check_proof(export_proof(west.node, book))
    assert [(each.entry, each.wrong) for each in checked.faults] == [("link/west/east/e1#0", "tree")]


def test_bundles_of_the_other_branch_that_come_late_change_nothing(forked):
    pair, _, _ = forked
    west, east = pair.west, pair.east
    late = []
    with west.store.reading() as book:
        late.append(write_for(west.node, book, "east"))
    begin(west)
    pair.sync()
    before = logs(east), arrived(east)
    for data in late:
        receive(east.node, data)
    assert (logs(east), arrived(east)) == before


def test_only_a_commander_begins_anew_and_only_what_is_held(agreed):
    west = agreed.west
    with pytest.raises(Refused) as named:
        begin(west)
    assert named.value.rule == "held"
    hold_link(west.node, "east", "a test")
    with pytest.raises(Refused):
        open_epoch(west.node, west.officers["duty"], "east", WHY)
    for words in ("", "Ask Mr Ahmad Karimi, 0912 345 6789."):
        with pytest.raises(InputError):
            begin(west, why=words)
    assert holds(west) == ["east"]


def signed_by(desk, to, acts, epoch="e1"):
    """An administrator of west's writes acts into logs of an epoch by hand."""
    with desk.store.writing() as pen:
        pen.journal(EpochOpened(neighbour=to, epoch=epoch, reason="x", closed=[]), desk.officers["commander"])
        for act_ in acts:
            pen.extend(link_log(desk.node.party, to, epoch), EPOCH, canonical(act_), desk.officers["commander"])


@pytest.mark.parametrize(
    "fault",
    [
        {"epoch": "e2"},
        {"reason": ""},
        {"reason": "x" * 500},
        {"closed": [Mark("link/east/west", 0, "")]},
        {"closed": [Mark("journal/west", 1, "0" * 64)]},
        {"closed": [Mark("link/west/east", -1, "")]},
        {"closed": [Mark("link/west/east", 1, "0" * 64)]},
        {"closed": [Mark("link/west/east", 0, ""), Mark("link/west/east", 0, "")]},
    ],
    ids=["another epoch", "no reason", "long reason", "their log", "journal", "size", "root", "twice"],
)
def test_act_that_cannot_be_true_begins_nothing(agreed, fault):
    west, east = agreed.west, agreed.east
    sound = LogEpoch(epoch="e1", reason=WHY, closed=[])
    signed_by(west, "east", [msgspec.structs.replace(sound, **fault)])
    agreed.sync()
    with east.store.reading() as book:
        assert book.epochs() == []
        assert book.closed_at(link_log("west", "east")) is None
    assert arrived(east)[link_log("west", "east", "e1"), 0] == (EPOCH, "quarantined")


def test_later_epoch_leaves_alone_what_came_back_as_lost_of_a_log_that_no_act_names(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    lost = release(west, west.file(on(14)).record.id)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    for why in ("the log was begun before", "and again"):
        hold_link(west.node, "east", why)
        begin(west, why=f"For the reason that {why}.")
        agreed.sync()
        agreed.sync()
        with west.store.reading() as book:
            (stands,) = book.releases()
        assert (stands.release, stands.condition, stands.log, stands.seq) == (lost.release, "receipted", lost.log, lost.seq)
    recall(west, lost)
    agreed.sync()
    answered(agreed.east, lost)
    agreed.sync()
    assert conditions(west)[lost.release] == "recall answered"
    check_verifies(west, agreed.east)


def test_what_an_old_copy_released_into_a_log_that_an_epoch_closed_before_goes_into_the_new_one(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    hold_link(west.node, "east", "it was thought to be forked")
    begin(west)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    there = release(west, west.file(on(9)).record.id)  # into the log of before, of which the act says nothing
    assert parse_log(there.log).epoch == ""
    with pytest.raises(NeighbourError, match="rolled back or forked"):
        agreed.sync()
    hold_link(west.node, "east", "the neighbour holds more than this node does")
    for _ in range(3):
        agreed.sync()
    assert (holds(west), conditions(west)) == ([], {there.release: "receipted"})
    assert records_of(agreed.east, "west") == {there.record}
    check_verifies(west, agreed.east)


def test_what_an_old_copy_signed_in_a_link_log_that_an_epoch_closed_before_is_told_in_the_new_one_and_once(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    hold_link(west.node, "east", "it was thought to be forked")
    begin(west)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    act(west, "suspend")
    with pytest.raises(NeighbourError, match="rolled back or forked"):
        agreed.sync()
    for _ in range(2):  # the second time all of it was told
        hold_link(west.node, "east", "the neighbour holds more than this node does")
        for _ in range(3):
            agreed.sync()
        for desk in (west, east):
            with desk.store.reading() as book:
                assert standing_of(book.agreements()[0], desk.clock()).state == "suspended"
                (used,) = [log for log in book.logs() if (name := parse_log(log)) and name.kind == "link" and name.sender == "west" and name.epoch]
                assert [entry.header().kind for entry in book.entries(used, 0, 9)] == [EPOCH, "agreement.act"]
    check_verifies(west, east)


@pytest.mark.parametrize("who", ["neighbour", "owner", "owner, told by name"])
def test_two_epochs_that_were_lost_come_back_in_the_order_in_which_they_followed_each_other(forked, tmp_path, monkeypatch, who):
    pair, _, _ = forked
    west, east = pair.west, pair.east
    before = evidence(east) if who == "neighbour" else pair.kept
    names = []
    for number, letters in enumerate((b"\xff", b"\x00")):  # by the letters of their names, the second comes first
        west.node = replace(west.node, random=lambda count, letters=letters: letters * count)
        if number:
            hold_link(west.node, "east", "and again")
        names.append(begin(west).epoch)
        west.node = replace(west.node, random=os.urandom)
        pair.sync()
        released = release(west, west.file(on(9 - number)).record.id)
        pair.sync()
        assert parse_log(released.log).epoch == names[-1]
    told = {each: condition for each, condition in conditions(west).items() if condition == "receipted"}
    had = records_of(east, "west")
    if who == "owner, told by name":  # as an older program gives them back
        monkeypatch.setattr(offering, "in_order", lambda _, logs: sorted(logs))
    (tmp_path / "again").mkdir()
    set_back(east if who == "neighbour" else west, before, tmp_path / "again")
    for _ in range(3):
        pair.sync()
    assert holds(west) == holds(east) == []
    for desk in (west, east):
        with desk.store.reading() as book:
            assert [each.epoch for each in book.epochs()] == names
            assert book.epoch_of("west", "east") == names[1]
    assert "quarantined" not in {state for _, state in arrived(east).values()}
    assert (records_of(east, "west"), {each: conditions(west).get(each) for each in told}) == (had, told)
    last = release(west, west.file(on(6)).record.id)
    pair.sync()
    assert (conditions(west)[last.release], parse_log(last.log).epoch) == ("receipted", names[1])
    check_verifies(west, east)


def test_epoch_that_does_not_follow_the_one_in_use_begins_nothing(agreed):
    west, east = agreed.west, agreed.east
    for epoch in ("e1", "e2"):
        signed_by(west, "east", [LogEpoch(epoch=epoch, reason=WHY, closed=[])], epoch)
        agreed.sync()
    with east.store.reading() as book:
        assert [each.epoch for each in book.epochs()] == ["e1"]
    assert arrived(east)[link_log("west", "east", "e2"), 0] == (EPOCH, "quarantined")


def test_release_in_a_log_that_no_act_has_begun_is_quarantined(agreed):
    west = agreed.west
    with west.store.writing() as pen:
        pen.journal(EpochOpened(neighbour="east", epoch="e1", reason="x", closed=[]), west.officers["commander"])
    made = release(west, west.file().record.id)
    agreed.sync()
    assert arrived(agreed.east)[made.log, made.seq][1] == "quarantined"


@pytest.mark.parametrize("name", ["link/a/b", "link/a/b/e1", "release/x/a/b", "release/x/a/b/e1", "distress/a/b", "distress/a/b/e1", "journal/a"])
def test_names_of_logs_are_read_as_they_are_written(name):
    assert str(parse_log(name)) == name


@pytest.mark.parametrize("name", ["link/a/b/", "link/a/b/x", "release/x/a/b/E1", "release/x/a/b/e1/e2", "link/a/b/e" + "1" * 40])
def test_name_of_no_log(name):
    assert parse_log(name) is None
    assert LogName("link", "a", "b").epoch == ""
