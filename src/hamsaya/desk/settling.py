# SPDX-License-Identifier: Apache-2.0
"""What becomes of releases that have not arrived yet, when the agreement under which they were made stands otherwise than before.

   proposed ──approved while it is suspended or expired──▶ held ──in force again, and allowed──▶ logged
   logged, not receipted ──suspended or expired──▶ held ──in force again, and allowed──▶ logged
   logged or held ──withdrawn, or the text now in force refuses──▶ refused; its entry leaves without its content

1. While nothing is in force, a release log that holds anything which the neighbour has not receipted is not offered at all
   (`may_offer`), nor its checkpoint: whoever has that root could sign a receipt for what it never had. Link logs are not
   withheld: acts on agreements, distress and STOP pass.
2. What was approved while it was held goes on by the word of the same two officers, asked again as the agreement stands then.
3. A log cannot be shortened: a release that is stopped keeps its entry, whose content is erased before it ever leaves.
4. What went into a bundle, unreceipted, may be with the neighbour: it is never said to have been refused, and its content is
   kept here. Where the text now in force refuses it, it stays held and its content goes out no more; an officer may recall it.
"""

from __future__ import annotations

import logging
from typing import Final

from hamsaya.agreement.decision import Decision
from hamsaya.desk.acts_agreement import ReleaseDelayed
from hamsaya.desk.acts_recalls import EntryErased
from hamsaya.desk.agreements import known, standing_of
from hamsaya.desk.events import ReleaseDecided
from hamsaya.desk.holdings import OPERATOR, AgreementHeld, Officer, ReleaseHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.recalls import has_left
from hamsaya.desk.release import decide_again, log_release
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import OperatorError

_LOG: Final = logging.getLogger("hamsaya.desk")

DELAYS: Final = ("suspended", "expired", "not yet valid")
"""The standings of an agreement that can end: what waits for it is held and not refused."""


def may_offer(node: Node, book: Book, to: str, log: str, size: int) -> bool:
    """Say whether one of our own logs, of `size` entries, may be offered to `to` now."""
    name = parse_log(log)
    if name is None or name.kind != "release":
        return True
    held = known(book, name.agreement)
    if held is not None and is_in_force(node, held):
        return True
    return book.has_receipt(log, size, to)


def is_in_force(node: Node, held: AgreementHeld) -> bool:
    """Say whether the agreement is in force now. One whose standing cannot be told is not: nothing leaves under it."""
    try:
        return standing_of(held, node.now()).in_force
    except Exception:  # noqa: BLE001  (it follows from what a neighbour signed too; whatever that is, the exchange goes on)
        _LOG.exception("how agreement %s stands could not be told", held.agreement.table.id)
        return False


def settle_releases(node: Node, pen: Pen, *, changed: bool = False) -> list[str]:
    """Hold, stop, or let go on what has not arrived yet, as its agreement stands now; return the releases that this touched.

    `changed` says that a text, a signature or an act came: then what is in the logs is asked again as well.
    """
    in_force = {held.agreement.table.id: is_in_force(node, held) for held in pen.agreements()}
    conditions = ["held"] if all(in_force.values()) and not changed else ["held", "logged"]
    away = {held.neighbour for held in pen.holds()}
    waiting = [each for each in pen.undelivered(conditions) if each.agreement in in_force and each.receiver not in away]
    asked = [each for each in waiting if changed or each.condition == "held" or not in_force[each.agreement]]
    return [each.release for each in asked if _settle_alone(node, pen, each)]


def _settle_alone(node: Node, pen: Pen, held: ReleaseHeld) -> bool:
    """Settle one release, so that one that cannot be settled stops neither the others nor the bundle that is being taken."""
    try:
        with pen.attempt():
            return _settle(node, pen, held)
    except OperatorError:
        raise
    except Exception:  # noqa: BLE001  (as above; it stays as it was, and is not offered)
        _LOG.exception("release %s could not be settled", held.release)
        return False


def _settle(node: Node, pen: Pen, held: ReleaseHeld) -> bool:
    """Settle one release; say whether anything changed."""
    _, now, decision = decide_again(node, pen, held, node.now())
    by = _second(held)
    if now.state in DELAYS:
        if held.condition == "held" and held.reason == now.reason:
            return False
        pen.journal(ReleaseDelayed(release=held.release, reason=now.reason, standing=now.state), by)
    elif not decision.allowed:
        return _stop(pen, held, decision, now.state, by)
    elif held.condition == "held" and not held.log:
        log_release(node, pen, by, held, decision, now.state)
    elif held.condition == "held":
        pen.journal(ReleaseDecided(release=held.release, decision=decision, standing=now.state, log=held.log, seq=held.seq), by)
    else:
        return False
    return True


def _stop(pen: Pen, held: ReleaseHeld, decision: Decision, standing: str, by: Officer) -> bool:
    if held.log and has_left(pen, held):
        if (held.condition, held.rule, held.reason) == ("held", decision.rule, decision.reason):
            return False
        pen.journal(ReleaseDelayed(release=held.release, reason=decision.reason, standing=standing, rule=decision.rule), by)
        return True
    pen.journal(ReleaseDecided(release=held.release, decision=decision, standing=standing, log=held.log, seq=held.seq), by)
    if held.log:
        pen.journal(EntryErased(log=held.log, seq=held.seq), by)
    return True


def _second(held: ReleaseHeld) -> Officer:
    """Return by whose word it goes on: the office that approved it; nobody is at the desk."""
    return Officer(login=OPERATOR.login, office=held.decided_office, role=OPERATOR.role, password="", language=OPERATOR.language)
