# SPDX-License-Identifier: Apache-2.0
"""Texts that both sides sign, on paper for the house, and as a file for a third person: the file alone, or in a PDF."""

from __future__ import annotations

import hashlib

from hamsaya.desk.finding_export import export_finding
from hamsaya.desk.findings import finding_with
from hamsaya.web.pages.findings import finding_data
from hamsaya.web.paper import check_paper
from hamsaya.web.signed_paper import draw_signed, print_signed
from hamsaya.web.visit import Answer, Desk, Download, Route, Visit


def hand_on(desk: Desk, visit: Visit) -> Answer:
    """Write a finding that both have signed as a file for a third person; as a PDF, it stands in that."""
    form, name = visit.form, visit.params["finding"]
    on_paper = form.text("as") == "pdf"
    if on_paper:
        check_paper()
    held, data = export_finding(desk.node, visit.officer, name, to=form.text("to"), why=form.text("why"), party=form.text("party"))
    told = {**finding_data(held), "sha256": hashlib.sha256(data).hexdigest(), "file": data.decode()}
    if not on_paper:
        return Download(name=f"{name}.json", media_type="application/json", content=data, data=told)
    with desk.node.ledger.reading() as book:
        html = draw_signed(desk.node, book, visit.officer, held, visit.language, attached=f"{name}.json")
    content = print_signed(html, visit.language, name=f"{name}.json", attached=data)
    return Download(name=f"{name}.pdf", media_type="application/pdf", content=content, data=told)


def write_paper(desk: Desk, visit: Visit) -> Answer:
    """Write the text that stands as PDF for the house: signed or not, without the file that would prove it."""
    name = visit.params["finding"]
    with desk.node.ledger.reading() as book:
        held = finding_with(desk.node, book, name, visit.form.text("party"))
        html = draw_signed(desk.node, book, visit.officer, held, visit.language)
    content = print_signed(html, visit.language)
    data = {**finding_data(held), "name": f"{name}.pdf", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return Download(name=f"{name}.pdf", media_type="application/pdf", content=content, data=data)


ROUTES = [
    Route("POST", "/findings/{finding:str}/export", "export", hand_on),
    Route("POST", "/findings/{finding:str}/pdf", "read", write_paper),
]
