# SPDX-License-Identifier: Apache-2.0
"""The pages of the desk, one file a thing that officers work on, and the table of all routes."""

from hamsaya.web.pages import (
    account,
    agreements,
    claims,
    documents,
    drafts,
    entrance,
    explaining,
    inbox,
    incidents,
    lines,
    lock,
    neighbours,
    node_state,
    officers,
    oversight,
    passkeys,
    proposing,
    records,
    releases,
    reports,
    requests,
    roles,
    search,
)
from hamsaya.web.visit import Route

ROUTES: list[Route] = [
    *entrance.ROUTES,
    *inbox.ROUTES,
    *incidents.ROUTES,
    *lines.ROUTES,
    *documents.ROUTES,
    *drafts.ROUTES,
    *claims.ROUTES,
    *records.ROUTES,
    *proposing.ROUTES,
    *reports.ROUTES,
    *releases.ROUTES,
    *requests.ROUTES,
    *explaining.ROUTES,
    *search.ROUTES,
    *agreements.ROUTES,
    *roles.ROUTES,
    *account.ROUTES,
    *passkeys.ROUTES,
    *lock.ROUTES,
    *officers.ROUTES,
    *neighbours.ROUTES,
    *node_state.ROUTES,
    *oversight.ROUTES,
]

__all__ = ["ROUTES"]
