# SPDX-License-Identifier: Apache-2.0
"""Every route with every sort of name in its address. A parameter that nobody has described here fails the tests."""

from __future__ import annotations

import re
from urllib.parse import quote

from hamsaya.settlement.asking import COURSES
from hamsaya.settlement.courses import COURSES as ALL
from hamsaya.web.pages import ROUTES

TRAVERSAL = ["...", "../../etc/passwd", "..\\..\\x", "%2e%2e%2f", "\x00", "'; DROP TABLE record;--", "*", "%", "a" * 3000]
UNKNOWN = ["NOT-HERE", "00000000", "WEST-R-000000", "D-00000000-01"]


def names_of(book) -> dict[str, list[str]]:
    """Return, by the parameter's name, what a node holds of it; own and received alike."""
    struck = book.struck()
    drafts = sorted(book.drafts(), key=lambda held: held.state != "open")
    return {
        "incident": [*book.incidents(), *dict.fromkeys(held.record.incident for held in struck if held.record.incident)],
        "document": [held.document for held in book.documents()],
        "draft": [held.draft for held in drafts],
        "claim": [claim.id for held in drafts if held.state == "open" for claim in held.body.claims],
        "record": [*(held.record.id for held in book.records()), *dict.fromkeys(held.record.id for held in struck)],
        "release": [held.release for held in book.releases()],
        "asked": [record for record, _ in book.openings(COURSES)],
        "matter": sorted(
            (record for record, _ in book.openings([kind for kind, course in ALL.items() if course.form])),
            key=lambda record: (not book.versions(record)[0].received_from, not book.releases_of(record)),
        ),
        "meeting": [record for record, _ in book.openings(["meeting"])],
        "kind": ["complaint"],
        "text": ["minutes"],
        "step": ["reply"],
        "finding": [record for record, _ in book.openings(["finding"]) if not book.versions(record)[0].record.answers],
        "agreement": [held.agreement.table.id for held in book.agreements()],
        "case": [held.case for held in book.calls()],
        "party": [party.card.party for party in book.parties() if not party.own],
        "login": [officer.login for officer in book.officers()],
        "section": sorted({each.section for each in (*book.section_definitions(), *book.section_days())}),
        "passkey": [held.credential for held in book.passkeys()],
    }


def params(path: str) -> list[str]:
    return re.findall(r"\{(\w+)(?::\w+)?\}", path)


def fill(path: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: quote(values[found[1]], safe=""), path)


def filled(path: str, names: dict[str, list[str]]) -> str | None:
    """Return the path with the first name of each parameter; None where the node holds none."""
    wanted = params(path)
    return fill(path, {name: names[name][0] for name in wanted}) if all(names[name] for name in wanted) else None


def gets():
    return [route for route in ROUTES if route.method == "GET"]


def posts():
    return [route for route in ROUTES if route.method == "POST"]
