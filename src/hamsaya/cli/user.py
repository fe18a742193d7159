# SPDX-License-Identifier: Apache-2.0
"""`hamsaya user`: the officers' logins."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import break_off, in_words, result
from hamsaya.courier.stick import read_file
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.logins import move_officer, reset_password, stop_officer
from hamsaya.desk.parties import LOGIN, add_officer, officer_of
from hamsaya.desk.ports import Book
from hamsaya.desk.roles import ROLE_NAMES, ROLES
from hamsaya.facts.errors import HamsayaError, InputError
from hamsaya.facts.words import LANGUAGES, Text, say

app = typer.Typer(no_args_is_help=True, help="The officers' logins.")
Login = Annotated[str, typer.Argument(help="The login, as `hamsaya user list` shows it.")]
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
    from hamsaya.web.passphrase import make_password
    from hamsaya.web.passwords import hash_password

    del as_json
    wanted = _read_roster(roster) if roster else [Wanted(login, office, role, language)]
    added: list[dict[str, str]] = []
    with node_in(node) as opened:
        with opened.store.reading() as book:
            _check_all(book, wanted)
        try:
            for each in wanted:
                password = make_password()
                officer = add_officer(opened.node, login=each.login, office=each.office, role=each.role, language=each.language,
                                      password=password, hash_password=hash_password, once=True)  # fmt: skip
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
        keys = [each.login for each in book.passkeys()]
        officers = [
            {"login": each.login, "office": each.office, "role": each.role, "language": each.language,
             "disabled": each.stopped, "one_time_password": each.once, "passkeys": keys.count(each.login)}
            for each in book.officers()
        ]  # fmt: skip
    rows = [[each["login"], each["office"], each["role"], each["language"], _state(each)] for each in officers]
    result(officers, table=(("login", "office", "role", "language", "state"), rows))


def _state(each: dict[str, object]) -> str:
    words = [word for word, holds in (("disabled", each["disabled"]), ("one-time password", each["one_time_password"])) if holds]
    return ", ".join(words) or "—"


@app.command()
def disable(login: Login, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Disable an account: its sessions end, and nobody logs in with it. One administrator always remains.

    Example: hamsaya user disable duty
    """
    del as_json
    _stop(node, login, stopped=True)


@app.command()
def enable(login: Login, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Enable a disabled account again.

    Example: hamsaya user enable duty
    """
    del as_json
    _stop(node, login, stopped=False)


def _stop(node: Path, login: str, *, stopped: bool) -> None:
    with node_in(node) as opened:
        officer = stop_officer(opened.node, OPERATOR, login, stopped=stopped)
    result({"login": officer.login, "disabled": officer.stopped}, lines=[f"{officer.login} is {'disabled' if officer.stopped else 'enabled'}."])


@app.command()
def reset(login: Login, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Give an account a new password for once, printed once. Its passkeys are taken away and its sessions end.

    Example: hamsaya user reset duty
    """
    from hamsaya.web.passphrase import make_password
    from hamsaya.web.passwords import hash_password

    del as_json
    password = make_password()
    with node_in(node) as opened:
        officer = reset_password(opened.node, OPERATOR, login, password=password, hash_password=hash_password)
    given = {"login": officer.login, "office": officer.office, "role": officer.role, "password": password}
    result(given, lines=_lines([given]))


@app.command()
def change(
    login: Login,
    office: Annotated[str, typer.Option(help="The post, which is what neighbours see.", show_default="as it is")] = "",
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.", show_default="as it is")] = "",
    language: Annotated[str, typer.Option(help="Language of the officer's pages: en, fa, ur.", show_default="as it is")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Give an account another office, role or language. Its sessions end.

    Example: hamsaya user change duty --role approver
    """
    del as_json
    with node_in(node) as opened:
        with opened.store.reading() as book:
            now = officer_of(book, login)
        officer = move_officer(opened.node, OPERATOR, login, office=office or now.office, role=role or now.role, language=language or now.language)
    told = {"login": officer.login, "office": officer.office, "role": officer.role, "language": officer.language}
    result(told, lines=[f"{officer.login} ({in_words(ROLE_NAMES[officer.role])}, {officer.office})"])
