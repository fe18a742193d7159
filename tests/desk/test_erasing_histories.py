# SPDX-License-Identifier: Apache-2.0
"""Seeded histories of erasure: releases, requests, late sticks, set-backs and logs begun anew in any order, and what was erased is at neither node in the end."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from tests.desk.test_epochs import begin
from tests.desk.test_erasing import erase, found, sound
from tests.desk.test_refilling import evidence, holds, set_back
from tests.desk.three import send

from hamsaya.desk.converse import receive
from hamsaya.desk.erasing import confirm_erasure, is_erased
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.offering import write_for
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.facts.errors import HamsayaError

STEPS = 14
ACTS = {"warn": 4, "erase": 3, "confirm": 3, "sync": 4, "stick": 2, "deliver": 2, "backup": 2, "set back": 1, "set back, begin anew": 2}


class History:
    """Two desks, and what an officer, a courier and a bad disk do to them, by a seed."""

    def __init__(self, pair, folder, seed):
        self.pair, self.folder, self.rng = pair, folder, random.Random(seed)  # noqa: S311  (a history that can be run again)
        self.marks, self.kept, self.sticks, self.trace = {}, {}, [], []

    def run(self):
        for _ in range(STEPS):
            what = self.rng.choices(list(ACTS), list(ACTS.values()))[0]
            self.trace.append(what)
            with suppress(HamsayaError):  # held, decided before, a fork: what is refused changes nothing
                self.act(what)
        self.settle()

    def act(self, what):
        west, east = self.pair.west, self.pair.east
        match what:
            case "warn":
                mark = f"Zzyzx{len(self.trace)}q{self.rng.randrange(10**6)}"
                typed = TypedReport(remarks=f"The pillar at {mark} will be painted.", grade="B2")
                record = file_report(west.node, west.officers["duty"], typed, kind="warning", handling="green").held.record.id
                self.marks[record] = mark
                send(west, record, "east", purpose="prevention")
            case "erase" if self.marks:
                erase(west, self.rng.choice(list(self.marks)))
            case "confirm":
                self.confirm()
            case "sync":
                self.pair.sync()
            case "stick":
                with west.store.reading() as book:
                    self.sticks.append(write_for(west.node, book, "east"))
            case "deliver" if self.sticks:
                receive(east.node, self.rng.choice(self.sticks))
            case "backup":
                side = self.rng.choice(["west", "east"])
                self.kept[side] = evidence(getattr(self.pair, side))
            case "set back" | "set back, begin anew" if self.kept:
                side = self.rng.choice(sorted(self.kept))
                desk, other = getattr(self.pair, side), "east" if side == "west" else "west"
                place = self.folder / f"{len(self.trace)}"
                place.mkdir()
                set_back(desk, self.kept[side], place, sure="anew" in what)
                if "anew" in what:
                    hold_link(desk.node, other, "it goes on from an old copy")
                    begin(desk, other)

    def confirm(self):
        east = self.pair.east
        with east.store.reading() as book:
            waiting = [each for each in book.erasures() if each.confirmed is None]
        for each in waiting:
            confirm_erasure(east.node, east.officers["approver"], each.log, each.seq)

    def settle(self):
        """All talk and east confirms what is asked; where logs are forked, a commander begins them anew."""
        for _ in range(6):
            try:
                self.pair.sync()
            except HamsayaError as error:
                self.trace.append(str(error))
                for desk, other in ((self.pair.west, "east"), (self.pair.east, "west")):
                    if other not in holds(desk):
                        hold_link(desk.node, other, "nothing gets through")
                    begin(desk, other)
            with suppress(HamsayaError):
                self.confirm()


@pytest.mark.parametrize("seed", range(8))
def test_what_was_erased_is_at_neither_node_in_the_end(agreed, tmp_path, seed):
    history = History(agreed, tmp_path, seed)
    history.run()
    west, east = agreed.west, agreed.east
    with west.store.reading() as book:
        erased = {record for record in history.marks if is_erased(book, record)}
    with east.store.reading() as book:
        told = {each.record: each.confirmed is not None for each in book.erasures()}
    assert all(told.values()), history.trace
    for record in erased | set(told):
        mark = (history.marks[record],)
        assert found(east, mark) == set(), (record, history.trace)
        assert record not in erased or found(west, mark) == set(), (record, history.trace)
    sound(west, east)
