# SPDX-License-Identifier: Apache-2.0
"""What a trusted neighbour's administrator, or a broken stick, may hand to a real node: each case by its name, and what the node does.

Refused: our error, the evidence kept where the neighbour signed it, nothing else changed. Waits: nothing is applied, and it is asked for.
What each case leaves is compared over every row of every table (`refused`, `left_no_trace` of test_receiving).
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from datetime import timedelta

import msgspec
import pytest
from pyrage import x25519
from tests.conftest import START, release
from tests.desk.made import file
from tests.exchange.made import Neighbour, entry_of, frontier_of, offer_of
from tests.exchange.test_receiving import bound, east, items, left_no_trace, mirrored, quarantined, receipts, refused, rows

from hamsaya.courier.stick import read_stick, write_stick
from hamsaya.desk.converse import receive
from hamsaya.desk.offering import write_for
from hamsaya.exchange import bundle as bundles
from hamsaya.exchange.logs import release_log
from hamsaya.facts.errors import InputError, NeighbourError
from hamsaya.facts.words import LANGUAGES
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import MAX_DEPTH, canonical
from hamsaya.seal.entries import make_checkpoint
from hamsaya.seal.envelope import PREFIX, open_envelope, pre_authentication, seal
from hamsaya.seal.keys import SigningKey
from hamsaya.tongues import translate

__all__ = ["bound", "east"]
RELEASES = release_log("west-east-2026", "east", "west")


def payload_of(data):
    return open_envelope(data).payload


def signed(payload, key):
    """An envelope over any bytes at all, as a neighbour's administrator can make one with the right key."""
    return seal("bundle", payload, key)


# Entries and their order


def test_entries_out_of_sequence_are_refused(desk, east):
    first, second, third = (entry_of(east.key, east.link, seq, content=f'{{"n":{seq}}}'.encode()) for seq in range(3))
    offer = msgspec.structs.replace(
        offer_of(east.key, east.link, [first, second, third]), entries=[bundles.send_entry(each) for each in (second, first, third)]
    )
    assert "holds what was signed as entry" in refused(desk, east.bundle(offers=[offer]))


def test_entries_that_come_before_those_ahead_of_them_wait_and_are_asked_for(desk, east):
    entries = [east.add(east.link, content=f'{{"n":{seq}}}'.encode()) for seq in range(4)]
    receive(desk.node, east.bundle(offers=[offer_of(east.key, east.link, entries, first=2)]))
    assert mirrored(desk, east.link) == []
    assert receipts(desk) == {}
    receive(desk.node, east.bundle())
    assert mirrored(desk, east.link) == entries


def test_duplicate_with_different_content_is_named_as_a_fork_and_the_first_stays(desk, east):
    held = east.add(east.link, content=b'{"first":1}')
    receive(desk.node, east.bundle())
    other = [entry_of(east.key, east.link, 0, content=b'{"another":1}')]
    assert "fork" in refused(desk, east.bundle(offers=[offer_of(east.key, east.link, other)]))
    same_header = msgspec.structs.replace(held, content=b'{"first":2}')
    receive(desk.node, east.bundle(offers=[offer_of(east.key, east.link, [same_header])]))  # its leaf is the one that is held: nothing of it is new
    assert mirrored(desk, east.link) == [held]


def test_checkpoint_with_a_smaller_size_over_another_history_is_named_and_takes_nothing_back(desk, east):
    entries = [east.add(east.link, content=f'{{"n":{seq}}}'.encode()) for seq in range(3)]
    receive(desk.node, east.bundle())
    shorter = offer_of(east.key, east.link, entries[:1])
    receive(desk.node, east.bundle(offers=[shorter]))  # an old bundle that comes late does no harm
    other = frontier_of([entry_of(east.key, east.link, 0, content=b"[]")])
    wrong = msgspec.structs.replace(shorter, entries=[], checkpoint=make_checkpoint(east.link, other, east.key).decode())
    assert "fork" in refused(desk, east.bundle(offers=[wrong]))
    assert mirrored(desk, east.link) == entries
    assert receipts(desk)[east.link] == 3


