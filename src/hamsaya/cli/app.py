# SPDX-License-Identifier: Apache-2.0
"""The `hamsaya` command: its parts, and what becomes of an error.

Exit codes: 0 done · 1 other · 2 input · 3 refused · 4 neighbour · 5 link · 6 operator · 7 tampered · 8 doctor
found something · 70 our own bug · 130 interrupted
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Final

import typer
from typer.exceptions import TyperException

from hamsaya import __version__
from hamsaya.cli.say_out import failure, failure_as_json, json_wanted, mark_output, printable, want_json
from hamsaya.facts.errors import HamsayaError

COMMANDS: Final = {
    "init": "init", "serve": "serve", "sync": "sync", "inbox": "inbox", "search": "search", "verify": "verify", "restore": "restore",
    "doctor": "doctor", "demo": "demo", "statistics": "statistics",
    "party": "party", "agreement": "agreement_life", "document": "document", "draft": "draft", "record": "retaining", "report": "report",
    "request": "request", "release": "release", "incident": "flags", "finding": "finding", "section": "section", "sitrep": "sitrep",
    "matter": "matter", "commitment": "commitment", "exercise": "exercise", "meeting": "meeting",
    "user": "user", "distress": "distress", "consent": "consent", "backup": "backup", "link": "link", "key": "key", "store": "store",
}  # fmt: skip
"""The file of this room in which each command, or group of commands, stands. `hamsaya --help` lists single commands first."""


def command_line(*names: str) -> typer.Typer:
    """Return the command line with these commands; with all if none is named. Only their files are read, which halves the time to start."""
    app = typer.Typer(
        name="hamsaya", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
        help="Hamsaya: neighbouring border commands keep one honest record. Each command has its own --help with an example.",
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_root)
    for name in names or COMMANDS:
        part = import_module(f"hamsaya.cli.{COMMANDS[name]}")
        if hasattr(part, "register"):
            part.register(app)
        else:
            app.add_typer(part.app, name=name)
    return app


def _root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        sys.stdout.write(f"hamsaya {__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run the command; turn every error into one clear line and a documented exit code."""
    mark_output(None)
    want_json("--json" in sys.argv[1:])  # a usage error may come before the option is read
    try:
        code = command_line(*(name for name in sys.argv[1:2] if name in COMMANDS))(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.Abort:
        sys.stderr.write("Aborted!\n")
        sys.exit(1)
    except TyperException as error:
        sys.exit(_usage(error))
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
        what, hint = f"an error of our own ({type(error).__name__}: {error}).", "Run again with HAMSAYA_DEBUG=1 and report what it prints."
        if json_wanted():
            failure_as_json("bug", what, hint)
        sys.stderr.write(printable(f"hamsaya: {what} Nothing was half applied.") + f"\n         {hint}\n")
        sys.exit(70)


def _usage(error: TyperException) -> int:
    """Print what is wrong with the command line, as Typer words it, and return the exit code."""
    message = str(getattr(error, "format_message", error.__str__)())
    shown = getattr(error, "ctx", None)
    if json_wanted():
        failure_as_json("usage", message, f"Try '{shown.command_path} --help'." if shown else "")
    show = getattr(error, "show", None)
    if show is None:
        sys.stderr.write(printable(message) + "\n")
    else:
        show()
    return int(getattr(error, "exit_code", 2))
