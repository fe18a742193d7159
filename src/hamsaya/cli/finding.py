# SPDX-License-Identifier: Apache-2.0
"""`hamsaya finding`: what both sides sign about an incident, from the first text to two signatures."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, plain, reader_language, result
from hamsaya.desk.finding_export import export_finding
from hamsaya.desk.findings import FindingHeld, finding_with, findings_held, findings_of, propose_finding, put_forward, sign_finding
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.matters import move_matter
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import LANGUAGES, Language, say
from hamsaya.settlement.finding import PARAGRAPHS, Paragraph
from hamsaya.settlement.minutes import SIGNED_TEXTS, label_of

app = typer.Typer(no_args_is_help=True, help="Joint findings: drafted from the comparison, put forward, signed by both sides.")
Finding = Annotated[str, typer.Argument(help="The finding, as `hamsaya finding list` names it.")]
TextFile = Annotated[Path, typer.Argument(help="The text: a TOML file as `hamsaya finding draft` writes it.")]
With = Annotated[str, typer.Option("--with", help="The neighbour, where it is open with several.")]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    paragraphs: list[Paragraph]


@app.command("list")
def list_findings(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the findings, newest first.

    Example: hamsaya finding list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = findings_held(opened.node, book, kinds=tuple(SIGNED_TEXTS))
    result([_told(each) for each in held], table=(
        ("finding", "incident", "with", "state", "signed by"),
        [(each.matter.record.id, each.incident, each.matter.party, each.matter.standing.state, ", ".join(each.signed_by) or "—") for each in held],
    ))  # fmt: skip


@app.command()
def show(finding: Finding, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show a finding: the text that stands, its name, who signed it, and each step.

    Example: hamsaya finding show EAST-R-7F3KQ2
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = findings_of(opened.node, book, finding)
    if not held:
        raise NotFound(say("There is no finding {came}.", came=finding[:40] or "—"), say("`hamsaya finding list` shows them."))
    lines = [line for each in held for line in _lines(each)]
    result([_told(each) for each in held], lines=lines)


@app.command()
def draft(
    incident: Annotated[str, typer.Argument(help="The incident.")],
    language: Annotated[str, typer.Option(help="Language of the text: en, fa or ur; else that of this command.")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Print what the comparison proposes as a first text, as a TOML file to edit.

    Example: hamsaya finding draft WEST-I-7F3KQ2 > finding.toml
    """
    del as_json
    from hamsaya.tongues.findings import draft_finding  # the catalogues take a moment to load

    code: Language = next((each for each in LANGUAGES if each == language), reader_language())
    with node_in(node) as opened, opened.store.reading() as book:
        view = view_incident(book, incident)
        text = draft_finding(view.fields, code, zone=book.parties()[0].card.zone)
    lines = [f"# {view.incident}", f"# kind: {', '.join(PARAGRAPHS)}", ""]
    for each in text:
        lines += ["[[paragraphs]]", f"kind = {_quoted(each.kind)}", f"text = {_quoted(each.text)}", ""]
    result([plain(each) for each in text], lines=lines)


