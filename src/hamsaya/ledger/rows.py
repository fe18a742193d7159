# SPDX-License-Identifier: Apache-2.0
"""What a row of the store is to the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Select

from hamsaya.desk import holdings as h
from hamsaya.exchange.acts import Card
from hamsaya.facts.errors import OperatorError
from hamsaya.facts.records import Draft, Record
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope

Row = RowMapping


class Rows:
    """Reading rows over one connection: what every part of the book stands on."""

    _db: Connection

    def _rows(self, statement: Select[Any]) -> list[Row]:
        return list(self._db.execute(statement).mappings())


def time_of(text: str) -> datetime:
    """Return the time that a column holds. Raises `OperatorError` where it holds none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise OperatorError(say("The ledger holds a time that is none: {came}", came=text[:40]), say("Run `hamsaya verify`.")) from error


def receipt_of(row: Row) -> h.ReceiptHeld:
    """Return the receipt of a row."""
    return h.ReceiptHeld(log=row["log"], size=row["size"], by=row["by"], at=time_of(row["at"]), envelope=row["envelope"].encode())


def card_in(envelope: str) -> Card:
    """Return the card in its envelope, which was verified when it was taken."""
    return read(open_envelope(envelope.encode()).payload, Card)


def document_of(row: Row) -> h.DocumentHeld:
    """Return the document of a row."""
    return h.DocumentHeld(
        document=row["id"], name=row["name"], language=row["language"], published=row["published"], origin=row["origin"],
        basis=row["basis"], size=row["size"], received_at=time_of(row["received_at"]),
        excluded=msgspec.json.decode(row["excluded"], type=list[tuple[int, int, Text]]),
    )  # fmt: skip


def draft_of(row: Row) -> h.DraftHeld:
    """Return the draft of a row."""
    return h.DraftHeld(
        draft=row["id"], document=row["document"], body=msgspec.json.decode(row["body"], type=Draft), state=row["state"],
        record=row["record"], version=row["version"], reason=row["reason"], decided_by=row["decided_by"],
        decided_at=time_of(row["decided_at"]) if row["decided_at"] else None,
        steps=msgspec.json.decode(row["steps"], type=list[h.Step]), entry=row["entry"],
    )  # fmt: skip


def record_of(row: Row) -> h.RecordHeld:
    """Return the version of a record that a row holds."""
    record = msgspec.json.decode(row["body"], type=Record)
    return h.RecordHeld(
        record=record, received_from=row["received_from"], released_in=row["released_in"], at=time_of(row["at"]),
        withdrawn_by=row["withdrawn_by"], withdrawn_at=time_of(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        withdrawn_why=row["withdrawn_why"],
    )  # fmt: skip


def release_of(row: Row) -> h.ReleaseHeld:
    """Return the release of a row."""
    return h.ReleaseHeld(
        release=row["id"], record=row["record"], version=row["version"], receiver=row["receiver"], agreement=row["agreement"],
        purpose=row["purpose"], necessity=row["necessity"], content=row["content"].encode(), withheld=row["withheld"],
        proposed_by=row["proposed_by"],
        proposed_office=row["proposed_office"], decided_office=row["decided_office"], condition=row["condition"],
        condition_at=time_of(row["condition_at"]), clause=row["clause"], rule=row["rule"],
        reason=msgspec.json.decode(row["reason"], type=Text), log=row["log"], seq=row["seq"],
        grounds=msgspec.json.decode(row["grounds"], type=list[str]), danger=row["danger"],
    )  # fmt: skip


def review_of(row: Row) -> h.ReviewHeld:
    """Return the review of a row."""
    return h.ReviewHeld(
        release=row["release"], clause=row["clause"], until=time_of(row["until"]), outcome=row["outcome"], reason=row["reason"], by=row["by"],
        office=row["office"], at=time_of(row["at"]) if row["at"] else None,
    )  # fmt: skip


def inbox_item_of(row: Row) -> h.InboxItem:
    """Return what arrived, from its row."""
    return h.InboxItem(
        log=row["log"], seq=row["seq"], kind=row["kind"], sender=row["sender"], received_at=time_of(row["received_at"]), state=row["state"],
        reason=msgspec.json.decode(row["reason"], type=Text | None), subject=row["subject"], incident=row["incident"],
        purpose=row["purpose"], necessity=row["necessity"], clause=row["clause"], withheld=row["withheld"],
        opened_by=row["opened_by"], opened_at=time_of(row["opened_at"]) if row["opened_at"] else None, record_kind=row["record_kind"],
        counts_from=time_of(row["counts_from"]),
    )  # fmt: skip
