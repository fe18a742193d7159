# SPDX-License-Identifier: Apache-2.0
"""The tables. Three hold what was signed or received; every other follows from the journal, but for the working ones.

- `entry`, `head`, `blob` are the evidence: signed entries, signed checkpoints, documents under their hash. `head.peaks`
  is the frontier over a log, so that the next append need not read it all; `verify` recomputes it from the entries.
- The rest are projections: applying the journal again gives the same rows, and `verify` does just that. Each row
  names in `entry` the journal entry that last changed it. To migrate a projection is to drop and replay it.
- `session`, `failure`, `challenge`, `lease`, `contact`, `attendee` are working tables (`desk/working.py`): what the node's processes must
  know of each other. They follow from nothing and prove nothing; `verify` checks their shape only, and they are never carried elsewhere.
- `about` says of the store itself which shape it has (`schema`) and whose it is (`party`).

Times are ISO 8601 text in UTC, which sorts. JSON columns are text. Text sorts by its bytes on both databases, and numbers
have 64 bits on both.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    event,
)
from sqlalchemy import Integer as AnyInteger

META: Final = MetaData()
SCHEMA_VERSION: Final = 7
_ESCAPED: Final = re.compile("\x01([\x01\x02])")


class PostgresText(TypeDecorator[str]):
    """Text on PostgreSQL, which cannot hold U+0000: it is kept as two U+0001, and U+0001 as U+0001 U+0002. The order stays."""

    impl = String(collation="C")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        del dialect
        if value is None or ("\x00" not in value and "\x01" not in value):
            return value
        return value.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Return what was meant."""
        del dialect
        if value is None or "\x01" not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(ord(found[1]) - 1), value)


Words: Final = String().with_variant(PostgresText(), "postgresql")
Integer: Final = AnyInteger().with_variant(BigInteger(), "postgresql")


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Words, primary_key=key, nullable=False)


def _entry() -> Column[int]:
    return Column("entry", Integer, nullable=False)


ENTRY: Final = Table(
    "entry", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True),
    Column("envelope", LargeBinary, nullable=False), Column("salt", LargeBinary, nullable=False), Column("content", LargeBinary),
)  # fmt: skip
HEAD: Final = Table("head", META, _text("log", key=True), Column("checkpoint", LargeBinary, nullable=False), _text("peaks"))
BLOB: Final = Table("blob", META, _text("sha256", key=True), Column("data", LargeBinary, nullable=False))
EVIDENCE: Final = (ENTRY, HEAD, BLOB)

