# SPDX-License-Identifier: Apache-2.0
"""Who may do what, for every officer to read: the table of `desk/roles.py`, and why each row is as it is."""

from __future__ import annotations

import msgspec

from hamsaya.desk.roles import COLUMNS, ROLE_NAMES, ROLE_REASONS, ROLES, VERBS
from hamsaya.facts.words import Text
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit


class RoleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A role: its name, for each verb whether it may, why, and whether it is the reader's own."""

    name: Text
    rights: list[bool]
    reason: Text
    own: bool


class RolesView(msgspec.Struct, frozen=True, kw_only=True):
    """What roles.html receives: the verbs as one word and as a sentence, and the rows."""

    columns: list[Text]
    verbs: list[Text]
    rows: list[RoleRow]


def show_roles(desk: Desk, visit: Visit) -> Answer:
    """Show who may do what."""
    del desk
    view = RolesView(
        columns=list(COLUMNS.values()), verbs=[VERBS[verb] for verb in COLUMNS],
        rows=[
            RoleRow(name=ROLE_NAMES[role], rights=[verb in rights for verb in COLUMNS], reason=ROLE_REASONS[role], own=role == visit.officer.role)
            for role, rights in ROLES.items()
        ],
    )  # fmt: skip
    return Page(template="roles.html", view=view, data={"roles": {role: sorted(rights) for role, rights in ROLES.items()}})


ROUTES = [Route("GET", "/roles", "", show_roles)]
