# SPDX-License-Identifier: Apache-2.0
"""What a machine proposes as the first text of a finding: the comparison in sentences of the reader's language (law 16).

It weighs nothing: what the sides agree on is an agreed fact with each side's own value, everything else an open point. Remarks
are the sides' own, so none is proposed.
"""

from __future__ import annotations

from collections.abc import Sequence

from hamsaya.accounts.compare import Field
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.values import Value
from hamsaya.facts.words import Language, say
from hamsaya.settlement.finding import Paragraph
from hamsaya.tongues.catalogue import translate
from hamsaya.tongues.values import quotes, show_coded, show_country, value_parts


def draft_finding(fields: Sequence[Field], language: Language, *, zone: str = "") -> list[Paragraph]:
    """Return a paragraph a field that somebody speaks of: agreed facts first, then what differs, then what one side alone tells."""
    ordered = sorted(fields, key=lambda field: ("agree", "differ", "silent").index(field.state))
    return [_paragraph(field, language, zone) for field in ordered]


def _paragraph(field: Field, language: Language, zone: str) -> Paragraph:
    told = {side: "; ".join(dict.fromkeys(_value(each.claim.value, language, zone) for each in said)) for side, said in field.said.items()}
    values = list(dict.fromkeys(told.values()))
    if field.state == "agree" and len(values) == 1:
        words = values[0]
    else:
        words = " · ".join(f"{show_country(side, language)}: {value}" for side, value in told.items())
    sentence = f"{_label(field, language)}: {words}"
    if field.state == "silent":
        sentence = translate(say("{sentence} (told by one side only)", sentence=sentence), language)
    return Paragraph("agreed_fact" if field.state == "agree" else "open_point", sentence)


def _value(value: Value, language: Language, zone: str) -> str:
    """Return a value in words, without coordinates: in a sentence from right to left their signs change places."""
    shown = value_parts(value, language, zone=zone)
    opening, closing = quotes(language)
    return " ".join(filter(None, (shown.main, f"{opening}{shown.words}{closing}" if shown.words else "")))


def _label(field: Field, language: Language) -> str:
    predicate = PREDICATES.get(field.key.split(":", maxsplit=1)[0])
    label = translate(predicate.label, language) if predicate else field.key
    first = next(iter(field.said.values()))[0].claim
    if predicate is None or not predicate.per_group or first.about is None:
        return label
    return f"{label} · {show_coded(first.about, language)}"
