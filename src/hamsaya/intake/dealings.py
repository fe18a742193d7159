# SPDX-License-Identifier: Apache-2.0
"""What sides said and settled: the facts of a meeting, a complaint, a commitment or a warning in one segment.

- "Agreed" is not "signed", "invited" is not "agreed": a status is the word that the text gives, and never rises.
- Parties and complainants are groups and offices; their words are lexicon words only.
- It decides which of these a segment is (`kind_of`), not to which event it belongs; see `events`.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.records import RecordKind
from hamsaya.facts.values import Coded
from hamsaya.intake.incidents import Fact
from hamsaya.intake.scanning import Scan
from hamsaya.intake.speakers import Office, find_offices

_SIGNED: Final = "decide.signed"


def kind_of(scan: Scan) -> RecordKind | None:
    """Return the kind of dealing that a segment tells of, or None where it tells of none."""
    if scan.has("q") and scan.has("M"):
        return "commitment"
    if scan.has("c") and _complainant(scan) is not None and not scan.has("F"):
        return "complaint"
    if scan.has("Q"):
        return "warning"
    settled = scan.has("j") and any(item.has("g") and item.code_of("g").startswith("decision.") for item in scan.items)
    met = scan.has("m") and not scan.has("F") and len(_parties(scan)) + len(scan.located) + len(scan.dates) > 1
    return "meeting" if settled or met else None


def dealing_facts(scan: Scan, kind: RecordKind) -> tuple[list[Fact], str]:
    """Return the facts of a dealing and the side that lodged it (complaints only, else empty)."""
    if kind == "meeting":
        return _meeting(scan), ""
    if kind == "complaint":
        complainant = _complainant(scan)
        return _complaint(scan), complainant.country if complainant else ""
    if kind == "warning":
        return _warning(scan), ""
    return _commitment(scan), ""


def _meeting(scan: Scan) -> list[Fact]:
    facts: list[Fact] = []
    signed = [index for index, item in enumerate(scan.items) if item.code_of("j") == _SIGNED]
    if scan.has("m") or signed:
        facts += [_coded(scan, "parties", each.code, (each.first, each.last), each.country) for each in _parties(scan)]
    if scan.has("j"):
        facts += _table(scan, "g", "decision", "decision")
    if signed and any(item.code_of("g").endswith("sign_cooperation_document") for item in scan.items):
        facts.append(_coded(scan, "status", "signed", (signed[0], signed[0] + 1)))
    return facts


def _complaint(scan: Scan) -> list[Fact]:
    facts = []
    for index, item in enumerate(scan.items):
        if item.has("c"):
            code = "lodged" if item.code_of("c").endswith("lodged") else "other"
            facts.append(_coded(scan, "status", code, (index, index + 1)))
            break
    facts += _table(scan, "g", "demand", "demand")
    accused = next((each for each in scan.mentions if each.code in {"armed_group_member", "smuggler"}), None)
    if accused is not None:
        start, end = scan.origin_of(*accused.words)
        value = Coded(code=accused.code, words=scan.source[start:end], country=accused.country)
        facts.append(Fact("actor", value, start, end, accused.first, "complained-of"))
    return facts


def _commitment(scan: Scan) -> list[Fact]:
    facts = [
        Fact("action", Coded(code="exercise", words=fact.value.words), fact.start, fact.end, fact.item, fact.reason)
        for fact in _table(scan, "M", "exercise", "action")
        if isinstance(fact.value, Coded)
    ]
    facts += _table(scan, "q", "commitment", "status")[:1]
    for each in find_offices(scan):
        if each.kind == "office" and each.country and scan.has("q", 0, each.first):
            facts.append(_coded(scan, "parties", each.code, (each.first, each.last), each.country))
    return facts


def _warning(scan: Scan) -> list[Fact]:
    facts = []
    for index, item in enumerate(scan.items):
        if item.has("Q"):
            facts.append(_coded(scan, "action", "warning", (index, index + 1)))
            break
    for index, item in enumerate(scan.items):
        if item.code_of("x") == "action.pursuit":
            facts.append(_coded(scan, "action", "pursuit", (index, index + 1)))
    return facts


def _parties(scan: Scan) -> list[Office]:
    """Return the groups and offices present; "officials of A and B" are two."""
    parties: list[Office] = []
    for each in find_offices(scan):
        if each.kind == "office" and each.country and each.code:
            parties.append(each)
            if scan.items[each.last - 1].kind == "C" and scan.letters[each.last : each.last + 2] == "&C":
                other = scan.items[each.last + 1]
                parties.append(each._replace(first=each.last + 1, last=each.last + 2, country=other.country))
    return parties


def _complainant(scan: Scan) -> Office | None:
    """Return the side that complains.

    Where the verb stands at the end, the first side, body or office with a country; else the nearest before the verb,
    or, after "was summoned", the one behind it.
    """
    sides = [each for each in find_offices(scan) if each.country]
    verb = next((index for index, item in enumerate(scan.items) if item.has("c")), 0)
    if scan.lexicon.verb_final:
        return next(iter(sides), None)
    if scan.has("p", max(0, verb - 2), verb):
        return next((each for each in sides if each.first > verb), None)
    return next((each for each in reversed(sides) if each.last <= verb), None)


def _table(scan: Scan, kind: str, table: str, predicate: str) -> list[Fact]:
    facts = []
    for index, item in enumerate(scan.items):
        name, _, code = item.code_of(kind).partition(".")
        if name == table:
            whither = table == "demand" and scan.has("LC", index + 1, index + 2)
            facts.append(_coded(scan, predicate, code, (index, index + (2 if whither else 1))))
    return facts


def _coded(scan: Scan, predicate: str, code: str, items: tuple[int, int], country: str = "") -> Fact:
    start, end = scan.origin(*items)
    value = Coded(code=code, words=scan.source[start:end], country=country)
    about = Coded(code=code, country=country) if predicate == "parties" else None
    return Fact(predicate, value, start, end, items[0], f"{predicate}-words", about)
