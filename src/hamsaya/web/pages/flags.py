# SPDX-License-Identifier: Apache-2.0
"""Rights flags: the incidents in which an account tells of harm to civilians, and closing a flag, which the rights officer alone does."""

from __future__ import annotations

import msgspec

from hamsaya.desk.flags import Flag, close_flag, flag_data, flag_of, flags_of
from hamsaya.desk.ports import Book
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.web.flagged import FlagRow, countries_of, flag_row
from hamsaya.web.listing import Pager, after
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_MOST_DIGITS = 15


class FlagsView(msgspec.Struct, frozen=True, kw_only=True):
    """What flags.html receives: the flags that are open, or those that were closed."""

    closed: bool
    rows: list[FlagRow]
    pager: Pager


def list_flags(desk: Desk, visit: Visit) -> Answer:
    """List the open flags, the one that was raised last first; with `closed=yes` those that were closed."""
    closed = visit.query.get("closed", "") == "yes"
    with desk.node.ledger.reading() as book:
        sheet = book.flagged_page(closed=closed, after=after(visit))
        flags = flags_of(book, sheet.rows)
        rows = [_row(book, flags[name], visit) for name in sheet.rows]
    path = "/flags?closed=yes" if closed else "/flags"
    onward = f"{path}{'&' if closed else '?'}after={sheet.next}" if sheet.next else ""
    view = FlagsView(closed=closed, rows=rows, pager=Pager(first=path if after(visit) else "", next=onward))
    return Page(template="flags.html", view=view, data={"flags": [flag_data(flags[name]) for name in sheet.rows], "next": sheet.next})


def flag_row_of(book: Book, incident: str, visit: Visit) -> FlagRow | None:
    """Return the flag of an incident as its page shows it, or None."""
    flag = flag_of(book, incident)
    return _row(book, flag, visit) if flag else None


def _row(book: Book, flag: Flag, visit: Visit) -> FlagRow:
    return flag_row(flag, party_names(book, visit.language), countries_of(book), Sentences(book))


def close(desk: Desk, visit: Visit) -> Answer:
    """Close the flag of an incident, with a reason."""
    seen = visit.form.text("seen")
    if seen and not (seen.isascii() and seen.isdigit() and len(seen) <= _MOST_DIGITS):
        raise InputError(say("seen: expected the number of an entry; this came: {came}", came=seen[:20]))
    flag = close_flag(desk.node, visit.officer, visit.params["incident"], visit.form.text("reason"), seen=int(seen) if seen else None)
    return Go(to=path_to("incidents", flag.incident), data=flag_data(flag))


ROUTES = [
    Route("GET", "/flags", "read", list_flags),
    Route("POST", "/incidents/{incident:str}/flag", "protect", close),
]
