# SPDX-License-Identifier: Apache-2.0
"""What becomes of a neighbour's move on a matter: it must be one between it and us, and one that its side of the table has.

Whether it counts where it falls is not judged here but told by the table (`settlement/course.py`): the two sides may have moved
at once. A matter that the neighbour opened need not be here yet: its release travels in another log.
"""

from __future__ import annotations

from typing import Final

from hamsaya.desk.holdings import Party
from hamsaya.desk.names import is_named_by
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.matters import MatterMoved, ref_of
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import YEARS, is_name, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header
from hamsaya.settlement.course import Side
from hamsaya.settlement.courses import COURSES

_LONGEST_REF: Final = 60


def judge_moved(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the move is known here already. Raises `InputError` for one that is not the neighbour's to make."""
    act, other = read(content, MatterMoved), party.card.party
    if header.about or canonical(act) != content:
        raise InputError(say("A move says which matter it moves, and how, and nothing else."))
    named = is_name(act.matter) and is_plain(act.seen, _LONGEST_REF) and is_plain(act.on, _LONGEST_REF)
    if not (named and is_plain(act.office, 200) and act.at.year in YEARS):
        raise InputError(say("The move is not in form."))
    theirs = is_named_by(other, "R", act.matter)
    asked = any(held.receiver == other and held.log for held in pen.releases_of(act.matter))
    if not theirs and not (asked and is_named_by(node.party, "R", act.matter)):
        raise InputError(say("It moves a matter that is not open between {party} and this node.", party=other))
    side: Side = "opener" if theirs else "other"
    kind = pen.record_kinds([act.matter]).get(act.matter, "")
    courses = [COURSES[kind]] if kind in COURSES else [] if kind else list(COURSES.values())
    moves = [course.moves[act.move] for course in courses if act.move in course.moves]
    if not any(move.borne == "move" and move.by in (side, "either") for move in moves):
        raise InputError(say("The table of such a matter has no such move for {party}: {came}", party=other, came=act.move[:40]))
    return any((each.by, each.ref) == (other, ref_of(content)) for each in pen.moves_on([act.matter]).get(act.matter, []))
