# SPDX-License-Identifier: Apache-2.0
"""Power that fails at every single point of taking a bundle and of writing one, and in its commit: the whole or nothing, and then it goes on."""

from __future__ import annotations

import random

import pytest
from tests.faults.disk import PowerCut, files_of, lay_down, torn
from tests.faults.soak import TWO, in_memory
from tests.faults.world import World, make_template

from hamsaya.desk import converse
from hamsaya.facts.errors import OperatorError


@pytest.fixture(scope="module")
def laden():
    """A world in which west has releases and a call for east, and east has receipts, a release and a call for west."""
    with in_memory() as folder:
        world = World(0, folder / "world", make_template(folder / "template", TWO))
        world.rng = random.Random("laden")  # noqa: S311
        west, east = (world.machines[party] for party in TWO)
        for each, to in ((west, "east"), (east, "west")):
            world.warn(each, to)
            world.talks("west", "east", faults=False)
        for each, to in ((west, "east"), (west, "east"), (east, "west")):
            world.warn(each, to)
        for party in TWO:
            world.calls(party)
        world.check()
        letters = {party: world._written(party, to) for party, to in (TWO, TWO[::-1])}
        yield world, {party: each.kept() for party, each in world.machines.items()}, letters


def again(laden):
    """The same world, with its nodes as they were."""
    world, files, letters = laden
    for party, each in world.machines.items():
        each.put_back(files[party])
        each.disk.mend()
    world.begin_anew()
    return world, letters


def statements(laden, party):
    world, letters = again(laden)
    each = world.machines[party]
    each.disk.statements = 0
    converse.receive(each.node, letters[TWO[party == "west"]])
    return each.disk.statements


@pytest.mark.parametrize("party", TWO)
def test_power_cut_before_each_statement_leaves_the_whole_or_nothing(laden, party):
    count = statements(laden, party)
    assert count > 15
    for point in range(count + 2):  # two more: each of the two commits comes after a last statement
        world, letters = again(laden)
        each = world.machines[party]
        each.disk.statements, each.disk.cut_at = 0, point
        try:
            converse.receive(each.node, letters[TWO[party == "west"]])
        except PowerCut:
            pass
        finally:
            each.disk.mend()
            each.stop()
        world.touched.add(party)
        world.check()
        if point % 3 == 0:
            world.converge()


@pytest.mark.parametrize("party", TWO)
def test_commit_that_is_torn_on_its_way_to_the_disk_is_there_or_is_not(laden, party):
    for seed in range(24):
        world, letters = again(laden)
        each = world.machines[party]
        each.stop()
        with each.store.reading() as book:
            book.logs()
            before = files_of(each.path)
            converse.receive(each.node, letters[TWO[party == "west"]])
            after = files_of(each.path)
        each.stop()
        assert before[each.path] == after[each.path]
        lay_down(each.path, torn(before, after, random.Random(seed)))  # noqa: S311
        world.touched.add(party)
        world.check()
        world.converge()
        if seed % 10 == 0:
            world.verify()


@pytest.mark.parametrize("party", TWO)
def test_disk_that_is_full_after_any_page_is_told_to_the_operator_and_nothing_is_half_done(laden, party):
    told = []
    for room in range(24):
        world, letters = again(laden)
        each = world.machines[party]
        each.disk.room = room
        try:
            converse.receive(each.node, letters[TWO[party == "west"]])
        except OperatorError as error:
            told.append(str(error))
        finally:
            each.disk.mend()
        world.touched.add(party)
        world.check()
        world.converge()
        if room % 8 == 0:
            world.verify()
    assert len(told) >= 2
    assert all("full" in each for each in told), told


def test_disk_that_fills_up_within_an_effect_ends_the_whole_transaction(laden):
    """SQLite takes all of it back then, the savepoint too: what would be written next would stand in no transaction."""
    world, _ = again(laden)
    each = world.machines["west"]
    each.disk.room = 0
    went_on = []

    def effect(pen):
        with pen.attempt():
            pen.keep(bytes(1_000_000))

    with pytest.raises(OperatorError, match="full"), each.store.writing() as pen:  # noqa: PT012  (one transaction)
        try:
            effect(pen)
        except OperatorError:
            raise
        except Exception:  # noqa: BLE001  (what stands for a fault of the entry, after which the transaction goes on)
            went_on.append(pen.keep(b"outside"))
    each.disk.mend()
    assert not went_on
    with each.store.engine.connect() as db, db.begin():
        assert db.exec_driver_sql("SELECT count(*) FROM blob WHERE length(data) = 7").scalar() == 0
