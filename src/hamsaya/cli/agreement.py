# SPDX-License-Identifier: Apache-2.0
"""`hamsaya agreement`: draft, lint, simulate, show, sign, export, import."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hamsaya.agreement.charter import Agreement, read_agreement, write_text
from hamsaya.agreement.lifecycle import Life, life_of
from hamsaya.agreement.remarks import remarks
from hamsaya.cli.agreement_told import told_of
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import escaped, in_words, minute, note, plain, reader_language, result
from hamsaya.desk.agreements import (
    Carried,
    agreement_of,
    cards_with,
    draft_agreement,
    export_agreement,
    import_agreement,
    only_open,
    sign_agreement,
)
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.simulate import Supposed, weigh
from hamsaya.desk.simulate import simulate as suppose
from hamsaya.desk.terms import lint_terms, read_terms, sample_terms, table_of
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read

if TYPE_CHECKING:
    from hamsaya.assemble.node import Opened

app = typer.Typer(no_args_is_help=True, help="The agreement that decides what leaves.")
MAX_AGREEMENT = 4 * 1024 * 1024
_HASH_START = 8
Id = Annotated[str, typer.Argument(help="The agreement's id.")]
Partners = Annotated[list[str] | None, typer.Option("--with", help="The neighbour, if there are several; again for each further party.")]


@app.command()
def draft(
    terms: Annotated[Path | None, typer.Argument(help="TOML file of terms; without it, or with --sample, one is printed to start from.")] = None,
    partner: Partners = None,
    sample: Annotated[bool, typer.Option("--sample", help="Print a commented file of terms to start from.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Draft an agreement with a neighbour; it is offered on the link and in force only when all have signed.

    Example: hamsaya agreement draft --sample > terms.toml; hamsaya agreement draft terms.toml
    """
    del as_json
    with node_in(node) as opened:
        if sample or terms is None:
            with opened.store.reading() as book:
                other = cards_with(book, partner or ())[1].party
            sys.stdout.write(sample_terms(opened.node.party, other, opened.node.now()))
            return
        held = draft_agreement(opened.node, text_of(terms), partner or ())
        show_agreements(opened.node, [held])


