# SPDX-License-Identifier: Apache-2.0
"""Two real nodes over a link that does everything a link can do, by a seed that can be run again.

A history is a run of random acts: officers file, revise, propose, approve, refuse, acknowledge and link incidents on both
sides; bundles are sent and answered, dropped, delayed, repeated, reordered, corrupted; nodes crash in the middle of a
transaction or at its commit and start again from their files; clocks jump. After every act the invariants of the
exchange are checked against a model that only ever saw what was sent and stored. Then the faults stop, and both sides
must come to say the same.
"""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import event, select
from tests.conftest import START, Clock, Pair, make_desk
from tests.desk.made import WORDS, reader_of
from tests.facts.made import claim, code, count, day

from hamsaya.agreement.clauses import Kinds
from hamsaya.desk import converse, distress, drafts, inbox, incidents, offering, release
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.documents import add_document
from hamsaya.desk.holdings import CONDITIONS, Officer
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.ports import Node
from hamsaya.desk.terms import sample_terms
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.bundle import MAX_BYTES, Bundle, read_bundle
from hamsaya.exchange.distress import case_name
from hamsaya.exchange.logs import CALLS, is_urgent, parse_log
from hamsaya.exchange.packing import unpack
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import NeighbourError
from hamsaya.facts.records import Record
from hamsaya.facts.values import Count, Place
from hamsaya.intake.typed import TypedFields
from hamsaya.ledger import tables as t
from hamsaya.ledger.store import Store
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Entry, Receipt
from hamsaya.seal.envelope import open_envelope
from hamsaya.seal.merkle import EMPTY_ROOT, Frontier

NECESSITY = "Both commands must see this account."
AGREEMENT = "west-east-2026-11-21"
TERMS = sample_terms("west", "east", START - timedelta(days=1))
HERE = Place(words="Mirjaveh", precision="settlement")
OTHER = {"west": "east", "east": "west"}
STEPS = 24


class PowerCut(BaseException):
    """The node lost its power: nobody can catch that, and nothing but its file is left."""


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Fuse:
    """Cuts a store's power when it has written so many times more, or else just before its commit."""

    left: int | None = None

    def wire(self, engine):
        event.listen(engine, "before_cursor_execute", self._burn)
        event.listen(engine, "commit", self._cut)

    def _burn(self, _db, _cursor, statement, *_):
        if self.left is not None and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if self.left < 0:
                raise PowerCut

    def _cut(self, _db):
        if self.left is not None and self.left >= 0:
            raise PowerCut


@dataclass
class Letter:
    """A bundle on its way. `whole` says whether it is as its sender wrote it."""

    to: str
    data: bytes
    whole: bool = True


class Seen(NamedTuple):
    """What one node shows of the exchange."""

    receipts: list
    releases: list
    inbox: list
    agreements: list
    received: list


@dataclass
class Side:
    """One node in the simulation, with what it is made of, so that it can be started again."""

    party: str
    path: Path
    seed_key: object
    store_key: bytes
    clock: Clock
    rng: random.Random
    zone: str = "UTC"
    fuse: Fuse = field(default_factory=Fuse)
    store: Store = None
    node: Node = None
    officers: dict = field(default_factory=lambda: {
        login: Officer(login=login, office=f"{login} office", role=role, password="", language="en")
        for login, role in (("duty", "officer"), ("approver", "approver"), ("commander", "commander"))
    })  # fmt: skip

    def start(self, shapes):
        self.store = Store(self.path, self.store_key, party=self.party, key=self.seed_key, now=self.clock, random=self.rng.randbytes)
        self.fuse.left = None
        self.fuse.wire(self.store.engine)
        country = {"west": "IR", "east": "PK"}[self.party]
        self.node = Node(
            party=self.party, country=country, zone="UTC", exercise=False, key=self.seed_key, ledger=self.store, read=shapes, dictation=TypedFields(), now=self.clock,
            random=self.rng.randbytes,
        )  # fmt: skip


