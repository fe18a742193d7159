# SPDX-License-Identifier: Apache-2.0
"""Who may do what, as one table. What is not in it is refused (law 13).

 1. No role holds both halves of a release: who proposes does not approve.
 2. The administrator can neither read nor release: whoever keeps accounts and links is no reader of what they carry.
 3. Auditor and rights officer read everything but names at meetings, see who was let in, and act in nothing but two: the rights officer
    orders that a record be erased, which an officer of the chain confirms, and alone closes the flag of an incident with harm to civilians.
    They check, so they are outside the chain.
 4. To take back needs one officer of the watch or of the chain: it tells nothing new, and a second signature would only let what is wrong
    stand longer. What was taken back is told to every holder, and stays to be seen with who and why.

The page /roles and docs/reference/roles.md print this table; there is no other.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.errors import Refused
from hamsaya.facts.words import Text, say

ROLES: Final[dict[str, frozenset[str]]] = {
    "officer": frozenset({"read", "file", "propose", "acknowledge", "recall", "distress", "attend"}),
    "approver": frozenset({"read", "approve", "acknowledge", "recall", "distress", "review", "erase"}),
    "liaison": frozenset({"read", "file", "propose", "negotiate", "acknowledge", "recall", "distress", "attend"}),
    "analyst": frozenset({"read", "file"}),
    "commander": frozenset(
        {"read", "approve", "negotiate", "agree", "recall", "audit", "distress", "review", "export", "order", "erase", "assess", "attend"}
    ),
    "administrator": frozenset({"configure"}),
    "auditor": frozenset({"read", "audit"}),
    "rights-officer": frozenset({"read", "audit", "order", "protect"}),
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
    "recall": say("take back what was released, or a consent"),
    "negotiate": say("propose and counter the text of an agreement"),
    "agree": say("sign, decline, suspend, resume or withdraw an agreement"),
    "acknowledge": say("acknowledge what arrived"),
    "distress": say("send and answer distress and STOP, alone"),
    "review": say("review a distress call or STOP afterwards, or a copy held beyond its time"),
    "export": say("write a case file for a third person"),
    "order": say("order that a record be erased"),
    "protect": say("close a rights flag"),
    "erase": say("confirm as the second officer that content is erased, ours or a neighbour's copy"),
    "assess": say("name sections of the border and set their impact level"),
    "attend": say("note, read and take away the names of those who attend a meeting"),
    "configure": say("add officers and neighbours, and keep the node"),
    "audit": say("see who was let in, by whom and when"),
}
COLUMNS: Final[dict[str, Text]] = {
    "read": say("read"),
    "file": say("file"),
    "propose": say("propose"),
    "approve": say("approve"),
    "recall": say("take back"),
    "negotiate": say("negotiate"),
    "agree": say("sign"),
    "acknowledge": say("acknowledge"),
    "distress": say("distress"),
    "review": say("review"),
    "export": say("hand on"),
    "order": say("order erasure"),
    "protect": say("close flags"),
    "erase": say("erase"),
    "assess": say("set levels"),
    "attend": say("names at meetings"),
    "configure": say("configure"),
    "audit": say("audit"),
}
"""A verb in one word, for the head of a column."""
ROLE_REASONS: Final[dict[str, Text]] = {
    "officer": say("Files and answers reports on the watch, and proposes what the neighbour should see."),
    "approver": say(
        "Is the second pair of eyes: sees the very bytes and lets them leave or not; proposes nothing, so never approves a wish of its own."
    ),
    "liaison": say(
        "Prepares meetings and answers the neighbour: as the duty officer. Puts texts of agreements forward; a text binds nobody before it is signed."
    ),
    "analyst": say("Turns documents into records; nothing that an analyst does leaves the house."),
    "commander": say("Answers for what leaves: approves, and alone signs, suspends or withdraws an agreement. Sees also who was let in to the desk."),
    "administrator": say("Keeps accounts, neighbours and the machine. Reads no record and releases none, so that keeping the keys gives no voice."),
    "auditor": say("Sits outside the command and checks it: reads everything, and acts in nothing that it would then have to judge."),
    "rights-officer": say(
        "Sits outside the command and answers for the people in the records: reads everything, orders erasures, and alone closes a rights flag."
    ),
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