@app.command()
def lint(
    terms: Annotated[Path, typer.Argument(help="TOML file of terms.")],
    partner: Partners = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Explain every fault of a file of terms, clause by clause, and which of two clauses overrides the other. Keeps nothing; exit code 2 for a fault.

    Example: hamsaya agreement lint terms.toml
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        cards, told = cards_with(book, partner or ()), text_of(terms)
        faults = lint_terms(told, cards, exercise=opened.node.exercise)
        said = [] if faults else remarks(table_of(read_terms(told), cards, exercise=opened.node.exercise))
    lines = [in_words(fault) for fault in faults] or ["no fault", *(in_words(remark) for remark in said)]
    result({"file": str(terms), "faults": [str(fault) for fault in faults], "remarks": [str(remark) for remark in said]}, lines=lines)
    if faults:
        sys.exit(InputError.exit_code)


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="TOML file of terms, or a file that `agreement export` wrote.")],
    purpose: Annotated[str, typer.Option(help="prevention, settlement, rescue or return.")] = "settlement",
    records: Annotated[list[str] | None, typer.Option("--records", help="Only this record, or more if given again; the newest if left out.")] = None,
    against: Annotated[str, typer.Option("--against", help="An agreement to compare with: which records more and fewer would leave.")] = "",
    partner: Partners = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what a text would have let leave of the newest records filed here, before anyone signs it. Keeps and sends nothing.

    Grounds and danger are an officer's word at the moment of a release, and cannot be simulated.

    Example: hamsaya agreement simulate terms.toml --purpose prevention --against west-east-2026
    """
    del as_json
    with node_in(node) as opened:
        with opened.store.reading() as book:
            agreement = _agreement_in(text_of(file), book, partner or (), exercise=opened.node.exercise)
            before = agreement_of(book, against).agreement if against else None
        if records:
            found = suppose(opened.node, agreement, purpose=purpose, records=records)
            weighed = None
        else:
            weighed = weigh(opened.node, agreement, before, purpose=purpose)
            found = weighed.rows
    allowed = sum(each.decision.allowed for each in found)
    told = {"agreement": agreement.table.id, "purpose": purpose, "allowed": allowed, "refused": len(found) - allowed}
    lines = [f"{allowed} allowed, {len(found) - allowed} refused"]
    if weighed is not None:
        told |= {"asked": weighed.records, "whole": weighed.whole, "by": plain(weighed.tallies)}
        lines += [] if weighed.whole else [f"only the newest {weighed.records} records were asked about"]
        lines += [f"{each.clause or each.rule} {'allows' if each.allowed else 'refuses'} {each.records}" for each in weighed.tallies]
        told |= {"kept": plain(weighed.kept), "due": weighed.due, "due_now": weighed.due_now}
        lines += [f"{each.clause} ends {each.records} after {each.days} days" for each in weighed.kept if each.clause]
        lines += [f"no clause ends {each.records}" for each in weighed.kept if not each.clause]
        lines += [f"copies here past their time: {weighed.due_now} now, {weighed.due} as soon as all have signed"]
    if weighed is not None and before is not None:
        told |= {"against": against, "more": weighed.more, "fewer": weighed.fewer, "changes": plain(weighed.changes)}
        lines += [f"against {against}: {weighed.more} more would leave, {weighed.fewer} fewer"]
        lines += [f"  {each.now.record} to {each.now.receiver}: {in_words(each.now.decision.reason)}" for each in weighed.changes]
    result(
        {**told, "records": [plain(each) for each in found]},
        table=(("record", "to", "outcome", "by", "withheld", "why"), [_supposed(each) for each in found]),
        lines=lines,
    )


@app.command()
def show(
    agreement: Annotated[str, typer.Argument(help="The agreement's id; all if left out.")] = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Show agreements: who signed, whether in force and why, and each clause as a sentence.

    Example: hamsaya agreement show
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        found = [agreement_of(book, agreement)] if agreement else book.agreements()
        show_agreements(opened.node, found, told={held.agreement.table.id: told_of(opened.node, book, held) for held in found})


@app.command()
def sign(
    agreement: Id,
    text: Annotated[str, typer.Option("--text", help="The start of the hash of the text that you have read; asked for if left out.")] = "",
    login: As = "",
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Sign a text of an agreement for this party, by its hash. Without the hash, what would be signed is shown, and the hash asked for.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement sign west-east-2026 --text 3f2a9c01d4e5 --as commander
    """
    del as_json
    with node_in(node) as opened:
        officer = acting(opened, login)
        show_agreements(opened.node, [sign_agreement(opened.node, officer, agreement, text or _hash_asked_for(opened, agreement))])


def _hash_asked_for(opened: Opened, agreement: str) -> str:
    """Show the text that can be signed, and return the start of its hash as it was typed. Raises `InputError` where nobody can be asked."""
    with opened.store.reading() as book:
        life = life_of(agreement_of(book, agreement).history, opened.node.now())
    chosen = only_open(life)
    if not chosen.open or opened.node.party in chosen.signed:
        return chosen.hash  # the verb says why it cannot be signed
    told = chosen.agreement
    note(told.table.title)
    for number, sentence in told.text.get(reader_language(), told.text["en"]).items():
        note(f"  {number}. {sentence}")
    note(f"hash {chosen.hash}")
    typed = ""
    if sys.stdin.isatty():
        note(say("Type the first {n} letters of the hash that was read aloud to sign this text:", n=_HASH_START))
        typed = sys.stdin.readline().strip().lower()
    if len(typed) < _HASH_START:
        raise InputError(
            say("Say by its hash which text is signed, in {n} letters or more.", n=_HASH_START),
            say("Read it, compare the hash with the other party, and sign with --text {hash}.", hash=chosen.hash[:12]),
        )
    return typed


