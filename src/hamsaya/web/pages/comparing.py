# SPDX-License-Identifier: Apache-2.0
"""The accounts of one incident, each in a column of its own: what agrees, what differs, who is silent, and the rule that says so."""

from __future__ import annotations

import hashlib

from hamsaya.desk.comparing import as_data, comparison_of
from hamsaya.desk.comparison_signed import sign_comparison
from hamsaya.desk.flags import flag_data, flag_of
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.picture import pin_data
from hamsaya.web.comparison_paper import draw_comparison, print_comparison
from hamsaya.web.comparison_view import comparing_view
from hamsaya.web.visit import Answer, Desk, Download, Page, Route, Visit


def show_comparison(desk: Desk, visit: Visit) -> Answer:
    """Compare the accounts of an incident, account by account."""
    with desk.node.ledger.reading() as book:
        found = comparison_of(view_incident(book, visit.params["incident"]))
        flag = flag_of(book, found.view.incident)
        view = comparing_view(desk.node, book, found, visit.language)
    data = {**as_data(found), "places": [pin_data(each) for each in view.pinpoints], "rights_flag": flag_data(flag) if flag else None}
    return Page(template="comparison.html", view=view, data=data)


def write_pdf(desk: Desk, visit: Visit) -> Answer:
    """Write the comparison as PDF in the language of who asks, with the signed comparison attached."""
    with desk.node.ledger.reading() as book:
        found = comparison_of(view_incident(book, visit.params["incident"]))
        signed = sign_comparison(desk.node, book, visit.officer, found)
        html = draw_comparison(desk.node, book, visit.officer, found, visit.language)
    content = print_comparison(found, html, signed, visit.language)
    data = {"name": f"{found.view.incident}.pdf", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "signed": signed.decode()}
    return Download(name=f"{found.view.incident}.pdf", media_type="application/pdf", content=content, data=data)


ROUTES = [
    Route("GET", "/incidents/{incident:str}/comparison", "read", show_comparison),
    Route("POST", "/incidents/{incident:str}/comparison/pdf", "read", write_pdf),
]