def test_checkpoint_over_less_than_the_entries_that_come_with_it_is_refused(desk, east):
    entries = [east.add(east.link, content=f'{{"n":{seq}}}'.encode()) for seq in range(3)]
    assert "fork" in refused(desk, east.bundle(offers=[offer_of(east.key, east.link, entries, size=2)]))
    assert mirrored(desk, east.link) == []


# Whose it is


def test_wrong_agreement_is_quarantined_and_applied_nowhere(desk, east, bound):
    del bound
    sent = east.release(name="another-agreement")
    receive(desk.node, east.bundle())
    quarantined(desk, release_log("another-agreement", "east", "west"), 0, of=sent)


def test_release_under_one_agreement_in_the_log_of_another_is_quarantined(desk, east, bound):
    del bound
    sent = east.add(RELEASES, "release", east.release(name="another-agreement").content, about={"agreement": "another-agreement", "clause": "2"})
    receive(desk.node, east.bundle(offers=[offer_of(east.key, RELEASES, east.logs[RELEASES])]))
    quarantined(desk, RELEASES, 0, of=sent)


def test_valid_signature_by_the_wrong_key_is_refused_wherever_it_stands(desk, east):
    stranger = SigningKey(b"z" * 32)
    left_no_trace(desk, east.bundle(key=stranger))
    theirs = [entry_of(stranger, east.link, 0)]
    refused(desk, east.bundle(offers=[offer_of(east.key, east.link, theirs)]))
    refused(desk, east.bundle(offers=[offer_of(stranger, east.link, [entry_of(east.key, east.link, 0)])]))
    wrong = Neighbour(key=stranger).receipt("link/west/east", 1, "00" * 32)
    refused(desk, east.bundle(receipts=[wrong]))
    assert mirrored(desk, east.link) == []


def test_key_that_signs_under_the_name_of_the_right_one_is_refused(desk, east):
    payload = payload_of(east.bundle())
    stranger = SigningKey(b"z" * 32)
    forged = {
        "payloadType": PREFIX + "bundle", "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": east.key.public.keyid, "sig": base64.b64encode(stranger.sign(pre_authentication("bundle", payload))).decode()}],
    }  # fmt: skip
    left_no_trace(desk, canonical(forged))


# How large


def test_bundle_larger_than_the_limit_is_refused_before_it_is_read(desk, east):
    """The limit is `MAX_BYTES` of `exchange/bundle.py`: 64 MiB."""
    assert bundles.MAX_BYTES == 64 * 1024 * 1024
    assert str(bundles.MAX_BYTES) in left_no_trace(desk, b'{"payload":"' + b"A" * bundles.MAX_BYTES)
    del east


@pytest.mark.parametrize("squeeze", [gzip.compress, zlib.compress], ids=["gzip", "zlib"])
def test_bomb_of_compressed_bytes_is_read_as_what_it_is_and_refused(desk, east, squeeze):
    """A node inflates nothing that it has not bounded: 64 MiB of noughts in 64 KB are no bundle."""
    bomb = squeeze(bytes(bundles.MAX_BYTES))
    assert len(bomb) < 100_000
    left_no_trace(desk, bomb)
    left_no_trace(desk, signed(bomb, east.key))


def test_entry_with_a_very_large_content_is_kept_and_the_next_is_taken(desk, east):
    east.add(east.link, content=canonical({"words": "x" * 3_000_000}))
    east.add(east.link)
    receive(desk.node, east.bundle())
    assert len(mirrored(desk, east.link)) == 2
    assert {item.state for item in items(desk).values()} == {"quarantined"}
    assert verify_store(desk.store).faults == []


# What is no strict JSON, under the neighbour's own signature

