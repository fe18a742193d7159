# SPDX-License-Identifier: Apache-2.0
"""An officer files what was seen or heard, without a document: the spot report.

1. The officer's role holds `file`.
2. A form that was filed before, by its token, is that record: a second click, a resent page or a retried call files nothing.
3. Every field is understood, every claim is graded; else nothing is filed, and the first problem is told.
4. The incident is one that is known, or a new one for an incident account.
5. The record is signed and filed in the same transaction that remembers the token.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.desk.correcting import handling_named
from hamsaya.desk.derived import links_to
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.events import RecordFiled, ReportFiled
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.reclassifying import check_first_stage, stage_named
from hamsaya.desk.roles import require
from hamsaya.desk.typed_report import FIELDS, TypedReport, Understood, read_typed
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.grades import Handling
from hamsaya.facts.records import Record, RecordKind
from hamsaya.facts.words import Language, Text, say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.settlement.asking import COURSES

REPORT_KINDS: Final[tuple[RecordKind, ...]] = ("incident_account", "intelligence_report", "warning", "notice", "request", "explanation_request")
TOKEN_BYTES: Final = 16
_TOKEN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What was filed. `repeated`: the same form was filed before, and this is that record."""

    held: RecordHeld
    repeated: bool
    warnings: list[Text]


def new_token(node: Node) -> str:
    """Return a fresh token for one form."""
    return node.random(TOKEN_BYTES).hex()


def token_of(node: Node, token: str) -> str:
    """Return the token of a form, a fresh one where none came. Raises `InputError` for one that is none."""
    if not token:
        return new_token(node)
    if not _TOKEN.fullmatch(token):
        raise InputError(say("The token of a report has 8 to 64 letters, digits, dots or dashes; this came: {came}", came=token[:70]))
    return token


def draft_key(node: Node, officer: Officer) -> bytes:
    """Return the 32 bytes that encrypt this officer's unfinished report in the browser: only their own logged-in page gets it.

    An Ed25519 signature is deterministic, so the key needs no storing; the prefix is no envelope's.
    """
    return hashlib.sha256(node.key.sign(b"hamsaya-draft-v1\x00" + officer.login.encode())).digest()


def file_report(
    node: Node, officer: Officer, typed: TypedReport, *, kind: str = "incident_account", handling: str = "amber", incident: str = "",
    answers: str = "", token: str = "", language: Language = "en", based_on: Sequence[str] = (), stage: str = "",
) -> Filed:  # fmt: skip
    """File the report as a record signed by this node. `incident` joins one that exists; `answers` names a neighbour's request.

    `stage` is how far an account of one's own has come: an initial report where it is empty. `based_on` names the records, of
    neighbours or one's own, on which it rests: what others told goes on to a third party only with their consent.

    Raises `InputError` for the first thing that is not understood, `NotFound` for an unknown incident or request, `Refused` for
    a role that may not file. Nothing is filed then.
    """
    require(officer.role, "file")  # 1
    token = token_of(node, token)
    with node.ledger.writing() as pen:
        known = pen.record_filed_as(token)  # 2
        if known:
            return Filed(held=pen.versions(known)[-1], repeated=True, warnings=[])
        understood = _understood(node, typed, language)  # 3
        record = _record(node, pen, officer, understood, _kind(kind), handling_named(handling), incident, answers, based_on)  # 4
        record = msgspec.structs.replace(record, stage=stage_named(stage))
        check_first_stage(record)
        doubts = [each.why for each in Doubter(node.lines(), node.dictation, pen.points_in).doubts(record.claims)]
        envelope = seal("record", canonical(record), node.key).decode()  # 5
        pen.journal(RecordFiled(record=record.id, version=1, envelope=envelope), officer)
        pen.journal(ReportFiled(token=token, record=record.id), officer)
        return Filed(held=pen.versions(record.id)[-1], repeated=False, warnings=[*understood.persons, *understood.warnings, *doubts])


def _understood(node: Node, typed: TypedReport, language: Language) -> Understood:
    understood = read_typed(node, typed, language)
    if understood.problems:
        field, what, hint = understood.problems[0]
        label = FIELDS.get(field.removeprefix("grade_"))
        raise InputError(say("{field}: {what}", field=label, what=what) if label else what, hint)
    return understood


def _record(
    node: Node, pen: Pen, officer: Officer, understood: Understood, kind: RecordKind, handling: Handling, incident: str, answers: str,
    based_on: Sequence[str],
) -> Record:  # fmt: skip
    name = incident.strip()
    if name and name not in pen.incidents() and pen.incident_name(name) not in pen.incidents():
        raise NotFound(say("There is no incident {came}.", came=name[:40]), say("Leave it out to open a new one."))
    request = answers.strip()
    if request and not any(held.received_from and held.record.kind in COURSES for held in pen.versions(request)):
        raise NotFound(say("No neighbour asked for {came}.", came=request[:40]), say("`hamsaya request list` shows what was asked."))
    if not name and kind == "incident_account":
        name = new_name(node, "I")
    return Record(
        id=new_name(node, "R"), version=1, kind=kind, party=node.party, office=officer.office, side=node.country, basis="own",
        handling=handling, incident=name, claims=understood.claims, filed_at=node.now(), exercise=node.exercise,
        derived=links_to(pen, node.party, based_on),
        answers=request,
    )  # fmt: skip


def _kind(kind: str) -> RecordKind:
    found = next((known for known in REPORT_KINDS if known == kind), None)
    if found is None:
        raise InputError(say("A report is of one of these kinds: {known}. This came: {came}", known=", ".join(REPORT_KINDS), came=kind[:40] or "—"))
    return found
