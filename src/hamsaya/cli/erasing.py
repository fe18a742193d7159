# SPDX-License-Identifier: Apache-2.0
"""`hamsaya record erase`, `erasures` and `confirm-erasure`: two persons erase, and a neighbour confirms the same."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.record import Id, app
from hamsaya.cli.say_out import in_words, note, plain, result
from hamsaya.desk.erasing import confirm_erasure, decide_erasure, evidence_with, order_erasure
from hamsaya.desk.erasures_held import ErasureHeld, OrderHeld
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

_MOST_DIGITS = 9
__all__ = ["app"]


@app.command()
def erase(
    record: Id,
    reason: Annotated[str, typer.Option(help="The first half, an order: retention, ordered, withdrawn or mistake.")] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="The second half, by another officer: the content is erased.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="The second half, by another officer: it is not erased.")] = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Erase what one of our records says, in two halves by two officers; each neighbour that has it is asked for the same.

    Example: HAMSAYA_PASSWORD=… hamsaya record erase WEST-R-7F3KQ2 --reason retention --as commander
    """
    del as_json
    if [bool(reason), confirm, decline].count(True) != 1:
        raise InputError(say("Give one of --reason (to order it), --confirm and --decline."))
    with node_in(node) as opened:
        officer = acting(opened, login)
        held = order_erasure(opened.node, officer, record, reason) if reason else decide_erasure(opened.node, officer, record, erase=confirm)
    result(plain(held), lines=[f"{held.record}: {held.state}"])


@app.command()
def erasures(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List what is to be erased and what was, here and at neighbours, with the confirmations.

    Example: hamsaya record erasures
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        orders, asked = book.erasure_orders(), book.erasures()
        waiting = [each for each in asked if each.to == opened.node.party and each.confirmed is None]
        going = [(each, len(evidence_with(book, each))) for each in waiting]
    _print(orders, asked)
    for each, count in going:
        if count:
            told = say("Bundles kept here as evidence against {party} that hold this copy, and go with it: {n}", party=each.by, n=count)
            note(f"{each.log}#{each.seq}: {in_words(told)}")


@app.command("confirm-erasure")
def confirm_erasure_(
    entry: Annotated[str, typer.Argument(help="What a neighbour asked to be erased, named LOG#NUMBER as `record erasures` lists it.")],
    also: Annotated[list[str] | None, typer.Option("--also", help="A record of ours that rests on it and is erased with it.")] = None,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Erase our copy of what a neighbour released and asked to be erased, and confirm it to that neighbour.

    A bundle kept as evidence against that neighbour goes too where it holds the copy; `record erasures` says so before.

    Example: HAMSAYA_PASSWORD=… hamsaya record confirm-erasure "release/west-east-2026/west/east#0" --as approver
    """
    del as_json
    log, _, number = entry.rpartition("#")
    if not log or not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
        raise InputError(say("Expected LOG#NUMBER as `hamsaya record erasures` lists it; this came: {came}", came=entry[:80]))
    with node_in(node) as opened:
        held = confirm_erasure(opened.node, acting(opened, login), log, int(number), erase=also or [])
    _print([], [held])


def _print(orders: list[OrderHeld], asked: list[ErasureHeld]) -> None:
    rows: list[tuple[str, ...]] = [("ours", each.record, "", "", each.reason, each.state) for each in orders]
    rows += [
        (f"{each.log}#{each.seq}", each.record, each.by, each.to, each.reason,
         f"confirmed {each.confirmed.at:%Y-%m-%d %H:%M} UTC" if each.confirmed else "asked")
        for each in asked
    ]  # fmt: skip
    value = {"orders": [plain(each) for each in orders], "erasures": [plain(each) for each in asked]}
    result(value, table=(("entry", "record", "by", "to", "reason", "condition"), rows))
