# SPDX-License-Identifier: Apache-2.0
"""Who told whom of an agreement's texts, signatures and acts: what the entries of link logs leave behind, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from hamsaya.agreement.charter import SIGNATURE
from hamsaya.agreement.tellings import Telling, What
from hamsaya.exchange.acts import AgreementSignature, AgreementText
from hamsaya.exchange.agreement_acts import AgreementActTold, AgreementHeard
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import InputError
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, has
from hamsaya.ledger.rows import Rows
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header
from hamsaya.seal.envelope import open_envelope


class _Told(NamedTuple):
    agreement: str
    item: str
    what: What
    direct: bool


def _text(content: bytes) -> _Told:
    told = read(content, AgreementText)
    return _Told(told.agreement, _digest(told.body), "text", direct=False)


def _signature(content: bytes) -> _Told:
    told = read(content, AgreementSignature)
    return _Told(told.agreement, _digest(told.signature), "signature", direct=True)


def _act(content: bytes) -> _Told:
    told = read(content, AgreementActTold)
    return _Told(told.agreement, _digest(told.act), "act", direct=True)


def _heard(content: bytes) -> _Told:
    told = read(content, AgreementHeard)
    what: What = "signature" if open_envelope(told.signed.encode()).kind == SIGNATURE else "act"
    return _Told(told.agreement, _digest(told.signed), what, direct=told.direct)


_KINDS: Final[dict[str, Callable[[bytes], _Told]]] = {
    "agreement.text": _text,
    "agreement.signature": _signature,
    "agreement.act": _act,
    "agreement.heard": _heard,
}


def note_telling(db: Connection, act: Act, header: Header, content: bytes | None) -> None:
    """Keep who tells whom in an entry of a link log that is about an agreement; nothing of any other."""
    name = parse_log(header.log)
    if name is None or content is None or header.kind not in _KINDS:
        return
    try:
        told, table = _KINDS[header.kind](content), t.AGREEMENT_TELLING
    except InputError:  # what cannot be read tells nobody anything
        return
    row = {"agreement": told.agreement, "item": told.item, "teller": name.sender, "hearer": name.receiver, "direct": told.direct}
    if not has(db, *(table.c[column] == value for column, value in row.items())):
        add(db, table, act, what=told.what, log=header.log, seq=header.seq, **row)


class SqlTellings(Rows):
    """Reading who told whom. Part of `SqlBook`."""

    def tellings(self, agreement: str) -> list[Telling]:
        """Return who told whom of what is known of an agreement, in the order in which it came."""
        table = t.AGREEMENT_TELLING
        rows = self._rows(select(table).where(table.c.agreement == agreement).order_by(table.c.entry, table.c.log, table.c.seq))
        return [
            Telling(item=row["item"], what=row["what"], teller=row["teller"], hearer=row["hearer"], direct=bool(row["direct"]),
                    log=row["log"], seq=row["seq"])
            for row in rows
        ]  # fmt: skip


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
