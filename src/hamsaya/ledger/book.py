# SPDX-License-Identifier: Apache-2.0
"""Reading the ledger: rows into what the desk holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, literal, select, tuple_

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.lifecycle import History, counted
from hamsaya.desk import holdings as h
from hamsaya.desk.cases_held import CaseHeld
from hamsaya.desk.consents_held import ConsentHeld
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.filters import DOCUMENT, Filter
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.desk.sheets import SHEET, Sheet
from hamsaya.exchange.logs import journal_of
from hamsaya.ledger import sheets
from hamsaya.ledger import tables as t
from hamsaya.ledger.access import SqlAccessBook
from hamsaya.ledger.act import known
from hamsaya.ledger.cases import read_case_files
from hamsaya.ledger.consents import read_requests
from hamsaya.ledger.epochs import SqlEpochBook
from hamsaya.ledger.erasures import SqlErasureBook
from hamsaya.ledger.flags import SqlFlagBook
from hamsaya.ledger.holding import incident_name
from hamsaya.ledger.keys import SqlKeyBook
from hamsaya.ledger.logbook import SqlLogBook
from hamsaya.ledger.marks import Marks
from hamsaya.ledger.nearby import SqlNearbyBook
from hamsaya.ledger.papers import LATEST, SqlPapers
from hamsaya.ledger.quarantine import SqlNotices
from hamsaya.ledger.recalls import read_recalls
from hamsaya.ledger.related import SqlRelatedBook
from hamsaya.ledger.remembered import Memory
from hamsaya.ledger.retention import SqlRetentionBook
from hamsaya.ledger.rows import Row, card_in, document_of, draft_of, inbox_item_of, record_of, release_of, review_of, time_of
from hamsaya.ledger.sections import SqlSectionBook
from hamsaya.ledger.stages import SqlStages
from hamsaya.ledger.tellings import SqlTellings
from hamsaya.ledger.unopened import SqlUnopened
from hamsaya.ledger.working import SqlWorkingBook
from hamsaya.seal.canonical import read
from hamsaya.seal.merkle import Frontier

_OPENED: Final = LATEST.where(t.HOLDING.c.item.in_(bindparam("items", expanding=True))).order_by(t.HOLDING.c.item.desc())
_MOST_AWAITED: Final = 1_000
"""Among so many releases that wait for a receipt, the newest, those are looked for that are tried again every few seconds."""
_REVIEWS: Final = select(t.REVIEW).order_by(t.REVIEW.c.until, t.REVIEW.c.release)
_TO_REVIEW: Final = _REVIEWS.where(t.REVIEW.c.outcome == "")


class SqlBook(
    SqlAccessBook, SqlLogBook, SqlWorkingBook, SqlNotices, SqlKeyBook, SqlTellings, SqlErasureBook, SqlEpochBook, SqlPapers,
    SqlRetentionBook, SqlFlagBook, SqlStages, SqlNearbyBook, SqlRelatedBook, SqlSectionBook, SqlUnopened,
):  # fmt: skip
    """The ledger at one moment, over one connection."""

    def __init__(
        self, db: Connection, before: int | None = None, marks: Marks | None = None, memory: Memory | None = None, journal: str = ""
    ) -> None:
        self._db, self._memory, self._journal = db, memory, journal
        self._marks = marks if marks is not None else Marks()
        self._before = before
        """The journal entry before which this book ends, for what a decision is asked of; None for all that is known."""
        self._frontiers: dict[str, Frontier] = {}

    def known_before(self, entry: int) -> SqlBook:
        """Return this book with the agreements, consents and withdrawals that were known before an entry of the journal."""
        return SqlBook(self._db, entry, self._marks)

    def parties(self) -> list[h.Party]:
        """Return this node's own party first, then its neighbours."""
        return list(self.once("parties", self._read_parties))

    def _read_parties(self) -> list[h.Party]:
        rows = self._rows(select(t.PARTY).order_by(t.PARTY.c.own.desc(), t.PARTY.c.id))
        return [h.Party(card=card_in(row["card"]), own=row["own"], since=time_of(row["since"])) for row in rows]

    def card_of(self, party: str) -> bytes:
        """Return the signed card of a party that is known here."""
        envelope: str = self._db.execute(select(t.PARTY.c.card).where(t.PARTY.c.id == party)).scalar_one()
        return envelope.encode()

    def documents(self) -> list[h.DocumentHeld]:
        """Return the documents, newest first."""
        return [document_of(row) for row in self._rows(select(t.DOCUMENT).order_by(t.DOCUMENT.c.entry.desc()))]

    def documents_page(self, after: str = "", limit: int = SHEET) -> Sheet[h.DocumentHeld]:
        """Return a sheet of documents, newest first."""
        return sheets.documents(self._db, after, limit).map(document_of)

    def documents_named(self, start: str) -> list[h.DocumentHeld]:
        """Return at most two documents whose hash begins so."""
        query = select(t.DOCUMENT).where(t.DOCUMENT.c.id >= start, t.DOCUMENT.c.id < start + "g").order_by(t.DOCUMENT.c.id).limit(2)
        return [held for held in map(document_of, self._rows(query)) if held.document.startswith(start)] if start else []

    def document_names(self, documents: Sequence[str]) -> dict[str, str]:
        """Return what these documents are called."""
        return {row["id"]: row["name"] for row in self._rows(select(t.DOCUMENT.c.id, t.DOCUMENT.c.name).where(t.DOCUMENT.c.id.in_(documents)))}

    def draft_counts(self, documents: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return how many drafts each of these documents has in each state."""
        found: dict[str, dict[str, int]] = {}
        columns = (t.DRAFT.c.document, t.DRAFT.c.state)
        for row in self._rows(select(*columns, func.count().label("number")).where(t.DRAFT.c.document.in_(documents)).group_by(*columns)):
            found.setdefault(row["document"], {})[row["state"]] = row["number"]
        return found

    def document_bytes(self, document: str) -> bytes | None:
        """Return a document as it was received."""
        data: bytes | None = self._db.execute(select(t.BLOB.c.data).where(t.BLOB.c.sha256 == document)).scalar()
        return data

    def drafts(self, *, document: str = "", state: str = "") -> list[h.DraftHeld]:
        """Return drafts in the order they were proposed."""
        query = select(t.DRAFT).order_by(t.DRAFT.c.id)
        if document:
            query = query.where(t.DRAFT.c.document == document)
        if state:
            query = query.where(t.DRAFT.c.state == state)
        return [draft_of(row) for row in self._rows(query)]

    def drafts_page(self, state: str, after: str = "", limit: int = SHEET) -> Sheet[h.DraftHeld]:
        """Return a sheet of the drafts in one state, those of the newest document first."""
        return sheets.drafts(self._db, state, after, limit).map(draft_of)

    def draft(self, draft: str) -> h.DraftHeld | None:
        """Return one draft."""
        return next(map(draft_of, self._rows(select(t.DRAFT).where(t.DRAFT.c.id == draft))), None)

    def records(self, *, incident: str = "") -> list[h.RecordHeld]:
        """Return the latest standing version of each record, own and received, oldest first; of one incident if asked."""
        if incident:
            return self.records_of([self.incident_name(incident)])
        return [record_of(row) for row in self._rows(LATEST.order_by(t.HOLDING.c.item))]

    def points_in(self, areas: Sequence[str]) -> list[tuple[int, int]]:
        """Return the points, each once, that records tell under one of these names of areas; no name stands for every record."""
        asked = select(t.SPOT.c.lon_udeg, t.SPOT.c.lat_udeg).where(t.SPOT.c.area.in_([area for area in areas if area])).distinct()
        return sorted((row.lon_udeg, row.lat_udeg) for row in self._db.execute(asked))

    def records_page(self, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[h.RecordHeld]:
        """Return a sheet of records that fit the filter, newest first."""
        return self._opened(sheets.holdings(self._db, asked, after, limit))

    def records_of(self, incidents: Sequence[str]) -> list[h.RecordHeld]:
        """Return the latest version of each record of these incidents, oldest first. Names are those they go on under."""
        return [record_of(row) for row in self._rows(LATEST.where(t.HOLDING.c.incident.in_(incidents)).order_by(t.HOLDING.c.item))]

    def records_of_kinds(self, kinds: Sequence[str]) -> list[h.RecordHeld]:
        """Return the latest version of each record of these kinds, oldest first."""
        return [record_of(row) for row in self._rows(LATEST.where(t.HOLDING.c.kind.in_(kinds)).order_by(t.HOLDING.c.item))]

    def _opened(self, sheet: Sheet[Row]) -> Sheet[h.RecordHeld]:
        rows = self._db.execute(_OPENED, {"items": [row["item"] for row in sheet.rows]}).mappings()
        return Sheet([record_of(row) for row in rows], sheet.next)

    def struck(self, *, incident: str = "") -> list[h.RecordHeld]:
        """Return the versions that were withdrawn, oldest first, of one incident if asked."""
        query = select(t.RECORD).where(t.RECORD.c.withdrawn_by > "").order_by(t.RECORD.c.entry, t.RECORD.c.id)
        if incident:
            query = query.where(t.RECORD.c.incident.in_([incident, *(link.incident for link in self.links_of(incident))]))
        return [record_of(row) for row in self._rows(query)]

    def record_kinds(self, records: Sequence[str]) -> dict[str, str]:
        """Return the kind of those of these records that are here."""
        rows = self._rows(select(t.HOLDING.c.id, t.HOLDING.c.kind).where(t.HOLDING.c.id.in_(records), t.HOLDING.c.kind != DOCUMENT))
        return {row["id"]: row["kind"] for row in rows}

    def search_page(self, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[h.RecordHeld | h.DocumentHeld]:
        """Return a sheet of records and documents that fit the filter and hold its words, newest first."""
        sheet = sheets.holdings(self._db, asked, after, limit, documents=True)
        documents = [row["id"] for row in sheet.rows if row["kind"] == DOCUMENT]
        held: dict[int | str, h.RecordHeld | h.DocumentHeld] = {
            row["id"]: document_of(row) for row in self._rows(select(t.DOCUMENT).where(t.DOCUMENT.c.id.in_(documents)))
        }
        latest = LATEST.add_columns(t.HOLDING.c.item).where(t.HOLDING.c.item.in_([row["item"] for row in sheet.rows]))
        held |= {row["item"]: record_of(row) for row in self._rows(latest)}
        return sheet.map(lambda row: held[row["id"] if row["kind"] == DOCUMENT else row["item"]])

    def signed_version(self, record: str, version: int) -> bytes | None:
        """Return the signed bytes of a version that this node filed."""
        query = select(t.RECORD.c.filed_in).where(t.RECORD.c.id == record, t.RECORD.c.version == version, t.RECORD.c.received_from == "")
        filed_in = self._db.execute(query).scalar()
        if filed_in is None or filed_in < 0:
            return None
        own = self._db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own.is_(True))).scalar_one()
        content = self.entries(journal_of(own), filed_in, 1)[0].content
        return read(content, RecordFiled).envelope.encode() if content else None

    def record_filed_as(self, token: str) -> str:
        """Return the record that a typed report with this token was filed as."""
        return self._db.execute(select(t.REPORT.c.record).where(t.REPORT.c.token == token)).scalar() or ""

    def incidents(self) -> list[str]:
        """Return the names of incidents that standing records belong to, newest first."""
        newest = func.max(t.HOLDING.c.item)
        rows = self._rows(select(t.HOLDING.c.incident).where(t.HOLDING.c.incident != "").group_by(t.HOLDING.c.incident).order_by(newest.desc()))
        return [row["incident"] for row in rows]

    def incidents_page(self, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[str]:
        """Return a sheet of the names of incidents of which an account fits the filter, the one with the newest such account first."""
        return sheets.incidents(self._db, asked, after, limit).map(lambda row: str(row["incident"]))

    def has_incident(self, incident: str) -> bool:
        """Say whether a record belongs to an incident of that name, or to one that goes on under it."""
        found = self._db.execute(select(t.HOLDING.c.item).where(t.HOLDING.c.incident == incident).limit(1)).first() if incident else None
        return found is not None

    def incident_name(self, incident: str) -> str:
        """Return the name under which an incident goes on after it was linked to another."""
        return incident_name(self._db, incident)

    def links_of(self, incident: str) -> list[h.LinkHeld]:
        """Return the links by which other incidents go on under the name of this one, and those by which those did."""
        found: list[h.LinkHeld] = []
        names = [self.incident_name(incident)]
        while names:
            rows = self._rows(select(t.INCIDENT_LINK).where(t.INCIDENT_LINK.c.into.in_(names)).order_by(t.INCIDENT_LINK.c.entry))
            found += [h.LinkHeld(incident=row["incident"], into=row["into"], office=row["office"], at=time_of(row["at"])) for row in rows]
            names = [row["incident"] for row in rows]
        return found

    def agreements(self) -> list[h.AgreementHeld]:
        """Return the agreements with every text, signature and act known here, in the order in which the first text of each came."""
        return list(self.once("agreements", self._read_agreements))

    def _read_agreements(self) -> list[h.AgreementHeld]:
        texts: dict[str, dict[str, Agreement]] = {}
        made: dict[str, dict[str, dict[str, list[bytes]]]] = {}
        acts: dict[str, list[bytes]] = {}
        for row in self._rows(known(select(t.AGREEMENT).order_by(t.AGREEMENT.c.entry), t.AGREEMENT, self._before)):
            texts.setdefault(row["id"], {})[row["hash"]] = read(row["body"].encode(), Agreement)
        by_party = select(t.AGREEMENT_SIGNATURE).order_by(t.AGREEMENT_SIGNATURE.c.party, t.AGREEMENT_SIGNATURE.c.digest)
        for row in self._rows(known(by_party, t.AGREEMENT_SIGNATURE, self._before)):
            made.setdefault(row["agreement"], {}).setdefault(row["hash"], {}).setdefault(row["party"], []).append(row["signature"].encode())
        by_number = select(t.AGREEMENT_ACT).order_by(t.AGREEMENT_ACT.c.party, t.AGREEMENT_ACT.c.number, t.AGREEMENT_ACT.c.digest)
        for row in self._rows(known(by_number, t.AGREEMENT_ACT, self._before)):
            acts.setdefault(row["agreement"], []).append(row["envelope"].encode())
        later = {party.card.party: self.key_line(party.card.party) for party in self.parties()} if texts else {}
        keys = {span.key.hex: line.after(span.key.hex) for line in later.values() for span in line.spans[:-1]}
        return [h.held_of(_history(each, made.get(name, {}), acts.get(name, []), keys)) for name, each in texts.items()]

    def releases(self) -> list[h.ReleaseHeld]:
        """Return the releases in the order they were proposed."""
        return [release_of(row) for row in self._rows(select(t.RELEASE).order_by(t.RELEASE.c.id))]

    def releases_page(self, after: str = "", limit: int = SHEET) -> Sheet[h.ReleaseHeld]:
        """Return a sheet of the releases: those that wait for the second officer, then the rest; newest first in both."""
        return sheets.releases(self._db, after, limit).map(release_of)

    def releases_of(self, record: str) -> list[h.ReleaseHeld]:
        """Return the releases of one record, newest first."""
        return [release_of(row) for row in self._rows(select(t.RELEASE).where(t.RELEASE.c.record == record).order_by(t.RELEASE.c.entry.desc()))]

    def awaited_by(self, kinds: Collection[str]) -> list[str]:
        """Return the neighbours who have not receipted a release of such a record, among the newest that wait for a receipt."""
        release = t.RELEASE.c
        newest = select(release.record, release.receiver).where(release.condition == "logged").order_by(release.entry.desc(), release.id.desc())
        waiting = newest.limit(_MOST_AWAITED).subquery()
        query = select(waiting.c.receiver).distinct().join(t.HOLDING, t.HOLDING.c.id == waiting.c.record).where(t.HOLDING.c.kind.in_(kinds))
        return sorted(self._db.execute(query).scalars())

    def undelivered(self, conditions: Sequence[str]) -> list[h.ReleaseHeld]:
        """Return the releases in one of these conditions, in the order in which they came into it."""
        query = select(t.RELEASE).where(t.RELEASE.c.condition.in_(conditions)).order_by(t.RELEASE.c.entry, t.RELEASE.c.id)
        return [release_of(row) for row in self._rows(query)]

    def release(self, release: str) -> h.ReleaseHeld | None:
        """Return one release."""
        return next(map(release_of, self._rows(select(t.RELEASE).where(t.RELEASE.c.id == release))), None)

    def opening(self, log: str, seq: int) -> h.Opening | None:
        """Return when a neighbour's officer acknowledged an entry of ours."""
        rows = self._rows(select(t.OPENING).where(t.OPENING.c.log == log, t.OPENING.c.seq == seq))
        return next((h.Opening(office=row["office"], at=time_of(row["at"])) for row in rows), None)

    def reviews(self, *, release: str = "", waiting: bool = False) -> list[h.ReviewHeld]:
        """Return the reviews of releases under a standing approval, the one due first in front; of one release, or those that wait, if asked."""
        query = _TO_REVIEW if waiting else _REVIEWS
        return [review_of(row) for row in self._rows(query.where(t.REVIEW.c.release == release) if release else query)]

    def release_acts(self, release: str) -> list[h.ReleaseAct]:
        """Return where the signed entries stand that tell of a release, made here or sent here, in the order of the journal."""
        query = select(t.RELEASE_ACT).where(t.RELEASE_ACT.c.release == release).order_by(t.RELEASE_ACT.c.entry, t.RELEASE_ACT.c.seq)
        return [h.ReleaseAct(what=row["what"], log=row["log"], seq=row["seq"], entry=row["entry"]) for row in self._rows(query)]

    def sent_before(self, log: str, first: int) -> set[int]:
        """Return which entries of a release log, from `first` on, went into a bundle before."""
        sent = select(t.RELEASE_ACT.c.seq).where(t.RELEASE_ACT.c.log == log, t.RELEASE_ACT.c.seq >= first, t.RELEASE_ACT.c.what == "sent")
        return set(self._db.execute(sent).scalars())

    def arrived_releases(self, items: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Return the names of the releases that arrived as these entries of logs."""
        where = t.RELEASE_ACT.c.what == "arrived", tuple_(t.RELEASE_ACT.c.log, t.RELEASE_ACT.c.seq).in_(items)
        return {(row["log"], row["seq"]): row["release"] for row in self._rows(select(t.RELEASE_ACT).where(*where))} if items else {}

    def records_in(self, items: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str]]:
        """Return, for these entries of logs, the record that each let go and, where it was ours, the name of the release."""
        if not items:
            return {}
        ours = select(t.RELEASE.c.log, t.RELEASE.c.seq, t.RELEASE.c.record, t.RELEASE.c.id.label("release"))
        theirs = select(t.INBOX.c.log, t.INBOX.c.seq, t.INBOX.c.subject.label("record"), literal("").label("release"))
        found = [
            *self._rows(theirs.where(t.INBOX.c.kind == "release", tuple_(t.INBOX.c.log, t.INBOX.c.seq).in_(items))),
            *self._rows(ours.where(tuple_(t.RELEASE.c.log, t.RELEASE.c.seq).in_(items))),
        ]
        return {(row["log"], row["seq"]): (row["record"], row["release"]) for row in found}

    def inbox(self) -> list[h.InboxItem]:
        """Return what arrived, newest first."""
        return [inbox_item_of(row) for row in self._rows(select(t.INBOX).order_by(t.INBOX.c.received_at.desc(), t.INBOX.c.log, t.INBOX.c.seq.desc()))]

    def inbox_page(self, after: str = "", limit: int = SHEET) -> Sheet[h.InboxItem]:
        """Return a sheet of what arrived, newest first."""
        return sheets.inbox(self._db, after, limit).map(inbox_item_of)

    def inbox_item(self, log: str, seq: int) -> h.InboxItem | None:
        """Return one thing that arrived."""
        return next(map(inbox_item_of, self._rows(select(t.INBOX).where(t.INBOX.c.log == log, t.INBOX.c.seq == seq))), None)

    def arrived_about(self, subject: str) -> list[h.InboxItem]:
        """Return what arrived about a subject, oldest first."""
        query = select(t.INBOX).where(t.INBOX.c.subject == subject).order_by(t.INBOX.c.entry, t.INBOX.c.seq)
        return [inbox_item_of(row) for row in self._rows(query)]

    def waiting(self, log: str = "", before: datetime | None = None) -> dict[str, int]:
        """Return by log how many items wait to be acknowledged; of one log, or of those whose time began before another, if asked."""
        return sheets.waiting(self._db, log, before)

    def keepings(self) -> list[h.Kept]:
        """Return the backups that were made, and those that the node was restored from, oldest first."""
        return [
            h.Kept(what=row["what"], at=time_of(row["at"]), name=row["name"], size=row["size"], journal=row["journal"], sure=bool(row["sure"]))
            for row in self._rows(select(t.KEEPING).order_by(t.KEEPING.c.entry))
        ]

    def consent_requests(self) -> list[ConsentHeld]:
        """Return the requests for consent with their answers."""
        return read_requests(self._db, self._before)

    def case_files(self, incident: str) -> list[CaseHeld]:
        """Return the case files about an incident, oldest first."""
        return read_case_files(self._db, incident)

    def recalls(self, entry: tuple[str, int] | None = None) -> list[RecallHeld]:
        """Return what was taken back, with the answers; of one entry, by log and number, if asked."""
        return read_recalls(self._db, entry)

    def holds(self) -> list[h.Held]:
        """Return the links that are held."""
        return list(self.once("holds", self._read_holds))

    def _read_holds(self) -> list[h.Held]:
        return [
            h.Held(neighbour=row["neighbour"], since=time_of(row["since"]), reason=row["reason"])
            for row in self._rows(select(t.HOLD).order_by(t.HOLD.c.neighbour))
        ]


def _history(texts: dict[str, Agreement], made: dict[str, dict[str, list[bytes]]], acts: list[bytes], keys: dict[str, list[str]]) -> History:
    """Return what is known of an agreement; of what a party signed twice over one text, one counts."""
    signatures = {name: {party: counted(each) for party, each in signed.items()} for name, signed in made.items()}
    others = {
        name: {party: [data for data in each if data != signatures[name][party]] for party, each in signed.items() if len(each) > 1}
        for name, signed in made.items()
    }
    return History(texts=texts, signatures=signatures, others={name: each for name, each in others.items() if each}, acts=acts, keys=keys)
