# SPDX-License-Identifier: Apache-2.0
"""`hamsaya verify`: check every stored byte offline, or a file that proves what was sent and received."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, result
from hamsaya.desk.proofs import export_proof
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.exchange.proof import check_proof
from hamsaya.facts.errors import Tampered


def verify(
    file: Annotated[Path | None, typer.Argument(help="Check this exported file instead of the node; needs no node.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write what was sent and received as a file that others can check.")] = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Check records, signatures and logs offline. Exit code 7 and the first altered entry's name if anything was altered.

    Example: hamsaya verify; hamsaya verify --export proof.json; hamsaya verify proof.json
    """
    from hamsaya.courier.stick import read_file, write_whole

    del as_json
    if file is not None:
        checked = check_proof(read_file(file, MAX_BYTES))
        faults = [{"entry": fault.entry, "what": in_words(fault.what)} for fault in checked.faults]
        head = [f"{party}  {fingerprint}" for party, fingerprint in checked.fingerprints.items()]
        _report({"logs": checked.logs, "receipts": checked.receipts, "fingerprints": checked.fingerprints}, faults, head)
        return
    from hamsaya.ledger.verify import verify_store

    with node_in(node) as opened:
        if export is not None:
            with opened.store.reading() as book:
                data = export_proof(opened.node, book)
            write_whole(export, data)
            result({"file": str(export), "bytes": len(data)}, lines=[f"written to {export} ({len(data)} bytes)"])
            return
        verified = verify_store(opened.store)
    faults = [{"entry": fault.entry, "what": in_words(fault.what)} for fault in verified.faults]
    _report({"logs": verified.logs, "rows": verified.rows}, faults, [f"{log}  {size} entries" for log, size in verified.logs.items()])


def _report(found: dict[str, object], faults: list[dict[str, str]], head: list[str]) -> None:
    lines = [*head, *(f"ALTERED  {fault['entry']}  {fault['what']}" for fault in faults[:20])]
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