def make_templates(folder):
    """Two nodes that trust each other, on disk, to be copied for each history: without an agreement, and with one in force."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = Pair(*(make_desk(folder, party, country) for party, country in (("west", "IR"), ("east", "PK"))))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    found = [_copied(pair, folder / "without")]
    pair.agree(TERMS)
    found.append(_copied(pair, folder / "agreed"))
    for desk in (pair.west, pair.east):
        desk.store.close()
    return found


def make_expiring_template(folder):
    """The two nodes with an agreement that is over in half an hour: in most histories it expires while they talk."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = Pair(*(make_desk(folder, party, country) for party, country in (("west", "IR"), ("east", "PK"))))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    pair.agree(re.sub(r"valid_until = \S+", f"valid_until = {START + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}", TERMS))
    return _copied(pair, folder / "expiring")


def _copied(pair, to):
    to.mkdir()
    for desk in (pair.west, pair.east):
        desk.store.close()
        for file in desk.store.path.parent.glob(f"{desk.node.party}.db*"):
            shutil.copy(file, to / file.name)
    return to, {"west": pair.west, "east": pair.east}


def corrupted(rng, data):
    """Return the bytes with a bit flipped, cut off, turned round, or altered within the last signature; never as they were."""
    changed = bytearray(data)
    match rng.randrange(4):
        case 0:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        case 1:
            del changed[rng.randrange(len(changed)) :]
        case 2:
            at = rng.randrange(len(changed))
            changed[at : at + 40] = changed[at : at + 40][::-1]
        case 3:
            changed[-rng.randint(10, 90)] ^= 1  # within the signature
    return bytes(changed) if bytes(changed) != data else data[:-1]


