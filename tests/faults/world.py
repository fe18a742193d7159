# SPDX-License-Identifier: Apache-2.0
"""A world of two or three real nodes, a link that does everything a link can do, and disks that fail, by a seed that can be run again.

Everything that decides is the product's: the verbs of the desk, `exchange`, the ledger on SQLite. Made here are only the officers'
whims, the link, the clocks, the disks and the randomness, all drawn from the seed. No wall clock is read, and nothing waits.

Some histories (`forgets`) begin where releases have been exchanged and backups made: there, records are erased, old copies go on as if nothing
had been lost, and logs are begun anew (`forgetting.py`, `anew.py`). In others (`negotiates`) both sides of a link know of one incident, and
negotiate findings about it (`negotiating.py`).

After every step nine invariants are asked, and the tenth (that both sides converge) once the faults have stopped (`invariants.py`).
"""

from __future__ import annotations

import functools
import hashlib
import random
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from tests.conftest import STANDING, START, Clock, card_of
from tests.exchange.simulation import corrupted
from tests.faults import anew, forgetting, negotiating
from tests.faults.disk import Disk, PowerCut, files_of, lay_down, torn
from tests.faults.invariants import AFTER_EACH_STEP, Broken, both_sides_say_the_same, forks_and_rollbacks_are_named, must
from tests.remembering import wrongly_remembered

from hamsaya.desk import converse, distress, inbox, offering, release, reports
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.holdings import Officer
from hamsaya.desk.keeping import hold_link, note_restored
from hamsaya.desk.parties import add_officer, create_party, trust_neighbour
from hamsaya.desk.ports import Node
from hamsaya.desk.proofs import export_proof
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import sample_terms
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.bundle import claimed_bundle
from hamsaya.exchange.logs import is_urgent, parse_log
from hamsaya.exchange.proof import check_proof
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import HamsayaError, NeighbourError, OperatorError, Refused, Tampered
from hamsaya.facts.values import Count, Place
from hamsaya.intake import read_document
from hamsaya.intake.typed import TypedFields
from hamsaya.ledger.store import Store
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Entry, Receipt
from hamsaya.seal.envelope import open_envelope
from hamsaya.seal.keys import PublicKey, SigningKey
from hamsaya.seal.merkle import Frontier

NECESSITY = "Both commands must see this account."
HERE = Place(words="Mirjaveh", precision="settlement")
COUNTRIES = {"west": "IR", "east": "PK", "north": "AF"}
ROLES = {"duty": "officer", "approver": "approver", "commander": "commander"}
STEPS, STEPS_OF_FORGETTING, STEPS_OF_NEGOTIATING = 10, 14, 12


class Letter(NamedTuple):
    """A bundle on its way. `whole` says whether it is as its sender wrote it; `astray` whether its link was forked when it was written."""

    sender: str
    to: str
    data: bytes
    whole: bool = True
    astray: bool = False


@dataclass
class Held:
    """What one node holds of the exchange, as its tables say."""

    logs: dict = field(default_factory=dict)
    receipts: list = field(default_factory=list)
    inbox: dict = field(default_factory=dict)
    received: list = field(default_factory=list)
    calls: set = field(default_factory=set)
    releases: list = field(default_factory=list)
    holds: list = field(default_factory=list)
    recalled: set = field(default_factory=set)
    forgotten: forgetting.Forgotten = field(default_factory=forgetting.Forgotten)
    begun: anew.Begun = field(default_factory=anew.Begun)


@functools.lru_cache(maxsize=100_000)
def header_of(envelope):
    return Entry(envelope, b"", None).header()


@functools.lru_cache(maxsize=100_000)
def receipt_of(envelope):
    return read(open_envelope(envelope).payload, Receipt)


def checkpoint_of(offer):
    return read(open_envelope(offer.checkpoint.encode()).payload, Checkpoint)


