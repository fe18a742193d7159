# SPDX-License-Identifier: Apache-2.0
"""Who may do what, as one table. What is not in it is refused (law 13).

The administrator can neither read nor release. Auditor and rights officer read, and act in nothing.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.errors import Refused
from hamsaya.facts.words import Text, say

ROLES: Final[dict[str, frozenset[str]]] = {
    "officer": frozenset({"read", "file", "propose", "acknowledge"}),
    "approver": frozenset({"read", "approve", "acknowledge"}),
    "liaison": frozenset({"read", "file", "propose", "acknowledge"}),
    "analyst": frozenset({"read", "file"}),
    "commander": frozenset({"read", "approve", "agree"}),
    "administrator": frozenset({"administer"}),
    "auditor": frozenset({"read"}),
    "rights-officer": frozenset({"read"}),
}
ROLE_NAMES: Final[dict[str, Text]] = {
    "officer": say("duty officer"),
    "approver": say("approver"),
    "liaison": say("liaison officer"),
    "analyst": say("analyst"),
    "commander": say("commander"),
    "administrator": say("administrator"),
    "auditor": say("auditor"),
    "rights-officer": say("rights officer"),
}
VERBS: Final[dict[str, Text]] = {
    "read": say("read records, documents and incidents"),
    "file": say("accept or reject drafts and file records"),
    "propose": say("propose a release"),
    "approve": say("approve or refuse a release as the second officer"),
    "agree": say("sign an agreement"),
    "acknowledge": say("acknowledge what arrived"),
    "administer": say("add officers and neighbours"),
}


def may(role: str, verb: str) -> bool:
    """Say whether the role's row holds the verb. An unknown role may nothing."""
    return verb in ROLES.get(role, frozenset())


def require(role: str, verb: str) -> None:
    """Return if the role may do it; raise `Refused` otherwise."""
    if not may(role, verb):
        able = ", ".join(str(ROLE_NAMES[name]) for name, verbs in ROLES.items() if verb in verbs)
        raise Refused(
            say("The role “{role}” may not {verb}.", role=ROLE_NAMES.get(role, role), verb=VERBS[verb]),
            say("These roles may: {able}.", able=able),
            rule="role",
        )
