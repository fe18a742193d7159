# SPDX-License-Identifier: Apache-2.0
"""`hamsaya draft`: a person decides on what a machine proposed."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, plain, result
from hamsaya.desk.documents import text_of
from hamsaya.desk.drafts import accept_draft, draft_of, reject_draft, suggestions
from hamsaya.facts.claims import field_of
from hamsaya.facts.records import RECORD_KINDS

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
    words = {claim.id: text[claim.span.start : claim.span.end] if claim.span else "" for claim in held.body.claims}
    lines = [f"? {in_words(question)}" for question in held.body.open_questions]
    lines += [f"may belong to {each.incident}: {'; '.join(in_words(reason) for reason in each.reasons)}" for each in likely]
    result({**plain(held), "words": words, "suggestions": plain(likely)}, lines=lines, table=(
        ("claim", "field", "words", "grade", "hedge"),
        [(claim.id, field_of(claim), words[claim.id], claim.grade or "—", claim.hedge or "—") for claim in held.body.claims],
    ))  # fmt: skip


@app.command()
def accept(
    drafts: Annotated[list[str], typer.Argument(help="One draft or several.")],
    grade: Annotated[str, typer.Option(help="Grade for the claims that have none, such as B2; without it they cannot be released.")] = "",
    incident: Annotated[str, typer.Option(help="Join this incident; an account without it opens a new one.")] = "",
    handling: Annotated[str, typer.Option(help="TLP level: clear, green, amber, amber+strict, red.")] = "amber",
    claim: Annotated[list[str] | None, typer.Option(help="Keep only these claims.")] = None,
    revises: Annotated[str, typer.Option(help="File it as the next version of this record.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Accept drafts: each becomes a record, signed by this node.

    Example: HAMSAYA_PASSWORD=… hamsaya draft accept D-1a2b3c4d-01 --grade B2 --as duty
    """
    del as_json
    filed = []
    with node_in(node) as opened:
        officer = acting(opened, login)
        for draft in drafts:
            held = accept_draft(opened.node, officer, draft, grade=grade, incident=incident, handling=handling, claims=claim or None, revises=revises)
            filed.append(held)
    result(plain(filed), lines=[f"{each.record.id} version {each.record.version}, incident {each.record.incident or '—'}" for each in filed])


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
