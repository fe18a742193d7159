# SPDX-License-Identifier: Apache-2.0
"""A second, independent way to a decision: the agreement file's bytes become Cedar policies.

Imports nothing of the project. It was written from the sentences of the clauses and from the laws, not from `agreement`:
where the two ways disagree, one of them is wrong. Each policy has the number of the clause or the name of the law that it
stands for, so that not only the answer but also who gave it is compared.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

PURPOSES = ["prevention", "settlement", "rescue", "return"]
LEVELS = ["clear", "green", "amber", "amber+strict", "red"]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def set_of(words):
    return "[" + ", ".join(quoted(word) for word in words) + "]"


def micros(text):
    """Microseconds since 1970 as a whole number: Cedar compares longs."""
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def up_to(level):
    return LEVELS[: LEVELS.index(level) + 1]


def policies_of(body):
    """Return (name, policy) of each policy, in order. `body` is the agreement as it is signed and stored."""
    table = json.loads(body)["table"]
    parties = [each["party"] for each in table["parties"]]
    since, until = micros(table["valid_from"]), micros(table["valid_until"])
    signed = f"context.signed.containsAll({set_of(parties)})"
    made = [
        ("in-force", f"forbid(principal, action, resource) unless {{ {signed} && context.at >= {since} && context.at < {until} }};"),
        ("party", f"forbid(principal, action, resource) unless {{ {set_of(parties)}.contains(context.sender) && {set_of(parties)}.contains(context.receiver) }};"),
        ("exercise", f"forbid(principal, action, resource) unless {{ context.exercise == {str(table.get('exercise', False)).lower()} }};"),
        ("empty", "forbid(principal, action, resource) when { context.fields.isEmpty() };"),
        ("grade", "forbid(principal, action, resource) when { context.ungraded > 0 };"),
        ("unsound", "forbid(principal, action, resource) unless { context.sound };"),
        ("purpose", f"forbid(principal, action, resource) unless {{ {set_of(PURPOSES)}.contains(context.purpose) }};"),
        ("necessity", "forbid(principal, action, resource) unless { context.words >= 3 && context.plain };"),
        ("ground", "forbid(principal, action, resource) unless { context.grounds.isEmpty() };"),
        ("position", "forbid(principal, action, resource) when { context has leaves_from && context.at < context.leaves_from && !context.danger };"),
    ]  # fmt: skip
    made.append(("originator", "forbid(principal, action, resource) unless { context.unconsented.isEmpty() };"))
    clauses = table["clauses"]
    if not any(clause["type"] == "handling" for clause in clauses):
        made.append(("marking", 'forbid(principal, action, resource) when { context.marking != "" };'))
    for clause in clauses:
        made += [(clause["number"], policy) for policy in of_clause(clause)]
    return made


def of_clause(clause):
    match clause["type"]:
        case "kinds":
            yield (
                f'permit(principal == Party::{quoted(clause["sender"])}, action == Action::"release", resource) '
                f"when {{ context.receiver == {quoted(clause['receiver'])} && {set_of(clause['kinds'])}.contains(context.kind) }};"
            )
        case "handling":
            ways = [f'(context.marking == "" && {set_of(up_to(clause["ceiling"]))}.contains(context.handling))']
            for party, scale in clause.get("scales", {}).items():
                for marking, level in scale.items():
                    # the stricter of TLP and the own marking counts, so both must be within the ceiling
                    within = level in up_to(clause["ceiling"])
                    ways.append(
                        f"(context.sender == {quoted(party)} && context.marking == {quoted(marking)} && {str(within).lower()} "
                        f"&& {set_of(up_to(clause['ceiling']))}.contains(context.handling))"
                    )
            yield f"forbid(principal, action, resource) unless {{ {' || '.join(ways)} }};"
        case "purposes":
            yield f"forbid(principal, action, resource) unless {{ {set_of(clause['purposes'])}.contains(context.purpose) }};"
        case "tear-line":
            yield f"forbid(principal, action, resource) when {{ {set_of(clause['fields'])}.containsAll(context.fields) }};"
        case "area":  # where it lies is proven apart: here it is a yes or no for each clause
            yield f"forbid(principal, action, resource) when {{ {set_of(clause['kinds'])}.contains(context.kind) && context.outside.contains({quoted(clause['number'])}) }};"
        case "exactness" | "quotes" | "refusal-grounds" | "originator" | "deadlines" | "retention" | "levels" | "exercises" | "standing-approval":
            return  # they shape what leaves or bind to duties; grounds arrive as what an officer found
        case other:
            raise ValueError(other)


def request_of(context):
    """Return what Cedar is asked. `context` holds the facts of the case, times in microseconds."""
    return {"principal": f"Party::{quoted(context['sender'])}", "action": 'Action::"release"', "resource": 'Record::"it"', "context": context}
