# SPDX-License-Identifier: Apache-2.0
"""The state of the node, for its administrator: what needs doing, links, logs and their sizes, quarantine. No content of any record."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.finding import Finding
from hamsaya.desk.health import check_book
from hamsaya.web.chrome import LinkRow
from hamsaya.web.pages.links import link_data, link_rows
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit


class NodeView(msgspec.Struct, frozen=True, kw_only=True):
    """What node.html receives: whose node it is, the links, and the size of each log."""

    party: str
    country: str
    zone: str
    exercise: bool
    last_act: datetime | None
    links: list[LinkRow]
    logs: dict[str, int]
    quarantined: int
    findings: list[Finding]


def show_node(desk: Desk, visit: Visit) -> Answer:
    """Show the state of the node."""
    links = link_rows(desk, visit)
    with desk.node.ledger.reading() as book:
        view = NodeView(
            party=desk.node.party, country=desk.node.country, zone=desk.node.zone, exercise=desk.node.exercise, last_act=book.last_act(),
            links=links, logs=book.logs(), quarantined=len(book.quarantined()), findings=check_book(desk.node, book),
        )  # fmt: skip
    data = {
        "party": view.party, "last_act": view.last_act.isoformat() if view.last_act else None, "logs": view.logs, "quarantined": view.quarantined,
        "findings": [{"code": each.code, "severity": each.severity, "what": str(each.what), "next": str(each.next)} for each in view.findings],
        "links": [link_data(row.link) for row in links],
    }  # fmt: skip
    return Page(template="node.html", view=view, data=data)


ROUTES = [Route("GET", "/node", "configure", show_node)]
