# SPDX-License-Identifier: Apache-2.0
"""What a bundle that was carried by hand brought, in words: what was expected, what came, and what to do.

    of each log:   behind ──first entry fits──▶ taken        behind ──first entry is too far on──▶ missing: the other stick first
                   all here already ──▶ known since …        own entries must come back first ──▶ waits
                   begun anew since, and more than counts of it ──▶ closed

1. A stick may come twice, late, or before the one that was written before it: none of it does harm, each is said.
2. A log whose next entry did not come is left as it is; the other logs of the same stick do not wait for it.
3. Told is what the store holds after the bundle was taken, beside what it held before: not what the bundle says of itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from hamsaya.desk.converse import Received, receive_carried
from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.bundle import MAX_BYTES, Bundle, Offer, claimed_bundle
from hamsaya.exchange.packing import unpack
from hamsaya.facts.words import Text, say

Came = Literal["taken", "known", "closed", "missing", "waits"]
NOT_LOST: Final = say("Nothing is lost: what is due is sent again until its receipt comes.")

MORE_WAITS: Final = say(
    "More waits than one file holds. Write the next one when the receipt for this one is here: a file begins after the last receipt."
)


class LogCame(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one log of the bundle. Entries are counted from 0, as everywhere; `first` and `last` are those that came."""

    log: str
    came: Came
    first: int
    last: int
    """-1 where no entry of this log came."""
    before: int
    """How many entries of it were here before."""
    after: int
    since: datetime | None = None
    """Of one that is known: when all of it was here."""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What a carried bundle brought, and what an officer is told of it."""

    received: Received
    written: datetime
    """When its sender wrote it, by its clock."""
    logs: list[LogCame]
    words: list[Text]


def take_carried(node: Node, data: bytes) -> Carried:
    """Take a bundle that was carried by hand and tell what it brought. Raises as `receive` does; nothing of it is applied then."""
    with node.ledger.reading() as book:
        before = book.logs()
    received = receive_carried(node, data)
    bundle = _opened(data)
    with node.ledger.reading() as book:
        logs = [_came(node, book, offer, before) for offer in bundle.offers]
    return Carried(received=received, written=bundle.at, logs=logs, words=_words(bundle, received, logs))


def holds_more(data: bytes) -> bool:
    """Say whether more of a log waits than this bundle of our own holds."""
    return any(offer.more for offer in _opened(data).offers)


def _opened(data: bytes) -> Bundle:
    return claimed_bundle(unpack(data, MAX_BYTES))[0]  # its signature was checked when it was taken


def _came(node: Node, book: Book, offer: Offer, before: Mapping[str, int]) -> LogCame:
    reach, had, has = offer.first + len(offer.entries), before.get(offer.log, 0), book.logs().get(offer.log, 0)
    closed = book.closed_at(offer.log) is not None and reach > had
    came: Came = "taken" if has > had else "closed" if closed else "missing" if offer.first > had else "known" if reach <= had else "waits"
    since = None
    if came == "known" and reach:
        receipt = book.receipt_over(offer.log, reach - 1, node.party)
        since = receipt.at if receipt else None
    last = reach - 1 if offer.entries else -1
    return LogCame(log=offer.log, came=came, first=offer.first, last=last, before=had, after=has, since=since)


def _words(bundle: Bundle, received: Received, logs: list[LogCame]) -> list[Text]:
    words = [_missing(each) for each in logs if each.came == "missing"]
    if words:
        words.append(say("Read the other stick first, then this one again; or ask for a new one. The entries that came are not applied yet."))
        words.append(NOT_LOST)
    closed = [each.log for each in logs if each.came == "closed"]
    if closed:
        words += [
            say("Log {log} was begun anew since this file was written: what it brings of the closed one counts no more.", log=log) for log in closed
        ]
        words.append(say("Ask {party} for a new file.", party=bundle.sender))
    if any(each.came == "waits" for each in logs):
        words.append(say("This node was set back: its own entries must be back before those of {party} are taken.", party=bundle.sender))
        words.append(say("Write the answer with --to-file, carry it there, and bring back the file that answers it."))
    if bundle.lost is not None:
        words.append(
            say("{party} was set back and asks for its own entries: write the answer with --to-file, and carry it there.", party=bundle.sender)
        )
    nothing = not (received.applied or received.quarantined or received.receipts or received.refilled)
    if nothing and not words:
        words += _nothing_new(bundle, logs)
    elif not words:
        words += [_known_part(each) for each in logs if each.came == "taken" and each.first < each.before]
    return words


def _missing(each: LogCame) -> Text:
    if each.last < 0:
        return say("Log {log}: expected entry {next}; none came, and entries {missing} are missing.",
                   log=each.log, next=each.before, missing=_span(each.before, each.first - 1))  # fmt: skip
    return say("Log {log}: expected entry {next}; entries {came} came, {missing} are missing.",
               log=each.log, next=each.before, came=_span(each.first, each.last), missing=_span(each.before, each.first - 1))  # fmt: skip


def _known_part(each: LogCame) -> Text:
    known, fresh = _span(each.first, each.before - 1), _span(each.before, each.after - 1)
    return say("Log {log}: entries {known} were here already, {fresh} are new.", log=each.log, known=known, fresh=fresh)


def _nothing_new(bundle: Bundle, logs: list[LogCame]) -> list[Text]:
    written = _minute(bundle.at)
    taken = [each.since for each in logs if each.since is not None]
    if not taken:
        return [say("Nothing new: the file of {written} brings no entry that is not here.", written=written)]
    return [
        say("Nothing new: all of it was taken before, the last of it on {time}. The file was written on {written}.", time=_minute(max(taken)),
            written=written),
        say("Is another stick meant? Then read that one; this one can be written over."),
    ]  # fmt: skip


def _span(first: int, last: int) -> Text | str:
    return str(first) if first == last else say("{first}–{last}", first=first, last=last)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
