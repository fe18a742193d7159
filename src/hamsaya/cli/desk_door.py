# SPDX-License-Identifier: Apache-2.0
"""Opening the node for a command, and who acts.

An act of an office needs that officer's login and password (`--as`, HAMSAYA_PASSWORD or a prompt), and not that of a
disabled account. Reading needs none: whoever can read the node's folder holds its keys already, which the page on
weaknesses says. For the same reason a one-time password still serves here, where the desk asks for another first.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hamsaya.cli.say_out import in_words, mark_output, note, printable, want_json
from hamsaya.desk.holdings import Officer
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import say

if TYPE_CHECKING:
    from hamsaya.assemble.node import Opened

NodeFolder = Annotated[Path, typer.Option("--node", envvar="HAMSAYA_NODE", help="The node's folder.", show_default="the current folder")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.", callback=lambda value: want_json(value) or value, is_eager=True)]
As = Annotated[str, typer.Option("--as", envvar="HAMSAYA_LOGIN", help="The officer who acts; the password comes from HAMSAYA_PASSWORD or a prompt.")]
HERE = Path()


@contextmanager
def node_in(folder: Path) -> Iterator[Opened]:
    """Open the node in `folder` for one command."""
    from hamsaya.assemble.node import open_node

    with open_node(folder) as opened:
        mark_output(opened.node.exercise)
        _warn_of_clock(opened)
        yield opened


def acting(opened: Opened, login: str) -> Officer:
    """Return the officer, once the password is right. Raises `Refused` or `InputError`."""
    from hamsaya.web.passwords import check_password

    if not login:
        raise InputError(say("This is an act of an office: say who acts with --as LOGIN."), say("`hamsaya user list` shows the logins."))
    password = os.environ.get("HAMSAYA_PASSWORD") or (_asked(login) if sys.stdin.isatty() else "")
    with opened.store.reading() as book:
        officer = next((each for each in book.officers() if each.login == login), None)
    if not check_password(officer.password if officer else None, password) or officer is None or officer.stopped:
        raise Refused(say("Login or password is wrong."), say("Set HAMSAYA_PASSWORD, or type the password when asked."), rule="login")
    return officer


def _asked(login: str) -> str:
    return getpass.getpass(f"{printable(in_words(say('Password of {login}', login=login)))}: ")


def _warn_of_clock(opened: Opened) -> None:
    with opened.store.reading() as book:
        last = book.last_act()
    now = opened.node.now()
    if last is not None and now < last:
        note(
            say("Warning: this machine's clock says {now}, before the node's last act at {last}. Set the clock; acts are kept in their order.",
                now=f"{now:%Y-%m-%d %H:%M} UTC", last=f"{last:%Y-%m-%d %H:%M} UTC")
        )  # fmt: skip
