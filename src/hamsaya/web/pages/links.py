# SPDX-License-Identifier: Apache-2.0
"""The links to the neighbours, for every officer: what is proven, what failed and why, and when the node tries next."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.contacts import LinkNow, links_now
from hamsaya.desk.parties import neighbour
from hamsaya.web.names import party_names
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """The link to a neighbour."""

    name: str
    link: LinkNow


class LinksView(msgspec.Struct, frozen=True, kw_only=True):
    """What links.html receives."""

    links: list[LinkRow]


def show_links(desk: Desk, visit: Visit) -> Answer:
    """Show how each link stands."""
    rows = link_rows(desk, visit)
    return Page(template="links.html", view=LinksView(links=rows), data={"links": [link_data(row.link) for row in rows]})


def try_link(desk: Desk, visit: Visit) -> Answer:
    """Let the courier call a neighbour now, whatever it waits for."""
    with desk.node.ledger.reading() as book:
        name = neighbour(book, visit.params["party"]).card.party
    desk.on_logged(name)
    return Go(to="/links", data={"neighbour": name, "trying": True})


def link_rows(desk: Desk, visit: Visit) -> list[LinkRow]:
    """Return the links as pages show them."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        return [LinkRow(name=names.get(link.neighbour, link.neighbour), link=link) for link in links_now(desk.node, book)]


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
]
