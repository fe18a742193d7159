# SPDX-License-Identifier: Apache-2.0
"""`hamsaya party`: this node's card, and trusting a neighbour's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, result
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.keychange import compare_key, trust_letter
from hamsaya.desk.parties import own_party, trust_neighbour
from hamsaya.exchange.letters import is_letter
from hamsaya.facts.errors import Refused
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="This node's card, and trusting a neighbour's.")
MAX_CARD = 64 * 1024


@app.command()
def show(
    out: Annotated[Path | None, typer.Option("--out", help="Write the card to this file, to give to the neighbour.")] = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show this party, its fingerprint, and the neighbours that it trusts.

    Example: hamsaya party show --out west.card
    """
    from hamsaya.courier.stick import write_whole

    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        own = own_party(book)
        if out is not None:
            write_whole(out, book.card_of(own.card.party))
        parties = [
            {"party": each.card.party, "own": each.own, "country": each.card.country, "name": each.card.name, "address": each.card.address,
             "fingerprint": each.card.public.fingerprint(), "exercise": each.card.exercise}
            for each in book.parties()
        ]  # fmt: skip
    lines = [f"card written to {out}"] if out else []
    for each in parties:  # the fingerprint has a line of its own: it is read aloud, and no narrow window may break it
        whose = " (this node)" if each["own"] else ""
        lines += [f"{each['party']}{whose}  {each['country']}  {each['address']}", f"  fingerprint  {each['fingerprint']}"]
    result(parties, lines=lines)


@app.command()
def trust(
    card: Annotated[Path, typer.Argument(help="The neighbour's card (`hamsaya party show --out`), or its letter (`hamsaya key letter`).")],
    fingerprint: Annotated[str, typer.Option(help="The fingerprint as the neighbour read it aloud.")],
    replaces: Annotated[bool, typer.Option("--replaces", help="The letter revokes the key that is known here; takes --as COMMANDER.")] = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Trust a neighbour, once its fingerprint was read aloud and compared. The same card again notes that it was compared.

    Example: hamsaya party trust east.card --fingerprint 7F3K-…; hamsaya party trust east.letter --fingerprint 9QWE-… --replaces --as commander
    """
    from hamsaya.courier.stick import read_file

    del as_json
    data, known = read_file(card, MAX_CARD), False
    with node_in(node) as opened:
        if is_letter(data):
            if not replaces:
                raise Refused(say("This letter replaces the key that is known here."), say("If that is meant, give --replaces."), rule="known-key")
            party = trust_letter(opened.node, data, fingerprint, OPERATOR, acting(opened, login))
        else:
            with opened.store.reading() as book:
                before = {(each.card.party, each.card.key) for each in book.parties()}
            party = trust_neighbour(opened.node, data, fingerprint)
            compare_key(opened.node, party.card.party, fingerprint)
            known = (party.card.party, party.card.key) in before
    name = party.card.party
    line = say("“{party}” was trusted before; that its fingerprint was read aloud is noted.", party=name) if known else say(
        "“{party}” is trusted from now on.", party=name
    )  # fmt: skip
    result({"party": name, "country": party.card.country, "trusted": True}, lines=[in_words(line)])