DEEP = MAX_DEPTH + 8
UNREADABLE = {
    "deeply nested": lambda plain: plain[:-1] + b',"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "just too deep": lambda plain: plain[:-1] + b',"x":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "a key twice": lambda plain: plain[:-1] + b',"x":1,"x":2}',
    "a key twice, once escaped": lambda plain: plain[:-1] + b',"x":1,"\\u0078":2}',
    "not a number": lambda plain: plain[:-1] + b',"x":NaN}',
    "infinity": lambda plain: plain[:-1] + b',"x":Infinity}',
    "a fraction": lambda plain: plain[:-1] + b',"x":0.5}',
    "a number too large": lambda plain: plain[:-1] + b',"x":9007199254740992}',
    "a number of a million digits": lambda plain: plain[:-1] + b',"x":' + b"9" * 1_000_000 + b"}",
    "invalid UTF-8": lambda plain: plain[:-1] + b',"x":"\xff\xfe"}',
    "overlong UTF-8": lambda plain: plain[:-1] + b',"x":"\xc0\xaf"}',
    "half a surrogate": lambda plain: plain[:-1] + b',"x":"\\ud800"}',
    "UTF-16": lambda plain: plain.decode().encode("utf-16"),
    "cut off": lambda plain: plain[:-1],
    "twice": lambda plain: plain + plain,
    "nothing": lambda plain: plain[:0],
}


@pytest.mark.parametrize("wrong", UNREADABLE.values(), ids=UNREADABLE)
def test_bundle_that_is_no_strict_json_is_refused_though_its_sender_signed_it(desk, east, wrong):
    east.add(east.link)
    left_no_trace(desk, signed(wrong(payload_of(east.bundle())), east.key))


@pytest.mark.parametrize("wrong", UNREADABLE.values(), ids=UNREADABLE)
def test_content_that_is_no_strict_json_is_mirrored_and_quarantined(desk, east, bound, wrong):
    del bound
    content = wrong(east.release().content)
    try:
        content.decode()
    except UnicodeDecodeError:
        return  # a bundle is text: such bytes cannot even travel in it
    east.logs[RELEASES] = []
    sent = east.release(content=content)
    receive(desk.node, east.bundle())
    quarantined(desk, RELEASES, 0, of=sent)


# When it is from


@pytest.mark.parametrize("hours", [1, 24, 24 * 365 * 50])
def test_bundle_from_the_future_is_taken_and_its_clock_told(desk, east, bound, hours):
    """No clock decides what is taken: only whether the agreement was in force at the time on the entry, which the sender signed."""
    del bound
    east.release()
    got = receive(desk.node, east.bundle(at=START + timedelta(hours=hours)))
    assert abs(got.clock_offset_s - hours * 3600) < 60
    assert items(desk)[RELEASES, 0].state == "new", str(items(desk)[RELEASES, 0].reason)


def test_release_of_when_the_agreement_was_in_force_is_taken_however_late_it_arrives(desk, east, bound):
    """The receiver's clock decides nothing: a stick may lie about until the agreement is over (invariant 8)."""
    del bound
    east.release()
    desk.clock.at = START + timedelta(days=365 * 60)
    receive(desk.node, east.bundle())
    assert items(desk)[RELEASES, 0].state == "new"


def test_release_from_after_the_agreement_is_over_is_quarantined(desk, east, bound):
    del bound
    sent = east.release(at=START + timedelta(days=365 * 60))
    receive(desk.node, east.bundle())
    quarantined(desk, RELEASES, 0, of=sent)


# Memory sticks


@pytest.fixture
def sticks(agreed, tmp_path):
    """Two sticks that west wrote for east, one after the other, and how east takes one."""
    west, east = agreed.west, agreed.east
    identity = x25519.Identity.generate()
    paths = []
    for number in range(2):
        release(west, file(west).record.id)
        with west.store.reading() as book:
            data = write_for(west.node, book, "east")
        paths.append(tmp_path / f"{number}.hamsaya")
        write_stick(paths[-1], data, str(identity.to_public()))
    return east, paths, lambda path: receive(east.node, read_stick(path, str(identity)))


