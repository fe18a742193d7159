# SPDX-License-Identifier: Apache-2.0
"""`hamsaya incident`: both accounts side by side."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Final

import typer

from hamsaya.accounts.compare import Account
from hamsaya.accounts.connect import sentence
from hamsaya.accounts.rules import RULES
from hamsaya.cli.account_places import place_lines
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, plain, reader_language, result
from hamsaya.desk.comparing import Row, as_data, comparison_of
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.flags import flag_data, flag_of
from hamsaya.desk.incidents import IncidentView, link_incident, unlink_incident, view_incident
from hamsaya.desk.picture import pin_data, pinpoints
from hamsaya.desk.relating import put_back, relate_incidents, set_apart, unrelate_incidents
from hamsaya.desk.stages import ALL, owed_reports
from hamsaya.desk.suggesting import suggest_for
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.stages import STAGES
from hamsaya.facts.words import LANGUAGES, Language, say
from hamsaya.tongues import show_time, show_value
from hamsaya.tongues.values import show_coded

FIELD_STATES: Final = {"agree": say("agree"), "differ": say("differ"), "silent": say("silent")}

REPORT_STATES: Final = {
    "running": say("due"), "overdue": say("overdue"), "stands still": say("clock stands still"), "came": say("came in time"),
    "came late": say("came late"),
}  # fmt: skip

app = typer.Typer(no_args_is_help=True, help="Incidents: the accounts of one event side by side.")


@app.command()
def show(
    incident: Annotated[str, typer.Argument(help="The incident; all if left out.")] = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Show an incident per field: agree, differ, silent.

    Example: hamsaya incident show WEST-I-7F3KQ2
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        views = [view_incident(book, incident)] if incident else [view_incident(book, name) for name in book.incidents()]
        lines_known = opened.node.lines()
        doubter = Doubter(lines_known, opened.node.dictation, book.points_in)
        places = [pinpoints(view.accounts, lines_known, doubter) for view in views]
        said = book.relations_of(views[0].incident) if incident else []
    shown = [{**_plain(view), "places": [pin_data(pin) for pin in pins]} for view, pins in zip(views, places, strict=True)]
    if not incident:
        result(shown, table=(("incident", "accounts", "agree", "differ", "silent"), [
            (view.incident, len(view.accounts), len(view.keys("agree")), len(view.keys("differ")), len(view.keys("silent"))) for view in views
        ]))  # fmt: skip
        return
    view = views[0]
    rows = [
        (field.key, *("; ".join(_words(said.claim.value) for said in field.said.get(side, [])) or "—" for side in view.sides), field.state)
        for field in view.fields
    ]
    lines = [f"{view.incident}   EXERCISE" if any(account.record.exercise for account in view.accounts) else view.incident]
    lines += [_account_line(account) for account in view.accounts]
    lines += place_lines(places[0], lines_known)
    lines += [f"  {in_words(sentence(each.incident, each.relation, each.other))} ({each.office})" for each in said]
    result({**shown[0], "relations": [plain(each) for each in said]}, lines=lines, table=(("field", *view.sides, "state"), rows))


@app.command()
def compare(
    incident: Annotated[str, typer.Argument(help="The incident.")],
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF here, with the signed comparison attached (the extra `pdf`).")] = None,
    language: Annotated[str, typer.Option("--language", help="The language of the PDF: en, fa or ur; else that of HAMSAYA_LANGUAGE.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Compare the accounts of an incident: per field agree, differ or silent, between sides and between accounts, and by which rule.

    Example: hamsaya incident compare WEST-I-7F3KQ2 --json; hamsaya incident compare WEST-I-7F3KQ2 --pdf west.pdf --language fa --as duty
    """
    del as_json
    if pdf is not None:
        _write_pdf(incident, pdf, language, login, node)
        return
    with node_in(node) as opened, opened.store.reading() as book:
        found = comparison_of(view_incident(book, incident))
        zone, lines_known = opened.node.zone, opened.node.lines()
        pins = pinpoints(found.view.accounts, lines_known, Doubter(lines_known, opened.node.dictation, book.points_in))
        flag = flag_of(book, found.view.incident)
    language, data = (
        reader_language(),
        {**as_data(found), "places": [pin_data(pin) for pin in pins], "rights_flag": flag_data(flag) if flag else None},
    )
    lines = [f"{found.view.incident}   EXERCISE" if data["exercise"] else found.view.incident, *(_account_line(each) for each in found.view.accounts)]
    lines += [f"  {in_words(say('rights flag') if flag.is_open else say('rights flag, closed'))}"] if flag else []
    lines += place_lines(pins, lines_known)
    names = [account.record.id for account in found.compared]
    rows = [
        (_field_name(row, language), *("; ".join(show_value(claim.value, language, zone=zone) for claim in row.said.get(each, [])) or "—"
                                       for each in names), in_words(FIELD_STATES[row.field.state]), in_words(FIELD_STATES[row.field.among]),
         "; ".join(in_words(RULES[rule].words) for rule in row.field.rules) or "—")
        for row in found.rows
    ]  # fmt: skip
    headings = [in_words(say("field")), *names, *map(in_words, (say("between sides"), say("between accounts"), say("decided by")))]
    result(data, lines=lines, table=(headings, rows))


