# SPDX-License-Identifier: Apache-2.0
"""`hamsaya init`: make a node's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from hamsaya.cli.desk_door import AsJson
from hamsaya.cli.say_out import result
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import LANGUAGES, say


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must be new or empty.")],
    party: Annotated[str, typer.Option(help="Short name by which neighbours will know this party, such as `west`.")],
    country: Annotated[str, typer.Option(help="The state it belongs to, ISO 3166-1 alpha-2, such as IR.")],
    name: Annotated[list[str], typer.Option(help="Its name by language, such as `en=Western Border Guard`. Repeat for fa and ur.")],
    zone: Annotated[str, typer.Option(help="Its time zone, such as Asia/Tehran.")],
    languages: Annotated[str, typer.Option(help="The desk's languages, the default one first.")] = "en",
    desk_port: Annotated[int, typer.Option(help="Port of the officers' desk.")] = 8700,
    gate_port: Annotated[int, typer.Option(help="Port of the gate that neighbours call.")] = 8701,
    gate_host: Annotated[str, typer.Option(help="Address on which the gate listens.")] = "127.0.0.1",
    address: Annotated[str, typer.Option(help="host:port under which neighbours reach the gate, if another.")] = "",
    store: Annotated[str, typer.Option(help="Address of an empty PostgreSQL database for the ledger; without it the ledger is a file.")] = "",
    exercise: Annotated[bool, typer.Option("--exercise", help="Make an exercise node: watermarked, never mixed with real ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a node: settings, keys, TLS certificate, empty ledger, and the card to give to neighbours.

    Example: hamsaya init west --party west --country IR --name "en=Western Border Guard" --zone Asia/Tehran --languages fa,en
    """
    from hamsaya.assemble.node import init_node
    from hamsaya.assemble.settings import DeskListen, Listen, Settings

    del as_json
    raw = {
        "party": party, "country": country, "zone": zone, "exercise": exercise, "address": address, "store": store, "name": _names(name),
        "languages": _languages(languages),
    }  # fmt: skip
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise InputError(say("{why}", why=error)) from error
    settings = msgspec.structs.replace(settings, desk=DeskListen("127.0.0.1", desk_port), gate=Listen(gate_host, gate_port))
    card = init_node(folder, settings)
    result(
        {
            "folder": str(folder),
            "card": str(folder / f"{card.party}.card"),
            "party": card.party,
            "fingerprint": card.public.fingerprint(),
            "exercise": card.exercise,
        },
        lines=[
            f"Node “{card.party}” made in {folder}",
            f"card for neighbours  {folder / f'{card.party}.card'}",
            f"fingerprint  {card.public.fingerprint()}",
            f"Next: `hamsaya user add` for each officer, then `hamsaya serve --node {folder}`",
        ],
    )


def _languages(typed: str) -> list[str]:
    codes = [code.strip() for code in typed.split(",") if code.strip()]
    for code in codes:
        if code not in LANGUAGES:
            raise InputError(say("--languages: expected {known}, separated by commas; this came: {came}", known=", ".join(LANGUAGES), came=code[:60]))
    return codes


def _names(pairs: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for pair in pairs:
        code, equals, name = pair.partition("=")
        if not equals or code not in LANGUAGES or not name.strip():
            raise InputError(say("--name: expected LANGUAGE=NAME with en, fa or ur; this came: {came}", came=pair[:60]))
        names[code] = name.strip()
    return names


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)
