# SPDX-License-Identifier: Apache-2.0
"""`hamsaya verify`: check every stored byte offline, or a file that proves what was sent and received."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, mark_output, plain, result
from hamsaya.desk.proofs import export_proof
from hamsaya.exchange.proof import MAX_PROOF_BYTES, Checked, LogShown
from hamsaya.exchange.spoken import MAX_KEYS_BYTES, read_spoken
from hamsaya.exchange.third_person import check_file
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.words import say


def verify(
    file: Annotated[Path | None, typer.Argument(help="Check this exported file instead of the node; needs no node.")] = None,
    bundle: Annotated[Path | None, typer.Option(help="The same: exported evidence, a case file, or a bundle as it travelled.")] = None,
    keys: Annotated[Path | None, typer.Option(help="The parties' fingerprints as they were read aloud, or their cards: a line each.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write what was sent and received as a file that others can check.")] = None,
    without_content: Annotated[bool, typer.Option("--without-content", help="With --export: leave all contents out.")] = False,
    without: Annotated[list[str] | None, typer.Option(help="With --export: leave out what was released of this record. Repeat for several.")] = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Check records, signatures and logs offline. Exit code 7 and the first altered entry's name if anything was altered.

    Example: hamsaya verify; hamsaya verify --export evidence.json --without-content; hamsaya verify --bundle evidence.json --keys keys.txt
    """
    del as_json
    if export is None and (without_content or without):
        raise InputError(say("--without-content and --without say what an export leaves out: give --export FILE too."))
    if file is not None and bundle is not None:
        raise InputError(say("Give the file once: as --bundle FILE, or as the argument."))
    given = bundle or file
    if keys is not None and given is None:
        raise InputError(say("--keys is for checking a file: give --bundle FILE too."))
    if given is not None:
        _verify_file(given, keys)
        return
    if export is not None:
        _export(export, node, content=not without_content, without=without or [])
        return
    from hamsaya.ledger.verify import verify_store

    with node_in(node) as opened:
        verified = verify_store(opened.store)
    faults = [{"entry": fault.entry, "what": in_words(fault.what)} for fault in verified.faults]
    _report({"logs": verified.logs, "rows": verified.rows}, faults, [f"{log}  {size} entries" for log, size in verified.logs.items()])


def _export(export: Path, node: Path, *, content: bool, without: list[str]) -> None:
    from hamsaya.courier.stick import write_whole

    with node_in(node) as opened:
        with opened.store.reading() as book:
            data = export_proof(opened.node, book, content=content, without=without)
        write_whole(export, data)
        result({"file": str(export), "bytes": len(data)}, lines=[f"written to {export} ({len(data)} bytes)"])


def _verify_file(file: Path, keys: Path | None) -> None:
    from hamsaya.courier.stick import read_file

    spoken = read_spoken(read_file(keys, MAX_KEYS_BYTES)) if keys is not None else None
    checked = check_file(read_file(file, MAX_PROOF_BYTES), spoken)
    mark_output(checked.exercise)
    faults = [{"entry": fault.entry, "wrong": fault.wrong, "what": in_words(fault.what)} for fault in checked.faults]
    found = {
        "written_by": checked.written_by, "logs": checked.logs, "shown": plain(checked.shown), "receipts": checked.receipts,
        "fingerprints": checked.fingerprints, "compared": checked.compared, "case": plain(checked.case),
        **({"proven": [str(each) for each in checked.proven]} if checked.proven else {}),
    }  # fmt: skip
    _report(
        found,
        faults,
        [*_keys_lines(checked), *(_log_line(each) for each in checked.shown), *(f"PROVEN  {in_words(each)}" for each in checked.proven)],
    )


def _keys_lines(checked: Checked) -> list[str]:
    return [
        f"{party}  {fingerprint}  {'as given with --keys' if party in checked.compared else 'NOT COMPARED: have it read aloud'}"
        for party, fingerprint in checked.fingerprints.items()
    ]


def _log_line(log: LogShown) -> str:
    where = f"entries {log.first} to {log.first + log.entries - 1}" if log.entries else "no entries"
    parts = [f"{log.log}  {where} ({log.entries}), signed by {log.sender}"]
    if log.entries > log.with_content:
        parts.append(f"{log.with_content} with content, {log.left_out} as hashes alone")
    if log.receipts:
        parts.append(f"{log.receipts} receipts of {log.receiver}, over the first {log.receipted}")
    elif not log.first and log.root:
        parts.append(f"no receipt of {log.receiver} in this file")
    parts.append(f"root {log.root[:16]}…" if log.root else "root: what came before is not in this file")
    return "; ".join(parts)


def _report(found: dict[str, object], faults: list[dict[str, str]], head: list[str]) -> None:
    lines = [*head, *(" ".join(["ALTERED ", each["entry"], f" {each['wrong']}:" if each.get("wrong") else "", each["what"]]) for each in faults[:20])]
    if len(faults) > 20:
        lines.append(f"… and {len(faults) - 20} more")
    result(
        {"verified": not faults, **found, "first_fault": faults[0] if faults else None, "faults": faults},
        lines=[*lines, "" if faults else "verified: nothing was altered"],
    )
    if faults:
        sys.exit(Tampered.exit_code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)
