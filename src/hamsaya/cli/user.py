# SPDX-License-Identifier: Apache-2.0
"""`hamsaya user`: the officers' logins."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, result
from hamsaya.desk.parties import add_officer
from hamsaya.desk.roles import ROLE_NAMES, ROLES

app = typer.Typer(no_args_is_help=True, help="The officers' logins.")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="Short login name, such as `duty`.")],
    office: Annotated[str, typer.Option(help="The post, which is what neighbours see: “Duty Officer Mirjaveh”.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    language: Annotated[str, typer.Option(help="Language of the officer's pages: en, fa, ur.")] = "en",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Add an officer. A password is made and printed once; nothing else ever shows it.

    Example: hamsaya user add duty --office "Duty Officer Mirjaveh" --role officer --language fa
    """
    from hamsaya.web.passwords import hash_password

    del as_json
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    with node_in(node) as opened:
        officer = add_officer(opened.node, login=login, office=office, role=role, language=language, password=password, hash_password=hash_password)
    shown = {"login": officer.login, "office": officer.office, "role": officer.role, "password": password}
    result(shown, lines=[f"{officer.login} ({in_words(ROLE_NAMES[role])}, {officer.office})", f"password  {password}    (shown once)"])


@app.command("list")
def list_(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the officers.

    Example: hamsaya user list --json
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        officers = [{"login": each.login, "office": each.office, "role": each.role, "language": each.language} for each in book.officers()]
    result(officers, table=(("login", "office", "role", "language"), [list(each.values()) for each in officers]))