@app.command()
def propose(
    incident: Annotated[str, typer.Argument(help="The incident.")], file: TextFile,
    handling: Annotated[str, typer.Option(help="Handling level (TLP 2.0).")] = "amber",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File the first text of a finding; release the record, and it is put forward.

    Example: HAMSAYA_PASSWORD=… hamsaya finding propose WEST-I-7F3KQ2 finding.toml --as liaison
    """
    del as_json
    with node_in(node) as opened:
        held = propose_finding(opened.node, acting(opened, login), incident, read_paragraphs(file), handling=handling)
    record = held.record.id
    result({"finding": record, "record": record}, lines=[in_words(say("Filed as {record}; release it, and it is put forward.", record=record))])


@app.command()
def put(
    finding: Finding, file: TextFile, party: With = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:  # fmt: skip
    """File another text of a finding; release the record, and it is put forward.

    Example: HAMSAYA_PASSWORD=… hamsaya finding put EAST-R-7F3KQ2 finding.toml --as liaison
    """
    del as_json
    with node_in(node) as opened:
        held = put_forward(opened.node, acting(opened, login), finding, read_paragraphs(file), party)
    record = held.record.id
    result({"finding": finding, "record": record}, lines=[in_words(say("Filed as {record}; release it, and it is put forward.", record=record))])


@app.command()
def sign(
    finding: Finding,
    text: Annotated[str, typer.Option(help="The name of the text that you have read, as `hamsaya finding show` prints it.")],
    party: With = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Sign the text that stands.

    Example: HAMSAYA_PASSWORD=… hamsaya finding sign EAST-R-7F3KQ2 --text 3f0c… --as commander
    """
    del as_json
    with node_in(node) as opened:
        held = sign_finding(opened.node, acting(opened, login), finding, text, party)
    result(_told(held), lines=[f"{finding}: {held.matter.standing.state}"])


@app.command()
def move(
    finding: Finding, move: Annotated[str, typer.Argument(help="decline or withdraw.")], party: With = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Decline a finding, or take it back.

    Example: HAMSAYA_PASSWORD=… hamsaya finding move EAST-R-7F3KQ2 decline --as liaison
    """
    del as_json
    with node_in(node) as opened:
        matter = move_matter(opened.node, acting(opened, login), finding, move, party)
    result({"finding": finding, "party": matter.party, "state": matter.standing.state}, lines=[f"{finding}: {matter.standing.state}"])


@app.command()
def export(
    finding: Finding,
    out: Annotated[Path, typer.Option(help="The file to write; `hamsaya verify --bundle` checks it.")],
    to: Annotated[str, typer.Option(help="For whom: an office or a body.")],
    why: Annotated[str, typer.Option(help="Why it is handed on, in a sentence.")],
    party: With = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write a finding that both have signed as a file that a third person can check offline: its texts, signatures and proofs.

    Example: HAMSAYA_PASSWORD=… hamsaya finding export EAST-R-7F3KQ2 --out f.json --to "Joint commission" --why "It meets on Monday" --as lead
    """
    del as_json
    from hamsaya.courier.stick import write_whole

    with node_in(node) as opened:
        held, data = export_finding(opened.node, acting(opened, login), finding, to=to, why=why, party=party)
        write_whole(out, data)
    result(_told(held) | {"file": str(out), "bytes": len(data)}, lines=[f"written to {out} ({len(data)} bytes)"])


@app.command()
def paper(
    finding: Finding, out: Annotated[Path, typer.Option(help="The PDF to write.")],
    to: Annotated[str, typer.Option(help="For a third person: which office or body. Then the signed file is in the PDF.")] = "",
    why: Annotated[str, typer.Option(help="Why it is handed on, in a sentence.")] = "",
    language: Annotated[str, typer.Option(help="The language of the paper: en, fa or ur; else that of this command.")] = "",
    party: With = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write the text that stands as PDF, with who signed it; text that not both have signed says so on every page.

    Example: HAMSAYA_PASSWORD=… hamsaya finding paper EAST-R-7F3KQ2 --out minutes.pdf --language fa --as duty
    """
    del as_json
    from hamsaya.courier.stick import write_whole
    from hamsaya.desk.roles import require
    from hamsaya.web.paper import check_paper
    from hamsaya.web.signed_paper import draw_signed, print_signed

    code: Language = next((each for each in LANGUAGES if each == language), reader_language())
    check_paper()
    with node_in(node) as opened:
        officer = acting(opened, login)
        require(officer.role, "read")
        handed_on = export_finding(opened.node, officer, finding, to=to, why=why, party=party)[1] if to or why else b""
        name = f"{finding}.json" if handed_on else ""
        with opened.store.reading() as book:
            html = draw_signed(opened.node, book, officer, finding_with(opened.node, book, finding, party), code, attached=name)
        data = print_signed(html, code, name=name, attached=handed_on)
        write_whole(out, data)
    result({"finding": finding, "file": str(out), "bytes": len(data)}, lines=[in_words(say("Written to {file}.", file=str(out)))])


def read_paragraphs(file: Path) -> list[Paragraph]:
    """Return the paragraphs of a file. Raises `InputError`."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File).paragraphs
    except OSError as error:
        raise InputError(say("Cannot read {file}: {why}", file=str(file), why=error.strerror or "")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            say("{file} is no text of a finding: {why}", file=str(file), why=str(error)), say("`hamsaya finding draft` writes one to edit.")
        ) from error


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _told(held: FindingHeld) -> dict[str, object]:
    standing = held.matter.standing
    return {
        "finding": held.matter.record.id, "incident": held.incident, "party": held.matter.party, "ours": held.matter.ours, "state": standing.state,
        "text": standing.text, "signed_by": held.signed_by, "texts": plain(held.texts), "steps": plain(standing.steps),
    }  # fmt: skip


def _lines(held: FindingHeld) -> list[str]:
    standing = held.matter.standing
    lines = [f"{held.matter.record.id}  {held.incident}  {held.matter.party}: {standing.state}  {', '.join(held.signed_by)}", f"text {standing.text}"]
    for each in held.texts[-1].paragraphs if held.texts else []:
        if each.how != "removed":
            side = f" ({each.paragraph.side})" if each.paragraph.side else ""
            lines.append(f"  {in_words(label_of(held.matter.record.kind, each.paragraph.kind))}{side}: {each.paragraph.text}")
    lines += [f"{told.step.at:%Y-%m-%d %H:%M} UTC  {told.step.move}  {told.step.office}{'' if told.counted else '  —'}" for told in standing.steps]
    return lines