class Machine:
    """One node, and what it is made of. The engine is kept from one history to the next, since SQLAlchemy compiles its statements once per engine."""

    def __init__(self, party):
        self.party, self.key = party, SigningKey(hashlib.sha256(party.encode()).digest())
        self.store = Store("/nowhere", hashlib.sha256(self.key.public.hex.encode()).digest(), party=party, key=self.key, now=Clock(), random=bytes)
        self.disk = Disk(self.store.engine)
        self.officers = {
            login: Officer(login=login, office=f"{login} office", role=role, password="", language="en") for login, role in ROLES.items()
        }

    def begin(self, path, rng, *, clock=None):
        """Go on from the file at `path`, with this randomness."""
        self.stop()
        self.disk.mend()
        self.clock, self.rng, self.backup = clock or Clock(), rng, None
        self.store.path = self.store.adapter.path = path
        self.store.now, self.store.random = self.clock, rng.randbytes
        self.node = Node(
            party=self.party, country=COUNTRIES[self.party], zone="UTC", exercise=False, key=self.key, ledger=self.store, read=read_document,
            dictation=TypedFields(), now=self.clock, random=rng.randbytes,
        )  # fmt: skip

    def stop(self):
        """Close the files; what is opened next reads them anew."""
        self.store.close()

    @property
    def path(self):
        return self.store.path

    def kept(self):
        """What a backup made now would hold."""
        self.stop()
        return {self.path: self.path.read_bytes()}

    def put_back(self, files):
        self.stop()
        lay_down(self.path, files)


@functools.cache
def machine(party):
    return Machine(party)


