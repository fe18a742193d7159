# SPDX-License-Identifier: Apache-2.0
"""`hamsaya agreement`: counter, amend, diff, terms, suspend, resume, withdraw, decline, evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hamsaya.agreement.changes import clause_changes, head_changes
from hamsaya.agreement.lifecycle import ActVerb, Life, TextLife, life_of
from hamsaya.cli import agreement as basic
from hamsaya.cli.agreement import Id, show_agreements, text_of
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import plain, reader_language, result
from hamsaya.desk.agreements import agreement_of, text_named
from hamsaya.desk.doubt_files import write_doubts
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import read_terms
from hamsaya.desk.terms_file import terms_of, write_terms
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import LANGUAGES, say

app = basic.app
File = Annotated[Path, typer.Argument(help="TOML file of terms, such as `agreement terms` prints; its id says which agreement.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence. Every party reads it.")]
Text = Annotated[str, typer.Option("--text", help="The start of the text's hash, if several can be meant.")]


@app.command()
def counter(file: File, text: Text = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Counter a text that waits for signatures with another one; both stand until one is signed by all.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement counter terms.toml --as commander
    """
    del as_json
    _propose(node, file, text, login, amends=False)


@app.command()
def amend(file: File, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Propose a text that amends the one in force; that one decides until all have signed the new one.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement amend terms.toml --as commander
    """
    del as_json
    _propose(node, file, "", login, amends=True)


def _propose(node: Path, file: Path, text: str, login: str, *, amends: bool) -> None:
    terms = read_terms(text_of(file))
    with node_in(node) as opened:
        with opened.store.reading() as book:
            life = life_of(agreement_of(book, terms.id).history, opened.node.now())
        if amends and not life.governs:
            raise Refused(say("No text of this agreement is signed by all parties; it can be countered, not amended."), rule="in-force")
        if not amends and life.governs and not text:
            raise Refused(say("A text of this agreement is signed by all parties; it can be amended, not countered."), rule="in-force")
        made = propose_text(opened.node, acting(opened, login), terms, revises=text or life.shown)
        with opened.store.reading() as book:
            held = agreement_of(book, terms.id)
        show_agreements(opened.node, [held], proposed=made.hash)


@app.command()
def suspend(agreement: Id, reason: Reason, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Suspend an agreement from now on; only this party resumes it. Distress passes all the same.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement suspend west-east-2026 --reason "Shots near the line" --as commander
    """
    del as_json
    _act(node, agreement, "suspend", reason, login)


@app.command()
def resume(agreement: Id, reason: Reason, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """End this party's suspension of an agreement; it is in force again when no other stands.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement resume west-east-2026 --reason "It was settled" --as commander
    """
    del as_json
    _act(node, agreement, "resume", reason, login)


@app.command()
def withdraw(agreement: Id, reason: Reason, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Withdraw from an agreement: it ends for all parties, for good.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement withdraw west-east-2026 --reason "The command is dissolved" --as commander
    """
    del as_json
    _act(node, agreement, "withdraw", reason, login)


@app.command()
def decline(agreement: Id, reason: Reason, text: Text = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Decline a text that waits for signatures, or take back one that this party proposed.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement decline west-east-2026 --reason "Clause 3 goes too far" --as commander
    """
    del as_json
    _act(node, agreement, "decline", reason, login, text)


def _act(node: Path, agreement: str, verb: ActVerb, reason: str, login: str, text: str = "") -> None:
    with node_in(node) as opened:
        show_agreements(opened.node, [act_on_agreement(opened.node, acting(opened, login), agreement, verb, reason, text=text)])


@app.command()
def terms(agreement: Id, text: Text = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Print a text of an agreement as a file of terms, to be edited and sent back with `counter` or `amend`.

    Example: hamsaya agreement terms west-east-2026 > terms.toml
    """
    with node_in(node) as opened, opened.store.reading() as book:
        life = life_of(agreement_of(book, agreement).history, opened.node.now())
    written = write_terms(terms_of(_text(life, text or life.shown).agreement.table))
    if as_json:
        result({"agreement": agreement, "terms": written}, lines=[])
    else:
        sys.stdout.write(written)


@app.command()
def diff(
    agreement: Id,
    old: Annotated[str, typer.Option("--from", help="The start of the older text's hash; the one that the other revises if left out.")] = "",
    new: Annotated[str, typer.Option("--to", help="The start of the newer text's hash; the latest open one if left out.")] = "",
    language: Annotated[str, typer.Option("--language", help="en, fa or ur: in which language the sentences are shown; else HAMSAYA_LANGUAGE.")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what one text changes in another, clause by clause.

    Example: hamsaya agreement diff west-east-2026
    """
    del as_json
    code = next((each for each in LANGUAGES if each == language), None) if language else reader_language()
    if code is None:
        raise InputError(say("Unknown language “{language}”; known: {known}", language=language[:20], known=", ".join(LANGUAGES)))
    with node_in(node) as opened, opened.store.reading() as book:
        life = life_of(agreement_of(book, agreement).history, opened.node.now())
    after = _text(life, new) if new else _latest(life)
    before = _text(life, old or after.agreement.table.revises or after.hash)
    head, clauses = head_changes(before.agreement, after.agreement), clause_changes(before.agreement, after.agreement)
    lines = [f"{before.hash[:12]} → {after.hash[:12]}"]
    lines += [f"  {each.what}: {each.before} → {each.after}" for each in head]
    for each in clauses:
        lines.append(f"  {each.number}. {each.kind}")
        lines += [f"    - {each.before[code]}"] if each.kind in ("changed", "removed") else []
        lines += [f"    + {each.after[code]}"] if each.kind in ("changed", "added") else []
    told = {"agreement": agreement, "from": before.hash, "to": after.hash}
    result({**told, "head": [plain(each) for each in head], "clauses": [plain(each) for each in clauses]}, lines=lines)


@app.command()
def evidence(
    agreement: Id, file: Annotated[Path, typer.Argument(help="The file to write.")], node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Write what parties to an agreement signed twice in one place as a file for a third person, who needs only their fingerprints.

    Example: hamsaya agreement evidence three-2026 evidence.json
    """
    from hamsaya.courier.stick import write_whole

    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        data, count = write_doubts(opened.node, book, agreement)
    write_whole(file, data)
    result(
        {"agreement": agreement, "file": str(file), "contradictions": count, "bytes": len(data)},
        lines=[f"{count} contradictions, written to {file}; `hamsaya verify {file} --keys FILE` checks it"],
    )


def _text(life: Life, start: str) -> TextLife:
    return text_named(life, start)


def _latest(life: Life) -> TextLife:
    """Return the text that the negotiation is about: the latest open one, else the one that is shown."""
    waiting = [each for each in life.texts if each.open]
    return waiting[-1] if waiting else text_named(life, life.shown)
