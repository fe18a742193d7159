# SPDX-License-Identifier: Apache-2.0
"""`hamsaya release`: two officers let a record leave."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hamsaya.cli.account_lines import account_lines, delivery_lines, keep_lines
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import escaped, in_words, plain, result
from hamsaya.desk.explain import arrived_as
from hamsaya.desk.explain import explain as account_of
from hamsaya.desk.holdings import ReleaseHeld
from hamsaya.desk.recalls import answer_recall, onward, recall_named, recall_release
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.desk.release import approve_release, propose_release, refuse_release, release_of
from hamsaya.desk.retention import keep_of
from hamsaya.desk.reviewing import review_release
from hamsaya.desk.steps import delivery_here, delivery_of
from hamsaya.facts.errors import InputError, Refused, Tampered
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Releases: the only way for a record to leave.")
Id = Annotated[str, typer.Argument(help="The release.")]


@app.command()
def propose(
    record: Annotated[str, typer.Argument(help="The record; its latest version is meant.")],
    purpose: Annotated[str, typer.Option(help="prevention, settlement, rescue or return.")],
    necessity: Annotated[str, typer.Option(help="Why it is necessary, in a sentence. The neighbour reads it.")],
    to: Annotated[str, typer.Option(help="The neighbour, if there are several.")] = "",
    grounds: Annotated[list[str] | None, typer.Option("--ground", help="A ground of law 12 that it touches: it is then refused.")] = None,
    danger: Annotated[bool, typer.Option("--danger", help="Life is in danger: the position of a group need not be a day old.")] = False,
    ask_second: Annotated[bool, typer.Option("--ask-second", help="A second officer looks first, also under a standing approval.")] = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Propose a release. A refusal names its clause or rule; exit code 3.

    Example: hamsaya release propose WEST-R-7F3KQ2 --purpose settlement --necessity "Both sides must see the account" --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = propose_release(
            opened.node, acting(opened, login), record, receiver=to, purpose=purpose, necessity=necessity, grounds=grounds or [], danger=danger,
            ask_second=ask_second,
        )  # fmt: skip
    _conclude(held)


@app.command()
def approve(release: Id, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Approve a release as the second officer; `release show` prints exactly the bytes that leave.

    Example: HAMSAYA_PASSWORD=… hamsaya release approve WEST-S-0ABCDE --as approver
    """
    del as_json
    with node_in(node) as opened:
        held = approve_release(opened.node, acting(opened, login), release)
    _conclude(held)


