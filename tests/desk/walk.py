# SPDX-License-Identifier: Apache-2.0
"""Walks the table of any matter over two nodes: opens one, and makes each of its moves as an officer of the side that it is for."""

from __future__ import annotations

from collections import deque

from tests.conftest import release
from tests.desk.test_requests import REASON, answer

from hamsaya.desk.distress import answer_distress
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.matters import matter_with, move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.recalls import recall_release
from hamsaya.desk.refusing import refuse_matter
from hamsaya.desk.reports import file_report
from hamsaya.desk.roles import may
from hamsaya.desk.stopping import stop_matter
from hamsaya.desk.typed_report import TypedReport


def officer(desk, *verbs):
    """Return an officer who holds all of these rights."""
    return next(each for each in desk.officers.values() if all(may(each.role, verb) for verb in verbs))


def typed(form, subject):
    """Return the form filled in with its examples; names are of an incident or record that is here."""
    return {field.name: subject if field.reads == "names" else field.example for field in form.fields}


def opened(desk, course, subject):
    """Open a matter of this kind, so that it leaves; returns its record and the release."""
    if course.form is None:
        filed = file_report(desk.node, officer(desk, "file"), TypedReport(remarks="Who was there?", grade="A1"), kind=course.kind)
    else:
        filed = open_matter(desk.node, officer(desk, course.verb), course.kind, Sheet(typed=typed(course.form, subject)))
    return filed.held.record.id, release(desk, filed.held.record.id)


def make(desk, course, record, name, subject, by=None):
    """Make a move of the table, or raise what keeps this side, or officer, from it."""
    move = course.moves[name]
    match move.borne:
        case "move":
            move_matter(desk.node, by or officer(desk, move.verb), record, name)
        case "release" if move.form is not None:
            sheet = Sheet(typed=typed(move.form, subject))
            filed = answer_matter(desk.node, by or officer(desk, move.verb), record, name, sheet)
            release(desk, filed.held.record.id)
        case "release":
            answer(desk, record)
        case "opening":
            with desk.store.reading() as book:
                matter = matter_with(desk.node, book, record)
            acknowledge(desk.node, by or officer(desk, move.verb), matter.log, matter.seq)
        case "stop":
            stop_matter(desk.node, by or officer(desk, move.verb), record)
        case "heard":
            with desk.store.reading() as book:
                call = next((each for each in book.calls_about([record]) if not each.own and each.seen is None), None)
            if call is not None:
                answer_distress(desk.node, by or officer(desk, move.verb), call.case, "stopped")
        case "refusal":
            refuse_matter(desk.node, by or officer(desk, move.verb), record, ["asylum"], REASON)
        case "recall":
            with desk.store.reading() as book:
                held = [each for each in book.releases_of(record) if each.log][-1]
            recall_release(desk.node, by or officer(desk, move.verb), held.release, "It was opened by mistake.")


def sides(move):
    return ("opener", "other") if move.by == "either" else (move.by,)


ONCE = frozenset({"opening", "refusal", "recall"})
"""What happens to a matter once at most."""
LONGEST = 8


def tours(course):
    """Return walks from the opening that together make each move of the table from each state that lets it in, by each side."""
    left = {(state, name, side) for name, move in course.moves.items() for state in move.before for side in sides(move)}
    found = []
    while left:
        walk, state, done = [], course.first, frozenset()
        while (way := onward(course, state, done, left)) and (not walk or len(walk) + len(way) <= LONGEST):
            walk, state = walk + way, course.moves[way[-1][1]].after
            left, done = left - set(way), done | {name for _, name, _ in way}
        assert walk, f"no way leads to {left}"
        found.append(walk)
    return found


def onward(course, state, done, left):
    """Return the shortest way from a state to a step that is left, by moves that are not done yet if they are done once; each step with its state and side."""
    seen, waiting = {(state, done)}, deque([(state, done, [])])
    while waiting:
        state, done, way = waiting.popleft()
        for name, move in course.moves.items():
            if state in move.before and not (move.borne in ONCE and name in done):
                for side in sides(move):
                    if (state, name, side) in left:
                        return [*way, (state, name, side)]
                then = (move.after, done | {name} if move.borne in ONCE else done)
                if then not in seen:
                    seen.add(then)
                    waiting.append((*then, [*way, (state, name, sides(move)[0])]))
    return []
