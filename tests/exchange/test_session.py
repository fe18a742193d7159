# SPDX-License-Identifier: Apache-2.0
"""What a receiver may take from an offer: late and repeated do no harm, a gap waits, a fork is named (invariants 1, 5, 7)."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import START
from tests.exchange.made import Neighbour, entry_of, frontier_of, mirror_of, offer_of

from hamsaya.exchange.bundle import Bundle, Offer, send_entry
from hamsaya.exchange.session import take_offer, take_receipts
from hamsaya.facts.errors import NeighbourError
from hamsaya.seal.entries import check_checkpoint, make_checkpoint
from hamsaya.seal.keys import SigningKey
from hamsaya.seal.merkle import Frontier, root_of

KEY, STRANGER = SigningKey(b"e" * 32), SigningKey(b"z" * 32)
LOG = "link/east/west"
LEN = 6
ENTRIES = [entry_of(KEY, LOG, seq, content=f'{{"n":{seq}}}'.encode()) for seq in range(LEN)]
FORKED = [*ENTRIES[:2], entry_of(KEY, LOG, 2, content=b'{"n":"another"}'), *ENTRIES[3:]]


def take(offer, held=0, *, mirror=None, sender="east", receiver="west", key=KEY.public):
    return take_offer(offer, mirror or mirror_of(ENTRIES[:held]), key, sender=sender, receiver=receiver)


def offer(first=0, **options):
    return offer_of(KEY, options.pop("log", LOG), options.pop("entries", ENTRIES), first, **options)


@pytest.mark.parametrize("held", range(LEN + 1))
@pytest.mark.parametrize("first", range(LEN + 1))
def test_offer_that_reaches_what_is_held_brings_exactly_the_rest(held, first):
    taken = take(offer(first), held)
    if first > held:
        assert (taken.entries, taken.frontier.size, taken.checkpoint) == ([], held, b"")  # a gap
        return
    assert [header.seq for header, _ in taken.entries] == list(range(held, LEN))
    assert [entry for _, entry in taken.entries] == ENTRIES[held:]
    assert (taken.first, taken.frontier.size, taken.frontier.root()) == (held, LEN, root_of([each.leaf for each in ENTRIES]))
    assert check_checkpoint(taken.checkpoint, KEY.public, LOG).size == LEN


@pytest.mark.parametrize("upto", range(1, LEN))
def test_part_of_a_log_is_taken_and_its_checkpoint_waits_for_the_rest(upto):
    taken = take(offer(upto=upto))
    assert (len(taken.entries), taken.frontier.size, taken.checkpoint) == (upto, upto, b"")


def test_taking_an_offer_leaves_the_mirror_that_was_asked_as_it_was():
    mirror = mirror_of(ENTRIES[:2])
    take(offer(), mirror=mirror)
    assert mirror.frontier.size == 2


@pytest.mark.parametrize("size", range(LEN))
def test_old_bundle_that_comes_late_does_no_harm(size):
    taken = take(offer(size=size, upto=size), LEN)
    assert (taken.entries, taken.frontier.size, taken.checkpoint) == ([], LEN, b"")


def test_repeated_offer_brings_nothing_new():
    taken = take(offer(), LEN)
    assert (taken.entries, taken.frontier.size) == ([], LEN)


@pytest.mark.parametrize("first", [-1, -LEN, LEN + 1, 10**9, -(2**53) + 1])
def test_offer_from_nowhere_brings_nothing(first):
    taken = take(msgspec.structs.replace(offer(), first=first))
    assert (taken.entries, taken.checkpoint) == ([], b"")


FORKS = {
    "another root for the same size": (offer(first=LEN, entries=FORKED), LEN),
    "another root for a smaller size": (offer(first=0, entries=FORKED, size=4, upto=0), LEN),
    "another root beyond what is held": (offer(first=3, entries=FORKED), 3),
    "another entry for one that is held": (offer(entries=FORKED), 4),
    "another entry for one that is held, without anything new": (offer(entries=FORKED, upto=3, size=LEN), 4),
    "an entry under a checkpoint that does not hold it": (
        Offer(log=LOG, first=0, checkpoint=offer(entries=FORKED).checkpoint, entries=[send_entry(each) for each in ENTRIES]), 0),
    "more entries than the checkpoint covers": (offer(size=3), 0),
    "rolled back and begun again": (offer(first=2, entries=FORKED, size=3), 4),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "held"), FORKS.values(), ids=FORKS)
def test_fork_is_refused_and_named(wrong, held):
    with pytest.raises(NeighbourError, match="fork") as named:
        take(wrong, held)
    assert LOG in str(named.value)


@pytest.mark.parametrize(
    "log",
    ["link/west/east", "link/east/north", "link/north/west", "journal/east", "journal/west", "release/a/west/east", "release/a/b/east/west", "release/east/west",
     "link/east/west/", "link//west", "", "other/east/west", "../link/east/west"],
)  # fmt: skip
def test_log_that_does_not_run_from_the_sender_to_us_is_refused(log):
    with pytest.raises(NeighbourError):
        take(offer(log=log, entries=[entry_of(KEY, log, 0)]))


@pytest.mark.parametrize(("sender", "receiver"), [("north", "west"), ("east", "north"), ("west", "east"), ("", "")])
def test_other_sender_or_receiver_is_refused(sender, receiver):
    with pytest.raises(NeighbourError):
        take(offer(), sender=sender, receiver=receiver)


def with_checkpoint(checkpoint):
    return msgspec.structs.replace(offer(), checkpoint=checkpoint.decode())


WHOLE = frontier_of(ENTRIES)


@pytest.mark.parametrize(
    "wrong",
    [make_checkpoint(LOG, WHOLE, STRANGER), make_checkpoint("link/east/north", WHOLE, KEY), make_checkpoint("release/a/east/west", WHOLE, KEY), b"", b"{}",
     ENTRIES[0].envelope, make_checkpoint(LOG, Frontier(), KEY)],
    ids=["stranger", "other neighbour", "other log", "nothing", "{}", "entry", "of an empty log"],
)  # fmt: skip
def test_checkpoint_that_is_not_the_senders_over_this_log_is_refused(wrong):
    with pytest.raises(NeighbourError):
        take(with_checkpoint(wrong))


def with_entry(seq, **parts):
    made = offer()
    return msgspec.structs.replace(
        made, entries=[msgspec.structs.replace(each, **parts) if number == seq else each for number, each in enumerate(made.entries)]
    )


@pytest.mark.parametrize("seq", [0, 2, LEN - 1])
@pytest.mark.parametrize(
    "parts",
    [{"salt": "00" * 32}, {"salt": ""}, {"salt": "zz"}, {"salt": "73" * 33}, {"content": '{"n":9}'}, {"content": ""}, {"envelope": ENTRIES[1].envelope.decode()},
     {"envelope": ""}, {"envelope": "{}"}, {"envelope": entry_of(STRANGER, LOG, 0).envelope.decode()}],
    ids=["salt", "no salt", "salt that is no number", "longer salt", "content", "empty content", "another entry", "no envelope", "{}", "stranger"],
)  # fmt: skip
def test_altered_entry_is_refused_wherever_it_stands(seq, parts):
    with pytest.raises(NeighbourError):
        take(with_entry(seq, **parts))


STRANGERS = entry_of(STRANGER, LOG, 2)


@pytest.mark.parametrize(
    "parts",
    [
        {"envelope": STRANGERS.envelope.decode(), "content": STRANGERS.content.decode(), "salt": STRANGERS.salt.hex()},
        {"envelope": ENTRIES[3].envelope.decode(), "content": ENTRIES[3].content.decode()},
        {"content": '{"n":9}'},
    ],
    ids=["stranger", "out of its place", "content"],
)
def test_part_of_a_log_that_no_root_covers_yet_is_checked_entry_by_entry(parts):
    made = with_entry(2, **parts)
    with pytest.raises(NeighbourError, match="Entry 2"):
        take(msgspec.structs.replace(made, entries=made.entries[:3]))


def test_entry_whose_content_was_erased_is_still_taken():
    taken = take(with_entry(2, content=None))
    assert [entry.content is None for _, entry in taken.entries] == [False, False, True, False, False, False]
    assert taken.frontier.root() == WHOLE.root()


@pytest.mark.parametrize(
    "raw",
    [{"at": "2026-11-22T09:00:00"}, {"at": "soon"}, {"seq": 1}, {"log": "link/east/north"}, {"about": {"withheld": 3}}, {"kind": 5}, {"seq": -1}],
)
def test_entry_with_a_header_that_does_not_fit_is_refused(raw):
    entries = [entry_of(KEY, LOG, 0, raw=raw)]
    with pytest.raises(NeighbourError):
        take(offer(entries=entries))


def test_two_entries_in_each_others_place_are_refused():
    made = offer()
    swapped = [made.entries[1], made.entries[0], *made.entries[2:]]
    with pytest.raises(NeighbourError):
        take(msgspec.structs.replace(made, entries=swapped))


def test_entry_left_out_in_the_middle_is_refused():
    made = offer()
    with pytest.raises(NeighbourError):
        take(msgspec.structs.replace(made, entries=[*made.entries[:2], *made.entries[3:]]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, LEN), st.integers(0, LEN), st.integers(0, LEN)), max_size=12))
def test_in_whatever_order_honest_offers_come_the_mirror_is_a_prefix_and_only_grows(offers):
    held = 0
    for first, upto, size in offers:
        taken = take(offer(first, size=size, upto=min(upto, size)), held)
        assert taken.frontier.size == held + len(taken.entries)
        assert [entry for _, entry in taken.entries] == ENTRIES[held : taken.frontier.size]
        assert taken.frontier.root() == root_of([each.leaf for each in ENTRIES[: taken.frontier.size]])
        assert taken.frontier.size <= max(held, size)
        held = taken.frontier.size


@settings(max_examples=100, deadline=None)
@given(st.integers(0, LEN - 1), st.integers(0, LEN), st.integers(0, LEN), st.data())
def test_no_offer_of_a_forked_log_is_ever_taken_beside_the_first(changed, held, first, data):
    forked = [*ENTRIES[:changed], entry_of(KEY, LOG, changed, content=b'{"n":"another"}'), *ENTRIES[changed + 1 :]]
    size = data.draw(st.integers(0, LEN))
    try:
        taken = take(offer_of(KEY, LOG, forked, first, size=size, upto=size), held)
    except NeighbourError:
        return
    kept = [*ENTRIES[:held], *(entry for _, entry in taken.entries)]
    assert held <= changed or kept == ENTRIES[:held]  # what is taken goes on from what was held, in one history
    assert kept in (ENTRIES[: len(kept)], forked[: len(kept)])


# Receipts

OURS = [entry_of(STRANGER, "link/west/east", seq) for seq in range(3)]
HASHES = [each.leaf for each in OURS]
EAST = Neighbour(key=KEY)


def root_at(log, size):
    known = {"link/west/east": HASHES, "release/a/west/east": []}.get(log)
    return root_of(HASHES[:size]) if known is not None and 0 <= size <= len(known) else None


def receipts(*sent):
    bundle = Bundle(sender="east", receiver="west", at=START, receipts=[each.decode() for each in sent])
    return take_receipts(bundle, KEY.public, root_at)


@pytest.mark.parametrize("size", range(1, 4))
def test_receipt_over_a_root_that_we_had_is_taken_as_it_was_sent(size):
    sent = EAST.receipt("link/west/east", size, root_of(HASHES[:size]).hex())
    ((receipt, data),) = receipts(sent)
    assert (receipt.size, receipt.by, data) == (size, "east", sent)


@pytest.mark.parametrize(
    ("log", "size", "root"),
    [
        ("link/west/east", 2, root_of(HASHES[:1]).hex()),
        ("link/west/east", 3, "00" * 32),
        ("link/west/east", 4, root_of(HASHES).hex()),
        ("link/west/east", -1, root_of([]).hex()),
        ("link/west/east", 2**53 - 1, ""),
        ("release/a/west/east", 1, root_of(HASHES[:1]).hex()),
        ("release/unknown/west/east", 1, root_of([]).hex()),
    ],
)
def test_receipt_over_a_root_that_we_never_had_is_named(log, size, root):
    with pytest.raises(NeighbourError) as named:
        receipts(EAST.receipt(log, size, root))
    assert log in str(named.value)
    assert str(size) in str(named.value)


ROOT = root_of(HASHES).hex()


@pytest.mark.parametrize(
    "sent",
    [
        EAST.receipt("link/east/west", 0, root_of([]).hex()),
        EAST.receipt("link/west/north", 3, ROOT),
        EAST.receipt("journal/west", 3, ROOT),
        EAST.receipt("nonsense", 3, ROOT),
        EAST.receipt("link/west/east", 3, ROOT, by="north"),
        Neighbour(key=STRANGER).receipt("link/west/east", 3, ROOT),
        EAST.receipt("link/west/east", 3, ROOT, raw={"at": "2026-11-22T09:00:00"}),
        b"",
        b"{}",
    ],
    ids=["our own mirror", "another neighbour's log", "journal", "no log", "by another", "stranger's key", "no zone", "nothing", "{}"],
)
def test_receipt_that_is_not_the_neighbours_for_our_log_is_refused(sent):
    with pytest.raises(NeighbourError):
        receipts(sent)


def test_one_wrong_receipt_refuses_all_of_the_bundle():
    with pytest.raises(NeighbourError):
        receipts(EAST.receipt("link/west/east", 1, root_of(HASHES[:1]).hex()), EAST.receipt("link/west/east", 2, "00"))
