# SPDX-License-Identifier: Apache-2.0
"""Case files that were written here: what the act leaves behind, and how it is read."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, select

from hamsaya.desk.acts_cases import CaseExported
from hamsaya.desk.cases_held import CaseHeld
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, project, stamp


@project.register
def _(event: CaseExported, db: Connection, act: Act) -> None:
    add(db, t.CASE_FILE, act, seq=act.seq, incident=event.incident, reader=event.to, why=event.why, handling=event.handling,
        entries=encode(event.entries), content=event.content, sha256=event.sha256, size=event.size, office=act.office,
        at=stamp(act.at))  # fmt: skip


def read_case_files(db: Connection, incident: str) -> list[CaseHeld]:
    """Return the case files about an incident, oldest first."""
    query = select(t.CASE_FILE).where(t.CASE_FILE.c.incident == incident).order_by(t.CASE_FILE.c.seq)
    return [
        CaseHeld(
            incident=row["incident"], to=row["reader"], why=row["why"], handling=row["handling"], entries=json.loads(row["entries"]),
            content=bool(row["content"]), sha256=row["sha256"], size=row["size"], office=row["office"], at=datetime.fromisoformat(row["at"]),
        )
        for row in db.execute(query).mappings()
    ]  # fmt: skip
