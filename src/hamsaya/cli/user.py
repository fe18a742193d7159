# SPDX-License-Identifier: Apache-2.0
"""`hamsaya user`: the officers' logins."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, result
from hamsaya.courier.stick import read_file
from hamsaya.desk.parties import add_officer
from hamsaya.desk.roles import ROLE_NAMES, ROLES
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="The officers' logins.")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
MAX_ROSTER: Final = 256 * 1024


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One officer to be added."""

    login: str
    office: str
    role: str
    language: str = "en"


class Roster(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of `user add --from`."""

    officers: list[Wanted]


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="Short login name, such as `duty`.")] = "",
    office: Annotated[str, typer.Option(help="The post, which is what neighbours see: “Duty Officer Mirjaveh”.")] = "",
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")] = "",
    language: Annotated[str, typer.Option(help="Language of the officer's pages: en, fa, ur.")] = "en",
    roster: Annotated[Path | None, typer.Option("--from", help="TOML file with several: [[officers]] with login, office, role, language.")] = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Add an officer, or all of a file. Passwords are made and printed once; nothing else ever shows them.

    Example: hamsaya user add duty --office "Duty Officer Mirjaveh" --role officer --language fa
    """
    from hamsaya.web.passwords import hash_password

    del as_json
    wanted = _read_roster(roster) if roster else [Wanted(login, office, role, language)]
    added = []
    with node_in(node) as opened:
        for each in wanted:
            password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
            officer = add_officer(opened.node, login=each.login, office=each.office, role=each.role, language=each.language,
                                  password=password, hash_password=hash_password)  # fmt: skip
            added.append({"login": officer.login, "office": officer.office, "role": officer.role, "password": password})
    lines = [
        f"{each['login']} ({in_words(ROLE_NAMES[each['role']])}, {each['office']})\n  password  {each['password']}    (shown once)" for each in added
    ]
    result(added, lines=lines)


def _read_roster(path: Path) -> list[Wanted]:
    try:
        return msgspec.convert(tomllib.loads(read_file(path, MAX_ROSTER).decode("utf-8")), Roster).officers
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InputError(
            say("{file}: {why}", file=path.name, why=str(error)[:200]), say("Expected [[officers]] with login, office, role and perhaps language.")
        ) from error


@app.command("list")
def list_(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the officers.

    Example: hamsaya user list --json
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        officers = [{"login": each.login, "office": each.office, "role": each.role, "language": each.language} for each in book.officers()]
    result(officers, table=(("login", "office", "role", "language"), [list(each.values()) for each in officers]))
