# SPDX-License-Identifier: Apache-2.0
"""`hamsaya commitment list`: how far commitments have come, between two nodes and by the word of one side. `hamsaya matter` moves them on."""

from __future__ import annotations

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, plain, reader_language, result
from hamsaya.desk.commitments import Word, is_overdue, status_label, what_of, words_of_one_side
from hamsaya.desk.matters import Matter, matters_held
from hamsaya.facts.words import Language, say
from hamsaya.settlement.commitment import COMMITMENT
from hamsaya.tongues import show_value
from hamsaya.tongues.values import show_country

app = typer.Typer(no_args_is_help=True, help="Commitments of both sides, from readiness to done.")


@app.command("list")
def list_commitments(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the commitments between two nodes, overdue first, then those of which only one side's word is here.

    Example: hamsaya commitment list
    """
    del as_json
    language = reader_language()
    with node_in(node) as opened, opened.store.reading() as book:
        held, now, zone = list(matters_held(opened.node, book, [COMMITMENT.kind])), opened.node.now(), opened.node.zone
        words = words_of_one_side(book)
    late = {each.record.id: any(is_overdue(clock.due_at, clock.met_at, now) for clock in each.clocks) for each in held}
    held.sort(key=lambda each: not late[each.record.id])
    told = [
        {"commitment": each.record.id, "party": each.party, "ours": each.ours, "state": each.standing.state, "what": what_of(each.record),
         "clocks": [plain(clock) for clock in each.clocks], "overdue": late[each.record.id]} for each in held
    ]  # fmt: skip
    lines = [_line(each, overdue=late[each.record.id]) for each in held] + [line for word in words for line in _told(word, language, zone)]
    result({"commitments": told, "words": [plain(each) for each in words]}, lines=lines)


def _line(matter: Matter, *, overdue: bool) -> str:
    direction = f"to {matter.party}" if matter.ours else f"from {matter.party}"
    mark = f" ({in_words(say('overdue'))})" if overdue else ""
    return f"{matter.record.id} {direction}: {in_words(matter.course.states[matter.standing.state].label)}{mark} – {what_of(matter.record)}"


def _told(word: Word, language: Language, zone: str) -> list[str]:
    about = ", ".join(show_value(claim.value, language, zone=zone) for claim in word.about if claim.predicate in ("action", "concerns"))
    lines = [f"{word.record} {word.incident} {about}".replace("  ", " ")]
    for rung in reversed(word.rungs):
        day = show_value(rung.said, language, zone=zone) if rung.said and rung.said.start else rung.published
        side = show_country(rung.side, language) if rung.side else in_words(say("the text itself"))
        lines.append(f"  {in_words(status_label(rung.status))}, {day} · {side}")
    return lines if word.answered else [*lines, f"  {in_words(say('no answer on record'))}"]