def make_template(folder, parties, *, laden=False, told=False):
    """Return the files of nodes that trust their neighbours and have agreed with them: west with east, and east with north.

    `laden`: and have released a warning to each other, which was receipted. `told`: and hold each other's account of one
    incident, and a text of a finding about it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    machines = [machine(party) for party in parties]
    for each in machines:
        each.begin(folder / f"{each.party}.db", random.Random(f"template {each.party}"))  # noqa: S311  (a template that is always the same)
        each.store.create()
        create_party(each.node, card_of(each.node, "UTC"))
        for login, role in ROLES.items():
            add_officer(each.node, login=login, office=f"{login} office", role=role, language="en", password="x", hash_password=lambda word: word)
    for one, other in pairwise(machines):
        for each, whom in ((one, other), (other, one)):
            with whom.store.reading() as book:
                trust_neighbour(each.node, book.card_of(whom.party), whom.key.public.fingerprint())
        text = sample_terms(one.party, other.party, START - timedelta(days=2)) + STANDING
        name = draft_agreement(one.node, text, other.party).agreement.table.id
        _talk(one, other)
        for each in (one, other):
            sign_agreement(each.node, each.officers["commander"], name)
        if laden:
            for each, whom in ((one, other), (other, one)):
                warn(each, whom.party, forgetting.mark_of(each.rng))
        _talk(one, other)
        if told:
            negotiating.tell_of_one_incident(one, other, _talk)
    return {each.party: each.kept()[each.path] for each in machines}


def warn(each, to, mark):
    """Let one officer release a warning that says `mark`, under the standing approval."""
    typed = TypedReport(remarks=f"Pillar {mark} is to be painted on both sides.", grade="B2")
    record = reports.file_report(each.node, each.officers["duty"], typed, kind="warning", handling="green").held.record.id
    return release.propose_release(each.node, each.officers["duty"], record, receiver=to, purpose="prevention", necessity=NECESSITY)


def _talk(one, other):
    converse.synchronise(one.node, other.party, lambda _, data: converse.answer(other.node, data))


class World:
    """One history, from a seed. `clocks` False leaves every clock right, for a history that must end alike; `forgets`: see above."""

    def __init__(self, seed, folder, template, *, clocks=True, forgets=False, negotiates=False):
        self.forgets, self.negotiates = forgets, negotiates
        self.seed, self.rng, self.clocks = seed, random.Random(f"{seed}"), clocks  # noqa: S311  (a history that can be run again)
        folder.mkdir(parents=True, exist_ok=True)
        self.machines: dict[str, Machine] = {}
        for party, data in template.items():
            path = folder / f"{party}.db"
            lay_down(path, {path: data})
            machine(party).begin(path, random.Random(f"{seed} {party}"))  # noqa: S311
            self.machines[party] = machine(party)
            self.machines[party].backup = {path: data} if forgets else None
        self.links = list(pairwise(template))
        self.post: list[Letter] = []
        self.trace: list[str] = []
        self.cut: set[tuple[str, str]] = set()
        self.letters = hashlib.sha256()
        self.news = False
        self.clauses = {}
        for each in self.machines.values():
            with each.store.reading() as book:
                self.clauses |= {(held.agreement.table.id, term.number): term for held in book.agreements() for term in held.agreement.table.clauses}
        self.begin_anew()

    def begin_anew(self):
        """Know nothing yet of what the invariants look at."""
        self.heard = {}
        self.held = {party: Held() for party in self.machines}
        self.behind: set[str] = set()
        self.astray: dict[str, set[str]] = {}
        self.sure: dict[str, int] = {}
        self.begun_anew: set[str] = set()
        self.names: set[str] = set()
        self.erased: dict[str, dict[str, str]] = {}
        self.marks: dict[str, str] = {}
        self.touched_last: set[str] = set()
        self.seen: dict = {}
        self.roots: dict = {}
        self.acknowledged: dict = {}
        self.checked: dict = {}
        self.said: list = []
        self.silent: list = []
        self.offered: list = []
        self.called: list = []
        self.touched = set(self.machines)
        self.looks = 0

    # The life of the nodes

    def run(self, steps=STEPS):
        """Take `steps` random steps, then stop the faults and ask for agreement of all."""
        budget = offering.BUNDLE_BYTES
        offering.BUNDLE_BYTES = self.rng.choice((budget, budget, 1))  # where little fits into a bundle, everything but distress waits
        with _remembered_signatures():
            self._run(steps, budget)
        return self

    def _run(self, steps, budget):
        try:
            self.check()
            for _ in range(steps):
                name, act = self.rng.choices(*(_FORGETTING if self.forgets else _NEGOTIATING if self.negotiates else _CHOICES))[0]
                party = self.rng.choice(list(self.machines))
                self.trace.append(f"{party} {name}")
                act(self, party)
                self.check()
            self.converge()
        except Exception as error:
            error.add_note(f"history {self.seed}: {', '.join(self.trace)}")
            raise
        finally:
            offering.BUNDLE_BYTES = budget
            for each in self.machines.values():
                each.stop()

    def officer(self, party, act):
        """Let an officer act; sometimes the power fails or the disk is full meanwhile. What is refused changes nothing."""
        chance = self.rng.random()
        try:
            if chance < 0.1:
                self.interrupted(party, lambda: act(self.machines[party]))
            elif chance < 0.16:
                self.without_room(party, lambda: act(self.machines[party]))
            else:
                self.touched.add(party)
                act(self.machines[party])
        except Refused as error:
            self.trace.append(f"refused ({error.rule})")

    def interrupted(self, party, act):
        """Do something that the power does not outlast: before a statement, before a commit, or while the commit is on its way to the disk."""
        each = self.machines[party]
        self.touched.add(party)
        if self.rng.random() < 0.5:
            each.disk.statements, each.disk.cut_at = 0, self.rng.randrange(16)
            try:
                act()
            except PowerCut:
                self.trace.append(f"power cut at statement {each.disk.cut_at}")
            finally:
                each.disk.mend()
                each.stop()
            return
        before = files_of(each.path)
        try:
            act()
        finally:
            after = files_of(each.path)
            each.stop()
            if before.get(each.path) == after.get(each.path):  # else the log was copied into the file meanwhile, and all of it was synced
                lay_down(each.path, torn(before, after, self.rng))
                self.trace.append("power cut in the commit")

    def without_room(self, party, act):
        """Do something while the disk has room for a few pages only. Must be refused as the operator's matter, or done whole."""
        each = self.machines[party]
        self.touched.add(party)
        each.disk.room = self.rng.randrange(4)
        try:
            return act()
        except OperatorError as error:
            self.trace.append("disk full")
            if "full" not in str(error):
                raise Broken(f"a full disk is told as: {error}") from error
            return None
        finally:
            each.disk.mend()

    def files_and_releases(self, party):
        to = self.rng.choice(self.neighbours(party))
        alone = self.rng.random() < 0.7
        purpose = self.rng.choices(["settlement", "prevention", "rescue", "targeting"], (4, 4, 2, 1))[0]

        def act(each):
            typed = TypedReport(remarks=f"Pillar {forgetting.mark_of(self.rng)} is to be painted on both sides.", grade="B2")
            kind, handling = ("warning", "green") if alone else ("incident_account", "amber")
            record = reports.file_report(each.node, each.officers["duty"], typed, kind=kind, handling=handling).held.record.id
            held = release.propose_release(each.node, each.officers["duty"], record, receiver=to, purpose=purpose, necessity=NECESSITY)
            if held.condition == "proposed":
                release.approve_release(each.node, each.officers["approver"], held.release)

        self.officer(party, act)

    def acknowledges(self, party):
        def act(each):
            with each.store.reading() as book:
                new = [item for item in book.inbox() if item.state == "new"]
            if new:
                item = self.rng.choice(new)
                inbox.acknowledge(each.node, each.officers["duty"], item.log, item.seq)

        self.officer(party, act)

    def calls(self, party):
        """One officer calls all neighbours, whatever stands between them."""
        to = self.neighbours(party)
        if self.rng.random() < 0.7:
            call = Call(what=["medical"], place=HERE, count=Count(low=1, high=None))
            self.officer(party, lambda each: distress.send_distress(each.node, each.officers["duty"], call, to=to))
        else:
            call = Call(what=["fire"], whom=["all"], place=HERE)
            self.officer(party, lambda each: distress.send_stop(each.node, each.officers["commander"], call, to=to))

    def answers_a_call(self, party):
        def act(each):
            with each.store.reading() as book:
                theirs = [held for held in book.calls() if not held.own]
            if theirs:
                distress.answer_distress(each.node, each.officers["approver"], self.rng.choice(theirs).case, self.rng.choice(("seen", "passed_on")))

        self.officer(party, act)

    def suspends_or_resumes(self, party):
        name = self.rng.choice(sorted({agreement for agreement, _ in self.clauses}))
        verb = self.rng.choice(("suspend", "resume"))
        if party in name:
            self.trace.append(f"{verb} {name}")
            self.officer(party, lambda each: act_on_agreement(each.node, each.officers["commander"], name, verb, "Shots near the line."))

    def clock_jumps(self, party):
        by = self.rng.choice((timedelta(days=-1), timedelta(days=1), timedelta(minutes=self.rng.randint(-600, 600))))
        if self.clocks:
            self.machines[party].clock.at = START + by

    def restarts(self, party):
        self.machines[party].stop()

    def cuts_or_mends_the_cable(self, party):
        self.cut ^= {tuple(sorted((party, self.rng.choice(self.neighbours(party)))))}

    def makes_a_backup(self, party):
        self.machines[party].backup = self.machines[party].kept()

    def is_set_back(self, party):
        """Restore the backup as the product does. What lay about unsent is gone with the disk."""
        each = self.machines[party]
        if each.backup is None or self.behind:
            return
        each.put_back(each.backup)
        note_restored(each.node, made_at=each.clock(), journal=0, nothing_sent_since=False)
        self.forget(party)
        self.touched.add(party)

    def forget(self, party, *, post=()):
        """Leave out of the model what the disk took and nobody else has seen. What lay about to those of `post` still lies about."""
        self.behind.add(party)
        self.touched.add(party)
        self.look()
        self.post = [letter for letter in self.post if letter.sender != party or letter.to in post]
        self.heard = {}
        sizes = {}
        for other in self.machines:
            for log, entries in self.held[other].logs.items():
                sizes[log] = max(sizes.get(log, 0), len(entries))
        self.roots = {(log, size): root for (log, size), root in self.roots.items() if size <= sizes.get(log, 0)}
        self.seen = {(whose, log): leaves for (whose, log), leaves in self.seen.items() if whose != party}
        self.checked = {(whose, log): size for (whose, log), size in self.checked.items() if whose != party}
        anew.trim(self)
        forgetting.trim(self)

    def neighbours(self, party):
        return [one if other == party else other for one, other in self.links if party in (one, other)]

    # The link

    def talks(self, party, to="", *, faults=True):
        """Say something and hear the answer, as far as the link lets it through."""
        to = to or self.rng.choice(self.neighbours(party))
        self.trace.append(f"to {to}")
        have, lost = self.heard.get((to, party), (None, None)) if not faults or self.rng.random() < 0.5 else (None, None)
        self._fate(party, to, self._written(party, to, have, lost), faults, answered=True)

    def _written(self, party, to, have=None, lost=None):
        """Write a bundle. Without an answer at hand it is settled first what waits for its agreement, as the product does."""
        each = self.machines[party]
        self.touched.add(party)
        if have is None:
            converse.settle(each.node)
        with each.store.reading() as book:
            data = converse.write_for(each.node, book, to, have, lost)
        bundle = claimed_bundle(data)[0]
        self.letters.update(data)
        self.news = any(offer.entries for offer in bundle.offers) or bool(bundle.returns)
        with each.store.reading() as book:
            own = {log: size for log, size in book.logs().items() if is_urgent(log) and log.split("/")[1:3] == [party, to]}
        urgent = [(offer.log, offer.first + len(offer.entries)) for offer in bundle.offers if is_urgent(offer.log)]
        self.offered.append((urgent, [(offer.log, offer.first + len(offer.entries)) for offer in bundle.offers], own))
        for offer in bundle.offers:
            signed = checkpoint_of(offer)
            self.said.append((signed.log, signed.size, signed.root))
        for text in bundle.receipts:
            made = receipt_of(text.encode())
            self.said.append((made.log, made.size, made.root))
        return data

    def _fate(self, party, to, data, faults, *, answered):
        fate = "pass"
        if faults:
            fate = "drop" if tuple(sorted((party, to))) in self.cut else self.rng.choices(FATES, WITH_NEWS if self.news else WITHOUT)[0]
            self.trace.append(fate)
        letter = Letter(party, to, data, astray=anew.is_astray(self, party, to))
        match fate:
            case "drop":
                return
            case "delay":
                self.post.append(letter)
                return
            case "corrupt":
                self.take(letter._replace(data=corrupted(self.rng, data), whole=False))
                return
            case "repeat":
                self.take(letter)
                self.post.append(letter)
        got = self.take(letter, fate)
        if got is None:
            return
        self.heard[party, to] = (got.have, got.lost)
        if fate == "crash after":
            self.machines[to].stop()
        elif answered:
            self._fate(to, party, self._written(to, party, got.have, got.lost), faults, answered=False)

    def take(self, letter, fate="pass"):
        """Hand a letter to its receiver. Returns what it received, or None where it was refused, or its node failed."""
        node = self.machines[letter.to].node
        self.touched.add(letter.to)
        got = []

        def act():
            got.append(converse.receive(node, letter.data))

        try:
            if fate == "crash":
                self.interrupted(letter.to, act)
                return None
            if fate == "full":
                self.without_room(letter.to, act)
            else:
                act()
        except NeighbourError as error:
            if letter.whole and not anew.may_be_refused(self, letter):
                raise Broken(f"invariant 7: {letter.to} refused what an honest {letter.sender} wrote: {error}") from error
            self.trace.append("refused as a fork" if letter.whole else "refused")
            return None
        except HamsayaError as error:
            raise Broken(f"{letter.to} could not take a bundle: {error!r}") from error
        if not letter.whole:
            raise Broken(f"invariant 7: {letter.to} took a bundle that was altered on its way")
        if got:
            offers = claimed_bundle(letter.data)[0].offers
            self.called += [(letter.to, offer.log, checkpoint_of(offer).size) for offer in offers if is_urgent(offer.log)]
        return got[0] if got else None

    def delivers(self, party):
        """Deliver one of the letters that lie about, in no order; some of them twice."""
        del party
        if self.post:
            letter = self.post.pop(self.rng.randrange(len(self.post)))
            if self.rng.random() < 0.2:
                self.post.append(letter)
            self.take(letter, self.rng.choices(("pass", "crash", "full"), (8, 1, 1))[0])

    def writes_a_stick(self, party):
        """Write a bundle to a memory stick, to be carried over some time later, in whatever order."""
        to = self.rng.choice(self.neighbours(party))
        self.post.append(Letter(party, to, self._written(party, to), astray=anew.is_astray(self, party, to)))

    # What is looked at

    def look(self):
        """Read what changed of what the nodes hold."""
        self.touched_last |= self.touched
        for party in sorted(self.touched):
            self.held[party] = _held(self.machines[party])
            forgetting.note(self, party)
            self.names.update(self.held[party].logs)
            for log, entries in self.held[party].logs.items():
                known = self.seen.get((party, log), ())
                if len(entries) != len(known) and log.split("/")[-1]:
                    self.said += _roots(log, entries)
            for log, size, by, _ in self.held[party].receipts:
                if by != party:
                    self.acknowledged[log] = max(self.acknowledged.get(log, 0), size)
            self.looks += 1
            if self.looks % EVERY == 0:
                must(not (wrong := wrongly_remembered(self.machines[party].store)), 3, f"{party} remembers what it does not hold: {wrong}")
        self.touched.clear()

    def check(self):
        """Ask every invariant that must hold at any time."""
        self.look()
        self._mind_who_is_whole()
        for holds in AFTER_EACH_STEP:
            holds(self)
        self.said.clear()
        self.touched_last.clear()
        for party, held in self.held.items():
            for log, entries in held.logs.items():
                self.seen[party, log] = tuple(each.envelope for each in entries)

    def _mind_who_is_whole(self):
        for party in sorted(self.behind):
            if not self.held[party].holds and anew.is_whole(self, party):
                self.behind.discard(party)
                self.seen = {(whose, log): leaves for (whose, log), leaves in self.seen.items() if whose != party}

    def both_ends(self):
        """Give each log with what its origin and its mirror hold, and whether one of the two was set back and is not whole again."""
        for log in sorted(self.names):
            name = parse_log(log)
            ours, theirs = (self.held[party].logs.get(log, []) for party in (name.sender, name.receiver))
            if ours or theirs:  # else it went with the disks
                yield log, ours, theirs, bool(self.behind & {name.sender, name.receiver})

    def warns(self, each, to, mark):
        warn(each, to, mark)

    def findings(self, one, other):
        """What one node tells of its findings with the other."""
        return negotiating.told(self.machines[one], other)

    def unproven(self, party):
        return [each for to in self.neighbours(party) for each in negotiating.unproven(self.machines[party], to)]

    def standing(self, party, words):
        return forgetting.standing(self.machines[party], words)

    def opens(self, entry):
        return forgetting.opens(entry.envelope, entry.salt, entry.content)

    def header(self, entry):
        return header_of(entry.envelope)

    # The end

    def converge(self):
        """Stop the faults: the clocks are right, agreements in force, what lies about is delivered, all talk; then all must say the same."""
        self.trace.append("the faults stop")
        self.cut.clear()
        self.rng = random.Random(f"{self.seed} end")  # noqa: S311
        for each in self.machines.values():
            each.clock.at = START + timedelta(minutes=10) + (timedelta(days=1) if self.clocks else timedelta())
        while self.post:
            self.take(self.post.pop(self.rng.randrange(len(self.post))))
            self.check()
        for _ in range(80):
            self._resume()
            for one, other in self.links:
                self.talks(one, other, faults=False)
            self.check()
            if not self.behind and self._is_said():
                return
        both_sides_say_the_same(self)

    def _resume(self):
        """Let each side resume what it suspended, as soon as it can: one that was set back only when it has its own entries again.

        What is still to be done about forks and erasures is done too.
        """
        for party in sorted(self.astray):
            anew.mend(self, party)
        for party, each in self.machines.items():
            forgetting.confirm_all(self, party)
            for name in sorted({agreement for agreement, _ in self.clauses if party in agreement}):
                with suppress(HamsayaError):
                    act_on_agreement(each.node, each.officers["commander"], name, "resume", "It is quiet again.")
            self.touched.add(party)

    def _is_said(self):
        try:
            both_sides_say_the_same(self)
        except Broken:
            return False
        return True

    def set_back_unnoticed(self, *, signs):
        """After the end: put an old file in the place of a node's own, as nobody should, and see it named (invariant 7).

        Where the node signs something new at a place that is taken, its neighbour refuses it as a fork, keeps it as evidence, and
        loses nothing. Where it signed nothing, it hears from its neighbour's receipt, and gets everything back once it holds the link.
        """
        party = self.rng.choice(list(self.machines))
        to = self.neighbours(party)[0]
        each, other = self.machines[party], self.machines[to]
        old = each.kept()
        self.warn(each, to)
        self.talks(party, to, faults=False)
        self.check()
        before = {log: list(entries) for log, entries in self.held[to].logs.items()}
        each.put_back(old)
        self.heard = {}
        if signs:
            self.warn(each, to)
        named = []
        for one, whom in ((each, other), (other, each), (each, other)):
            with one.store.reading() as book:
                data = converse.write_for(one.node, book, whom.party)
            try:
                converse.receive(whom.node, data)
            except NeighbourError as error:
                named.append(str(error))
        if not any("fork" in each or "rolled back" in each for each in named):
            self.silent.append(f"{party} was set back unnoticed: {named}")
        forks_and_rollbacks_are_named(self)
        with other.store.reading() as there, each.store.reading() as here:
            must(there.quarantined() or here.quarantined(), 7, "no evidence was kept")
        must(_held(other).logs == before, 7, f"{to} did not keep what it had acknowledged")
        if not signs:
            hold_link(each.node, to, "An old file was put here.")
            self.forget(party)
            self.touched |= set(self.machines)
            self.converge()

    def warn(self, each, to):
        held = warn(each, to, forgetting.mark_of(self.rng))
        must(held.condition == "logged", 6, f"a warning is {held.condition}")
        self.touched.add(each.party)

    def verify(self):
        """Let each node replay its journal and compare every column of every table, and a third person check what left it."""
        for party, each in self.machines.items():
            must(not (wrong := wrongly_remembered(each.store)), 3, f"{party} remembers what it does not hold: {wrong}")
            faults = verify_store(each.store).faults
            must(not faults, 3, f"{party} does not verify: {[(fault.entry, str(fault.what)) for fault in faults[:3]]}")
            with each.store.reading() as book:
                faults = check_proof(export_proof(each.node, book)).faults
            must(not faults, "of proofs", f"what {party} shows a third person does not hold: {faults[:3]}")

    def outcome(self):
        """What came of the history: each act in each log, what became of it, and the condition of every release."""
        return {
            party: (
                {log: [self.header(each).kind for each in entries] for log, entries in held.logs.items()},
                {place: item.state for place, item in held.inbox.items()},
                sorted((release, condition) for release, _, _, condition in held.releases),
            )
            for party, held in self.held.items()
        }


