# SPDX-License-Identifier: Apache-2.0
"""A damaged page of the ledger's file: every command says so in our words, and the database writes nothing beside them."""

from __future__ import annotations

import subprocess
import sys

import pytest

PAGE = 4096


@pytest.mark.parametrize("command", [("verify",), ("document", "list"), ("doctor",)])
def test_a_damaged_page_is_told_in_our_words_only(west, command):
    file = west.folder / "ledger.db"
    data = bytearray(file.read_bytes())
    for page in range(2, len(data) // PAGE):  # the first page says that it is ours
        data[page * PAGE + 100] ^= 1
    for name in ("ledger.db-wal", "ledger.db-shm"):
        west.folder.joinpath(name).unlink(missing_ok=True)
    file.write_bytes(data)
    told = subprocess.run([sys.executable, "-m", "hamsaya", *command, "--node", str(west.folder)], capture_output=True, text=True, check=False)
    assert told.returncode not in (0, 1), told.stderr
    assert "Traceback" not in told.stderr
    assert "ledger" in told.stderr + told.stdout
    assert "ERROR CORE" not in told.stderr + told.stdout
