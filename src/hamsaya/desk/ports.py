# SPDX-License-Identifier: Apache-2.0
"""What the desk needs from the world: a ledger, a reader of documents, a clock and randomness."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hamsaya.agreement.tellings import Telling
from hamsaya.boundary.lines import Ruler
from hamsaya.desk.calls import CallBook
from hamsaya.desk.cases_held import CaseHeld
from hamsaya.desk.consents_held import ConsentHeld
from hamsaya.desk.dictation import Dictation
from hamsaya.desk.epochs_held import EpochBook
from hamsaya.desk.erasures_held import ErasureBook
from hamsaya.desk.event import Event
from hamsaya.desk.events import RecordFiled, Verdict
from hamsaya.desk.filters import Filter
from hamsaya.desk.flags_held import FlagBook
from hamsaya.desk.holdings import (
    AccessAct,
    AgreementHeld,
    DocumentHeld,
    DraftHeld,
    Held,
    InboxItem,
    Kept,
    LinkHeld,
    Officer,
    Opening,
    Party,
    PasskeyHeld,
    Quarantined,
    ReceiptHeld,
    RecordHeld,
    RefusalHeld,
    ReleaseAct,
    ReleaseHeld,
    ReviewHeld,
)
from hamsaya.desk.keys_held import KeyBook
from hamsaya.desk.matters_held import MatterBook
from hamsaya.desk.picture import Label
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.desk.related_held import RelatedBook
from hamsaya.desk.retention_held import RetentionBook
from hamsaya.desk.sections_held import SectionBook
from hamsaya.desk.sheets import SHEET, Sheet
from hamsaya.desk.stages_held import StageBook
from hamsaya.desk.unopened_held import UnopenedBook
from hamsaya.desk.working import Contact, WorkingBook, Workplace
from hamsaya.exchange.quarantine import EntryQuarantined
from hamsaya.exchange.session import Mirror
from hamsaya.facts.records import Draft
from hamsaya.facts.words import Text
from hamsaya.seal.entries import Entry
from hamsaya.seal.keys import SigningKey


class Book(
    WorkingBook, CallBook, KeyBook, ErasureBook, EpochBook, MatterBook, RetentionBook, FlagBook, StageBook, RelatedBook, SectionBook,
    UnopenedBook, Protocol,
):  # fmt: skip
    """Reading the ledger at one moment."""

    def parties(self) -> list[Party]:
        """Return this node's own party first, then its neighbours."""

    def card_of(self, party: str) -> bytes:
        """Return the signed card of a known party."""

    def officers(self) -> list[Officer]:
        """Return the login accounts."""

    def passkeys(self, *, login: str = "", credential: str = "") -> list[PasskeyHeld]:
        """Return passkeys, of one account or with one credential id if asked, in the order of their registration."""

    def access_acts(self, *, before: int = 0, count: int = 200) -> list[AccessAct]:
        """Return up to `count` acts on who may come in, newest first, of entries before `before` if that is not 0."""

    def documents(self) -> list[DocumentHeld]:
        """Return the documents, newest first."""

    def documents_page(self, after: str = "", limit: int = SHEET) -> Sheet[DocumentHeld]:
        """Return the sheet after `after` of the documents, newest first. Raises `InputError` for a bad cursor."""

    def documents_named(self, start: str) -> list[DocumentHeld]:
        """Return at most two documents whose hash begins so; none for an empty start."""

    def document_names(self, documents: Sequence[str]) -> dict[str, str]:
        """Return what these documents are called."""

    def draft_counts(self, documents: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return how many drafts each of these documents has in each state."""

    def document_bytes(self, document: str) -> bytes | None:
        """Return a document as it was received, or None."""

    def drafts(self, *, document: str = "", state: str = "") -> list[DraftHeld]:
        """Return drafts, of one document or in one state if asked, in the order they were proposed."""

    def drafts_page(self, state: str, after: str = "", limit: int = SHEET) -> Sheet[DraftHeld]:
        """Return the sheet after `after` of the drafts in one state, those of the newest document first."""

    def draft(self, draft: str) -> DraftHeld | None:
        """Return one draft, or None."""

    def records(self, *, incident: str = "") -> list[RecordHeld]:
        """Return the latest standing version of each record, of one incident if asked."""

    def struck(self, *, incident: str = "") -> list[RecordHeld]:
        """Return the versions that were withdrawn, of one incident if asked."""

    def points_in(self, areas: Sequence[str]) -> list[tuple[int, int]]:
        """Return the points (longitude, latitude in microdegrees), each once, that records tell under these names (`districts.area_of`)."""

    def records_page(self, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[RecordHeld]:
        """Return the sheet after `after` of the records that fit the filter, newest first. Raises `InputError` for a bad cursor."""

    def records_of(self, incidents: Sequence[str]) -> list[RecordHeld]:
        """Return the latest version of each record of these incidents, which go by the names they go on under."""

    def records_of_kinds(self, kinds: Sequence[str]) -> list[RecordHeld]:
        """Return the latest standing version of each record of these kinds, oldest first."""

    def record_kinds(self, records: Sequence[str]) -> dict[str, str]:
        """Return the kind of those of these records that are here."""

    def search_page(self, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[RecordHeld | DocumentHeld]:
        """Return the sheet after `after` of the records and documents that fit the filter and hold its words, newest first."""

    def versions(self, record: str) -> list[RecordHeld]:
        """Return every version of a record, first to last."""

    def versions_of(self, records: Sequence[str]) -> dict[str, list[RecordHeld]]:
        """Return every version of each of these records that are here, first to last."""

    def signed_version(self, record: str, version: int) -> bytes | None:
        """Return the signed bytes of a version that this node filed, or None."""

    def record_filed_as(self, token: str) -> str:
        """Return the record that a typed report with this token was filed as, empty for none."""

    def incidents(self) -> list[str]:
        """Return the names of incidents that standing records belong to, newest first."""

    def incidents_page(self, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[str]:
        """Return the sheet after `after` of the names of incidents of which an account fits the filter, newest first."""

    def has_incident(self, incident: str) -> bool:
        """Say whether an incident goes on under that very name."""

    def incident_name(self, incident: str) -> str:
        """Return the name under which an incident goes on after it was linked."""

    def links_of(self, incident: str) -> list[LinkHeld]:
        """Return the links by which other incidents go on under this one's name."""

    def known_before(self, entry: int) -> Book:
        """Return this book with the agreements, consents and withdrawals that were known before an entry of the journal."""

    def agreements(self) -> list[AgreementHeld]:
        """Return the agreements with the signatures known here."""

    def tellings(self, agreement: str) -> list[Telling]:
        """Return who told whom of an agreement's texts, signatures and acts, in the order in which it came."""

    def releases(self) -> list[ReleaseHeld]:
        """Return the releases in the order they were proposed."""

    def releases_page(self, after: str = "", limit: int = SHEET) -> Sheet[ReleaseHeld]:
        """Return the sheet after `after` of the releases: those that wait for the second officer, then the rest; newest first in both."""

    def releases_of(self, record: str) -> list[ReleaseHeld]:
        """Return the releases of one record, newest first."""

    def awaited_by(self, kinds: Collection[str]) -> list[str]:
        """Return the neighbours who have not receipted a release of such a record, among the newest that wait for a receipt."""

    def undelivered(self, conditions: Sequence[str]) -> list[ReleaseHeld]:
        """Return the releases in one of these conditions, in the order in which they came into it."""

    def release(self, release: str) -> ReleaseHeld | None:
        """Return one release, or None."""

    def refusals(self, *, request: str = "") -> list[RefusalHeld]:
        """Return the requests that were refused on a ground, here or by a neighbour; those of one request if asked."""

    def opening(self, log: str, seq: int) -> Opening | None:
        """Return when a neighbour's officer acknowledged an entry of ours, or None."""

    def answers_to(self, request: str) -> list[RecordHeld]:
        """Return the latest standing version of each record that answers a request, oldest first."""

    def reviews(self, *, release: str = "", waiting: bool = False) -> list[ReviewHeld]:
        """Return the reviews of releases under a standing approval, the one due first in front; of one release, or those that wait, if asked."""

    def release_acts(self, release: str) -> list[ReleaseAct]:
        """Return where the signed entries stand that tell of a release, made here or sent here, in the order of the journal."""

    def sent_before(self, log: str, first: int) -> set[int]:
        """Return which entries of a release log, from `first` on, went into a bundle before."""

    def arrived_releases(self, items: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Return the names of the releases that arrived as these entries of logs."""

    def records_in(self, items: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str]]:
        """Return, for these entries of logs, the record that each let go and, where it was ours, the name of the release."""

    def inbox(self) -> list[InboxItem]:
        """Return what arrived, newest first."""

    def inbox_page(self, after: str = "", limit: int = SHEET) -> Sheet[InboxItem]:
        """Return the sheet after `after` of what arrived, newest first."""

    def inbox_item(self, log: str, seq: int) -> InboxItem | None:
        """Return one thing that arrived, or None."""

    def arrived_about(self, subject: str) -> list[InboxItem]:
        """Return what arrived about a subject, oldest first."""

    def waiting(self, log: str = "", before: datetime | None = None) -> dict[str, int]:
        """Return by log how many items wait to be acknowledged; of one log, or of those whose time began before another, if asked."""

    def last_heard(self, party: str) -> tuple[datetime | None, datetime | None]:
        """Return when something last arrived from a neighbour, and the time on its newest receipt."""

    def notices(self) -> list[EntryQuarantined]:
        """Return all notices of quarantine, ours and those of neighbours, oldest first."""

    def notice_of(self, log: str, seq: int) -> EntryQuarantined | None:
        """Return the notice about an entry, or None."""

    def release_in(self, log: str, seq: int) -> str:
        """Return the name of our release that this entry made, empty for none."""

    def untold_quarantine(self, party: str, most: int) -> list[EntryQuarantined]:
        """Return the notices that are due to `party`: of what it sent and what stands in quarantine here."""

    def quarantined(self) -> list[Quarantined]:
        """Return the bundles that broke the rules."""

    def receipts(self) -> list[ReceiptHeld]:
        """Return receipts made and received, by log and size."""

    def last_receipt(self, log: str, by: str) -> ReceiptHeld | None:
        """Return the receipt of a party that covers most of a log, or None."""

    def last_receipts(self, by: str) -> dict[str, ReceiptHeld]:
        """Return of each log that has one the receipt of a party that covers most of it."""

    def has_receipt(self, log: str, size: int, by: str) -> bool:
        """Say whether a party's receipt over a log at that very size is here."""

    def receipt_over(self, log: str, seq: int, by: str) -> ReceiptHeld | None:
        """Return the first receipt of a party that covers an entry of a log, or None."""

    def logs(self) -> dict[str, int]:
        """Return the size of each log."""

    def entries(self, log: str, first: int, count: int) -> list[Entry]:
        """Return up to `count` entries of `log` from `first` on."""

    def checkpoint(self, log: str) -> bytes | None:
        """Return the last signed checkpoint over `log` that is held here, or None."""

    def mirror(self, log: str) -> Mirror:
        """Return what is held of a neighbour's log."""

    def root_at(self, log: str, size: int) -> bytes | None:
        """Return the root over the first `size` entries, or None if the log was never that long."""

    def keepings(self) -> list[Kept]:
        """Return the backups that were made, and those that the node was restored from, oldest first."""

    def consent_requests(self) -> list[ConsentHeld]:
        """Return the requests for consent, ours and those of neighbours, with their answers, in the order in which they came."""

    def case_files(self, incident: str) -> list[CaseHeld]:
        """Return the case files that were written about an incident, oldest first."""

    def recalls(self, entry: tuple[str, int] | None = None) -> list[RecallHeld]:
        """Return what was taken back, by us or by a neighbour, with the answers, in the order in which it came; of one entry if asked."""

    def holds(self) -> list[Held]:
        """Return the links that are held."""

    def last_act(self) -> datetime | None:
        """Return the time of the journal's last entry, or None."""


class Pen(Book, Protocol):
    """Writing to the ledger: all of it is committed together, or none."""

    def journal(self, event: Event, by: Officer) -> int:
        """Append an act to the journal and apply it to the tables; return its number."""

    def succeed(self, key: SigningKey) -> None:
        """Sign with another key from here on, in this transaction and after it."""

    def journal_filed(self, events: Sequence[RecordFiled], by: Officer) -> None:
        """Append many filed records to the journal, an entry each, and apply them together."""

    def extend(self, log: str, kind: str, content: bytes, by: Officer, about: dict[str, str] | None = None) -> int:
        """Append an entry to one of our link or release logs, bound into the journal; return its number."""

    def absorb(self, log: str, entries: Sequence[Entry], verdicts: Sequence[Verdict], checkpoint: bytes) -> None:
        """Store a neighbour's next entries with the verdict on each, and its checkpoint if it covers all that is held."""

    def take_back(self, log: str, entry: Entry, giver: str) -> None:
        """Store the next entry of one of our own logs, which `giver` had mirrored and returned."""

    def attempt(self) -> AbstractContextManager[None]:
        """Do what is in the block, or, if it raises, none of it; the transaction goes on."""

    def keep(self, data: bytes) -> str:
        """Keep bytes under their SHA-256 and return it."""

    def note_contact(self, contact: Contact) -> None:
        """Put this in the place of what is known of the link; nothing where nothing is known yet."""


class Ledger(Workplace, Protocol):
    """The node's store."""

    def reading(self) -> AbstractContextManager[Book]:
        """Give a book over one consistent moment."""

    def writing(self) -> AbstractContextManager[Pen]:
        """Give a pen; what is written is committed when the block ends, and nothing of it if the block raises."""


class Reading(Protocol):
    """What a reader makes of a document."""

    @property
    def text(self) -> str:
        """The text that spans are offsets into."""

    @property
    def sha256(self) -> str:
        """The hash of the bytes as received."""

    @property
    def language(self) -> str:
        """`en`, `fa` or `ur`."""

    @property
    def published(self) -> str:
        """ISO date, or empty."""

    @property
    def drafts(self) -> list[Draft]:
        """What a person is asked to decide."""

    @property
    def excluded(self) -> Sequence[Passage]:
        """Stretches on which no claim may rest."""


class Passage(Protocol):
    """A stretch of text on which no claim may rest, and why."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """Character after the last."""

    @property
    def reason(self) -> Text:
        """Why."""


class Reader(Protocol):
    """Reads a document into drafts. Raises `InputError` for what cannot be read."""

    def __call__(self, data: bytes, *, name: str, origin: str, basis: str, language: str, published: str, zone: str) -> Reading:
        """Return the text, its language, its drafts, and what was left out."""


@dataclass(frozen=True)
class Pace:
    """How often a node calls its neighbours by itself, and how rarely at most after calls that failed; seconds."""

    every_s: int = 30
    """0: only when told to."""
    most_s: int = 300


@dataclass(frozen=True)
class Node:
    """One party's installation, with its parts already chosen."""

    party: str
    country: str
    zone: str
    exercise: bool
    key: SigningKey
    ledger: Ledger
    read: Reader
    dictation: Dictation
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    lines: Callable[[], Sequence[Ruler]] = tuple
    """Gives the lines that this node knows: declared ones, then reference lines."""
    labels: Callable[[], Sequence[Label]] = tuple
    """Gives the names that the map shows."""
    pace: Pace = Pace()
    """How often its neighbours are called."""
