# SPDX-License-Identifier: Apache-2.0
"""`hamsaya doctor`: what is wrong with a node and what to do."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder
from hamsaya.cli.say_out import in_words, result
from hamsaya.desk.finding import SEVERITY_NAMES
from hamsaya.facts.words import say

UNWELL: Final = 8
"""Exit code when there is a fault or a warning."""


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Check every stored byte too, as `verify` does.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say what is wrong with this node and what to do, however broken it is. Exit code 8 for any fault or warning, 0 for none.

    Example: hamsaya doctor; hamsaya doctor --deep --json
    """
    from hamsaya.assemble.doctor import examine

    del as_json
    found = examine(node, deep=deep)
    told = [
        {"code": each.code, "severity": each.severity, "what": in_words(each.what), "next": in_words(each.next)} for each in found.findings
    ]  # fmt: skip
    lines = [
        line
        for each in found.findings
        for line in (f"{in_words(SEVERITY_NAMES[each.severity])}  {each.code}: {in_words(each.what)}", f"        → {in_words(each.next)}")
    ]
    if found.well:
        lines.append(in_words(say("All is well with {party}.", party=found.party)))
    result({"well": found.well, "party": found.party, "at": found.at, "deep": found.deep, "findings": told}, lines=lines)
    if not found.well:
        sys.exit(UNWELL)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)