@app.command()
def export(agreement: Id, file: Annotated[Path, typer.Argument(help="The file to write.")], node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Write an agreement with its signatures to a file, to be carried by hand.

    Example: hamsaya agreement export west-east-2026 agreement.json
    """
    from hamsaya.courier.stick import write_whole

    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        data = export_agreement(book, agreement)
    write_whole(file, data)
    result({"agreement": agreement, "file": str(file), "bytes": len(data)}, lines=[f"written to {file} ({len(data)} bytes)"])


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that `agreement export` wrote.")], node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Take an agreement that was carried by hand, with its signatures.

    Example: hamsaya agreement import agreement.json
    """
    from hamsaya.courier.stick import read_file

    del as_json
    data = read_file(file, MAX_AGREEMENT)
    with node_in(node) as opened:
        show_agreements(opened.node, [import_agreement(opened.node, data)])


def _supposed(each: Supposed) -> tuple[str, ...]:
    outcome = "allowed" if each.decision.allowed else "refused"
    why = each.sentence or in_words(each.decision.reason)
    return each.record, each.receiver, outcome, each.decision.clause or each.decision.rule, str(each.withheld), why


def text_of(file: Path) -> str:
    """Return the text of a file. Raises `InputError` for one that is not UTF-8."""
    from hamsaya.courier.stick import read_file

    try:
        return read_file(file, MAX_AGREEMENT).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(say("{file} is not UTF-8 text.", file=file.name)) from error


def _agreement_in(text: str, book: Book, partner: Sequence[str], *, exercise: bool) -> Agreement:
    """Return the agreement of a file of terms, or of one that was exported. Raises `InputError`."""
    if text.lstrip().startswith("{"):
        return read_agreement(read(text.encode(), Carried).body.encode())
    return write_text(table_of(read_terms(text), cards_with(book, partner or ()), exercise=exercise))


def show_agreements(
    node: Node, agreements: list[AgreementHeld], *, proposed: str = "", told: Mapping[str, tuple[dict[str, object], list[str]]] | None = None
) -> None:
    """Print agreements with their texts and acts; `proposed` is the hash of a text that was just put forward, `told` who told whom."""
    shown, lines = [], []
    for held in agreements:
        life = life_of(held.history, node.now())
        table = held.agreement.table
        shown.append({
            "id": table.id, "hash": held.hash, "title": table.title, "state": life.standing.state, "in_force": life.standing.in_force,
            "reason": str(life.standing.reason), "signed_by": life.standing.signed_by, "exercise": table.exercise, "text": held.agreement.text,
            "texts": [
                {"hash": each.hash, "state": each.standing.state, "revises": each.agreement.table.revises,
                 "proposed_by": each.agreement.table.proposed_by, "signed_by": each.standing.signed_by, "open": each.open}
                for each in life.texts
            ],
            "acts": [plain(act) for act in life.acts], **({"proposed": proposed} if proposed else {}),
            **(told[table.id][0] if told else {}),
        })  # fmt: skip
        lines += _lines(held, life) + (told[table.id][1] if told else [])
    result(shown[0] if len(shown) == 1 else shown, lines=lines or ["no agreement yet"])


def _lines(held: AgreementHeld, life: Life) -> list[str]:
    table, now = held.agreement.table, life.standing
    lines = [f"{table.id}: {now.state}{'   EXERCISE' if table.exercise else ''}", f"  {in_words(now.reason)}", f"  hash {held.hash}",
             f"  signed by: {', '.join(now.signed_by) or '—'}", f"  {escaped(table.title)}",
             f"  {in_words(say('valid from'))} {minute(table.valid_from)} {in_words(say('until'))} {minute(table.valid_until)}"]  # fmt: skip
    lines += [f"  {number}. {sentence}" for number, sentence in held.agreement.text[reader_language()].items()]
    if len(life.texts) > 1:
        lines += [f"  text {each.hash[:12]} by {each.agreement.table.proposed_by or '—'}: {each.standing.state}, {in_words(each.standing.reason)}"
                  for each in life.texts]  # fmt: skip
    lines += [f"  {act.at:%Y-%m-%d %H:%M} {act.party} ({escaped(act.office)}): {act.verb}, {escaped(act.reason)}" for act in life.acts]
    return lines + [f"  {in_words(remark)}" for remark in remarks(table)]
