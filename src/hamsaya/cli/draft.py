# SPDX-License-Identifier: Apache-2.0
"""`hamsaya draft`: a person decides on what a machine proposed."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.claim_lines import read_as
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import break_off, in_words, plain, result
from hamsaya.desk.documents import text_of
from hamsaya.desk.doubts import Doubter, doubt_data
from hamsaya.desk.drafts import accept_draft, draft_of, open_draft, reject_draft, suggestions
from hamsaya.desk.holdings import DraftHeld, RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.review import undo_draft
from hamsaya.facts.claims import field_of
from hamsaya.facts.errors import HamsayaError, InputError, NotFound
from hamsaya.facts.grades import HANDLING, parse_grade
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Drafts: what a machine proposed from a document.")
Id = Annotated[str, typer.Argument(help="The draft.")]


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """List the drafts that wait for a decision.

    Example: hamsaya draft list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = book.drafts(state="" if every else "open")
    result(plain(held), table=(
        ("draft", "kind", "side", "basis", "claims", "state"),
        [(each.draft, in_words(RECORD_KINDS[each.body.kind]), each.body.side, each.body.basis, len(each.body.claims), each.state) for each in held],
    ))  # fmt: skip


@app.command()
def show(draft: Id, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show a draft: each claim with the words it rests on, open questions, and incidents that it may belong to.

    Example: hamsaya draft show D-1a2b3c4d-01
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = draft_of(book, draft)
        text = text_of(book, held.document)
        likely = suggestions(book, held, opened.node.party)
        zone = opened.node.zone
        doubts = Doubter(opened.node.lines(), opened.node.dictation, book.points_in).doubts(held.body.claims)
    words = {claim.id: text[claim.span.start : claim.span.end] if claim.span else "" for claim in held.body.claims}
    lines = [f"? {in_words(question)}" for question in held.body.open_questions]
    for each in likely:
        lines.append(in_words(say("{incident}: {n} points for the same event", incident=each.incident, n=each.score)))
        lines += [f"  + {in_words(reason)}" for reason in each.reasons] + [f"  - {in_words(doubt)}" for doubt in each.doubts]
    lines += [f"! {in_words(each.why)}" for each in doubts]
    result({**plain(held), "words": words, "suggestions": plain(likely), "doubts": [doubt_data(each) for each in doubts]}, lines=lines, table=(
        ("claim", "field", "words", "read as", "grade", "hedge"),
        [(claim.id, field_of(claim), words[claim.id], read_as(claim, zone), claim.grade or "—", claim.hedge or "—") for claim in held.body.claims],
    ))  # fmt: skip


@app.command()
def accept(
    drafts: Annotated[list[str], typer.Argument(help="One draft or several.")],
    grade: Annotated[str, typer.Option(help="Grade for the claims that have none, such as B2; without it they cannot be released.")] = "",
    incident: Annotated[str, typer.Option(help="Join this incident; an account without it opens a new one.")] = "",
    handling: Annotated[str, typer.Option(help="TLP level: clear, green, amber, amber+strict, red; else as the version before, or amber.")] = "",
    claim: Annotated[list[str] | None, typer.Option(help="Keep only these claims.")] = None,
    revises: Annotated[str, typer.Option(help="File it as the next version of this record.")] = "",
    reason: Annotated[str, typer.Option(help="Why the next version calls the event something else, or is handled lower.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Accept drafts: each becomes a record, signed by this node. All are checked before the first is filed.

    Example: HAMSAYA_PASSWORD=… hamsaya draft accept D-1a2b3c4d-01 --grade B2 --as duty
    """
    del as_json
    filed: list[RecordHeld] = []
    with node_in(node) as opened:
        officer = acting(opened, login)
        with opened.store.reading() as book:
            _check_all(book, drafts, grade=grade, incident=incident, handling=handling, claims=claim or [], revises=revises)
        try:
            for draft in drafts:
                held = accept_draft(
                    opened.node,
                    officer,
                    draft,
                    grade=grade,
                    incident=incident,
                    handling=handling,
                    claims=claim or None,
                    revises=revises,
                    reason=reason,
                )
                filed.append(held)
        except HamsayaError as error:
            break_off(error, filed, [f"{draft} ({each.record.id})" for draft, each in zip(drafts, filed, strict=False)], lines=_lines(filed))
            raise
    result(plain(filed), lines=_lines(filed))


def _lines(filed: list[RecordHeld]) -> list[str]:
    return [f"{each.record.id} version {each.record.version}, incident {each.record.incident or '—'}" for each in filed]


def _check_all(book: Book, drafts: list[str], *, grade: str, incident: str, handling: str, claims: list[str], revises: str) -> None:
    """Refuse all if one cannot be filed. Raises what `accept_draft` would raise for it."""
    twice = [draft for draft in dict.fromkeys(drafts) if drafts.count(draft) > 1]
    if twice:
        raise InputError(say("Draft {draft} stands twice.", draft=twice[0][:40]), say("Name each draft once."))
    if grade:
        parse_grade(grade)
    if handling and handling.lower() not in HANDLING:
        raise InputError(say("Unknown handling level “{level}”; known: {known}", level=handling[:20], known=", ".join(HANDLING)))
    if incident and not book.has_incident(book.incident_name(incident)):
        raise NotFound(say("There is no incident {came}.", came=incident[:40]), say("Leave it out to open a new one."))
    for held in [open_draft(book, draft) for draft in drafts]:
        _check_one(book, held, claims, revises)


def _check_one(book: Book, held: DraftHeld, claims: list[str], revises: str) -> None:
    known = [claim.id for claim in held.body.claims]
    unknown = [claim for claim in claims if claim not in known]
    if unknown:
        raise InputError(
            say("Draft {draft} has no claim {unknown}; it has: {known}", draft=held.draft, unknown=", ".join(unknown), known=", ".join(known))
        )
    if not known:
        raise InputError(say("A record needs at least one claim."), say("Reject the draft if nothing in it is right."))
    if not revises:
        return
    own = [each.record for each in book.versions(revises) if not each.received_from and not each.withdrawn_by]
    if not own:
        raise NotFound(say("This node filed no record {came}.", came=revises[:40]), say("Only one's own records can be corrected."))
    if (own[-1].kind, own[-1].side, own[-1].basis) != (held.body.kind, held.body.side, held.body.basis):
        raise InputError(
            say("Draft {draft} is no correction of {record}: another kind, another side, or not the side's own word.",
                draft=held.draft, record=own[-1].id),
            say("File it as a record of its own; it may join the same incident."),
        )  # fmt: skip


@app.command()
def reject(
    draft: Id, reason: Annotated[str, typer.Option(help="Why, in a sentence.")], login: As = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Reject a draft; it stays to be seen, with the reason.

    Example: HAMSAYA_PASSWORD=… hamsaya draft reject D-1a2b3c4d-02 --reason "no event, a repetition" --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = reject_draft(opened.node, acting(opened, login), draft, reason)
    result(plain(held), lines=[f"{held.draft}: {held.state}"])


@app.command()
def undo(
    draft: Id,
    reason: Annotated[str, typer.Option(help="Why, in a sentence; needed where a record is struck by it.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take back the decision on a draft, or its last edit; the record of an accepted one is struck, and stays to be seen.

    Example: HAMSAYA_PASSWORD=… hamsaya draft undo D-1a2b3c4d-02 --reason "another event" --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = undo_draft(opened.node, acting(opened, login), draft, reason=reason)
    result(plain(held), lines=[f"{held.draft}: {held.state}"])
