# SPDX-License-Identifier: Apache-2.0
"""What tests share: two nodes in one process, each with a real ledger, and a way to carry bundles between them.

Tests of the folders in `ON_BOTH` run twice: on the embedded store, and (marked `postgresql`) on a server of our own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyrage import x25519
from tests.postgres import Cluster, binaries

from hamsaya.assemble.keyring import _certificate
from hamsaya.desk.acts_epochs import EpochOpened, EpochSettled, LostEntryFound
from hamsaya.desk.acts_retention import DueDecided, DueOrdered, HoldMade
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.consents import answer_consent
from hamsaya.desk.converse import answer, receive, synchronise
from hamsaya.desk.distress import answer_distress, review_distress, send_distress, send_stop, stand_down
from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.desk.erasing import confirm_erasure, decide_erasure, order_erasure
from hamsaya.desk.findings import propose_finding, put_forward
from hamsaya.desk.flags import close_flag
from hamsaya.desk.holdings import Officer, Party, RecordHeld, ReleaseHeld
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import link_incident
from hamsaya.desk.keychange import change_key
from hamsaya.desk.logins import add_passkey
from hamsaya.desk.matters import move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.parties import add_officer, create_party, trust_neighbour
from hamsaya.desk.ports import Node
from hamsaya.desk.recalls import answer_recall, recall_release
from hamsaya.desk.relating import relate_incidents, set_apart
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.requests import refuse_request
from hamsaya.desk.review import undo_draft
from hamsaya.desk.sections import define_section, say_day, set_level
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import sample_terms
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.acts import Card, ReleaseOpened
from hamsaya.exchange.bundle import Bundle, send_entry, write_bundle
from hamsaya.exchange.consents import ConsentAsked
from hamsaya.exchange.letters import Mark
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.retention import CopyHeld
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import NeighbourError
from hamsaya.facts.values import Place
from hamsaya.intake import read_document
from hamsaya.intake.typed import TypedFields
from hamsaya.ledger.store import Store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.keys import SigningKey
from hamsaya.settlement.finding import Paragraph

SHARED = Path(__file__).resolve().parents[2] / "shared"
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

CERTIFICATE = _certificate(ec.generate_private_key(ec.SECP256R1()), "test", START).decode()
RECIPIENT = str(x25519.Identity.generate().to_public())

REPORT = """Report of the duty office.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. One civilian was wounded. A vehicle was damaged.
"""


STANDING = """
[[clauses]]
number = "11"
type = "standing-approval"
kinds = ["meeting", "warning"]
ceiling = "green"
review_h = 6
"""
"""A clause beside those of the sample: one officer releases what is said of meetings, and warnings."""
ALONE = """
[[clauses]]
number = "11"
type = "standing-approval"
kinds = ["pursuit_notice"]
ceiling = "green"
review_h = 24
"""
"""One officer tells of a pursuit."""
ON_BOTH = ("tests/ledger/", "tests/desk/", "tests/web/test_sessions", "tests/assemble/test_rounds")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what goes through a ledger on both stores, in the folders where that is asked for.

    Of the desk's tests, which reach a store through the ledger alone, every sixth goes to the server; all with HAMSAYA_EVERY_WAY set.
    """
    name = metafunc.definition.nodeid
    by_itself = any("store_kind" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "store_kind" in metafunc.fixturenames and name.startswith(ON_BOTH) and not by_itself:
        here = not name.startswith("tests/desk/") or crc32(name.encode()) % 6 == 0 or os.environ.get("HAMSAYA_EVERY_WAY")
        on_server = [pytest.param("postgresql", marks=pytest.mark.postgresql)] if here else []
        metafunc.parametrize("store_kind", ["sqlite", *on_server], indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that need what is not here (../shared, a PostgreSQL server), and say so; never in CI.

    Files that start nodes or the browser come first: no process is left with a long one when the others are done.
    """
    slow = {item.path for item in items if item.get_closest_marker("live") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)
    missing = {
        "shared": "" if SHARED.is_dir() else "../shared (real data), which is not beside this clone",
        "postgresql": "" if binaries() else "PostgreSQL's server programs (package postgresql), which are not on this machine",
    }
    config.stash[_LEFT_OUT] = {}
    for marker, what in missing.items():
        if not what:
            continue
        if os.environ.get("CI"):
            raise pytest.UsageError(f"CI needs {what}")
        left_out = [item for item in items if item.get_closest_marker(marker)]
        items[:] = [item for item in items if not item.get_closest_marker(marker)]
        config.hook.pytest_deselected(items=left_out)
        config.stash[_LEFT_OUT][what] = len(left_out)


_LEFT_OUT = pytest.StashKey[dict[str, int]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out."""
    for what, count in config.stash.get(_LEFT_OUT, {}).items():
        if count:
            terminalreporter.write_line(f"{count} tests need {what}: left out", yellow=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own."""
    made = Cluster()
    yield made
    made.end()


@pytest.fixture(scope="session")
def store_kind(request: pytest.FixtureRequest) -> str:
    """Which database the nodes of this test are on."""
    return str(getattr(request, "param", "sqlite"))


Places = Callable[[Path, str], Path | str]


@pytest.fixture(scope="session")
def places(request: pytest.FixtureRequest, store_kind: str) -> Places:
    """Give a place for a party's ledger: a file of the folder, or an empty schema of the server."""
    if store_kind == "sqlite":
        return lambda folder, party: folder / f"{party}.db"
    cluster: Cluster = request.getfixturevalue("cluster")
    return lambda _folder, _party: cluster.schema()


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED


RIGHTS = Officer(login="rights", office="rights office", role="rights-officer", password="", language="en")


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime = START
    tick: timedelta = timedelta(milliseconds=1)

    def __call__(self) -> datetime:
        self.at += self.tick
        return self.at


@dataclass
class Desk:
    """One node with its officers, as a test uses it."""

    node: Node
    store: Store
    clock: Clock
    seed: bytes
    store_key: bytes
    officers: dict[str, Officer] = field(default_factory=dict)

    def file(self, text: str = REPORT, *, grade: str = "B2", **options: str) -> RecordHeld:
        """Read a report of the office's own and file its first draft."""
        _, drafts = add_document(self.node, self.officers["duty"], text.encode(), name="report.txt", basis="own")
        return accept_draft(self.node, self.officers["duty"], drafts[0].draft, grade=grade, **options)


def card_of(node: Node, zone: str) -> Card:
    return Card(
        party=node.party, name={"en": node.party.title()}, country=node.country, languages=["en"], zone=zone, key=node.key.public.hex,
        tls=CERTIFICATE, age=RECIPIENT, address="127.0.0.1:1", exercise=node.exercise,
    )  # fmt: skip


def make_desk(
    folder: Path, party: str, country: str, *, zone: str = "UTC", exercise: bool = False, clock: Clock | None = None, places: Places | None = None
) -> Desk:
    clock = clock or Clock()
    seed, store_key = os.urandom(32), os.urandom(32)
    key = SigningKey(seed)
    store = Store(places(folder, party) if places else folder / f"{party}.db", store_key, party=party, key=key, now=clock, random=os.urandom)
    store.create()
    node = Node(
        party=party,
        country=country,
        zone=zone,
        exercise=exercise,
        key=key,
        ledger=store,
        read=read_document,
        dictation=TypedFields(),
        now=clock,
        random=os.urandom,
    )
    create_party(node, card_of(node, zone))
    desk = Desk(node, store, clock, seed, store_key)
    for login, role in (
        ("duty", "officer"),
        ("approver", "approver"),
        ("commander", "commander"),
        ("admin", "administrator"),
        ("auditor", "auditor"),
    ):
        desk.officers[login] = add_officer(
            node, login=login, office=f"{login} office", role=role, language="en", password="x", hash_password=lambda password: f"hash of {password}"
        )
    return desk


@dataclass
class Pair:
    """Two neighbours that trust each other."""

    west: Desk
    east: Desk

    def carry(self, sender: Desk, receiver: Desk) -> Callable[[Party, bytes], bytes]:
        """Return a link from one to the other."""
        del sender
        return lambda _, data: answer(receiver.node, data)

    def sync(self) -> None:
        """Let west talk with east."""
        synchronise(self.west.node, "east", self.carry(self.west, self.east))

    def agree(self, terms: str = "") -> str:
        """Sign one agreement on both sides; returns its id."""
        text = terms or sample_terms("west", "east", START - timedelta(days=1))
        name = draft_agreement(self.west.node, text).agreement.table.id
        sign_agreement(self.west.node, self.west.officers["commander"], name)
        self.sync()
        sign_agreement(self.east.node, self.east.officers["commander"], name)
        self.sync()
        return name


@pytest.fixture
def desk(tmp_path: Path, places: Places) -> Iterator[Desk]:
    made = make_desk(tmp_path, "west", "IR", places=places)
    yield made
    made.store.close()


def two_desks(folder: Path, places: Places) -> Pair:
    """Make two nodes with one clock that do not know each other yet."""
    clock = Clock()
    return Pair(make_desk(folder, "west", "IR", clock=clock, places=places), make_desk(folder, "east", "PK", clock=clock, places=places))


def trusting(folder: Path, places: Places) -> Pair:
    """Make two nodes that trust each other."""
    return introduced(two_desks(folder, places))


def introduced(pair: Pair) -> Pair:
    """Let each of two nodes trust the other's card."""
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            card = book.card_of(other.node.party)
        trust_neighbour(one.node, card, other.node.key.public.fingerprint())
    return pair


@pytest.fixture
def strangers(tmp_path: Path, places: Places) -> Iterator[Pair]:
    """Two nodes that do not know each other yet."""
    pair = two_desks(tmp_path, places)
    yield pair
    pair.west.store.close()
    pair.east.store.close()


@pytest.fixture
def pair(strangers: Pair) -> Pair:
    """Two nodes that trust each other."""
    return introduced(strangers)


@pytest.fixture
def agreed(pair: Pair) -> Pair:
    """Two nodes with an agreement in force."""
    pair.agree()
    return pair


def consent_and_recall(pair: Pair, record: str) -> None:
    """East asks west whether a record of its may go on, and west consents; west takes a release back, and erases it; east answers both."""
    west, east = pair.west, pair.east
    asked = ConsentAsked(
        request="EAST-C-000001", record=record, version=1, receiver="north", purpose="settlement", necessity="North is searching there too.",
        fields=["action"], copy="", office="duty office", at=east.clock(),
    )  # fmt: skip
    with east.store.writing() as pen:  # about a third party that is not here
        pen.extend(link_log("east", "west"), "consent.asked", canonical(asked), east.officers["duty"])
    pair.sync()
    answer_consent(west.node, west.officers["approver"], "east", asked.request, granted=True)
    regretted = release(west, west.file(REPORT.replace("12 November", "18 November")).record.id)
    pair.sync()
    recall_release(west.node, west.officers["duty"], regretted.release, "It was another post.")
    pair.sync()
    answer_recall(east.node, east.officers["duty"], regretted.log, regretted.seq)
    order_erasure(west.node, west.officers["commander"], regretted.record, "mistake")
    decide_erasure(west.node, west.officers["approver"], regretted.record, erase=True)
    pair.sync()
    confirm_erasure(east.node, east.officers["approver"], regretted.log, regretted.seq)
    pair.sync()
    with west.store.reading() as book:
        incident = book.versions(record)[0].record.incident
    close_flag(west.node, RIGHTS, incident, "Both wounded were treated, and went home.")


PILLAR = TypedReport(remarks="The pillar will be painted on both sides.", grade="B2")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, places: Places) -> Iterator[Pair]:
    """Two neighbours to whom something of every kind has happened, so that every table of west has rows."""
    pair = trusting(tmp_path_factory.mktemp("lived"), places)
    name = pair.agree(sample_terms("west", "east", START - timedelta(days=1)) + STANDING)
    west, east = pair.west, pair.east
    for verb in ("suspend", "resume"):
        act_on_agreement(west.node, west.officers["commander"], name, verb, "Shots near the line.")
        pair.sync()
    first = west.file()
    release(west, first.record.id)
    asked = {"purpose": "targeting", "necessity": "It would be of use to us."}
    assert propose_release(west.node, west.officers["duty"], first.record.id, **asked).condition == "refused"
    warned = file_report(west.node, west.officers["duty"], PILLAR, kind="warning", handling="green").held.record.id
    alone = {"purpose": "prevention", "necessity": "Both sides paint it at once."}
    assert propose_release(west.node, west.officers["duty"], warned, **alone).condition == "logged"
    pair.sync()
    second = east.file(REPORT.replace("One", "Two"), incident=first.record.incident)
    release(east, second.record.id)
    _ask_and_refuse(west, east, pair)
    with west.store.reading() as book:
        item = next(each for each in book.inbox() if each.state == "new")
    acknowledge(west.node, west.officers["duty"], item.log, item.seq)
    _find(pair, first.record.incident, second.record.id)
    other = west.file(REPORT.replace("12 November", "14 November").replace("Mirjaveh", "Zahedan"))
    link_incident(west.node, west.officers["duty"], other.record.incident, first.record.incident)
    wrong = west.file(REPORT.replace("12 November", "16 November"))
    with west.store.reading() as book:
        decided = next(held for held in book.drafts() if held.record == wrong.record.id)
    undo_draft(west.node, west.officers["duty"], decided.draft, reason="another event")
    file_report(west.node, west.officers["duty"], TypedReport(size="several", location="Taftan", time="-15m", grade="C3"), kind="intelligence_report")
    add_passkey(west.node, west.officers["duty"], credential="Y3JlZA", public_key="a2V5", name="Key", host="localhost", count=3)
    call_each_other(pair)
    consent_and_recall(pair, first.record.id)
    _change_key(east)
    _say_daily(pair)
    bad = write_bundle(Bundle(sender="east", receiver="west", at=west.clock(), receipts=["{}"]), east.node.key)
    with pytest.raises(NeighbourError):
        receive(west.node, bad)
    with east.store.writing() as pen:  # about an entry that west never made: it stands in quarantine, and east is told so
        opened = ReleaseOpened(log=first_log(west), seq=9999, office="duty office", at=west.clock())
        pen.extend(link_log("east", "west"), "release.opened", canonical(opened), east.officers["duty"])
    pair.sync()
    _run_out(west)
    _begin_anew(west)
    yield pair
    west.store.close()
    east.store.close()


def first_log(desk: Desk) -> str:
    with desk.store.reading() as book:
        return next(held.log for held in book.releases() if held.log)


def call_each_other(pair: Pair) -> None:
    """Let west call for help, from the call to its review, and east call a STOP that is answered."""
    place = Place(words="Mirjaveh", precision="settlement")
    called = send_distress(pair.west.node, pair.west.officers["duty"], Call(what=["medical"], place=place, help=["medical_team"]), token="once")[0]
    pair.sync()
    answer_distress(pair.east.node, pair.east.officers["duty"], called.case, "coming", minutes=20)
    pair.sync()
    stand_down(pair.west.node, pair.west.officers["duty"], called.case)
    review_distress(pair.west.node, pair.west.officers["commander"], called.case, "right", "The wounded were taken over.")
    (stop,) = send_stop(pair.east.node, pair.east.officers["duty"], Call(what=["fire"], whom=["all"], place=place))
    pair.sync()
    answer_distress(pair.west.node, pair.west.officers["duty"], stop.case, "stopped")


def _change_key(desk: Desk) -> None:
    successor = SigningKey(os.urandom(32))
    change_key(desk.node, successor, "planned")
    desk.node = replace(desk.node, key=successor)


def _say_daily(pair: Pair) -> None:
    """Both name a section and say how today was; west sets how tense it is."""
    for desk, section in ((pair.west, "mirjaveh"), (pair.east, "taftan")):
        define_section(desk.node, desk.officers["commander"], section, section.title())
        say_day(desk.node, desk.officers["duty"], section)
    set_level(pair.west.node, pair.west.officers["commander"], "mirjaveh", "high", "Shots were fired at a patrol.")
    pair.sync()


def _run_out(west: Desk) -> None:
    """An order to erase what ran out was declined, and a copy was held once: what those tables hold, and nothing that is due."""
    with west.store.reading() as book:
        log = next(log for log in book.logs() if log.startswith("release/") and log.endswith("/east/west"))
    held = CopyHeld(log=log, seq=0, number=1, reason="complaint", until=west.clock(), office="approver office", at=west.clock())
    with west.store.writing() as pen:
        number = pen.journal(DueOrdered(items=[(log, 0)]), west.officers["commander"])
        pen.journal(DueDecided(order=number, erase=False), west.officers["approver"])
        pen.journal(HoldMade(held=held), west.officers["approver"])


def _begin_anew(west: Desk) -> None:
    """Logs to a third party were begun anew, and an entry came back as lost: what those tables hold, and nothing that goes on differently."""
    with west.store.writing() as pen:
        marks = [Mark(link_log("west", "north"), 0, "")]
        pen.journal(EpochOpened(neighbour="north", epoch="e1", reason="Its disk was lost.", closed=marks), west.officers["commander"])
        pen.journal(EpochSettled(neighbour="north", epoch="e1"), west.officers["commander"])
        (first,) = pen.entries(link_log("west", "east"), 0, 1)
        found = LostEntryFound(log=link_log("west", "east"), seq=0, entry=send_entry(first), giver="east")
        pen.journal(found, west.officers["commander"])


def _ask_and_refuse(west: Desk, east: Desk, pair: Pair) -> None:
    """Let east ask west, which refuses; and let east acknowledge something."""
    request = file_report(east.node, east.officers["duty"], TypedReport(remarks="Who saw the boat?", grade="A1"), kind="request").held.record.id
    release(east, request)
    pair.sync()
    refuse_request(west.node, west.officers["duty"], request, ["asylum"], "They seek protection.")
    with east.store.reading() as book:
        item = next(each for each in book.inbox() if each.kind == "release")
    acknowledge(east.node, east.officers["duty"], item.log, item.seq)
    pair.sync()
    move_matter(east.node, east.officers["duty"], request, "close")


def _complain(pair: Pair, incident: str) -> None:
    """Let each complain to the other about the incident that both know, and east reply."""
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            about = {
                "subjects": book.incident_name(incident),
                "degree": "complaint",
                "demand": "explanation",
                "says": "Shots fell on our side.",
                "due": "+2d",
            }
        release(desk, open_matter(desk.node, desk.officers["duty"], "complaint", Sheet(typed=about)).held.record.id)
    pair.sync()
    with pair.east.store.reading() as book:
        complaint = next(record for record, sender in book.openings(["complaint"]) if sender)
    replied = answer_matter(pair.east.node, pair.east.officers["duty"], complaint, "hold", Sheet(typed={"reply": "inquiry_under_way"}))
    release(pair.east, replied.held.record.id)
    pair.sync()


def _find(pair: Pair, incident: str, theirs: str) -> None:
    """Let west put a finding forward, which east declines, putting another text forward; and say what led to it, and what is not of it."""
    _complain(pair, incident)
    west, east = pair.west, pair.east
    pair.sync()
    text = [Paragraph("agreed_fact", "Shots were fired near Mirjaveh."), Paragraph("open_point", "From which side the first came.")]
    finding = propose_finding(west.node, west.officers["commander"], incident, text).record.id
    release(west, finding)
    pair.sync()
    move_matter(east.node, east.officers["commander"], finding, "decline")
    release(east, put_forward(east.node, east.officers["commander"], finding, text[:1]).record.id)
    pair.sync()
    led_to = west.file(REPORT.replace("12 November", "11 November").replace("Mirjaveh", "Taftan"))
    relate_incidents(west.node, west.officers["duty"], led_to.record.incident, "causes", incident)
    set_apart(west.node, west.officers["duty"], theirs)


def release(desk: Desk, record: str) -> ReleaseHeld:
    """Let a record leave by two officers."""
    proposed = propose_release(desk.node, desk.officers["duty"], record, purpose="settlement", necessity="Both commands must see this account.")
    return approve_release(desk.node, desk.officers["approver"], proposed.release)