PARTY: Final = Table("party", META, _text("id", key=True), Column("own", Boolean, nullable=False), _text("card"), _text("since"), _entry())
OFFICER: Final = Table(
    "officer", META,
    _text("login", key=True), _text("office"), _text("role"), _text("password"), _text("language"),
    Column("stopped", Boolean, nullable=False), Column("once", Boolean, nullable=False), _entry(),
)  # fmt: skip
PASSKEY: Final = Table(
    "passkey", META,
    _text("credential", key=True), _text("login"), _text("public_key"), _text("name"), _text("host"),
    Column("count", Integer, nullable=False), _text("added_at"), _entry(),
    Index("passkey_by_login", "login"),
)  # fmt: skip
ACCESS_ACT: Final = Table(
    "access_act", META,
    Column("seq", Integer, primary_key=True), _text("at"), _text("kind"), _text("about"), _text("detail"), _text("office"), _text("login"), _entry(),
)  # fmt: skip
PARTY_KEY: Final = Table(
    "party_key", META,
    _text("party", key=True), _text("key", key=True), Column("number", Integer, nullable=False), _text("why"), _text("since"), _text("compared"),
    _entry(),
)  # fmt: skip
"""The keys of a party, one after the other; `compared` is when its fingerprint was read aloud."""
KEY_MARK: Final = Table(
    "key_mark", META,
    _text("party", key=True), _text("key", key=True), _text("log", key=True), Column("size", Integer, nullable=False), _text("root"), _entry(),
)  # fmt: skip
KEY_LETTER: Final = Table(
    "key_letter", META, _text("party", key=True), _text("key", key=True), _text("neighbour", key=True), _text("letter"), _entry()
)
DOCUMENT: Final = Table(
    "document", META,
    _text("id", key=True), _text("name"), _text("language"), _text("published"), _text("origin"), _text("basis"),
    Column("size", Integer, nullable=False), _text("received_at"), _text("excluded"), _entry(),
    Index("document_by_entry", "entry"),
)  # fmt: skip
DRAFT: Final = Table(
    "draft", META,
    _text("id", key=True), _text("document"), _text("body"), _text("state"), _text("record"), Column("version", Integer, nullable=False),
    _text("reason"), _text("decided_by"), _text("decided_at"), _text("steps"), _entry(),
    Index("draft_by_document", "document"),
)  # fmt: skip
Index("draft_by_state", DRAFT.c.state, DRAFT.c.entry.desc(), DRAFT.c.id)
RECORD: Final = Table(
    "record", META,
    _text("id"), Column("version", Integer), _text("received_from"),
    _text("kind"), _text("incident"), _text("body"), _text("released_in"), Column("filed_in", Integer, nullable=False), _text("at"),
    _text("withdrawn_by"), _text("withdrawn_at"), _text("withdrawn_why"), _entry(),
    PrimaryKeyConstraint("id", "version", "received_from"),
    Index("record_by_incident", "incident"), Index("record_by_withdrawal", "withdrawn_by"),
)  # fmt: skip
"""`filed_in` is the journal entry that holds the signed bytes of a version of our own; -1 where there is none. They stand there only, so
that a page of many records reads what it shows and no more."""
HOLDING: Final = Table(
    "holding", META,
    Column("item", Integer, primary_key=True, autoincrement=False),
    _text("id"), _text("received_from"), Column("version", Integer, nullable=False), _text("kind"), _text("side"), _text("party"),
    _text("incident"), _text("answers"), _text("stage"), _text("started"), _text("ended"), Column("vague", Boolean, nullable=False), _entry(),
    UniqueConstraint("id", "received_from"),
    Index("holding_by_kind", "kind", "item"), Index("holding_by_side", "side", "item"), Index("holding_by_party", "party", "item"),
    Index("holding_by_answers", "answers"), Index("holding_by_stage", "stage", "received_from", "item"),
    Index("holding_by_incident", "incident", "item"), Index("holding_by_time", "vague", "started", "ended", "item"),
)  # fmt: skip
SPOT: Final = Table(
    "spot", META,
    Column("item", Integer, primary_key=True, autoincrement=False), Column("number", Integer, primary_key=True, autoincrement=False),
    Column("cell", Integer, nullable=False), Column("lon_udeg", Integer, nullable=False), Column("lat_udeg", Integer, nullable=False),
    _text("started"), _text("ended"), Column("vague", Boolean, nullable=False), _text("area"), _entry(),
    Index("spot_by_cell", "vague", "cell", "started", "ended", "lon_udeg", "lat_udeg", "item"),
    Index("spot_by_area", "area", "lon_udeg", "lat_udeg"),
)  # fmt: skip
TRACE: Final = Table(
    "trace", META,
    Column("item", Integer, primary_key=True, autoincrement=False), Column("number", Integer, primary_key=True, autoincrement=False),
    _text("kind"), _text("place"), Column("bucket", Integer, nullable=False), _entry(),
    Index("trace_by_place", "kind", "place", "bucket", "item"), Index("trace_by_time", "kind", "bucket", "item"),
)  # fmt: skip
"""When and where, in coarse keys (`accounts/traces.py`): by them the accounts are found that may be of one event."""
WORDING: Final = Table("wording", META, Column("item", Integer, primary_key=True, autoincrement=False), _text("words"), _entry())
"""The folded words of a record or a document, each once, between spaces; the index of full text lies over it."""
_FTS5: Final = "fts5(words, content='wording', content_rowid='item', detail=none, columnsize=0, tokenize='ascii')"
"""The words are folded already: this tokenizer only parts them at spaces."""
for _dialect, _moment, _ddl in (
    ("sqlite", "after_create", f"CREATE VIRTUAL TABLE wording_search USING {_FTS5}"),
    ("sqlite", "before_drop", "DROP TABLE IF EXISTS wording_search"),
    ("postgresql", "after_create", "CREATE INDEX wording_search ON wording USING gin (to_tsvector('simple', words))"),
):
    event.listen(WORDING, _moment, DDL(_ddl).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
INCIDENT_LINK: Final = Table(
    "incident_link", META,
    _text("incident", key=True), _text("into"), _text("office"), _text("at"), _entry(),
    Index("link_by_into", "into"),
)  # fmt: skip
RELATION: Final = Table(
    "relation", META,
    _text("incident", key=True), _text("relation", key=True), _text("other", key=True), _text("office"), _text("at"), _entry(),
    Index("relation_by_other", "other"),
)  # fmt: skip
"""That one event led to another or answers it, by the word of an officer of this node."""
APART: Final = Table(
    "apart", META,
    _text("record", key=True), _text("received_from", key=True), _text("incident"), _text("office"), _text("at"), _entry(),
    Index("apart_by_incident", "incident"),
)  # fmt: skip
"""Received accounts that stand here under another incident than their author names, by the word of an officer of this node."""
REPORT: Final = Table("report", META, _text("token", key=True), _text("record"), _text("by"), _entry())
AGREEMENT: Final = Table("agreement", META, _text("id", key=True), _text("hash", key=True), _text("body"), _entry())
AGREEMENT_SIGNATURE: Final = Table(
    "agreement_signature", META,
    _text("agreement", key=True), _text("hash", key=True), _text("party", key=True), _text("digest", key=True), _text("signature"), _entry(),
)  # fmt: skip
AGREEMENT_ACT: Final = Table(
    "agreement_act", META,
    _text("agreement", key=True), _text("party", key=True), Column("number", Integer, primary_key=True), _text("digest", key=True),
    _text("envelope"), _entry(),
)  # fmt: skip
"""`digest` is the SHA-256 of the envelope: what a party signed twice in one place is kept twice."""
AGREEMENT_TELLING: Final = Table(
    "agreement_telling", META,
    _text("agreement", key=True), _text("item", key=True), _text("teller", key=True), _text("hearer", key=True),
    Column("direct", Boolean, primary_key=True), _text("what"), _text("log"), Column("seq", Integer, nullable=False), _entry(),
)  # fmt: skip
"""Who told whom of a text, signature or act, where it first did."""
RELEASE: Final = Table(
    "release", META,
    _text("id", key=True), _text("record"), Column("version", Integer, nullable=False), _text("receiver"), _text("agreement"),
    _text("purpose"), _text("necessity"), _text("content"), Column("withheld", Integer, nullable=False),
    _text("proposed_by"), _text("proposed_office"), _text("decided_office"), _text("condition"), _text("condition_at"),
    _text("clause"), _text("rule"), _text("reason"), _text("log"), Column("seq", Integer, nullable=False),
    _text("grounds"), Column("danger", Boolean, nullable=False), _entry(),
)  # fmt: skip
Index("release_by_time", RELEASE.c.entry.desc(), RELEASE.c.id.desc())
Index("release_by_condition", RELEASE.c.condition, RELEASE.c.entry.desc(), RELEASE.c.id.desc())
Index("release_by_record", RELEASE.c.record)
Index("release_by_log", RELEASE.c.log, RELEASE.c.seq)
Index("release_by_arrival", RELEASE.c.log, RELEASE.c.condition, RELEASE.c.seq)
REVIEW: Final = Table(
    "review", META,
    _text("release", key=True), _text("clause"), _text("until"), _text("outcome"), _text("reason"),
    _text("by"), _text("office"), _text("at"), _entry(),
    Index("review_by_outcome", "outcome", "until"),
)  # fmt: skip
"""Releases that one officer made under a standing approval, and what the second person said of each afterwards."""
REFUSAL: Final = Table(
    "refusal", META,
    _text("request", key=True), _text("party", key=True), Column("here", Boolean, nullable=False), _text("office"), _text("at"),
    _text("grounds"), _text("reason"), _entry(),
)  # fmt: skip
"""Requests that were refused on a ground: here, with ground and reason, or by the neighbour `party`, without."""
MATTER_MOVE: Final = Table(
    "matter_move", META,
    _text("matter", key=True), _text("by", key=True), _text("party", key=True), _text("ref", key=True), _text("move"), _text("seen"),
    _text("on_text"), _text("office"), _text("at"), _text("log"), Column("seq", Integer, nullable=False), _entry(),
)  # fmt: skip
"""Signed moves on matters between this node and a neighbour, of both, each with the entry that brought it last."""
SECTION: Final = Table(
    "section", META,
    _text("section", key=True), Column("number", Integer, primary_key=True, autoincrement=False), _text("name"), _text("path"), _text("line"),
    Column("reach_km", Integer, nullable=False), _text("neighbours"), Column("ended", Boolean, nullable=False), _text("office"), _text("at"),
    _entry(),
)  # fmt: skip
"""Definitions of sections of the border, and their ends; the last one of each stands."""
SECTION_DAY: Final = Table(
    "section_day", META,
    _text("by", key=True), _text("party", key=True), _text("section", key=True), _text("day", key=True), _text("said", key=True),
    _text("office"), _text("at"), _text("log"), Column("seq", Integer, nullable=False), _entry(),
    Index("section_day_by_day", "day", "section"), Index("section_day_by_section", "section", "day"), Index("section_day_by_word", "said"),
)  # fmt: skip
"""What was said of a day of a section, by this node (to each neighbour, and for itself) and by neighbours."""
SECTION_LEVEL: Final = Table(
    "section_level", META,
    _text("section", key=True), Column("number", Integer, primary_key=True, autoincrement=False), _text("level"), _text("reason"),
    _text("office"), _text("at"), _entry(),
)  # fmt: skip
OPENING: Final = Table("opening", META, _text("log", key=True), Column("seq", Integer, primary_key=True), _text("office"), _text("at"), _entry())
"""When a neighbour's officer acknowledged what we sent, as that officer's own notice says."""
INBOX: Final = Table(
    "inbox", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True),
    _text("kind"), _text("sender"), _text("received_at"), _text("state"), _text("reason"), _text("subject"), _text("incident"),
    _text("purpose"), _text("necessity"), _text("clause"), Column("withheld", Integer, nullable=False),
    _text("opened_by"), _text("opened_at"), _text("told"), _text("record_kind"), _text("kept_since"), _text("counts_from"),
    _entry(),
)  # fmt: skip
"""`kept_since` is when what a neighbour released was released, as long as its content is here; empty for all else. `counts_from` is when the time to
acknowledge it begins: of what opens a matter when that was signed, as both nodes count it, of all else when it arrived."""
Index("inbox_by_time", INBOX.c.received_at.desc(), INBOX.c.log, INBOX.c.seq.desc())
Index("inbox_by_state", INBOX.c.state, INBOX.c.log, INBOX.c.counts_from)
Index("inbox_by_sender", INBOX.c.sender, INBOX.c.received_at)
Index("inbox_by_subject", INBOX.c.subject)
Index("inbox_by_keeping", INBOX.c.kept_since, INBOX.c.log)
RELEASE_ACT: Final = Table(
    "release_act", META,
    _text("release", key=True), _text("what", key=True), _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False),
    _entry(),
)  # fmt: skip
Index("release_act_by_log", RELEASE_ACT.c.log, RELEASE_ACT.c.seq)
"""Where the signed entries stand that tell what became of a release, here or sent here: in the journal, or in a log of a link."""
RECEIPT: Final = Table(
    "receipt", META,
    _text("log", key=True), Column("size", Integer, primary_key=True), _text("by", key=True), _text("at"), _text("envelope"), _entry(),
)  # fmt: skip
Index("receipt_by_time", RECEIPT.c.by, RECEIPT.c.at)
QUARANTINE: Final = Table("quarantine", META, _text("bundle", key=True), _text("sender"), _text("reason"), _text("at"), _entry())
NOTICE: Final = Table(
    "notice", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("code"), _text("clause"), _text("until"),
    _text("at"), _entry(),
)  # fmt: skip
"""Entries that their receiver put into quarantine, as it told their sender: ours and those of neighbours."""
KEEPING: Final = Table(
    "keeping", META,
    _text("id", key=True), _text("what"), _text("at"), _text("name"), _text("sha256"), Column("size", Integer, nullable=False),
    Column("journal", Integer, nullable=False), Column("sure", Boolean, nullable=False), _entry(),
)  # fmt: skip
CASE_FILE: Final = Table(
    "case_file", META,
    Column("seq", Integer, primary_key=True, autoincrement=False), _text("incident"), _text("reader"), _text("why"), _text("handling"),
    _text("entries"), Column("content", Boolean, nullable=False), _text("sha256"), Column("size", Integer, nullable=False), _text("office"),
    _text("at"), _entry(), Index("case_file_by_incident", "incident"),
)  # fmt: skip
FLAG: Final = Table(
    "flag", META,
    _text("record", key=True), Column("version", Integer, primary_key=True, autoincrement=False), _text("received_from", key=True),
    _text("told"), _text("incident"), Column("number", Integer, nullable=False), _text("at"), _text("by"), _text("closed_by"), _text("closed_at"),
    _text("reason"), _entry(),
    Index("flag_by_incident", "incident"), Index("flag_by_closing", "closed_by", "incident"),
)  # fmt: skip
"""Accounts that raised a rights flag: the incident that each names, and the one under which that goes on."""
CALL: Final = Table(
    "call", META,
    _text("case", key=True), _text("kind"), Column("own", Boolean, nullable=False), _text("neighbour"), _text("log"),
    Column("seq", Integer, nullable=False), _text("body"), _text("office"), _text("at"), _text("known_at"), _text("by"), _text("token"),
    _text("about"), _entry(), Index("call_by_token", "token"), Index("call_by_time", "known_at"), Index("call_by_matter", "about"),
)  # fmt: skip
CALL_STEP: Final = Table(
    "call_step", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True), _text("case"), _text("kind"), _text("code"), _text("party"), _text("office"),
    _text("at"), _text("known_at"), Column("minutes", Integer, nullable=False), Column("own", Boolean, nullable=False), _text("note"), _entry(),
    Index("call_step_by_case", "case"),
)  # fmt: skip
DISTRESS_EPOCH: Final = Table("distress_epoch", META, _text("neighbour", key=True), _text("epoch"), _entry())
HOLD: Final = Table("hold", META, _text("neighbour", key=True), _text("since"), _text("reason"), _entry())
CONSENT_REQUEST: Final = Table(
    "consent_request", META, _text("asker", key=True), _text("id", key=True), _text("originator"), _text("body"), _text("own_record"), _entry()
)
CONSENT: Final = Table(
    "consent", META,
    _text("asker", key=True), _text("request", key=True), Column("number", Integer, primary_key=True, autoincrement=False), _text("envelope"),
    _entry(),
)  # fmt: skip
RECALL: Final = Table(
    "recall", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("record"),
    Column("version", Integer, nullable=False), _text("reason"), _text("office"), _text("at"), _entry(),
)  # fmt: skip
RECALL_ANSWER: Final = Table(
    "recall_answer", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("passed_on"), _text("office"), _text("at"), _entry(),
)  # fmt: skip
ERASURE_ORDER: Final = Table(
    "erasure_order", META,
    _text("record", key=True), _text("reason"), _text("state"), _text("ordered_by"), _text("ordered_office"), _text("ordered_at"),
    _text("decided_office"), _text("decided_at"), _entry(),
)  # fmt: skip
ERASURE: Final = Table(
    "erasure", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("record"),
    Column("version", Integer, nullable=False), _text("reason"), _text("office"), _text("at"), Column("asked", Boolean, nullable=False), _entry(),
)  # fmt: skip
"""What is or was to be erased at a receiver; `asked` says that its sender asked, else its time ran out there."""
ERASURE_ANSWER: Final = Table(
    "erasure_answer", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("onward"), _text("office"), _text("at"),
    _text("ran_out"), _entry(),
)  # fmt: skip
DUE_ORDER: Final = Table(
    "due_order", META,
    Column("number", Integer, primary_key=True, autoincrement=False), _text("items"), _text("state"), _text("ordered_by"), _text("ordered_office"),
    _text("ordered_at"), _text("decided_office"), _text("decided_at"), _text("erased"), _entry(),
)  # fmt: skip
"""Orders to erase copies whose time had run out: which ones, and which of them went."""
COPY_HOLD: Final = Table(
    "copy_hold", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), Column("number", Integer, primary_key=True,
    autoincrement=False), _text("reason"), _text("until"), _text("by"), _text("office"), _text("at"), _text("outcome"), _text("reviewed_by"),
    _text("reviewed_at"), _entry(),
)  # fmt: skip
"""Copies that are kept beyond their time, why and until when, and what a second person said of it; each hold has its number."""
REMAINS: Final = Table(
    "remains", META, _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("rest"), _entry()
)
"""What is applied in the place of each content that was erased; nothing of what was said is in it."""

