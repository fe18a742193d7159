# SPDX-License-Identifier: Apache-2.0
"""Why a release left, or did not: the whole account on a page of its own, to be printed. Whoever may read may read it."""

from __future__ import annotations

import msgspec

from hamsaya.agreement.decision import RULES
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.omitted import PARTS
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.account import Account
from hamsaya.desk.explain import explain
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text
from hamsaya.web.data import builtins
from hamsaya.web.labels import CONDITIONS, STANDINGS, STEPS, Badge, badge, label
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """One rule or clause that was asked."""

    rule: Text | None
    clause: str
    sentence: str
    refusal: Text | None


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """One part that stayed here, and why."""

    statement: Statement
    part: Text
    why: Text
    clauses: list[str]


class ExplainView(msgspec.Struct, frozen=True, kw_only=True):
    """What explain.html receives."""

    told: Account
    badge: Badge
    badges: dict[str, Badge]
    """The words for each step."""
    standing: Badge
    kind: Text
    sender: str
    receiver: str
    purpose: Text
    grounds: list[Text]
    rule: Text | None
    clause: str
    sentence: str
    """The deciding clause in the reader's language, as it was signed."""
    keep_sentence: str
    """The clause that ends the time for which it may be kept."""
    steps: list[StepRow]
    parts: list[PartRow]
    record_href: str
    agreement_href: str
    release_href: str
    """Empty for one that a neighbour sent."""


def show_account(desk: Desk, visit: Visit) -> Answer:
    """Show the account of a release that was made here, or sent here."""
    with desk.node.ledger.reading() as book:
        told = explain(desk.node, book, visit.params["release"])
        names = party_names(book, visit.language)
    decision, under = told.decision or told.again, told.under
    said = under.sentences.get(visit.language, {})
    statements = Sentences(None)
    view = ExplainView(
        told=told, badge=badge(CONDITIONS, told.delivery.condition), badges=STEPS, standing=badge(STANDINGS, told.standing.state),
        kind=label(RECORD_KINDS, told.kind), sender=names.get(told.sender, told.sender), receiver=names.get(told.receiver, told.receiver),
        purpose=label(PURPOSES, told.purpose), grounds=[label(GROUNDS, each) for each in told.grounds], rule=RULES.get(decision.rule),
        clause=decision.clause, sentence=said.get(decision.clause, ""),
        keep_sentence=told.keep.sentences.get(visit.language, "") if told.keep else "",
        steps=[
            StepRow(
                rule=RULES.get(each.rule), clause=each.clause, sentence=said.get(each.clause, ""),
                refusal=each.refusal.reason if each.refusal else None,
            )
            for each in told.steps
        ],
        parts=[
            PartRow(statement=statements.state(each.part.claim), part=PARTS[each.part.part], why=each.why, clauses=each.clauses)
            for each in told.parts
        ],
        record_href=path_to("records", told.record), agreement_href=path_to("agreements", under.agreement) if under.agreement else "",
        release_href=path_to("releases", told.release) if told.sent else "",
    )  # fmt: skip
    return Page(template="explain.html", view=view, data={**builtins(told), "agrees": not told.faults})


ROUTES = [Route("GET", "/releases/{release:str}/explain", "read", show_account)]
