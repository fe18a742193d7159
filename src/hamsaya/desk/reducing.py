# SPDX-License-Identifier: Apache-2.0
"""What is left of an act when what was said in it is taken out: its rest (`desk/acts_erasures.py`).

A rest keeps names, numbers, times, offices, kinds and what rests on what: enough that the journal can be applied again, and
that a page can say what was there. No claim, no words of a document, no name of a file, no officer's own sentence.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import msgspec

from hamsaya.desk.acts_drafts import DraftClaimAdded
from hamsaya.desk.acts_epochs import LostEntryFound
from hamsaya.desk.acts_erasures import Gone
from hamsaya.desk.acts_flags import FlagClosed
from hamsaya.desk.event import Event
from hamsaya.desk.events import DocumentAdded, DraftDecided, DraftEdited, DraftReopened, RecordFiled, RecordWithdrawn, ReleaseProposed, read_event
from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.bundle import SentEntry, claimed_bundle, take_entry
from hamsaya.exchange.logs import journal_of
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.records import Draft, Record, Source
from hamsaya.facts.values import Words
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal

SAYS_NOTHING = Words(text="")


def reduced(record: Record) -> Record:
    """Return the version without what it said."""
    return msgspec.structs.replace(record, claims=[], sources=[], marking="", changes=[])


def released_rest(content: bytes) -> str:
    """Return the rest of a release. Raises `InputError` for bytes that are none."""
    released = read(content, ReleasedRecord)
    return canonical(ReleasedRecord(released.release, reduced(released.record))).decode()


def documents_of(book: Book, record: str) -> list[str]:
    """Return the documents held here on which a record of ours rests."""
    own = [each.record for each in book.versions(record) if not each.received_from]
    named = dict.fromkeys(source.document for each in own for source in each.sources)
    return [each for each in named if book.documents_named(each)]


def acts_about(node: Node, book: Book, record: str, documents: list[str]) -> list[Gone]:
    """Return the entries that hold what a record said, or what stands in these documents, each with its rest: of the journal, and of our logs."""
    drafts = [held.draft for document in documents for held in book.drafts(document=document)]
    journal, found = journal_of(node.party), []
    for log, seq in book.entries_naming([record, *documents, *drafts]):
        (entry,) = book.entries(log, seq, 1)
        content = entry.content or b""
        if log != journal:
            if is_release_of(content, record):
                found.append(Gone(log, seq, released_rest(content)))
            continue
        rest = _rest(node, read_event(entry.header().kind, content), record, documents, drafts)
        if rest is not None:
            found.append(Gone(log, seq, canonical(rest).decode()))
    return found


def closings_about(book: Book, party: str, record: str, sender: str) -> list[Gone]:
    """Return the entries in which the rights officer said why a flag was closed that a neighbour's account had raised, each with its rest."""
    journal, found = journal_of(party), []
    for log, seq in book.entries_naming([record]):
        (entry,) = book.entries(log, seq, 1)
        if log == journal and entry.header().kind == "flag.closed":
            event = read(entry.content or b"", FlagClosed)
            if any((each.record, each.received_from) == (record, sender) for each in event.told):
                found.append(Gone(log, seq, canonical(msgspec.structs.replace(event, reason="")).decode()))
    return found


def is_release_of(content: bytes, record: str) -> bool:
    """Say whether a content is a release of that record."""
    return _record_in(content) == record


def _record_in(content: bytes) -> str:
    try:
        return read(content, ReleasedRecord).record.id
    except HamsayaError:
        return ""


def _rest(node: Node, event: Event, record: str, documents: list[str], drafts: list[str]) -> Event | None:
    """Return the act without what was said in it; None for one that holds nothing of it."""
    replace: Any = msgspec.structs.replace
    match event:
        case RecordFiled() if event.record == record:
            filed = reduced(read(open_envelope(event.envelope.encode()).payload, Record))
            return replace(event, envelope=seal("record", canonical(filed), node.key).decode())  # type: ignore[no-any-return]
        case FlagClosed() if any(each.record == record and not each.received_from for each in event.told):
            return replace(event, reason="")  # type: ignore[no-any-return]
        case RecordWithdrawn() if event.record == record:
            return replace(event, reason="")  # type: ignore[no-any-return]
        case ReleaseProposed() if event.record == record:
            return replace(event, content=released_rest(event.content.encode()), quote_salt="")  # type: ignore[no-any-return]
        case LostEntryFound() if take_entry(event.entry).header().about.get("record") == record and event.entry.content is not None:
            rest = SentEntry(event.entry.envelope, "", released_rest(event.entry.content.encode()))
            return replace(event, entry=rest)  # type: ignore[no-any-return]
        case DocumentAdded() if event.document in documents:
            bare = {name: _bare(draft) for name, draft in event.drafts.items()}
            return replace(event, name="", published="", size=0, excluded=[], drafts=bare)  # type: ignore[no-any-return]
        case DraftDecided() | DraftReopened() if event.draft in drafts:
            return replace(event, reason="")  # type: ignore[no-any-return]
        case DraftClaimAdded() if event.draft in drafts:
            return replace(event, claim=None)  # type: ignore[no-any-return]
        case DraftEdited() if event.draft in drafts:
            claim = Claim(id=event.claim.id, predicate=event.claim.predicate, value=SAYS_NOTHING, speaker=Speaker(kind="own"))
            return replace(event, claim=claim)  # type: ignore[no-any-return]
    return None


def _bare(draft: Draft) -> Draft:
    return Draft(
        kind=draft.kind, side=draft.side, basis=draft.basis, claims=[],
        source=Source(document=draft.source.document, language=draft.source.language, origin=draft.source.origin),
    )  # fmt: skip


def said_in(bundle: bytes) -> list[tuple[str, int, str]]:
    """Return of each content in a bundle that is kept as evidence its log and number, and the record of which it is a release, if it is one."""
    try:
        claimed, _ = claimed_bundle(bundle)
    except HamsayaError:
        return []
    return [
        (offer.log, seq, _record_in(sent.content.encode()))
        for offer in (*claimed.offers, *(claimed.returns or [])) for seq, sent in enumerate(offer.entries, offer.first) if sent.content is not None
    ]  # fmt: skip


def copies_in(bundle: bytes, record: str, places: Container[tuple[str, int]] = ()) -> bool:
    """Say whether a bundle that is kept as evidence holds a release of that record, or the content of an entry at one of these places."""
    return any((log, seq) in places or told == record for log, seq, told in said_in(bundle))
