# SPDX-License-Identifier: Apache-2.0
"""Handing an incident on: the case file, as a page that the browser saves and anyone can open."""

from __future__ import annotations

from hamsaya.desk.cases import export_case
from hamsaya.web.case_file import CaseSheet
from hamsaya.web.data import builtins
from hamsaya.web.visit import Answer, Desk, Download, Route, Visit


def write_case(desk: Desk, visit: Visit) -> Answer:
    """Write the case file of an incident, in the language of who asks."""
    form = visit.form
    held, data = export_case(
        desk.node, visit.officer, visit.params["incident"], to=form.text("to"), why=form.text("why"),
        page=CaseSheet(visit.language, desk.node.zone), content=not form.text("without_content"),
    )  # fmt: skip
    return Download(name=f"{held.incident}.html", media_type="text/html", content=data, data={**builtins(held), "page": data.decode()})


ROUTES = [Route("POST", "/incidents/{incident:str}/case", "export", write_case)]
