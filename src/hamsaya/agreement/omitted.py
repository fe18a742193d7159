# SPDX-License-Identifier: Apache-2.0
"""What a copy that leaves does not tell: for the own officers, who see by name what stays at home. The receiver learns only how much."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Record
from hamsaya.facts.words import Text, say

Part = Literal["claim", "sentence", "source", "value", "words"]
PARTS: Final[dict[str, Text]] = {
    "claim": say("stays here whole"),
    "sentence": say("its sentence stays here"),
    "source": say("the handle of its source stays here"),
    "value": say("leaves coarser, or without its own words"),
    "words": say("words around it stay here"),
}


class Omitted(msgspec.Struct, frozen=True):
    """One part of one claim that the copy does not tell, or tells less exactly."""

    claim: Claim
    part: Part


def omitted(record: Record, leaving: Record) -> list[Omitted]:
    """Return what of `record` its copy `leaving` does not tell, claim by claim. Compares the two, whatever made the copy."""
    copies = {claim.id: claim for claim in leaving.claims}
    found: list[Omitted] = []
    for claim in record.claims:
        copy = copies.get(claim.id)
        if copy is None:
            found.append(Omitted(claim, "claim"))
            continue
        parts: list[tuple[Part, bool]] = [
            ("value", copy.value != claim.value or copy.about != claim.about),
            ("words", (copy.hedge_words, copy.speaker.office) != (claim.hedge_words, claim.speaker.office)),
            ("sentence", claim.span is not None and not copy.quote),
            ("source", bool(claim.speaker.handle)),
        ]
        found += [Omitted(claim, part) for part, holds in parts if holds]
    return found
