# SPDX-License-Identifier: Apache-2.0
"""Which copies may be kept until when, and which are past it: the same time on both nodes (law 14, `agreement/retention.py`).

Reads only. What is due follows from the copies that are here and from the texts that were signed, not from any list: so a copy
that comes back with an older backup is due again at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.retention import ANY_KIND, KeptUntil, kept_until, retained, terms_of
from hamsaya.desk.agreements import known
from hamsaya.desk.erasures_held import ErasureHeld
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.retention_held import CopyHere, CopyHoldHeld, Cut
from hamsaya.exchange.logs import parse_log
from hamsaya.seal.entries import Header

SOON: Final = timedelta(days=14)
"""This long before its end a copy is shown as soon due."""
MOST: Final = 200
"""Copies that one list shows and one order names: the oldest first."""
State = Literal["kept", "soon", "due", "held"]


class CopyKept(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that a receiver holds, and until when it may."""

    log: str
    seq: int
    by: str
    """Who released it."""
    to: str
    """Who holds it."""
    record: str
    version: int
    kind: str
    """The kind of the record; empty where the copy could not be read."""
    keep: KeptUntil
    hold: CopyHoldHeld | None
    """The last hold on it, standing or not."""

    def state(self, now: datetime) -> State:
        """Return whether it may be kept, ends soon, should be gone, or is kept beyond its time for a reason."""
        if self.hold is not None and self.hold.stands(now):
            return "held"
        if now >= self.keep.until:
            return "due"
        return "soon" if self.keep.until - now <= SOON else "kept"

    def days_late(self, now: datetime) -> int:
        """Return how many whole days it is past its time; 0 before and on the day."""
        return max(0, (now - self.keep.until).days)

    def as_erasure(self) -> ErasureHeld:
        """Return it as what is to be erased, as though its sender had asked."""
        return ErasureHeld(
            log=self.log, seq=self.seq, by=self.by, to=self.to, record=self.record, version=self.version, reason="retention", office="",
            at=self.keep.until, asked=False,
        )  # fmt: skip


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done here about copies of neighbours: past their time, soon, and held beyond it, the oldest first."""

    due: list[CopyKept]
    soon: list[CopyKept]
    held: list[CopyKept]
    more: int
    """How many more are due or soon due than are listed."""


def keep_of(book: Book, log: str, seq: int) -> KeptUntil | None:
    """Return until when the copy of a release may be kept, the same at both ends; None where no clause ends it, or it is to be erased or was."""
    name = parse_log(log)
    if name is None or name.kind != "release" or book.erasure_of(log, seq) is not None:
        return None
    held = known(book, name.agreement)
    entry = next(iter(book.entries(log, seq, 1)), None)
    if held is None or entry is None:
        return None
    return kept_until(held.history, _kind(book, log, seq, entry.header()), entry.header().at)


def copy_of(book: Book, log: str, seq: int) -> CopyKept | None:
    """Return the copy of a release as its receiver may hold it, seen from either end; None as for `keep_of`."""
    keep, name = keep_of(book, log, seq), parse_log(log)
    if keep is None or name is None:
        return None
    header = book.entries(log, seq, 1)[0].header()
    return _copy(header, keep, name.sender, name.receiver, _kind(book, log, seq, header), next(iter(book.copy_holds(log=log, seq=seq)), None))


def due_here(node: Node, book: Book, now: datetime, most: int = MOST) -> Due:
    """Return the copies of neighbours here whose time has run out or soon will."""
    agreements = {each.agreement.table.id: each for each in book.agreements()}
    cuts = _cuts(node, book, agreements, now + SOON)
    holds = {(each.log, each.seq): each for each in book.copy_holds()}
    rows = book.copies_here(cuts, most)
    listed = {(each.log, each.seq) for each in rows}
    copies = [made for each in rows if (made := _copy_here(book, agreements, each, holds.get((each.log, each.seq)))) is not None]
    kept = [made for place in holds.keys() - listed if (made := held_here(node, book, *place)) is not None]
    copies += sorted(kept, key=lambda each: (each.keep.until, each.log, each.seq))
    by_state: dict[State, list[CopyKept]] = {"due": [], "soon": [], "held": [], "kept": []}
    for each in copies:
        by_state[each.state(now)].append(each)
    return Due(due=by_state["due"], soon=by_state["soon"], held=by_state["held"], more=max(0, book.count_copies(cuts) - len(rows)))


def count_due(node: Node, book: Book, now: datetime) -> int:
    """Return how many copies of neighbours here are past their time, and are not held beyond it."""
    agreements = {each.agreement.table.id: each for each in book.agreements()}
    found = book.count_copies(_cuts(node, book, agreements, now))
    if not found:
        return 0
    held = [each for each in book.copy_holds() if each.stands(now)]
    return found - sum(1 for each in held if held_here(node, book, each.log, each.seq) is not None)


def count_if_signed(node: Node, book: Book, text: Agreement, now: datetime) -> tuple[int, int]:
    """Return how many copies here that came under an agreement would be past their time if all signed this text of it now, and how many are."""
    name = text.table.id
    agreements = {each.agreement.table.id: each for each in book.agreements() if each.agreement.table.id == name}
    cuts = _cuts(node, book, agreements, now)
    more = [
        Cut(logs=logs, kinds=clause.kinds, up_to=now - timedelta(days=clause.days), before=None)
        for clause in retained(text) if (logs := _logs_here(node, book).get(name))
    ]  # fmt: skip
    return book.count_copies([*cuts, *more]), book.count_copies(cuts)


def late_there(node: Node, book: Book, now: datetime) -> list[CopyKept]:
    """Return our releases whose copies should be gone at their receivers, and of which nobody there has said so; those held there among them."""
    agreements = {each.agreement.table.id: each for each in book.agreements()}
    found = []
    for log in sorted(book.logs()):
        name = parse_log(log)
        held = agreements.get(name.agreement) if name is not None and (name.kind, name.sender) == ("release", node.party) else None
        terms = terms_of(held.history) if held is not None else []
        if name is None or held is None or not terms:
            continue
        before = _first_after(book, log, now - timedelta(days=min(term.days for term in terms)))
        for seq, kind in book.sent_unerased(log, before):
            header = book.entries(log, seq, 1)[0].header()
            keep = kept_until(held.history, kind or ANY_KIND, header.at)
            if keep is not None and keep.until <= now:
                hold = next(iter(book.copy_holds(log=log, seq=seq)), None)
                found.append(_copy(header, keep, name.sender, name.receiver, kind, hold))
    return sorted(found, key=lambda each: (each.keep.until, each.log, each.seq))


def _first_after(book: Book, log: str, at: datetime) -> int:
    """Return the first entry of a log that was signed after that time; entries of one log stand in the order of its sender's clock."""
    low, high = 0, book.logs().get(log, 0)
    while low < high:
        middle = (low + high) // 2
        if book.entries(log, middle, 1)[0].header().at <= at:
            low = middle + 1
        else:
            high = middle
    return low


