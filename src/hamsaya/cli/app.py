# SPDX-License-Identifier: Apache-2.0
"""The `hamsaya` command: its parts, and what becomes of an error.

Exit codes: 0 done · 1 other · 2 input · 3 refused · 4 neighbour · 5 link · 6 operator · 7 tampered · 70 our own bug · 130 interrupted
"""

from __future__ import annotations

import os
import sys

import typer

from hamsaya import __version__
from hamsaya.cli import agreement, demo, document, draft, inbox, incident, init, party, record, release, serve, sync, user, verify
from hamsaya.cli.say_out import failure
from hamsaya.facts.errors import HamsayaError

app = typer.Typer(
    name="hamsaya", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Hamsaya: neighbouring border commands keep one honest record. Each command has its own --help with an example.",
)  # fmt: skip


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        sys.stdout.write(f"hamsaya {__version__}\n")
        raise typer.Exit


for _module in (init, serve, sync, inbox, verify, demo):
    _module.register(app)
for _name, _group in (
    ("party", party.app), ("agreement", agreement.app), ("document", document.app), ("draft", draft.app),
    ("record", record.app), ("release", release.app), ("incident", incident.app), ("user", user.app),
):  # fmt: skip
    app.add_typer(_group, name=_name)


def main() -> None:
    """Run the command; turn every error into one clear line and a documented exit code."""
    try:
        app(standalone_mode=True)
    except HamsayaError as error:
        failure(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("HAMSAYA_DEBUG"):
            raise
        sys.stderr.write(f"hamsaya: an error of our own ({type(error).__name__}: {error}). Nothing was half applied.\n")
        sys.stderr.write("         Run again with HAMSAYA_DEBUG=1 and report what it prints.\n")
        sys.exit(70)