@contextmanager
def _remembered_signatures():
    """Verify each signature of each message once: it is the same answer every time, and half of the work of a history."""
    verify = PublicKey.verify

    @functools.lru_cache(maxsize=50_000)
    def holds(key, signature, message):
        try:
            verify(key, signature, message)
        except Tampered as error:
            return error.what
        return None

    def remembered(self, signature, message):
        wrong = holds(self, signature, message)
        if wrong is not None:
            raise Tampered(wrong)

    PublicKey.verify = remembered
    try:
        yield
    finally:
        PublicKey.verify = verify


class Item(NamedTuple):
    kind: str
    state: str
    subject: str
    reason: str


def _held(each):
    held = Held()
    with each.store.engine.connect() as db, db.begin():
        for log, seq, envelope, salt, content in db.exec_driver_sql(
            "SELECT log, seq, envelope, salt, content FROM entry WHERE log NOT LIKE 'journal/%' ORDER BY log, seq"
        ):
            entries = held.logs.setdefault(log, [])
            must(seq == len(entries), 4, f"{each.party}: an entry of {log} is missing before {seq}")
            entries.append(Entry(envelope, salt, content))
        for log, size, by, envelope in db.exec_driver_sql("SELECT log, size, by, envelope FROM receipt"):
            held.receipts.append((log, size, by, receipt_of(envelope.encode()).root))
        for log, seq, kind, state, subject, reason in db.exec_driver_sql("SELECT log, seq, kind, state, subject, reason FROM inbox"):
            held.inbox[log, seq] = Item(kind, state, subject, reason)
        held.received = [tuple(row) for row in db.exec_driver_sql("SELECT id, version FROM record WHERE received_from != ''")]
        held.calls = {f"{log}#{seq}" for log, seq in db.exec_driver_sql('SELECT log, seq FROM "call" WHERE own = 0')}
        held.releases = [tuple(row) for row in db.exec_driver_sql("SELECT id, log, seq, condition FROM release")]
        held.holds = [row[0] for row in db.exec_driver_sql("SELECT neighbour FROM hold")]
        held.recalled = {tuple(row) for row in db.exec_driver_sql("SELECT log, seq FROM recall")}
        held.begun = anew.read_begun(db, each.party)
        held.forgotten = forgetting.read_forgotten(db)
    return held