LOG_EPOCH: Final = Table(
    "log_epoch", META,
    _text("sender", key=True), _text("receiver", key=True), _text("epoch", key=True), Column("number", Integer, nullable=False), _text("reason"),
    _text("office"), _text("at"), _text("settled"), _entry(),
)  # fmt: skip
"""Logs from a sender to a receiver that were begun anew: the one of the highest number is in use."""
CLOSED_LOG: Final = Table(
    "closed_log", META, _text("log", key=True), Column("size", Integer, nullable=False), _text("root"), _text("epoch"), _entry()
)
"""How far a log counts that goes on under an epoch."""
LOST_ENTRY: Final = Table(
    "lost_entry", META,
    _text("log", key=True), Column("seq", Integer, primary_key=True, autoincrement=False), _text("kind"), _text("release"), _text("record"),
    _text("version"), _text("at"), _text("giver"), _text("body"), _entry(),
)  # fmt: skip
"""Entries of closed logs of our own that are not in them, and came back from a neighbour."""

PROJECTIONS: Final = (
    PARTY, PARTY_KEY, KEY_MARK, KEY_LETTER, OFFICER, PASSKEY, ACCESS_ACT, DOCUMENT, DRAFT, RECORD, HOLDING, SPOT, TRACE, WORDING,
    REPORT, INCIDENT_LINK, RELATION, APART, AGREEMENT, AGREEMENT_SIGNATURE, AGREEMENT_ACT, AGREEMENT_TELLING,
    RELEASE, RELEASE_ACT, REVIEW, REFUSAL, MATTER_MOVE, SECTION, SECTION_DAY, SECTION_LEVEL, OPENING, INBOX, RECEIPT, QUARANTINE,
    NOTICE,
    KEEPING, HOLD, CONSENT_REQUEST, CONSENT, CALL, CALL_STEP, DISTRESS_EPOCH, RECALL, RECALL_ANSWER, CASE_FILE, FLAG,
    ERASURE_ORDER, ERASURE, ERASURE_ANSWER, REMAINS, DUE_ORDER, COPY_HOLD,
    LOG_EPOCH, CLOSED_LOG, LOST_ENTRY,
)  # fmt: skip

