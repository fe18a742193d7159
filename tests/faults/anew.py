# SPDX-License-Identifier: Apache-2.0
"""Old copies that go on in the simulated world, and logs that are begun anew: after a fork, and where both ends were set back.

whole ──an old copy goes on and nobody knows, or both ends were set back──▶ astray: two histories may be signed, and are refused as a fork
astray ──a commander holds the link and begins the logs anew──▶ behind ──the neighbour has given back what it holds──▶ whole
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.faults import forgetting

from hamsaya.desk.epochs import open_epoch
from hamsaya.desk.keeping import hold_link, note_restored
from hamsaya.exchange.logs import is_urgent, parse_log

WHY = "An old copy went on."


@dataclass
class Begun:
    """What one node knows of logs that were begun anew."""

    epochs: dict = field(default_factory=dict)
    """By sender and receiver, the epoch in use."""
    sizes: dict = field(default_factory=dict)
    lost: set = field(default_factory=set)
    unsettled: list = field(default_factory=list)

    def counts(self, log):
        """As far as a log counts that goes on under another name; None for one that is in use."""
        name = parse_log(log)
        if is_urgent(log) or name.epoch == self.epochs.get((name.sender, name.receiver), ""):
            return None
        return self.sizes.get(log, 0)


def read_begun(db, party):
    """Read what the tables of a node say."""
    found = Begun()
    for sender, receiver, epoch, settled in db.exec_driver_sql("SELECT sender, receiver, epoch, settled FROM log_epoch ORDER BY number"):
        found.epochs[sender, receiver] = epoch
        if sender == party and not settled:
            found.unsettled.append(receiver)
    if found.epochs:
        found.sizes = {row[0]: row[1] for row in db.exec_driver_sql("SELECT log, size FROM closed_log")}
        found.lost = {tuple(row) for row in db.exec_driver_sql("SELECT log, seq FROM lost_entry")}
    return found


# What becomes of nodes


def goes_on_from_an_old_copy(world, party):
    """The backup is put in its place, somebody says that nothing was sent since, and it goes on; often something was, and something else is signed."""
    each = world.machines[party]
    if each.backup is None or party in world.behind:
        return
    marks = [forgetting.mark_of(world.rng) for _ in range(2)]
    to, also = world.rng.choice(world.neighbours(party)), world.rng.random()
    if also < 0.7:
        world.officer(party, lambda each: world.warns(each, to, marks[0]))
        world.talks(party, to)
        world.check()
    each.put_back(each.backup)
    note_restored(each.node, made_at=each.clock(), journal=0, nothing_sent_since=True)
    _strays(world, party, world.neighbours(party))
    if also < 0.5:
        world.officer(party, lambda each: world.warns(each, to, marks[1]))


def is_set_back_too(world, party):
    """Both ends of a link are set back: of what was signed since, nobody holds the end. What lay about between them still does."""
    to = world.rng.choice(world.neighbours(party))
    for one, other in ((party, to), (to, party)):
        each = world.machines[one]
        if one not in world.behind and each.backup is not None:
            each.put_back(each.backup)
            note_restored(each.node, made_at=each.clock(), journal=0, nothing_sent_since=False)
        if one in world.behind or each.backup is not None:
            _strays(world, one, [other])


def _strays(world, party, others):
    world.forget(party, post=set(others))
    world.astray.setdefault(party, set()).update(others)
    _be_sure(world, party, others)
    trim(world)


def _be_sure(world, party, others):
    """From here on, what this node signs may differ from what it signed before."""
    for log in world.names:
        name = parse_log(log)
        if name.sender == party and name.receiver in others:
            size = len(world.held[party].logs.get(log, ()))
            world.sure[log] = min(world.sure.get(log, size), size)


def begins_anew(world, party):
    """A commander begins the logs to a neighbour anew: after a set-back, or, seldom, because nothing else seemed to help."""
    astray, held = world.astray.get(party, set()), set(world.held[party].holds)
    others = sorted(astray | held)
    if not others:
        if world.rng.random() < 0.7:
            return
        others = sorted(world.neighbours(party))
    to = world.rng.choice(others)
    if lacks_its_epoch(world, party, to):
        return
    if to not in held:
        world.officer(party, lambda each: hold_link(each.node, to, WHY))
    world.officer(party, lambda each: open_epoch(each.node, each.officers["commander"], to, WHY))
    _note(world, party, to)


def lacks_its_epoch(world, party, to):
    """Say whether the node was set back to before an epoch that its neighbour knows of: it must take that back first."""
    known = world.held[to].begun.epochs.get((party, to))
    with world.machines[party].store.reading() as book:
        return known is not None and all(each.epoch != known for each in book.epochs())


def mend(world, party):
    """Once the faults have stopped: hold each link that is forked, and begin its logs anew."""
    each = world.machines[party]
    for to in sorted(world.astray[party]):
        with each.store.reading() as book:
            held = any(hold.neighbour == to for hold in book.holds())
        if not held:
            hold_link(each.node, to, WHY)
        if not lacks_its_epoch(world, party, to):
            open_epoch(each.node, each.officers["commander"], to, WHY)
            _note(world, party, to)


def _note(world, party, to):
    """Note whether an epoch was begun."""
    before = world.held[party].begun.epochs.get((party, to))
    with world.machines[party].store.reading() as book:
        if book.epoch_of(party, to) in (before, ""):
            return
    world.trace.append("logs are begun anew")
    if party in world.behind:
        _be_sure(world, party, [to])
        world.begun_anew.add(party)
    world.astray.get(party, set()).discard(to)
    if not world.astray.get(party):
        world.astray.pop(party, None)


# What may be asked of them


def is_astray(world, one, other):
    """Say whether two histories may have been signed for this link, and nothing was done about it."""
    return other in world.astray.get(one, ()) or one in world.astray.get(other, ())


def may_be_refused(world, letter):
    """Say whether this letter may be refused as a fork: it is of a link that is forked, or was when it was written and its receiver knows no better."""
    if is_astray(world, letter.sender, letter.to):
        return True
    pair = (letter.sender, letter.to)
    with world.machines[letter.sender].store.reading() as here, world.machines[letter.to].store.reading() as there:
        return letter.astray and here.epoch_of(*pair) != there.epoch_of(*pair)


def is_whole(world, party):
    """Say whether a node that was set back has all that it can have: where its logs were begun anew, that takes longer than its links are held."""
    if party in world.astray:
        return False
    if party in world.begun_anew:
        held = world.held[party]
        lags = [log for log, size in world.acknowledged.items() if parse_log(log).receiver == party and len(held.logs.get(log, ())) < size]
        if held.begun.unsettled or lags:
            return False
        world.begun_anew.discard(party)
    return True


def trim(world):
    """Expect of what was acknowledged only what one of the two disks still holds."""
    for log, size in world.acknowledged.items():
        name = parse_log(log)
        ours, theirs = (len(world.held[party].logs.get(log, ())) for party in (name.sender, name.receiver))
        world.acknowledged[log] = min(size, max(min(ours, world.sure.get(log, ours)), theirs))