def _write_pdf(incident: str, pdf: Path, language: str, login: str, node: Path) -> None:
    from hamsaya.courier.stick import write_whole
    from hamsaya.desk.comparison_signed import sign_comparison
    from hamsaya.web.comparison_paper import attached_name, draw_comparison, print_comparison

    spoken = next((each for each in LANGUAGES if each == (language or reader_language())), None)
    if spoken is None:
        raise InputError(say("--language is one of: {list}; this came: {came}", list=", ".join(LANGUAGES), came=language[:20]))
    with node_in(node) as opened:
        officer = acting(opened, login)
        with opened.store.reading() as book:
            found = comparison_of(view_incident(book, incident))
            signed = sign_comparison(opened.node, book, officer, found)
            html = draw_comparison(opened.node, book, officer, found, spoken)
    data = print_comparison(found, html, signed, spoken)
    write_whole(pdf, data)
    told = {"file": str(pdf), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "attached": attached_name(found)}
    result(told, lines=[f"written to {pdf} ({len(data)} bytes, with {told['attached']} attached)"])


@app.command()
def overdue(
    whole: Annotated[bool, typer.Option("--all", help="Also those of which every report has come, in time or late.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """List the formal and final reports that are due or overdue, by us and by neighbours, what is due first in front.

    Example: hamsaya incident overdue --json
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        now, zone, exercise = opened.node.now(), opened.node.zone, opened.node.exercise
        clocks = owed_reports(opened.node, book, done=whole, limit=ALL)
    rows = [
        (clock.record, in_words(say("we owe {party}", party=clock.party) if clock.ours else say("{party} owes us", party=clock.party)),
         in_words(STAGES[report.stage]), show_time(report.due, reader_language(), zone=zone) if report.due else "—",
         in_words(REPORT_STATES[report.state(now)]))
        for clock in clocks for report in clock.reports
    ]  # fmt: skip
    told = [{**plain(clock), "reports": [{**plain(each), "state": each.state(now)} for each in clock.reports]} for clock in clocks]
    headings = tuple(map(in_words, (say("record"), say("who"), say("report"), say("due"), say("how it stands"))))
    result({"exercise": exercise, "accounts": told}, table=(headings, rows))


@app.command()
def link(
    incident: Annotated[str, typer.Argument(help="The incident that goes on under another's name.")],
    into: Annotated[str, typer.Argument(help="The incident that it is the same as.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that two incidents are the same event.

    Example: HAMSAYA_PASSWORD=… hamsaya incident link EAST-I-1B2C3D WEST-I-7F3KQ2 --as duty
    """
    del as_json
    with node_in(node) as opened:
        name = link_incident(opened.node, acting(opened, login), incident, into)
    result({"incident": name}, lines=[f"both go on as {name}"])


@app.command()
def unlink(
    incident: Annotated[str, typer.Argument(help="The incident that goes on under another's name.")],
    into: Annotated[str, typer.Argument(help="The incident under whose name it goes on.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take back that two incidents are the same event.

    Example: HAMSAYA_PASSWORD=… hamsaya incident unlink EAST-I-1B2C3D WEST-I-7F3KQ2 --as duty
    """
    del as_json
    with node_in(node) as opened:
        name = unlink_incident(opened.node, acting(opened, login), incident, into)
    result({"incident": name}, lines=[f"{name} stands under its own name again"])


@app.command()
def suggest(incident: Annotated[str, typer.Argument(help="The incident.")], node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Propose which others an incident may be the same event as, led to or answers; with points and reasons. Nothing is linked.

    Example: hamsaya incident suggest WEST-I-7F3KQ2 --json
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        found = suggest_for(book, incident)
        said = book.relations_of(found.incident)
    lines = []
    for each in found.same:
        lines.append(in_words(say("{incident}: {n} points for the same event", incident=each.incident, n=each.score)))
        lines += [f"  + {in_words(reason)}" for reason in each.reasons] + [f"  - {in_words(doubt)}" for doubt in each.doubts]
    for proposed in found.connected:
        lines.append(f"? {in_words(sentence(proposed.incident, proposed.relation, proposed.other))} ({proposed.score})")
        lines += [f"  + {in_words(reason)}" for reason in proposed.reasons]
    lines += [f"{in_words(sentence(each.incident, each.relation, each.other))} ({each.office})" for each in said]
    result({**plain(found), "relations": [plain(each) for each in said]}, lines=lines or [in_words(say("Nothing is proposed."))])


@app.command()
def relate(
    incident: Annotated[str, typer.Argument(help="The incident of which it is said.")],
    relation: Annotated[str, typer.Argument(help="causes: it led to the other one. responds_to: it answers the other one.")],
    other: Annotated[str, typer.Argument(help="The other incident.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that an incident led to another one, or answers it.

    Example: HAMSAYA_PASSWORD=… hamsaya incident relate WEST-I-7F3KQ2 responds_to EAST-I-1B2C3D --as duty
    """
    del as_json
    with node_in(node) as opened:
        said = relate_incidents(opened.node, acting(opened, login), incident, relation, other)
    result(plain(said), lines=[in_words(sentence(said.incident, said.relation, said.other))])


@app.command()
def unrelate(
    incident: Annotated[str, typer.Argument(help="The incident of which it was said.")],
    relation: Annotated[str, typer.Argument(help="causes or responds_to.")],
    other: Annotated[str, typer.Argument(help="The other incident.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take back that an incident led to another one, or answers it.

    Example: HAMSAYA_PASSWORD=… hamsaya incident unrelate WEST-I-7F3KQ2 responds_to EAST-I-1B2C3D --as duty
    """
    del as_json
    with node_in(node) as opened:
        unrelate_incidents(opened.node, acting(opened, login), incident, relation, other)
    result({"incident": incident, "relation": relation, "other": other}, lines=[in_words(say("Taken back."))])


@app.command("set-apart")
def set_apart_(
    record: Annotated[str, typer.Argument(help="The account that a neighbour sent.")],
    login: As = "",
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Say that a neighbour's account is of another event than its author says: it stands here under a name of its own.

    Example: HAMSAYA_PASSWORD=… hamsaya incident set-apart EAST-R-1B2C3D --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = set_apart(opened.node, acting(opened, login), record)
    result(plain(held), lines=[f"{held.record} stands under {held.incident}"])


@app.command("put-back")
def put_back_(
    record: Annotated[str, typer.Argument(help="The account that was set apart.")], login: As = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Take that back: the account stands where its author puts it.

    Example: HAMSAYA_PASSWORD=… hamsaya incident put-back EAST-R-1B2C3D --as duty
    """
    del as_json
    with node_in(node) as opened:
        name = put_back(opened.node, acting(opened, login), record)
    result({"record": record, "incident": name}, lines=[f"{record} stands under {name}"])


@app.command()
def export(
    incident: Annotated[str, typer.Argument(help="The incident.")],
    html: Annotated[Path, typer.Option("--html", help="Write the case file here: one page that anyone can open and check without network.")],
    to: Annotated[str, typer.Option("--to", help="For whom it is: an office or a body.")],
    why: Annotated[str, typer.Option("--why", help="Why it is handed on, in a sentence. The reader sees it.")],
    without_content: Annotated[bool, typer.Option("--without-content", help="Only the proofs, not what was said.")] = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write a case file for a third person, in the language of HAMSAYA_LANGUAGE: both accounts as released, with receipts and proofs.

    Example: HAMSAYA_PASSWORD=… hamsaya incident export WEST-I-7 --html case.html --to "a commission" --why "It was asked to settle this" --as lead
    """
    del as_json
    from hamsaya.courier.stick import write_whole
    from hamsaya.desk.cases import export_case
    from hamsaya.web.case_file import CaseSheet

    if not html.parent.is_dir():  # it stands in the journal before it is written: what surely fails is not begun
        raise OperatorError(say("{file} cannot be written: {why}", file=html, why="no such folder"))
    with node_in(node) as opened:
        page = CaseSheet(reader_language(), opened.node.zone)
        held, data = export_case(opened.node, acting(opened, login), incident, to=to, why=why, page=page, content=not without_content)
        write_whole(html, data)
    lines = [f"written to {html} ({held.size} bytes, TLP:{held.handling.upper()}, SHA-256 {held.sha256})", *(f"  {entry}" for entry in held.entries)]
    result({**plain(held), "file": str(html)}, lines=lines)


def _account_line(account: Account) -> str:
    record = account.record
    words = [in_words(say("signed")) if account.signed else in_words(say("attributed"))]
    words += [in_words(say("gives way"))] if account.gives_way else []
    words += [in_words(say("says the same as {record}: counted once", record=account.repeats))] if account.repeats else []
    return f"  {record.id}: {record.side}, {', '.join(words)} ({record.party})"


def _field_name(row: Row, language: Language) -> str:
    group = f" · {show_coded(row.group, language)}" if row.group else ""
    return f"{in_words(row.label)}{group}"


def _plain(view: IncidentView) -> dict[str, object]:
    return {
        "id": view.incident, "sides": view.sides, "exercise": any(account.record.exercise for account in view.accounts),
        "accounts": [{"record": account.record.id, "side": account.record.side, "party": account.record.party, "basis": account.record.basis,
                      "signed": account.signed, "gives_way": account.gives_way} for account in view.accounts],
        "agree": view.keys("agree"), "differ": view.keys("differ"), "silent": view.keys("silent"), "fields": plain(view.fields),
    }  # fmt: skip


def _words(value: object) -> str:
    code = str(getattr(value, "code", ""))
    words = str(getattr(value, "words", "") or getattr(value, "text", ""))
    return f"{code} “{words}”" if code and words else code or words
