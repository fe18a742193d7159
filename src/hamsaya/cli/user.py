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
from hamsaya.cli.say_out import break_off, in_words, result
from hamsaya.courier.stick import read_file
from hamsaya.desk.parties import LOGIN, add_officer
from hamsaya.desk.ports import Book
from hamsaya.desk.roles import ROLE_NAMES, ROLES
from hamsaya.facts.errors import HamsayaError, InputError
from hamsaya.facts.words import LANGUAGES, Text, say

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
    added: list[dict[str, str]] = []
    with node_in(node) as opened:
        with opened.store.reading() as book:
            _check_all(book, wanted)
        try:
            for each in wanted:
                password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
                officer = add_officer(opened.node, login=each.login, office=each.office, role=each.role, language=each.language,
                                      password=password, hash_password=hash_password)  # fmt: skip
                added.append({"login": officer.login, "office": officer.office, "role": officer.role, "password": password})
        except HamsayaError as error:
            break_off(error, added, [each["login"] for each in added], lines=_lines(added))
            raise
    result(added, lines=_lines(added))


def _lines(added: list[dict[str, str]]) -> list[str]:
    return [
        f"{each['login']} ({in_words(ROLE_NAMES[each['role']])}, {each['office']})\n  password  {each['password']}    (shown once)" for each in added
    ]


def _check_all(book: Book, wanted: list[Wanted]) -> None:
    """Refuse all if one cannot be added. Raises `InputError`."""
    taken = {officer.login for officer in book.officers()}
    seen: set[str] = set()
    for each in wanted:
        wrong = _fault(each, taken, seen)
        if wrong is not None:
            raise InputError(wrong, say("Officer {n} of {of}: nobody was added. Correct it and run it again.", n=len(seen) + 1, of=len(wanted)))
        seen.add(each.login)


def _fault(each: Wanted, taken: set[str], seen: set[str]) -> Text | None:
    if not LOGIN.fullmatch(each.login):
        return say("A login has 1 to 31 of a–z, 0–9, dot, hyphen, underscore; this came: {came}", came=each.login[:40] or "—")
    if each.login in taken:
        return say("The login “{login}” is taken.", login=each.login)
    if each.login in seen:
        return say("The login “{login}” stands twice in the file.", login=each.login)
    if each.role not in ROLES:
        return say("Unknown role “{role}”; known: {known}", role=each.role[:40], known=", ".join(ROLES))
    if each.language not in LANGUAGES:
        return say("Unknown language “{language}”; known: {known}", language=each.language[:20], known=", ".join(LANGUAGES))
    return None if each.office.strip() else say("An office must be named: it is what the neighbour sees.")


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