def _cuts(node: Node, book: Book, agreements: dict[str, AgreementHeld], now: datetime) -> list[Cut]:
    """Return which copies of neighbours here are past their time at `now`: each binding clause asks for its own."""
    logs = _logs_here(node, book)
    return [
        Cut(logs=logs[agreement], kinds=term.kinds, up_to=now - timedelta(days=term.days), before=term.before)
        for agreement, held in agreements.items() if agreement in logs for term in terms_of(held.history)
    ]  # fmt: skip


def _logs_here(node: Node, book: Book) -> dict[str, list[str]]:
    """Return by agreement the logs over which neighbours release to this node."""
    logs: dict[str, list[str]] = {}
    for log in book.logs():
        name = parse_log(log)
        if name is not None and (name.kind, name.receiver) == ("release", node.party):
            logs.setdefault(name.agreement, []).append(log)
    return logs


def _copy_here(book: Book, agreements: dict[str, AgreementHeld], row: CopyHere, hold: CopyHoldHeld | None) -> CopyKept | None:
    name = parse_log(row.log)
    keep = kept_until(agreements[name.agreement].history, row.kind, row.released_at) if name is not None else None
    if name is None or keep is None:
        return None
    return _copy(book.entries(row.log, row.seq, 1)[0].header(), keep, name.sender, name.receiver, row.kind, hold)


def held_here(node: Node, book: Book, log: str, seq: int) -> CopyKept | None:
    """Return a copy that is or was held beyond its time here and has its content still."""
    name = parse_log(log)
    if name is None or name.receiver != node.party or not any(entry.content is not None for entry in book.entries(log, seq, 1)):
        return None
    return copy_of(book, log, seq)


def _copy(header: Header, keep: KeptUntil, by: str, to: str, kind: str, hold: CopyHoldHeld | None) -> CopyKept:
    version = header.about.get("version", "")
    return CopyKept(
        log=header.log, seq=header.seq, by=by, to=to, record=header.about.get("record", ""), kind=kind, keep=keep, hold=hold,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )  # fmt: skip


def _kind(book: Book, log: str, seq: int, header: Header) -> str:
    """Return the kind of the record that an entry released, the same at both ends: none for what its receiver could not take."""
    if book.notice_of(log, seq) is not None:
        return ANY_KIND
    item = book.inbox_item(log, seq)
    if item is not None:
        return item.record_kind
    record, version = header.about.get("record", ""), header.about.get("version", "")
    own = [each for each in book.versions(record) if not each.received_from and str(each.record.version) == version]
    return own[0].record.kind if own else ANY_KIND


def find_due(node: Node, book: Book, places: Sequence[tuple[str, int]], now: datetime) -> list[CopyKept]:
    """Return those of these copies that are past their time here, are not held, and have their content still."""
    found = [copy for place in dict.fromkeys(places) if (copy := held_here(node, book, *place)) is not None]
    return [each for each in found if each.state(now) == "due"]