@functools.lru_cache(maxsize=20_000)
def _frontier(log, envelopes):
    if not envelopes:
        return Frontier()
    frontier = _frontier(log, envelopes[:-1]).copy()
    frontier.append(Entry(envelopes[-1], b"", None).leaf)
    return frontier


def _roots(log, entries):
    envelopes = tuple(each.envelope for each in entries)
    return [(log, size, _frontier(log, envelopes[:size]).root().hex()) for size in range(1, len(envelopes) + 1)]


ACTS = {
    World.talks: 26, World.files_and_releases: 14, World.delivers: 10, World.acknowledges: 7, World.writes_a_stick: 5, World.calls: 6,
    World.answers_a_call: 4, World.suspends_or_resumes: 3, World.clock_jumps: 5, World.restarts: 2, World.cuts_or_mends_the_cable: 4,
    World.makes_a_backup: 4, World.is_set_back: 3,
}  # fmt: skip
FORGETTING = ACTS | {
    World.talks: 20, World.files_and_releases: 8, World.acknowledges: 4, World.calls: 3, World.makes_a_backup: 5, World.is_set_back: 5,
    forgetting.erases: 14, forgetting.confirms_an_erasure: 10, anew.goes_on_from_an_old_copy: 5, anew.is_set_back_too: 8, anew.begins_anew: 8,
}  # fmt: skip
NEGOTIATING = ACTS | {
    World.files_and_releases: 5, World.calls: 3, World.answers_a_call: 2, World.clock_jumps: 8,
    negotiating.puts_a_text_forward: 12, negotiating.signs: 30, negotiating.declines_or_withdraws: 3, negotiating.takes_a_text_back: 3,
}  # fmt: skip


def _choices(acts):
    return [(re.sub("_", " ", act.__name__), act) for act in acts], list(acts.values())


_CHOICES, _FORGETTING, _NEGOTIATING = _choices(ACTS), _choices(FORGETTING), _choices(NEGOTIATING)
EVERY = 16
"""So many times is looked at a node before it is asked whether it remembers what it holds; it is asked at the end of a verified history, too."""
FATES = ("pass", "drop", "delay", "repeat", "corrupt", "crash", "crash after", "full")
WITH_NEWS, WITHOUT = (30, 12, 11, 8, 8, 20, 6, 5), (72, 6, 6, 5, 5, 3, 2, 1)
"""How often each happens to a bundle that carries entries, and to one that only says what is held."""
