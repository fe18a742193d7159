# SPDX-License-Identifier: Apache-2.0
"""Backups taken while another process files records as fast as it can: each holds one moment, and all that was acknowledged before it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from hamsaya.assemble.backup import write_backup
from hamsaya.assemble.node import init_node, open_node
from hamsaya.assemble.restoring import restore_node
from hamsaya.assemble.settings import Settings
from hamsaya.courier.lockbox import Lock, Unlock, new_identity
from hamsaya.desk.parties import add_officer
from hamsaya.ledger.verify import verify_store

WRITER = """
import sys
from pathlib import Path
from hamsaya.assemble.node import open_node
from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.desk.parties import officer_of

text = "Report\\nDate: 12 November 2026\\n\\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. No. %d\\n"
with open_node(Path(sys.argv[1])) as opened:
    with opened.store.reading() as book:
        officer = officer_of(book, "duty")
    for number in range(100_000):
        _, drafts = add_document(opened.node, officer, (text % number).encode(), name="r.txt", basis="own")
        print(accept_draft(opened.node, officer, drafts[0].draft, grade="B2").record.id, flush=True)
"""


@pytest.mark.live
def test_backup_of_a_running_node_is_one_moment_and_holds_all_that_was_acknowledged(tmp_path):
    init_node(tmp_path / "west", Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC"))
    with open_node(tmp_path / "west") as opened:
        add_officer(opened.node, login="duty", office="Duty Officer", role="officer", language="en", password="x", hash_password=str)
    identity, public = new_identity()
    told = tmp_path / "acknowledged"
    with told.open("wb") as out:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "west")], stdout=out, env=os.environ)
    before, backups = [], []
    try:
        for number in range(4):
            wait_for(lambda enough=15 * (number + 1): len(told.read_text().splitlines()) >= enough or writer.poll() is not None)
            before.append(told.read_text().split("\n")[:-1])
            with open_node(tmp_path / "west") as opened:
                backups.append(write_backup(opened, tmp_path / f"{number}.age", Lock(recipient=public)))
            assert writer.poll() is None
        wait_for(lambda: len(told.read_text().split("\n")[:-1]) > len(before[-1]))  # the writer went on through the last one too
    finally:
        writer.kill()
        writer.wait()
    with open_node(tmp_path / "west") as opened, opened.store.reading() as book:
        whole = book.entries("journal/west", 0, 1_000_000)
    for number, acknowledged in enumerate(before):
        again = tmp_path / f"again-{number}"
        restore_node(tmp_path / f"{number}.age", Unlock(identity=identity), again)
        with open_node(again) as opened:
            assert verify_store(opened.store).faults == []
            with opened.store.reading() as book:
                held = {record.record.id for record in book.records()}
                journal = book.entries("journal/west", 0, backups[number].journal)
                documents = [book.document_bytes(document.document) for document in book.documents()]
        assert set(acknowledged) <= held
        assert journal == whole[: len(journal)]
        assert len(journal) == backups[number].journal
        assert all(documents)


def wait_for(seen):
    until = time.monotonic() + 120
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.01)
