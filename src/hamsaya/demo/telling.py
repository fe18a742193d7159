# SPDX-License-Identifier: Apache-2.0
"""How the demonstration is told: one line a step as it goes, then what both desks show, then where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Teller:
    """Prints progress for a person; prints nothing when the result is wanted as JSON."""

    def __init__(self, *, quiet: bool) -> None:
        """Take whether to be silent."""
        self._console = Console(quiet=quiet, highlight=False)
        self._count = 0
        self._console.print(Text("Hamsaya demonstration · EXERCISE · تمرین · مشق", style="bold yellow"))

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Tell one step: its title while it runs, its result when it is done."""
        self._count += 1
        results: list[str] = []
        with self._console.status(Text(f"{self._count}. {title} …")):
            yield results.append
        self._console.print(Text.assemble((f"{self._count:>2}. ", "bold"), title))
        self._console.print(Text(f"    {results[0] if results else ''}", style="green"))

    def failed(self, what: str) -> None:
        """Tell that a step did not hold."""
        self._console.print(Text(f"    {what}", style="bold red"))

    def incidents(self, incidents: Sequence[Mapping[str, Any]], joint: str) -> None:
        """Show per incident what agrees, differs, and where a side is silent."""
        table = Table(title="Incidents, per field, as both desks show them (EXERCISE)", show_lines=True)
        for heading in ("incident", "accounts", "agree", "differ", "silent"):
            table.add_column(heading, overflow="fold")
        for each in sorted(incidents, key=lambda each: each["id"] != joint):
            accounts = f"{each['accounts']} ({each['signed']} signed)"
            table.add_row(Text(each["id"]), accounts, *(Text(", ".join(each[state]) or "—") for state in ("agree", "differ", "silent")))
        self._console.print(table)

    def finish(self, result: Mapping[str, Any]) -> None:
        """Tell that every step held."""
        self._console.print(Text(f"Every step held, in {result['elapsed_s']} s.", style="bold green"))

    def desks(self, nodes: Sequence[tuple[str, str, str, Mapping[str, str]]]) -> None:
        """Tell where the desks are and who can log in."""
        self._console.print(Text("Both desks are open until Ctrl-C, which stops both. One-time exercise logins:", style="bold"))
        for party, name, address, passwords in nodes:
            self._console.print(Text.assemble((f"  {party} ({name})  ", "bold"), address), soft_wrap=True)
            for login, password in passwords.items():
                self._console.print(Text(f"      {login:<10} {password}"), soft_wrap=True)
