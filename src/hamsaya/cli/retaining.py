# SPDX-License-Identifier: Apache-2.0
"""`hamsaya record due`, `erase-due`, `hold` and `review-hold`: copies whose time has run out, and two persons who erase them."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.erasing import app
from hamsaya.cli.say_out import in_words, note, plain, reader_language, result
from hamsaya.desk.retaining import HOLD_DAYS, decide_due, hold_copy, order_due, order_waiting, review_hold
from hamsaya.desk.retention import CopyKept, due_here, late_there
from hamsaya.desk.retention_held import CopyHoldHeld
from hamsaya.exchange.retention import why_held
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

_MOST_DIGITS = 9
__all__ = ["app"]
Entry = Annotated[str, typer.Argument(help="The copy, named LOG#NUMBER as `record due` lists it.")]


@app.command()
def due(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List copies of neighbours that may no longer be kept here, or soon may not, by which clause; and ours that neighbours should have erased.

    Example: hamsaya record due
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        now = opened.node.now()
        here, there, waits = due_here(opened.node, book, now), late_there(opened.node, book, now), order_waiting(book)
    groups = {"due": here.due, "held": here.held, "soon": here.soon, "there": there}
    told = {name: [{**plain(each), "days_late": each.days_late(now)} for each in copies] for name, copies in groups.items()}
    rows = [_row(name, each, each.days_late(now)) for name, copies in groups.items() for each in copies]
    result(
        {**told, "more": here.more, "order": plain(waits)}, table=(("state", "entry", "record", "from", "to", "until", "clause", "days late"), rows)
    )
    for each in dict.fromkeys(
        f"{each.keep.clause}. {each.keep.sentences.get(reader_language(), '')}" for copies in groups.values() for each in copies
    ):
        note(each)
    if here.more:
        note(say("The oldest stand here; {n} more are due or soon due, and follow when these are erased.", n=here.more))
    if waits is not None:
        note(say("Order {number} of {office} waits for a second officer: `record erase-due --confirm {number}`.", number=waits.number,
                 office=waits.ordered_office))  # fmt: skip


@app.command("erase-due")
def erase_due(
    entries: Annotated[list[str] | None, typer.Argument(help="Copies to order, named LOG#NUMBER as `record due` lists them.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="The first half: order all that `record due` lists as due.")] = False,
    confirm: Annotated[int, typer.Option(help="The second half, by another officer: the number of the order whose copies are erased.")] = -1,
    decline: Annotated[int, typer.Option(help="The second half, by another officer: the number of the order of which nothing is erased.")] = -1,
    hold: Annotated[list[str] | None, typer.Option("--hold", help="With --confirm, a copy that is held back: LOG#NUMBER=REASON.")] = None,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Erase copies of neighbours whose time has run out, in two halves by two officers; each neighbour is told by which clause.

    Example: HAMSAYA_PASSWORD=… hamsaya record erase-due --all --as commander
    """
    del as_json
    if [bool(entries), all_, confirm >= 0, decline >= 0].count(True) != 1:
        raise InputError(say("Give the copies or --all (to order it), or one of --confirm and --decline with the order's number."))
    with node_in(node) as opened:
        officer = acting(opened, login)
        if entries or all_:
            with opened.store.reading() as book:
                listed = [(each.log, each.seq) for each in due_here(opened.node, book, opened.node.now()).due]
            made = order_due(opened.node, officer, [_place(each) for each in entries] if entries else listed)
        else:
            held = dict(_held(each) for each in hold or [])
            made = decide_due(opened.node, officer, max(confirm, decline), erase=confirm >= 0, hold=held)
    lines = [f"{made.number}: {made.state}", *(f"{log}#{seq}" for log, seq in (made.erased if made.state == "erased" else made.items))]
    result(plain(made), lines=lines)


@app.command("hold")
def hold_(
    entry: Entry, reason: Annotated[str, typer.Option(help="complaint, incident, court or rights.")],
    days: Annotated[int, typer.Option(help="For how many days, 90 at most; then it is past its time again.")] = HOLD_DAYS,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Hold a copy beyond its time, for one of four reasons; its sender is told, and another officer reviews it.

    Example: HAMSAYA_PASSWORD=… hamsaya record hold "release/west-east-2026/west/east#0" --reason complaint --as approver
    """
    del as_json
    with node_in(node) as opened:
        held = hold_copy(opened.node, acting(opened, login), *_place(entry), reason, days)
    _print(held)


@app.command("review-hold")
def review_hold_(
    entry: Entry,
    fine: Annotated[bool, typer.Option("--fine", help="It is right to hold it.")] = False,
    end: Annotated[bool, typer.Option("--end", help="The hold ends: the copy is past its time again.")] = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Review as another person that a copy is held beyond its time.

    Example: HAMSAYA_PASSWORD=… hamsaya record review-hold "release/west-east-2026/west/east#0" --fine --as commander
    """
    del as_json
    if fine == end:
        raise InputError(say("Give one of --fine and --end."))
    with node_in(node) as opened:
        held = review_hold(opened.node, acting(opened, login), *_place(entry), fine=fine)
    _print(held)


def _row(name: str, copy: CopyKept, late: int) -> tuple[object, ...]:
    return (name, f"{copy.log}#{copy.seq}", copy.record, copy.by, copy.to, f"{copy.keep.until:%Y-%m-%d %H:%M} UTC", copy.keep.clause, late or "")


def _print(held: CopyHoldHeld) -> None:
    why = in_words(why_held(held.reason))
    reviewed = f" {held.outcome}" if held.outcome else ""
    result(plain(held), lines=[f"{held.log}#{held.seq}: {held.until:%Y-%m-%d %H:%M} UTC {why}{reviewed}"])


def _held(text: str) -> tuple[tuple[str, int], str]:
    place, _, reason = text.rpartition("=")
    return _place(place), reason


def _place(text: str) -> tuple[str, int]:
    log, _, number = text.rpartition("#")
    if not log or not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
        raise InputError(say("Expected LOG#NUMBER as `hamsaya record due` lists it; this came: {came}", came=text[:80] or "—"))
    return log, int(number)
