# SPDX-License-Identifier: Apache-2.0
"""`hamsaya key`: changing this party's signing key, as planned or after others had it, and the letters that tell the neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import minute, result
from hamsaya.desk.holdings import Party
from hamsaya.desk.keys_held import KeyHeld, state_of
from hamsaya.desk.parties import neighbour, own_party
from hamsaya.exchange.letters import WHYS, Why
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="This party's signing key: changing and revoking it, and what the neighbours' keys were.")
MAX_KEY = 4096


@app.command()
def show(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show every key of this party and its neighbours: since when, until when, and why it took over.

    Example: hamsaya key show
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        rows = [row for party in book.parties() for row in _rows(party, book.keys_of(party.card.party))]
    result(rows, table=(
        ("party", "fingerprint", "since", "until", "state"),
        [(each["party"], each["fingerprint"], minute(each["since"]), minute(each["until"]) if each["until"] else "—", each["state"])
         for each in rows],
    ))  # fmt: skip


def _rows(party: Party, keys: list[KeyHeld]) -> list[dict[str, Any]]:
    return [
        {"party": party.card.party, "own": party.own, "number": key.number, "fingerprint": key.fingerprint, "since": key.since, "until": key.until,
         "why": key.why, "revoked": key.revoked, "compared": key.compared, "here": key.here, "state": str(state_of(key))}
        for key in keys
    ]  # fmt: skip


@app.command()
def change(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Make a new signing key, as planned: the old one signs for it, and each neighbour hears of it at the next exchange. Stop `serve` first.

    Example: hamsaya key change
    """
    del as_json
    _rekey(node, "planned")


@app.command()
def revoke(
    why: Annotated[str, typer.Option(help="compromised (others may have it) or lost.")],
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Give up the key that others may have, or that is lost, and make all keys anew. Neighbours trust the new one by voice. Stop `serve` first.

    Example: hamsaya key revoke --why compromised
    """
    del as_json
    if why not in ("compromised", "lost"):
        raise InputError(say("--why: expected compromised or lost; this came: {came}", came=why[:40]))
    _rekey(node, "compromised" if why == "compromised" else "lost")


@app.command()
def adopt(
    file: Annotated[Path, typer.Argument(help="The signing key that was made after the backup: a copy of keys/sign.key.")],
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Put back the key of this node after it was restored from a backup of before that key was made. Stop `serve` first.

    Example: hamsaya key adopt /media/old-disk/keys/sign.key
    """
    from hamsaya.courier.stick import read_file

    del as_json
    _rekey(node, "planned", seed=read_file(file, MAX_KEY).decode("ascii", "replace").strip())


def _rekey(node: Path, why: Why, seed: str = "") -> None:
    from hamsaya.assemble.node import utc_now
    from hamsaya.assemble.rekeying import rekey

    with node_in(node) as opened:
        card = rekey(opened, why, utc_now(), seed=seed)
        with opened.store.reading() as book:
            names = [party.card.party for party in book.parties() if not party.own]
    then = [f"hamsaya key letter {name} --out {name}.letter" for name in names] if why != "planned" else []
    result(
        {"party": card.party, "why": why, "fingerprint": card.public.fingerprint(), "neighbours": names},
        lines=[f"fingerprint  {card.public.fingerprint()}", f"The key was changed {WHYS[why]}.", *then],
    )


@app.command()
def letter(
    neighbour_: Annotated[str, typer.Argument(metavar="NEIGHBOUR", help="The neighbour.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write it.")],
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write the letter that tells a neighbour of the last change of key: after a revocation it trusts it with `party trust --replaces`.

    Example: hamsaya key letter east --out west.letter
    """
    from hamsaya.courier.stick import write_whole

    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        to, own = neighbour(book, neighbour_).card.party, own_party(book).card
        letters = book.letters(own.party, to)
        if not letters:
            raise NotFound(say("The key was not changed since “{party}” trusts this node.", party=to))
        write_whole(out, letters[-1].encode())
    result({"file": str(out), "to": to, "fingerprint": own.public.fingerprint()}, lines=[f"letter written to {out}", own.public.fingerprint()])