def test_stick_that_was_pulled_out_half_way_is_refused_wherever_it_was_cut(sticks):
    east, (path, _), take = sticks
    whole, before = path.read_bytes(), rows(east)
    for size in (0, 1, 20, len(whole) // 2, len(whole) - 65_600, len(whole) - 1):
        path.write_bytes(whole[: max(size, 0)])
        with pytest.raises(InputError):
            take(path)
    assert rows(east) == before
    path.write_bytes(whole)
    assert take(path).applied == 1


def test_stick_whose_end_was_never_written_is_refused(sticks):
    """A file system that gave the file its size, and not its bytes."""
    east, (path, _), take = sticks
    whole, before = path.read_bytes(), rows(east)
    for size in (len(whole) // 3, len(whole) - 512):
        path.write_bytes(whole[:size] + bytes(len(whole) - size))
        with pytest.raises((InputError, NeighbourError)):
            take(path)
    assert rows(east) == before


def test_same_stick_twice_changes_nothing_the_second_time(sticks):
    east, (path, _), take = sticks
    assert take(path).applied == 1
    before = rows(east)
    again = take(path)
    assert (again.applied, again.quarantined, again.receipts) == (0, 0, 0)
    assert rows(east) == before


def test_two_sticks_in_the_wrong_order_end_as_in_the_right_one(sticks):
    east, (first, second), take = sticks
    got = take(second)
    late = take(first)
    assert got.applied + late.applied == 2
    assert late.quarantined == got.quarantined == 0
    with east.store.reading() as book:
        assert len([each for each in book.records() if each.received_from]) == 2
    assert verify_store(east.store).faults == []


@pytest.mark.parametrize(("part", "said"), [(0.5, "is cut off at {came} bytes; it was written with {size}."), (0, "only its first 0 bytes came."),
                                           (0.012, "only its first {came} bytes came.")])  # fmt: skip
def test_stick_that_was_cut_says_at_how_many_bytes_of_how_many(sticks, part, said):
    _, (path, _), take = sticks
    whole = path.read_bytes()
    came = int(len(whole) * part) if part else 0
    path.write_bytes(whole[:came])
    with pytest.raises(InputError, match=re.escape(said.format(came=came, size=len(whole)))) as refused:
        take(path)
    assert "copy the file again, or ask for a new one" in str(refused.value.hint)
    for language in LANGUAGES:
        assert str(came) in translate(refused.value.what, language) or language == "fa"
        assert language == "en" or translate(refused.value.what, language) != str(refused.value.what)


def test_stick_whose_bytes_are_others_says_so_and_not_that_it_was_cut(sticks):
    _, (path, _), take = sticks
    whole = path.read_bytes()
    path.write_bytes(whole[:-512] + bytes(512))
    with pytest.raises(InputError, match="was altered, or parts of it were never written"):
        take(path)
    path.write_bytes(whole + b"more")
    with pytest.raises(InputError, match="was altered, or parts of it were never written"):
        take(path)


def test_stick_as_earlier_versions_wrote_it_is_taken(sticks):
    _, (path, _), take = sticks
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    assert take(path).applied == 1


def test_stick_for_another_is_refused(sticks):
    _, (path, _), _ = sticks
    with pytest.raises(InputError, match="is whole, and for another node"):
        read_stick(path, str(x25519.Identity.generate()))


def test_what_the_cases_sign_is_otherwise_taken(desk, east, bound):
    """The bundles of these cases are refused for what is wrong with them, not for how the test makes them."""
    del bound
    east.release()
    receive(desk.node, signed(payload_of(east.bundle()), east.key))
    assert items(desk)[RELEASES, 0].state == "new", str(items(desk)[RELEASES, 0].reason)
    assert json.loads(payload_of(east.bundle()))["from"] == "east"
