# SPDX-License-Identifier: Apache-2.0
"""`hamsaya backup`: the whole node as one encrypted file, while it runs; trying one; a key to encrypt to."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import plain, result
from hamsaya.courier.lockbox import MAX_IDENTITY, Lock, Unlock, new_identity
from hamsaya.courier.stick import read_file
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

PASSPHRASE: Final = "HAMSAYA_BACKUP_PASSPHRASE"  # noqa: S105  (the name of a variable)


class MakeGroup(TyperGroup):
    """`hamsaya backup FILE` means `hamsaya backup make FILE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in `make` where no command of this group is named."""
        if args and args[0] not in self.commands and args[0] not in {"--help", "-h"}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(no_args_is_help=True, cls=MakeGroup, help="The whole node as one encrypted file.")
KeyFile = Annotated[Path | None, typer.Option("--key", help="The key file that it was encrypted to; else a passphrase opens it.")]


@app.command()
def make(
    file: Annotated[Path, typer.Argument(help="The file to write, or a folder in which it gets a name with the time.")],
    to: Annotated[str, typer.Option("--to", help="Encrypt to this public key (age1…); else to a passphrase.")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write settings, keys and everything that is signed to one encrypted file, also while the node runs.

    Whoever opens the file has the node's keys: keep it, and what opens it, apart. The passphrase comes from
    HAMSAYA_BACKUP_PASSPHRASE or a prompt. `hamsaya backup FILE` means the same.

    Example: hamsaya backup make west.age --to age1…; hamsaya backup /mnt/stick
    """
    from hamsaya.assemble.backup import write_backup

    del as_json
    with node_in(node) as opened:
        done = write_backup(opened, file, Lock(recipient=to) if to else Lock(passphrase=_new_passphrase()))
    mark = "  EXERCISE" if done.exercise else ""
    result(plain(done), lines=[f"“{done.party}”: {done.entries} entries in {done.file} ({done.bytes} bytes){mark}", f"sha256  {done.sha256}"])


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A file that `hamsaya backup` wrote.")], key: KeyFile = None, as_json: AsJson = False) -> None:
    """Open a backup, make its ledger again in a folder that is thrown away, and verify every byte. Restores nothing.

    Example: hamsaya backup check west.age --key backup.key
    """
    from hamsaya.assemble.restoring import check_backup

    del as_json
    found = check_backup(file, unlock_of(key))
    told = found.contents
    mark = "  EXERCISE" if told.exercise else ""
    result(
        {**plain(told), "fingerprint": found.fingerprint, "rows": found.rows, "verified": True},
        lines=[
            f"“{told.party}” ({told.country}), made {told.made_at:%Y-%m-%d %H:%M} UTC by version {told.program}{mark}",
            *(f"{log}  {size} entries" for log, size in told.logs.items()),
            "verified: nothing was altered, nothing is missing",
        ],
    )  # fmt: skip


@app.command()
def key(file: Annotated[Path, typer.Argument(help="The key file to write. Keep it away from the node.")], as_json: AsJson = False) -> None:
    """Make a key that opens backups, and print its public half for `--to`. The node needs only the public half.

    Example: hamsaya backup key backup.key
    """
    from hamsaya.assemble.backup import new_file

    del as_json
    text, public = new_identity()
    with new_file(file) as out:
        out.write(text.encode())
    result({"file": str(file), "public": public}, lines=[f"key written to {file}: without it no backup made for it can be opened", public])


def unlock_of(key: Path | None) -> Unlock:
    """Return what opens a backup: the text of a key file, or the passphrase."""
    if key is None:
        return Unlock(passphrase=_passphrase("passphrase: "))
    try:
        return Unlock(identity=read_file(key, MAX_IDENTITY).decode("ascii"))
    except UnicodeDecodeError as error:
        raise InputError(say("The key file holds no age identity."), say("`hamsaya backup key FILE` makes one.")) from error


def _passphrase(prompt: str) -> str:
    return os.environ.get(PASSPHRASE) or (getpass.getpass(prompt) if sys.stdin.isatty() else "")


def _new_passphrase() -> str:
    first = _passphrase("passphrase for this backup: ")
    if not os.environ.get(PASSPHRASE) and sys.stdin.isatty() and getpass.getpass("again: ") != first:
        raise InputError(say("The two passphrases are not the same."))
    return first