SESSION: Final = Table(
    "session", META,
    _text("digest", key=True), _text("csrf"), _text("login"), Column("mark", Integer, nullable=False), _text("began"), _text("seen"),
    Column("locked", Integer, nullable=False),
)  # fmt: skip
FAILURE: Final = Table(
    "failure", META, _text("digest", key=True), Column("count", Integer, nullable=False), _text("last"), Index("failure_by_last", "last")
)
CHALLENGE: Final = Table("challenge", META, _text("digest", key=True), _text("until"), _text("session"), _text("name"))
LEASE: Final = Table("lease", META, _text("name", key=True), _text("holder"), _text("until"))
CONTACT: Final = Table(
    "contact", META,
    _text("neighbour", key=True), _text("proven"), _text("way"), _text("tried"), _text("failed"), _text("failure"),
    Column("failures", Integer, nullable=False), _text("due"), _text("warning"),
)  # fmt: skip
ATTENDEE: Final = Table(
    "attendee", META, _text("meeting", key=True), _text("office", key=True), _text("name"), _text("until"), Index("attendee_by_end", "until")
)
"""Names of those who hold the offices that attend a meeting; the only table of persons beside the login accounts."""
ABOUT: Final = Table("about", META, _text("name", key=True), _text("value"))
WORKING: Final = (SESSION, FAILURE, CHALLENGE, LEASE, CONTACT, ATTENDEE)