class History:
    """One run, from a seed."""

    def __init__(self, seed, folder, templates):
        self.seed, self.rng = seed, random.Random(seed)  # noqa: S311  (a history that can be run again)
        source, desks = self.rng.choices(templates, (1, 4, 2)[: len(templates)])[0]
        self.sides = {}
        self.post = []
        self.said = []
        self.documents = 0
        self.leaves = {}
        self.roots = {}
        self.acknowledged = {}
        self.conditions = {}
        self.pending = {"west": [], "east": []}
        self.have = {"west": None, "east": None}
        self.news = False
        folder.mkdir(parents=True, exist_ok=True)
        for party, desk in desks.items():
            for file in source.glob(f"{party}.db*"):
                shutil.copy(file, folder / file.name)
            side = Side(party, folder / f"{party}.db", desk.node.key, desk.store_key, Clock(), random.Random(f"{seed}{party}"))  # noqa: S311
            side.start(self._read)
            self.sides[party] = side

    # The life of two desks

    def run(self, steps=STEPS):
        """Live `steps` random acts, then stop the faults and ask for agreement of both."""
        budget = offering.BUNDLE_BYTES
        offering.BUNDLE_BYTES = self.rng.choice((budget, 1))  # where little fits into a bundle, everything but distress waits
        try:
            for _ in range(steps):
                name, act = self.rng.choices(ACTS, WEIGHTS)[0]
                party = self.rng.choice(("west", "east"))
                self.said.append(f"{party} {name}")
                if name in OFFICERS and self.rng.random() < 0.15:
                    self._interrupted(party, act)
                else:
                    act(self, party)
                self._check()
            self.converge()
        except Exception as error:
            error.add_note(f"history {self.seed}: {', '.join(self.said)}")
            raise
        finally:
            offering.BUNDLE_BYTES = budget
            for side in self.sides.values():
                side.store.close()
        return self

    def _interrupted(self, party, act):
        """Let an officer act while the power fails, perhaps before all is written."""
        side, before = self.sides[party], list(self.pending[party])
        side.fuse.left = self.rng.randrange(12)
        try:
            act(self, party)
        except PowerCut:
            self.said.append("power cut")
            self.pending[party] = before
            self.restart(party)
        finally:
            side.fuse.left = None

    def _read(self, data, **options):
        options.pop("name", None)
        value = count(self.rng.randrange(3), None)
        claims = [claim("killed", value, grade=None), claim("occurred", day("2026-11-12"), grade=None), claim("action", code("raid"), grade=None)]
        return reader_of({"claims": self.rng.sample(claims, self.rng.randint(1, 3))})(data, **options)

    def book(self, party):
        return self.sides[party].store.reading()

    def draft(self, party):
        if party == "west":
            with self.book("west") as book:
                known = book.agreements()
            if not known:
                draft_agreement(self.sides["west"].node, TERMS)

    def sign(self, party):
        side = self.sides[party]
        with self.book(party) as book:
            known = [held for held in book.agreements() if party not in held.signatures]
        if known:
            sign_agreement(side.node, side.officers["commander"], AGREEMENT)

    def file(self, party):
        side = self.sides[party]
        self.documents += 1
        data = f"{WORDS} No. {self.documents}".encode()
        _, (draft,) = add_document(side.node, side.officers["duty"], data, name="note", basis="own")
        with self.book(party) as book:
            known, own = book.incidents(), [each.record.id for each in book.records() if not each.received_from]
        revises = self.rng.choice(own) if own and self.rng.random() < 0.3 else ""
        incident = self.rng.choice(known) if known and not revises and self.rng.random() < 0.5 else ""
        grade = "B2" if self.rng.random() < 0.9 else ""
        drafts.accept_draft(
            side.node, side.officers["duty"], draft.draft, grade=grade, incident=incident, revises=revises, reason="The report was corrected."
        )

    def propose(self, party):
        side = self.sides[party]
        with self.book(party) as book:
            own = [each.record.id for each in book.records() if not each.received_from]
        if not own:
            return self.file(party)
        purpose = self.rng.choices(["settlement", "prevention", "rescue", "targeting"], (4, 2, 2, 1))[0]
        held = release.propose_release(side.node, side.officers["duty"], self.rng.choice(own), purpose=purpose, necessity=NECESSITY)
        if held.condition == "proposed":
            self.pending[party].append(held.release)
        return None

    def decide(self, party):
        side = self.sides[party]
        if not self.pending[party]:
            self.propose(party)
        if self.pending[party]:
            name = self.pending[party].pop(self.rng.randrange(len(self.pending[party])))
            if self.rng.random() < 0.85:
                release.approve_release(side.node, side.officers["approver"], name)
            else:
                release.refuse_release(side.node, side.officers["approver"], name, "not now")

    def acknowledge(self, party):
        side = self.sides[party]
        with self.book(party) as book:
            new = [item for item in book.inbox() if item.state == "new"]
        if new:
            item = self.rng.choice(new)
            inbox.acknowledge(side.node, side.officers["duty"], item.log, item.seq)

    def link(self, party):
        side = self.sides[party]
        with self.book(party) as book:
            known = book.incidents()
        if len(known) > 1:
            incidents.link_incident(side.node, side.officers["duty"], *self.rng.sample(known, 2))

    def call(self, party):
        """One officer calls, whatever stands between the two; perhaps twice in a row."""
        side = self.sides[party]
        for _ in range(self.rng.choice((1, 2))):
            self._call(side)

    def _call(self, side):
        if self.rng.random() < 0.7:
            distress.send_distress(side.node, side.officers["duty"], Call(what=["medical"], place=HERE, count=Count(low=1, high=None)))
        else:
            distress.send_stop(side.node, side.officers["commander"], Call(what=["fire"], whom=["all"], place=HERE))

    def answer(self, party):
        side = self.sides[party]
        with self.book(party) as book:
            theirs = [held for held in book.calls() if not held.own]
        if theirs:
            held = self.rng.choice(theirs)
            distress.answer_distress(side.node, side.officers["approver"], held.case, self.rng.choice(("seen", "passed_on")))

    def stand_down(self, party):
        side = self.sides[party]
        with self.book(party) as book:
            own = [held for held in book.calls() if held.own and held.over is None]
        if own:
            distress.stand_down(side.node, side.officers["duty"], self.rng.choice(own).case)

    def jump(self, party):
        self.sides[party].clock.at = START + timedelta(minutes=self.rng.randint(-8 * 60, 24 * 60))

    def restart(self, party):
        self.sides[party].store.close()
        self.sides[party].start(self._read)

    # The link

    def write(self, party, have=None):
        side = self.sides[party]
        with side.store.reading() as book:
            data = converse.write_for(side.node, book, OTHER[party], have)
        bundle = read_bundle(data, side.node.key.public, sender=party, receiver=OTHER[party])
        self.news = any(offer.entries for offer in bundle.offers)
        with side.store.reading() as book:
            own = {log: size for log, size in book.logs().items() if is_urgent(log) and parse_log(log).sender == party}
        urgent = [offer for offer in bundle.offers if is_urgent(offer.log)]
        self._must(bundle.offers[: len(urgent)] == urgent, f"{party} does not offer its distress log first")  # 10
        self._must({offer.log: offer.first + len(offer.entries) for offer in urgent} == own, f"{party} leaves a call behind")  # 10
        for offer in bundle.offers:
            checkpoint = read(open_envelope(offer.checkpoint.encode()).payload, Checkpoint)
            self._one_root(offer.log, checkpoint.size, checkpoint.root)
        for receipt in bundle.receipts:
            signed = read(open_envelope(receipt.encode()).payload, Receipt)
            self._one_root(signed.log, signed.size, signed.root)
        return data

    def take(self, letter, *, crash=False):
        """Hand a letter to its receiver. Returns what it received, or None where it was refused or its node crashed."""
        side = self.sides[letter.to]
        side.fuse.left = self.rng.randrange(10) if crash else None
        try:
            got = converse.receive(side.node, letter.data)
        except PowerCut:
            self.restart(letter.to)
            return None
        except NeighbourError as error:
            if letter.whole:
                raise Broken(f"{letter.to} refused what its neighbour wrote: {error}") from error
            return None
        finally:
            side.fuse.left = None
        if not letter.whole:
            raise Broken(f"{letter.to} took a bundle that was altered on its way")
        self._check_overtaken(letter)
        return got

    def _check_overtaken(self, letter):
        """A call is here with the first whole bundle after it was made, and every officer's page shows it."""
        offers = read(open_envelope(unpack(letter.data, MAX_BYTES)).payload, Bundle).offers
        called = {offer.log: read(open_envelope(offer.checkpoint.encode()).payload, Checkpoint).size for offer in offers if is_urgent(offer.log)}
        with self.book(letter.to) as book:
            sizes, shown = book.logs(), {held.case for held in book.calls(limit=10_000)}
            for log, size in called.items():
                self._must(sizes.get(log, 0) >= size, f"{letter.to}: a call of {log} did not overtake what was queued")  # 10
                for seq, entry in enumerate(book.entries(log, 0, size)):
                    is_shown = entry.header().kind not in CALLS or case_name(log, seq) in shown
                    self._must(is_shown, f"{letter.to}: {log}#{seq} is a call that no page shows")  # 10

    def talk(self, party, *, faults=True):
        """Say something and hear the answer, as far as the link lets it through."""
        self._fates(party, self.write(party, self.have[party] if self.rng.random() < 0.5 else None), faults, answered=True)

    def _fates(self, party, data, faults, *, answered):
        to = OTHER[party]
        fate = self.rng.choices(FATES, WITH_NEWS if self.news else WITHOUT)[0] if faults else "pass"
        self.said.append(fate)
        match fate:
            case "drop":
                return
            case "delay":
                self.post.append(Letter(to, data))
                return
            case "corrupt":
                self.take(Letter(to, corrupted(self.rng, data), whole=False))
                return
            case "repeat":
                self.take(Letter(to, data))
                self.post.append(Letter(to, data))
        got = self.take(Letter(to, data), crash=fate == "crash")
        if got is None:
            return
        self.have[to] = got.have
        if answered:
            self._fates(to, self.write(to, got.have), faults, answered=False)

    def deliver(self, party):
        """Deliver one of the letters that lie about, in no order; some of them twice."""
        del party
        if self.post:
            letter = self.post.pop(self.rng.randrange(len(self.post)))
            if self.rng.random() < 0.2:
                self.post.append(letter)
            self.take(letter, crash=self.rng.random() < 0.1)

    def stick(self, party):
        """Write a bundle to a memory stick, to be carried over some time later."""
        self.post.append(Letter(OTHER[party], self.write(party)))

    def _sync(self):
        for _ in range(200):
            for party in ("west", "east"):
                self.talk(party, faults=False)
            if not self.news and self._entries("west") == self._entries("east"):
                break

    # What must hold

    def _one_root(self, log, size, root):
        if self.roots.setdefault((log, size), root) != root:
            raise Broken(f"two roots for size {size} of {log}")

    def _must(self, holds, what):
        if not holds:
            raise Broken(what)

    def _check(self):
        stored = {party: self._entries(party) for party in self.sides}
        for party, logs in stored.items():
            with self.book(party) as book:
                seen = Seen(book.receipts(), book.releases(), book.inbox(), book.agreements(), self._received(party))
            for log, entries in logs.items():
                self._check_growth(party, log, entries)
            self._check_inbox(party, seen, {log: entries for log, entries in logs.items() if parse_log(log).sender != party})
            self._check_receipts(seen, stored)
            self._check_conditions(party, seen, logs)
            for log, entries in logs.items():
                if parse_log(log).sender == party:
                    self._check_outgoing(seen, log, entries, stored[OTHER[party]].get(log, []))

    def _entries(self, party):
        found = {}
        with self.sides[party].store.engine.connect() as db, db.begin():
            for row in db.execute(select(t.ENTRY).where(t.ENTRY.c.log.not_like("journal/%")).order_by(t.ENTRY.c.log, t.ENTRY.c.seq)):
                entries = found.setdefault(row.log, [])
                self._must(row.seq == len(entries), f"{party}: an entry of {row.log} is missing before {row.seq}")
                entries.append(Entry(row.envelope, row.salt, row.content))
        return found

    def _received(self, party):
        with self.sides[party].store.engine.connect() as db, db.begin():
            rows = db.execute(select(t.RECORD.c.body).where(t.RECORD.c.received_from != "")).scalars()
            return [msgspec.json.decode(body, type=Record) for body in rows]

    def _check_growth(self, party, log, entries):
        known = self.leaves.setdefault((party, log), [])
        leaves = [entry.leaf for entry in entries]
        self._must(leaves[: len(known)] == known, f"{party}: history of {log} was rewritten or lost")
        frontier = Frontier()
        for leaf in leaves[: len(known)]:
            frontier.append(leaf)
        for leaf in leaves[len(known) :]:
            frontier.append(leaf)
            known.append(leaf)
            self._one_root(log, frontier.size, frontier.root().hex())

    def _check_outgoing(self, seen, log, ours, theirs):
        self._must(theirs == ours[: len(theirs)], f"the mirror of {log} is no prefix of it")  # 1
        self._must(len(theirs) >= self.acknowledged.get(log, 0), f"{log}: acknowledged entries were lost")  # 4
        name = parse_log(log)
        releases = {held.seq: held for held in seen.releases if held.log == log}
        clauses = {clause.number: clause for held in seen.agreements for clause in held.agreement.table.clauses}
        for seq, entry in enumerate(ours):
            header = entry.header()
            self._must(name.carries(header.kind), f"{log} carries {header.kind}")
            if header.kind == "release":  # 6
                record = read(entry.content, ReleasedRecord).record
                clause = clauses.get(header.about.get("clause", ""))
                self._must(isinstance(clause, Kinds) and clause.allows(record, name.receiver), f"{log}#{seq} names no clause that allows it")
                self._must(header.about["purpose"] in ("settlement", "prevention", "rescue"), f"{log}#{seq} left for no purpose of the list")
                self._must(all(each.grade for each in record.claims), f"{log}#{seq} left ungraded")
                self._must(seq in releases and releases[seq].content == entry.content, f"{log}#{seq} is not what two officers released")
        self._must(set(releases) <= set(range(len(ours))), f"a release of {log} was never logged")

    def _check_inbox(self, party, seen, mirrors):
        items = {(item.log, item.seq): item for item in seen.inbox}
        places = {(log, seq) for log, entries in mirrors.items() for seq in range(len(entries))}
        self._must(set(items) == places, f"{party}: an entry was not judged exactly once")  # 3
        self._must(not [item for item in seen.inbox if item.state == "quarantined"], f"{party}: an honest entry was quarantined")
        told = {}
        for (log, seq), item in sorted(items.items()):
            if item.kind == "release":
                record = read(mirrors[log][seq].content, ReleasedRecord).record
                told.setdefault((record.id, record.version), record)
                self._must(item.subject == record.id, f"{party}: {log}#{seq} is shown as something else")
        self._must({(each.id, each.version): each for each in seen.received} == told, f"{party}: what arrived is not what is kept")
        self._must(len(seen.received) == len(told), f"{party}: something was applied twice")

    def _check_receipts(self, seen, stored):
        for receipt in seen.receipts:
            whose = stored[receipt.by].get(receipt.log, [])
            self._must(receipt.size <= len(whose), f"a receipt of {receipt.by} for {receipt.log} is over more than it stored")  # 2
            root = read(open_envelope(receipt.envelope).payload, Receipt).root
            self._must(
                self.roots.get((receipt.log, receipt.size), EMPTY_ROOT.hex()) == root, f"a receipt for {receipt.log} is over no root that it had"
            )
            self.acknowledged[receipt.log] = max(self.acknowledged.get(receipt.log, 0), receipt.size)

    def _check_conditions(self, party, seen, logs):
        receipted = {}
        for receipt in seen.receipts:
            if receipt.by == OTHER[party]:
                receipted[receipt.log] = max(receipted.get(receipt.log, 0), receipt.size)
        for held in seen.releases:
            rank, before = CONDITIONS.index(held.condition), self.conditions.get(held.release, 0)
            if held.condition == "held":  # it waits for its agreement, before or after it was logged; what arrived never does
                self._must(before in (0, CONDITIONS.index("logged")), f"{held.release} went from {CONDITIONS[before]} to held")
                self._must(held.seq < 0 or held.seq >= receipted.get(held.log, 0), f"{held.release} is held though a receipt is here")
                continue
            self._must(rank >= before, f"{held.release} went back from {CONDITIONS[before]} to {held.condition}")
            self._must(before != CONDITIONS.index("refused") or rank == before, f"{held.release} was refused and left")
            self.conditions[held.release] = rank
            self._must((held.seq >= 0) == (rank >= CONDITIONS.index("logged")), f"{held.release} is {held.condition} and not logged")
            if held.seq >= 0:
                self._must(held.seq < len(logs[held.log]), f"{held.release} is in no log")
                proven = held.seq < receipted.get(held.log, 0)
                self._must(not proven or rank >= CONDITIONS.index("receipted"), f"{held.release} is {held.condition} though a receipt is here")
                self._must(held.condition != "receipted" or proven, f"{held.release} is receipted without a receipt")

    def converge(self):
        """Stop the faults: what lies about is delivered, both talk, and then both must say the same."""
        for side in self.sides.values():  # a wrong clock is a fault too: the agreement is in force again, and what is held goes on
            side.clock.at = START + timedelta(minutes=10)
        while self.post:
            self.take(self.post.pop(self.rng.randrange(len(self.post))))
            self._check()
        self._sync()
        for party in self.sides:
            for _ in range(3):
                self.acknowledge(party)
        self._sync()
        self._check()
        stored = {party: self._entries(party) for party in self.sides}
        self._must(stored["west"] == stored["east"], "the two nodes hold different logs")  # 9
        self._must(self._calls("west") == self._calls("east"), "the two nodes tell another story of a call")  # 9
        for party in self.sides:
            with self.book(party) as book:
                receipts = {(each.log, each.size) for each in book.receipts()}
                releases = book.releases()
            self._must({(log, len(entries)) for log, entries in stored[party].items()} <= receipts, f"{party}: a receipt never came")
            with self.book(OTHER[party]) as book:
                items = {(item.log, item.seq): item for item in book.inbox()}
            for held in releases:
                if held.seq >= 0:
                    acknowledged = items[held.log, held.seq].state == "acknowledged"
                    self._must(held.condition == ("opened" if acknowledged else "receipted"), f"{held.release} is {held.condition}")
            faults = verify_store(self.sides[party].store).faults
            self._must(not faults, f"{party} does not verify: {[(fault.entry, str(fault.what)) for fault in faults[:3]]}")

    def _calls(self, party):
        with self.book(party) as book:
            return {
                held.case: (held.call, held.condition, sorted((step.kind, step.code, step.at) for step in held.steps))
                for held in book.calls(limit=10_000)
            }


ACTS = [
    ("talks", History.talk), ("files", History.file), ("decides", History.decide), ("proposes", History.propose), ("delivers", History.deliver),
    ("acknowledges", History.acknowledge), ("writes a stick", History.stick), ("links", History.link), ("restarts", History.restart),
    ("jumps in time", History.jump), ("drafts", History.draft), ("signs", History.sign),
    ("calls", History.call), ("answers", History.answer), ("stands down", History.stand_down),
]  # fmt: skip
OFFICERS = {"files", "decides", "proposes", "acknowledges", "links", "drafts", "signs", "calls", "answers", "stands down"}
FATES = ("pass", "drop", "delay", "repeat", "corrupt", "crash")
WITH_NEWS, WITHOUT = (34, 14, 12, 8, 10, 22), (80, 5, 4, 4, 5, 2)
"""How often each happens to a bundle that carries entries, and to one that only says what is held."""
WEIGHTS = [24, 8, 22, 4, 12, 12, 5, 2, 3, 3, 2, 4, 6, 4, 2]
