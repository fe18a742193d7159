# SPDX-License-Identifier: Apache-2.0
"""Random acts in any order: whatever leaves for a third party has a consent in force for each thing that it rests on (F4).

HAMSAYA_HISTORIES sets how many histories run; the model knows only what west answered and east has heard of.
"""

from __future__ import annotations

import contextlib
import os
import random
from datetime import timedelta

from tests.conftest import REPORT
from tests.desk.test_consents import TYPED, left
from tests.desk.test_refilling import evidence, set_back
from tests.desk.three import ask, grant, make_three, quarantine, send

from hamsaya.desk.consents import revoke_consent
from hamsaya.desk.linked import link_received
from hamsaya.desk.reports import file_report
from hamsaya.facts.errors import InputError, Refused

HISTORIES = int(os.environ.get("HAMSAYA_HISTORIES", "6"))


class History:
    """What happens between west, who told something, and east, who would tell north."""

    def __init__(self, three, folder, seed):
        self.three, self.folder, self.rng = three, folder, random.Random(seed)  # noqa: S311
        self.west, self.east = three.west, three.east
        self.told = self.west.file().record.id
        send(self.west, self.told, "east")
        three.sync()
        self.own = [link_received(self.east.node, self.east.officers["duty"], self.told)[0].record.id]
        self.kept, self.restored = [evidence(self.east)], 0
        self.known, self.number = [], 0

    def requests(self):
        with self.west.store.reading() as book:
            return book.consent_requests()

    def request(self):
        return self.rng.choice([each.asked.request for each in self.requests()])

    def sync(self):
        self.three.sync()
        self.known = [(each.link, each.last, set(each.asked.fields)) for each in self.requests() if each.last]

    def report(self):
        self.number += 1
        return f"{REPORT}Number {self.number}.\n"

    def retype(self):
        self.own.append(file_report(self.east.node, self.east.officers["duty"], TYPED, based_on=[self.rng.choice(self.own)]).held.record.id)

    def link(self):
        self.own.append(link_received(self.east.node, self.east.officers["duty"], self.told)[0].record.id)

    def revise(self):
        self.east.file(self.report(), revises=self.rng.choice(self.own))

    def ask(self):
        ask(self.east, self.rng.choice(self.own))

    def grant(self):
        until = self.rng.choice([None, self.west.clock.at + timedelta(hours=1)])
        grant(self.west, "east", self.request(), until=until)

    def refuse(self):
        grant(self.west, "east", self.request(), granted=False)

    def revoke(self):
        revoke_consent(self.west.node, self.west.officers["duty"], "east", self.request())

    def wait(self):
        self.west.clock.at += timedelta(minutes=40)

    def keep(self):
        self.kept.append(evidence(self.east))

    def restore(self):
        self.restored += 1
        (self.folder / str(self.restored)).mkdir()
        set_back(self.east, self.rng.choice(self.kept), self.folder / str(self.restored))
        if self.rng.random() < 0.7:
            self.sync()

    def correct(self):
        send(self.west, self.west.file(self.report(), revises=self.told).record.id, "east")
        self.sync()

    ACTS = ("retype", "link", "revise", "ask", "ask", "grant", "grant", "refuse", "revoke", "wait", "keep", "restore", "sync", "sync", "correct")

    def step(self):
        """Do something, then try to tell north; return the copies that left."""
        with contextlib.suppress(Refused, InputError, IndexError):
            getattr(self, self.rng.choice(self.ACTS))()
        before = left(self.east, "north")
        with contextlib.suppress(Refused, InputError):
            send(self.east, self.rng.choice(self.own), "north", danger=True)
        return [copy for copy in left(self.east, "north") if copy not in before]

    def lets(self, link, fields):
        """Say whether the model knows a consent in force for this."""
        return any(each == link and answer.holds(self.east.clock.at) and fields <= asked for each, answer, asked in self.known)


def test_no_history_lets_it_leave_without_a_consent_in_force(tmp_path, places):
    told_on = 0
    for seed in range(HISTORIES):
        (tmp_path / f"h{seed}").mkdir()
        three = make_three(tmp_path / f"h{seed}", places)
        history = History(three, tmp_path / f"h{seed}", seed)
        for _ in range(30):
            for copy in history.step():
                told_on += 1
                fields = {claim.predicate for claim in copy.record.claims}
                assert copy.record.derived
                assert all(history.lets(link, fields) for link in copy.record.derived)
        history.sync()
        assert all("stopped or erased" in each for each in quarantine(three.north))  # what was taken back on its way comes without content
        for desk in (three.west, three.east, three.north):
            desk.store.close()
    assert told_on >= HISTORIES // 2  # else nothing was tried