@app.command()
def refuse(
    release: Id, reason: Annotated[str, typer.Option(help="Why, in a sentence.")], login: As = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Refuse a proposed release as the second officer.

    Example: HAMSAYA_PASSWORD=… hamsaya release refuse WEST-S-0ABCDE --reason "wait for the second report" --as approver
    """
    del as_json
    with node_in(node) as opened:
        held = refuse_release(opened.node, acting(opened, login), release, reason)
    result(plain(held), lines=[_line(held)])


@app.command()
def review(
    release: Annotated[str, typer.Argument(help="The release; those that wait for a review if left out.")] = "",
    fine: Annotated[bool, typer.Option("--fine", help="It is fine that it left.")] = False,
    recall: Annotated[str, typer.Option(help="It is to be recalled: why, in a sentence.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Review a release that one officer made under a standing approval, as another person; or list those that wait.

    Example: HAMSAYA_PASSWORD=… hamsaya release review WEST-S-0ABCDE --fine --as approver
    """
    del as_json
    with node_in(node) as opened:
        if release:
            if fine == bool(recall):
                raise InputError(say("Give either --fine or --recall with a reason."))
            made = review_release(opened.node, acting(opened, login), release, fine=fine, reason=recall)
            result(plain(made), lines=[f"{made.release}: {made.outcome} {escaped(made.reason)}".rstrip()])
            return
        with opened.store.reading() as book:
            waiting = book.reviews(waiting=True)
        now = opened.node.now()
    result([{**plain(each), "overdue": each.overdue(now)} for each in waiting], table=(
        ("release", "clause", "due", ""),
        [(each.release, each.clause, f"{each.until:%Y-%m-%d %H:%M} UTC", "overdue" if each.overdue(now) else "") for each in waiting],
    ))  # fmt: skip


@app.command()
def recall(
    release: Id, reason: Annotated[str, typer.Option(help="Why, in a sentence. The holder reads it.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take back what left: the neighbour's copy is struck, and an officer there answers.

    Example: HAMSAYA_PASSWORD=… hamsaya release recall WEST-S-0ABCDE --reason "It was another post" --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = recall_release(opened.node, acting(opened, login), release, reason)
    result({**plain(held), "content": held.content.decode()}, lines=[_line(held)])


@app.command()
def recalls(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List what was taken back, by us and by neighbours, with the answers.

    Example: hamsaya release recalls
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = book.recalls()
    _print_recalls(held)


@app.command()
def answer(
    entry: Annotated[str, typer.Argument(help="What was taken back, named LOG#NUMBER as `release recalls` lists it.")],
    keep: Annotated[list[str] | None, typer.Option("--keep", help="A release of ours that rests on it and is not taken back in turn.")] = None,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Answer a neighbour that took a release back; what went on to others from it is taken back in turn.

    Example: HAMSAYA_PASSWORD=… hamsaya release answer "release/west-east-2026/west/east#0" --as duty
    """
    del as_json
    log, _, number = entry.rpartition("#")
    if not log or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise InputError(say("Expected LOG#NUMBER as `hamsaya release recalls` lists it; this came: {came}", came=entry[:80]))
    with node_in(node) as opened:
        officer = acting(opened, login)
        with opened.store.reading() as book:
            resting = [each.release for each in onward(book, recall_named(book, log, int(number)))]
        held = answer_recall(opened.node, officer, log, int(number), recall=[each for each in resting if each not in (keep or [])])
    _print_recalls([held])


def _print_recalls(held: list[RecallHeld]) -> None:
    result([plain(each) for each in held], table=(
        ("entry", "record", "version", "by", "to", "reason", "answered", "passed on to"),
        [(f"{each.log}#{each.seq}", each.record, each.version, each.by, each.to, each.reason,
          f"{each.answer.at:%Y-%m-%d %H:%M} UTC" if each.answer else "no",
          ", ".join(f"{told.party}{'' if told.recalled else ' (kept)'}" for told in each.answer.passed_on) if each.answer else "") for each in held],
    ))  # fmt: skip


@app.command()
def show(
    release: Annotated[str, typer.Argument(help="The release; all if left out.")] = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Show releases with their condition; or one, made or sent here, with every step that is proven; of our own the very bytes that leave too.

    Example: hamsaya release show WEST-S-0ABCDE
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        if release:
            came = arrived_as(book, release)
            if came is not None:
                told = delivery_here(opened.node, book, *came)
                keep = keep_of(book, *came)
                shown = {"release": release, "log": came[0], "seq": came[1], "delivery": told, "keep": keep}
                result(shown, lines=[f"{release}: {in_words(told.condition)}", *delivery_lines(told), *keep_lines(keep)])
                return
            held = release_of(book, release)
            told = delivery_of(opened.node, book, held)
            keep = keep_of(book, held.log, held.seq) if held.log else None
            shown = {**plain(held), "content": held.content.decode(), "delivery": told, "keep": keep}
            lines = [_line(held), *delivery_lines(told), *keep_lines(keep), f"withheld fields: {held.withheld}", escaped(held.content.decode())]
            result(shown, lines=lines)
            return
        every = book.releases()
    result([{**plain(each), "content": each.content.decode()} for each in every], table=(
        ("release", "record", "to", "condition", "by", "purpose", "since"),
        [(each.release, each.record, each.receiver, each.condition, each.clause or each.rule, each.purpose, f"{each.condition_at:%Y-%m-%d %H:%M} UTC")
         for each in every],
    ))  # fmt: skip


@app.command()
def explain(
    release: Annotated[str, typer.Argument(help="The release, made here or sent here; or LOG#NUMBER as `hamsaya inbox` lists it.")],
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell why it left, or did not: the whole decision from what was signed, asked again now. Exit code 7 where the two do not agree.

    Example: hamsaya release explain WEST-S-0ABCDE
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        told = account_of(opened.node, book, release)
    result({**plain(told), "agrees": not told.faults}, lines=account_lines(told))
    if told.faults:
        sys.exit(Tampered.exit_code)


def _line(held: ReleaseHeld) -> str:
    by = f"clause {held.clause}" if held.clause else held.rule
    return f"{held.release}: {held.condition}{f' ({by})' if by else ''} {in_words(held.reason)}"


def _conclude(held: ReleaseHeld) -> None:
    result({**plain(held), "content": held.content.decode()}, lines=[_line(held)])
    if held.condition == "refused":
        sys.exit(Refused.exit_code)
