# SPDX-License-Identifier: Apache-2.0
"""`hamsaya incident flags` and `close-flag`: harm to civilians, and the flag that the rights officer alone closes."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.accounts.harm import HARMS
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.incident import app
from hamsaya.cli.say_out import in_words, reader_language, result
from hamsaya.desk.flags import Flag, Raised, close_flag, flag_data, flags_of
from hamsaya.desk.sheets import MOST
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.words import Language, Text, say
from hamsaya.tongues import show_value
from hamsaya.tongues.values import show_coded

__all__ = ["app"]


@app.command()
def flags(
    closed: Annotated[bool, typer.Option("--closed", help="Those that the rights officer has closed.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """List the incidents in which an account tells of harm to civilians and whose rights flag is open.

    Example: hamsaya incident flags
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        sheet = book.flagged_page(closed=closed, limit=MOST)
        names = list(sheet.rows)
        while sheet.next:
            sheet = book.flagged_page(closed=closed, after=sheet.next, limit=MOST)
            names += sheet.rows
        found = flags_of(book, names)
        zone = opened.node.zone
    language = reader_language()
    result([flag_data(found[name]) for name in names], lines=[line for name in names for line in _lines(found[name], language, zone)])


@app.command("close-flag")
def close_flag_(
    incident: Annotated[str, typer.Argument(help="The incident.")],
    reason: Annotated[str, typer.Option(help="Why it is closed, in a sentence. It stays to be seen.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Close the rights flag of an incident, as the rights officer.

    Example: HAMSAYA_PASSWORD=… hamsaya incident close-flag WEST-I-7F3KQ2 --reason "The wounded man was treated, and compensated." --as rights
    """
    del as_json
    with node_in(node) as opened:
        flag = close_flag(opened.node, acting(opened, login), incident, reason)
        zone = opened.node.zone
    result(flag_data(flag), lines=_lines(flag, reader_language(), zone))


def _lines(flag: Flag, language: Language, zone: str) -> list[str]:
    state = in_words(say("rights flag")) if flag.is_open else in_words(say("rights flag, closed"))
    return [f"{flag.incident}   {state}", *(line for each in flag.raised for line in _raised(each, language, zone))]


def _raised(raised: Raised, language: Language, zone: str) -> list[str]:
    held = raised.held
    side = f": {raised.account.record.side}" if raised.account else ""
    lines = [f"  {held.told.record} ({in_words(say('version {n}', n=held.told.version))}){side}  {held.at:%Y-%m-%d %H:%M} UTC"]
    for each in raised.harm:
        predicate = PREDICATES.get(each.claim.predicate)
        what = in_words(predicate.label if predicate else Text(each.claim.predicate))
        group = f" · {show_coded(each.claim.about, language)}" if each.claim.about else ""
        lines.append(f"    {in_words(HARMS[each.why])}: {what}{group}: {show_value(each.claim.value, language, zone=zone)}")
    if not raised.harm:
        lines.append(f"    {in_words(say('What it said was erased. The flag stays.'))}")
    if held.closed_by and held.closed_at:
        lines.append(f"    {in_words(say('closed'))}: {held.reason or '—'} ({held.closed_by}, {held.closed_at:%Y-%m-%d %H:%M} UTC)")
    return lines
