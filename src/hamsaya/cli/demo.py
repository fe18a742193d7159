# SPDX-License-Identifier: Apache-2.0
"""`hamsaya demo`: the whole way through the house, on two nodes of an exercise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import AsJson
from hamsaya.cli.say_out import json_wanted


def demo(
    document: Annotated[list[Path] | None, typer.Option(help="Read these documents instead of the samples. Repeat for several.")] = None,
    origin: Annotated[str, typer.Option(help="The side whose documents those are, ISO 3166-1, such as PK.")] = "",
    published: Annotated[str, typer.Option(help="Day on which those were published, YYYY-MM-DD, if they do not say.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Stop when all is done; exit 0 only if every step held.")] = False,
    folder: Annotated[Path | None, typer.Option(help="Keep both nodes in this new folder; else a temporary one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run two exercise nodes on this machine: trust, agreement, documents, releases, receipts, two-sided incidents.

    Example: hamsaya demo; hamsaya demo --document article.txt --origin PK; hamsaya demo --check --json
    """
    from hamsaya.demo import run_demo

    del as_json
    raise typer.Exit(run_demo(documents=document or [], origin=origin, published=published, check=check, folder=folder, as_json=json_wanted()))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)
