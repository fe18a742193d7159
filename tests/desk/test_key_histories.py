# SPDX-License-Identifier: Apache-2.0
"""Keys change at any moment between releases, receipts and sticks that come late, twice and out of order: nothing is lost or unproven."""

from __future__ import annotations

import os
import random

import pytest
from tests.conftest import REPORT, release
from tests.desk.test_key_change import change, faults
from tests.desk.test_refilling import logs

from hamsaya.desk.converse import receive, synchronise
from hamsaya.desk.offering import write_for
from hamsaya.desk.proofs import export_proof
from hamsaya.exchange.proof import check_proof
from hamsaya.seal.keyline import KeyLine, Span
from hamsaya.seal.keys import SigningKey


@pytest.mark.parametrize("seed", range(12))
def test_keys_that_change_at_any_moment_lose_and_unprove_nothing(agreed, seed):
    chance, sides, sticks = random.Random(seed), [agreed.west, agreed.east], []  # noqa: S311  (a test's own dice)
    for step in range(14):
        one, other = chance.sample(sides, 2)
        what = chance.choice(["release", "change", "write", "carry", "sync"])
        if what == "release":
            release(one, one.file(REPORT.replace("12 November", f"{1 + step} November")).record.id)
        elif what == "change":
            change(one)
        elif what == "write":
            with one.store.reading() as book:
                sticks.append((other, write_for(one.node, book, other.node.party)))
        elif what == "carry" and sticks:
            to, stick = chance.choice(sticks)  # also one that was carried before
            receive(to.node, stick)
        else:
            synchronise(one.node, other.node.party, agreed.carry(one, other))
    agreed.sync()
    assert (logs(agreed.west), faults(*sides)) == (logs(agreed.east), [])
    for side in sides:
        with side.store.reading() as book:
            assert book.quarantined() == []
            assert not [item for item in book.inbox() if item.state == "quarantined"]
            assert {held.condition for held in book.releases() if held.log} <= {"receipted"}
            assert check_proof(export_proof(side.node, book)).faults == []
    with agreed.west.store.reading() as west, agreed.east.store.reading() as east:
        for party in ("west", "east"):
            assert [key.key for key in west.keys_of(party)] == [key.key for key in east.keys_of(party)]


@pytest.mark.parametrize("seed", range(20))
def test_each_place_of_a_log_has_one_key_and_a_later_key_never_signs_before_its_mark(seed):
    chance = random.Random(seed)  # noqa: S311
    keys = [SigningKey(os.urandom(32)).public for _ in range(chance.randint(1, 5))]
    marks = sorted(chance.randint(0, 30) for _ in keys[1:])
    line = KeyLine((Span(keys[0]), *(Span(key, {"link/a/b": mark}) for key, mark in zip(keys[1:], marks, strict=True))))
    for seq in range(40):
        assert line.of_entry("link/a/b", seq) == keys[sum(mark <= seq for mark in marks)]
        for place, key in enumerate(keys):
            may = place == len(marks) or seq <= marks[place]
            assert (line.over("link/a/b", seq, key.keyid) == key) == may
        assert line.of_entry("link/a/c", seq) == keys[-1]
    assert all(line.named(key.keyid).key == key for key in keys)
