# SPDX-License-Identifier: Apache-2.0
"""The links to the neighbours, for every officer: what is proven, what failed and why, and when the node tries next."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.contacts import LinkNow, links_now
from hamsaya.desk.epochs import open_epoch
from hamsaya.desk.epochs_held import EpochHeld, LostEntry
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book
from hamsaya.desk.unheard import Unheard, unheard_changes
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.quarantine import EntryQuarantined, why_quarantined
from hamsaya.facts.words import Text
from hamsaya.web.chrome import LinkRow, named_links
from hamsaya.web.data import builtins
from hamsaya.web.names import party_names
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_MOST: Final = 100


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in quarantine, as its receiver told its sender."""

    notice: EntryQuarantined
    why: Text
    party: str
    """The neighbour who sent it, or to whom it was sent."""
    release: str
    """Our release that it made, if it made one."""


class EpochRow(msgspec.Struct, frozen=True, kw_only=True):
    """Logs that were begun anew, in words. `lost` are our releases that the neighbour gave back, if they are ours."""

    epoch: EpochHeld
    sender: str
    receiver: str
    ours: bool
    lost: list[LostEntry]


class LinksView(msgspec.Struct, frozen=True, kw_only=True):
    """What links.html receives. `there` are our entries in quarantine at neighbours, `here` theirs, newest first."""

    links: list[LinkRow]
    there: list[NoticeRow]
    here: list[NoticeRow]
    unheard: list[Unheard]
    """Changes of our key that a neighbour has not heard of."""
    epochs: list[EpochRow]
    """Logs that were begun anew, newest first."""
    held: list[tuple[str, str]]
    """Neighbours whose link is held, with their names: a commander may begin their logs anew."""


def show_links(desk: Desk, visit: Visit) -> Answer:
    """Show how each link stands."""
    rows = link_rows(desk, visit)
    there, here = _notices(desk, visit)
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        unheard, epochs = unheard_changes(desk.node, book), _epochs(desk, book, names)
        held = [(each.neighbour, names.get(each.neighbour, each.neighbour)) for each in book.holds()]
    view = LinksView(links=rows, there=there, here=here, unheard=unheard, epochs=epochs, held=held)
    data = {"unheard_key": [each.neighbour for each in unheard], "epochs": [_epoch_data(each) for each in epochs],
            "links": [link_data(row.link) for row in rows], **{
        where: [{"log": each.notice.log, "seq": each.notice.seq, "at": each.notice.at.isoformat(), "why": str(each.why)} for each in told]
        for where, told in (("quarantined_there", there), ("quarantined_here", here))
    }}  # fmt: skip
    return Page(template="links.html", view=view, data=data)


def _notices(desk: Desk, visit: Visit) -> tuple[list[NoticeRow], list[NoticeRow]]:
    """Return the newest notices: of ours there, of theirs here."""
    found: dict[bool, list[NoticeRow]] = {True: [], False: []}
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        for notice in reversed(book.notices()):
            name = parse_log(notice.log)
            ours = name is not None and name.sender == desk.node.party
            if name is None or len(found[ours]) >= _MOST:
                continue
            other = name.receiver if ours else name.sender
            release = book.release_in(notice.log, notice.seq) if ours else ""
            found[ours].append(NoticeRow(notice=notice, why=why_quarantined(notice), party=names.get(other, other), release=release))
    return found[True], found[False]


def _epochs(desk: Desk, book: Book, names: dict[str, str]) -> list[EpochRow]:
    lost = book.lost_entries()
    return [
        EpochRow(
            epoch=each, sender=names.get(each.sender, each.sender), receiver=names.get(each.receiver, each.receiver),
            ours=each.sender == desk.node.party,
            lost=[one for one in lost if one.giver == each.receiver and one.release][:_MOST] if each.sender == desk.node.party else [],
        )
        for each in sorted(book.epochs(), key=lambda each: each.at, reverse=True)
    ]  # fmt: skip


def _epoch_data(row: EpochRow) -> dict[str, object]:
    lost = [{"release": each.release, "record": each.record, "log": each.log, "seq": each.seq, "known_to": each.giver} for each in row.lost]
    return {**builtins(row.epoch), "lost": lost}


def begin_anew(desk: Desk, visit: Visit) -> Answer:
    """Begin the logs to a neighbour anew, on a commander's word."""
    made = open_epoch(desk.node, visit.officer, visit.params["party"], visit.form.text("reason"))
    desk.on_logged(made.receiver)
    return Go(to="/links", data=builtins(made))


def try_link(desk: Desk, visit: Visit) -> Answer:
    """Let the courier call a neighbour now, whatever it waits for."""
    with desk.node.ledger.reading() as book:
        name = neighbour(book, visit.params["party"]).card.party
    desk.on_logged(name)
    return Go(to="/links", data={"neighbour": name, "trying": True})


def link_rows(desk: Desk, visit: Visit) -> list[LinkRow]:
    """Return the links as pages show them."""
    with desk.node.ledger.reading() as book:
        return named_links(links_now(desk.node, book), party_names(book, visit.language))


def link_data(link: LinkNow) -> dict[str, object]:
    """Return a link as data."""
    return {
        "party": link.neighbour, "state": link.kind, "last_contact": _time(link.proven), "by": link.way,
        "warning": str(link.warning) if link.warning else "", "last_failure": _time(link.failed),
        "why": str(link.failure) if link.failure else "", "failures": link.failures, "next_try": _time(link.due),
    }  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


ROUTES = [
    Route("GET", "/links", "", show_links),
    Route("POST", "/links/{party:str}/try", "", try_link),
    Route("POST", "/links/{party:str}/epoch", "agree", begin_anew),
]
