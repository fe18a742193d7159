# SPDX-License-Identifier: Apache-2.0
"""`hamsaya link`: what is proven of the link to each neighbour, calling it now, and holding or freeing it by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import escaped, in_words, note, plain, result
from hamsaya.desk.breaches import write_breaches
from hamsaya.desk.contacts import LINK_NAMES, WAY_NAMES, LinkNow, links_now
from hamsaya.desk.converse import synchronise
from hamsaya.desk.epochs import open_epoch
from hamsaya.desk.epochs_held import EpochHeld, LostEntry
from hamsaya.desk.holdings import Held
from hamsaya.desk.keeping import free_link, hold_link
from hamsaya.desk.parties import neighbour as known_neighbour
from hamsaya.desk.unheard import unheard_changes
from hamsaya.exchange.quarantine import why_quarantined
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="The links to the neighbours: what is proven of them, and whether they are held.")
Neighbour = Annotated[str, typer.Argument(help="The neighbour.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence; it stands in the journal.")]


@app.command()
def show(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show the link to each neighbour: when contact was last proven and how, what failed last, when it is tried next; or held, and why.

    Example: hamsaya link show
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = {each.neighbour: each for each in book.holds()}
        links = links_now(opened.node, book)
        unheard = {each.neighbour: each for each in unheard_changes(opened.node, book)}
    told = [{**_data(link), **_hold(held.get(link.neighbour)), "key_heard": link.neighbour not in unheard} for link in links]
    rows = [
        (link.neighbour, in_words(LINK_NAMES[link.kind]), _minute(link.proven), in_words(WAY_NAMES[link.way]) if link.way else "",
         held[link.neighbour].reason if link.kind == "held" else in_words(link.failure) if link.failures and link.failure else "", _minute(link.due))
        for link in links
    ]  # fmt: skip
    lines = [f"{in_words(each.what)} {in_words(each.next)}" for each in unheard.values()]
    result(told, lines=lines, table=(("neighbour", "link", "last proven contact", "how", "why", "next try"), rows))


@app.command("try")
def try_now(neighbour: Neighbour, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Call a neighbour now, whatever the node waits for after calls that failed; say what came of it.

    Example: hamsaya link try east
    """
    from hamsaya.courier.pinned import PinnedCourier

    del as_json
    with node_in(node) as opened:
        done = synchronise(opened.node, neighbour, PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key).exchange)
    warning = done.warning()
    result(
        {"neighbour": done.neighbour, "proven": True, "applied": done.applied, "receipts": done.receipts},
        lines=[f"contact with “{done.neighbour}” is proven: {done.applied} entries in, {done.receipts} receipts"],
    )
    if warning is not None:
        note(warning)


@app.command()
def quarantined(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List single entries in quarantine, ours at neighbours and theirs here, as the receiver told the sender: which, since when, by which rule.

    Example: hamsaya link quarantined
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        notices = book.notices()
    told = [{"log": each.log, "seq": each.seq, "at": each.at, "code": each.code, "clause": each.clause, "until": each.until,
             "why": str(why_quarantined(each))} for each in notices]  # fmt: skip
    rows = [(f"{each.log}#{each.seq}", _minute(each.at), in_words(why_quarantined(each))) for each in notices]
    result(told, table=(("entry", "since", "why"), rows))


@app.command()
def evidence(
    neighbour: Neighbour, file: Annotated[Path, typer.Argument(help="The file to write.")], node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Write what a neighbour signed against the rules (a fork, a rollback) as a file for a third person, who needs only its fingerprint.

    Example: hamsaya link evidence east evidence.json
    """
    from hamsaya.courier.stick import write_whole

    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        data, count = write_breaches(opened.node, book, neighbour)
    write_whole(file, data)
    result({"file": str(file), "bundles": count, "bytes": len(data)}, lines=[f"{count} bundles that broke the rules, written to {file}"])


@app.command()
def hold(neighbour: Neighbour, reason: Reason, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Hold a link after this node was set back without `restore` (a copied folder, a snapshot): the neighbour gives back what it holds.

    Example: hamsaya link hold east --reason "the machine was set back to a snapshot"
    """
    del as_json
    with node_in(node) as opened:
        name = hold_link(opened.node, neighbour, reason)
    result({"neighbour": name, "held": True}, lines=[f"The link to “{name}” is held until it has given back what it holds: `hamsaya sync {name}`"])


@app.command()
def free(neighbour: Neighbour, reason: Reason, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Free a held link on your word that nothing was signed for this neighbour since the backup. If that is wrong, the log is forked for good.

    Example: hamsaya link free east --reason "the old machine was off since the backup"
    """
    del as_json
    with node_in(node) as opened:
        name = free_link(opened.node, neighbour, reason)
    result({"neighbour": name, "held": False}, lines=[f"The link to “{name}” is free."])


@app.command()
def epoch(
    neighbour: Annotated[str, typer.Argument(help="The neighbour; all if left out.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in a sentence; the neighbour reads it. Without it, only lists.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Begin the logs to a neighbour anew by a commander's signed act, where they are forked or nobody holds their end; or list what was begun.

    The link must be held, and the neighbour asked first (`hamsaya sync`): what it holds comes back by itself.

    Example: HAMSAYA_PASSWORD=… hamsaya link epoch east --reason "Both disks were lost" --as commander
    """
    del as_json
    with node_in(node) as opened:
        if reason:
            open_epoch(opened.node, acting(opened, login), neighbour, reason)
        with opened.store.reading() as book:
            name = known_neighbour(book, neighbour).card.party if neighbour else ""
            begun = [each for each in book.epochs() if not name or name in (each.sender, each.receiver)]
            lost = [each for each in book.lost_entries() if not name or each.giver == name]
            conditions = {each.release: held.condition for each in lost if (held := book.release(each.release)) is not None}
    told = {
        "epochs": plain(begun),
        "lost": [{"log": each.log, "seq": each.seq, "kind": each.kind, "release": each.release, "record": each.record, "version": each.version,
                  "at": each.at, "known_to": each.giver, "condition": conditions.get(each.release, "")} for each in lost],
    }  # fmt: skip
    lines = [
        in_words(say("Entries that were lost here, and came back from {party}: {n}.", party=each.receiver, n=_count(lost, each)))
        if each.settled else in_words(say("{party} has not told yet what it holds of the logs that were closed.", party=each.receiver))
        for each in begun if each.sender == opened.node.party
    ]  # fmt: skip
    lines += [f"  {each.log}#{each.seq} {each.kind} {each.release} {each.record} {conditions.get(each.release, '')}".rstrip() for each in lost]
    rows = [(each.sender, each.receiver, each.epoch, _minute(each.at), each.office, escaped(each.reason)) for each in begun]
    result(told, lines=lines, table=(("from", "to", "epoch", "since", "office", "why"), rows))


def _count(lost: list[LostEntry], epoch: EpochHeld) -> int:
    return sum(each.giver == epoch.receiver for each in lost)


def _data(link: LinkNow) -> dict[str, object]:
    return {"neighbour": link.neighbour, "state": link.kind, "proven": link.proven, "by": link.way, "failed": link.failed,
            "why": str(link.failure) if link.failure else "", "failures": link.failures, "next_try": link.due}  # fmt: skip


def _hold(held: Held | None) -> dict[str, object]:
    return {"held": held is not None, "since": held.since if held else None, "reason": held.reason if held else ""}


def _minute(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else ""
