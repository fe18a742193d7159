# SPDX-License-Identifier: Apache-2.0
"""A record of our own is corrected: a form with the claims of its last version, each with the sentence that it rests on."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.correcting import correct_record, latest_own
from hamsaya.desk.stale import Stale
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import InputError
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import Record, has_stages, stage_of
from hamsaya.facts.stages import STAGES
from hamsaya.facts.words import Text
from hamsaya.web.claim_form import FIELDS, claim_from, fields_of
from hamsaya.web.data import builtins
from hamsaya.web.labels import HANDLING_LEVELS, label
from hamsaya.web.pages.claims import Entry, entry_of, read_time
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_ASIDE: Final = ["speaker", "office", "side", "hedge", "hedge_words", "nature"]


class ClaimPart(msgspec.Struct, frozen=True, kw_only=True):
    """One claim of the form. `keep` says whether it stands in the next version."""

    claim: Claim
    statement: Statement
    entries: list[Entry]
    grade: str
    keep: bool


class CorrectView(msgspec.Struct, frozen=True, kw_only=True):
    """What correct.html receives. `fault` says why what was sent could not be filed; what was typed stands in the parts."""

    record: str
    version: int
    parts: list[ClaimPart]
    aside: list[str]
    """The fields that stand folded away: who said it, and how surely."""
    stage: str
    stages: dict[str, Text]
    """Empty for a record that has none."""
    handling: str
    levels: list[tuple[str, Text]]
    reason: str
    fault: InputError | None = None


def show_form(desk: Desk, visit: Visit) -> Answer:
    """Show the form with the claims of the last version."""
    return _page(desk, visit, None)


def correct(desk: Desk, visit: Visit) -> Answer:
    """File the next version. What cannot be filed is shown again with what was typed."""
    name, form = visit.params["record"], visit.form
    with desk.node.ledger.reading() as book:
        before = latest_own(book, name).record
    try:
        kept = [claim for claim in before.claims if form.text(f"{claim.id}.keep") or "version" not in form.texts]
        claims = [_claim(desk, visit, claim) for claim in kept]
        held = correct_record(
            desk.node, visit.officer, name, claims, seen=form.number("version"), reason=form.text("reason"),
            stage=form.text("stage") or None, handling=form.text("handling") or None,
        )  # fmt: skip
    except Stale:
        raise
    except InputError as error:
        return _page(desk, visit, error)
    return Go(to=path_to("records", name), data=builtins(held))


def _claim(desk: Desk, visit: Visit, before: Claim) -> Claim:
    form = visit.form
    sent = {field: form.text(f"{before.id}.{field}") for field in FIELDS if f"{before.id}.{field}" in form.texts}
    made = claim_from(before, sent, desk.node.zone, read_time(desk)) if sent else before
    grade = form.text(f"{before.id}.grade", before.grade or "").strip()
    return msgspec.structs.replace(made, grade=grade or None)


def _page(desk: Desk, visit: Visit, fault: InputError | None) -> Page:
    with desk.node.ledger.reading() as book:
        record = latest_own(book, visit.params["record"]).record
        sentences = Sentences(book)
        parts = [_part(desk, visit, sentences, claim, number, sent=fault is not None) for number, claim in enumerate(record.claims, 1)]
    form = visit.form
    view = CorrectView(
        record=record.id, version=record.version, parts=parts, aside=_ASIDE, fault=fault, stages=STAGES if has_stages(record) else {},
        stage=form.text("stage") or visit.query.get("stage", "") or stage_of(record), handling=form.text("handling") or record.handling,
        levels=[(level, label(HANDLING_LEVELS, level)) for level in HANDLING], reason=form.text("reason"),
    )  # fmt: skip
    data = _data(desk, record)
    if fault is None:
        return Page(template="correct.html", view=view, data=data)
    told = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint) if fault.hint else "", "rule": ""}
    return Page(template="correct.html", view=view, data={**data, **told}, status=400)


def _part(desk: Desk, visit: Visit, sentences: Sentences, claim: Claim, number: int, *, sent: bool) -> ClaimPart:
    form, shown = visit.form, fields_of(claim, desk.node.zone)
    typed = {name: form.text(f"{claim.id}.{name}", "" if name == "more" else shown[name]) for name in shown} if sent else shown
    return ClaimPart(
        claim=claim, statement=sentences.state(claim, number), entries=[entry_of(name, typed[name]) for name in FIELDS if name in shown],
        grade=form.text(f"{claim.id}.grade", claim.grade or "") if sent else claim.grade or "",
        keep=bool(form.text(f"{claim.id}.keep")) if sent else True,
    )  # fmt: skip


def _data(desk: Desk, record: Record) -> dict[str, object]:
    told = {"record": record.id, "version": record.version, "stage": stage_of(record), "handling": record.handling}
    return {**told, "claims": {claim.id: fields_of(claim, desk.node.zone) for claim in record.claims}}


ROUTES = [
    Route("GET", "/records/{record:str}/correct", "file", show_form),
    Route("POST", "/records/{record:str}/correct", "file", correct),
]
