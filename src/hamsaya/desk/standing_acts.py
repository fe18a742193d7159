# SPDX-License-Identifier: Apache-2.0
"""Acts of a party on an agreement: suspend, resume, withdraw; and declining a text that was proposed.

Each is signed by itself and sent to every other party; `agreement/lifecycle.py` says what follows from it. Distress and
STOP pass all the same (law 2).
"""

from __future__ import annotations

from hamsaya.agreement.lifecycle import MAX_REASON, ActVerb, Life, TextLife, life_of
from hamsaya.desk.agreements import act_on_text, agreement_of, text_named
from hamsaya.desk.holdings import AgreementHeld, Officer
from hamsaya.desk.ports import Node
from hamsaya.desk.roles import require
from hamsaya.desk.settling import settle_releases
from hamsaya.desk.stale import Stale
from hamsaya.desk.told import told_sentence
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import say


def act_on_agreement(node: Node, officer: Officer, agreement: str, verb: ActVerb, reason: str, *, text: str = "") -> AgreementHeld:
    """Suspend, resume or withdraw the agreement, or decline the text of hash `text` (or the only open one), for this party.

    `reason` is told to every party. Raises `InputError` for a reason that is missing or tells of a person, `Refused`
    where the act makes no sense as the agreement stands, `Stale` where it was done before; nothing is kept then.
    """
    require(officer.role, "agree")
    said = told_sentence(reason, say("Give a reason of at most {n} letters: every party reads it.", n=MAX_REASON), MAX_REASON)
    with node.ledger.writing() as pen:
        held = agreement_of(pen, agreement)
        life = life_of(held.history, node.now())
        about = _declined(node, life, text) if verb == "decline" else _in_force(node, life, verb)
        act_on_text(node, pen, officer, about.agreement, verb, said)
        settle_releases(node, pen, changed=True)
        return agreement_of(pen, agreement)


def _in_force(node: Node, life: Life, verb: ActVerb) -> TextLife:
    """Return the text that governs, if the act makes sense on it."""
    text, state = life.text(life.governs), life.standing.state
    if text is None:
        raise Refused(say("No text of this agreement was signed by all parties; a text that is proposed can be declined."), rule="in-force")
    if state in ("withdrawn", "expired"):
        raise Stale(life.standing.reason, rule=state)
    ours = node.party in life.suspended_by
    if verb == "suspend" and ours:
        raise Stale(say("This party has suspended it before."), rule="suspended")
    if verb == "resume" and not ours:
        names = ", ".join(life.suspended_by) or "—"
        raise Refused(say("Only the party that suspended an agreement resumes it; it stands suspended by: {names}", names=names), rule="suspended")
    return text


def _declined(node: Node, life: Life, text: str) -> TextLife:
    """Return the text to decline: one that is open, or one that this party signed and not all have."""
    waiting = [each for each in life.texts if each.open]
    if not text and len(waiting) != 1:
        raise InputError(say("Several texts of this agreement are open, or none: name the one that is declined by its hash."))
    chosen = text_named(life, text) if text else waiting[0]
    if not chosen.can_be_declined(node.party):
        raise Stale(say("This text can no longer be declined: {why}", why=chosen.standing.reason), rule="closed")
    return chosen
