# SPDX-License-Identifier: Apache-2.0
"""Which verbs of a segment it says did not happen: “nobody was arrested”, «کسی دستگیر نشد», “کوئی گرفتار نہیں ہوا”.

1. A word that denies a whole statement (“denied”, “never”) leaves nothing of the segment standing.
2. “Not” is bound to the verb beside it: the next one, or in a language that ends with its verb the one before. Where another word
   stands between, it cannot be told what it denies, and nothing of the segment stands.
3. “Nobody”, “no”, “without” deny the verb that follows with no more than a group or thing between; else they deny nothing that is known here.
4. A verb that shares its ending with a denied one is denied with it: “killed or wounded”, «کشته یا زخمی نشد».

What is left open by this is left out: a machine proposes what is told, never what is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hamsaya.intake.scanning import Scan

_BESIDE_VERB: Final = "pe"
_GROUP: Final = "0efACGBUXtyY"


def denied_verbs(scan: Scan) -> frozenset[int] | None:
    """Return the items of the verbs that did not happen; None where nothing of the segment can be taken as told."""
    if scan.has("!"):
        return None
    found: set[int] = set()
    for index, item in enumerate(scan.items):
        if item.has("~"):
            verb = _beside(scan, index, _BESIDE_VERB, back=scan.lexicon.verb_final)
            if verb is None:
                return None
        elif item.has("%") and not scan.has("N", index + 1, index + 2):  # "no. 2" is a number
            verb = _beside(scan, index, _BESIDE_VERB + _GROUP, back=bool(scan.lexicon.tables["grammar"]["without_after"]))
        else:
            continue
        if verb is not None:
            found |= {verb, *_sharing(scan, verb, named=item.has("%"))}
    return frozenset(found)


def _is_verb(scan: Scan, index: int) -> bool:
    return any(scan.items[index].has(kind) for kind in "kKx")


def _beside(scan: Scan, index: int, over: str, *, back: bool) -> int | None:
    """Return the verb next to an item, with nothing but items of these kinds between; None where there is none."""
    step = -1 if back else 1
    other = index + step
    while 0 <= other < len(scan.items):
        if _is_verb(scan, other):
            return other
        if scan.items[other].kind not in over:
            return None
        other += step
    return None


def _sharing(scan: Scan, verb: int, *, named: bool) -> Iterator[int]:
    """Yield the verbs that are denied with one.

    In English those that follow after “or”, “and”, and after “no shots” (`named`) its own verb; where the verb ends the clause, those before
    it that have no ending of their own.
    """
    ends = set(scan.lexicon.tables["grammar"]["endings"])
    if scan.lexicon.verb_final:
        for other in range(verb - 1, -1, -1):
            if scan.items[other].has("p") or scan.items[other].kind == "," or ends & set(_between(scan, other, other + 1)):
                return
            if _is_verb(scan, other):
                if ends & set(_between(scan, other, verb)):
                    return
                yield other
        return
    for other in range(verb + 1, len(scan.items)):
        if _is_verb(scan, other):
            yield other
        elif not (scan.items[other].has("&") or _between(scan, other, other + 1) in (["or"], ["nor"]) or (named and scan.items[other].has("p"))):
            return


def _between(scan: Scan, first: int, last: int) -> list[str]:
    """Return the words of items `first` to `last` (half-open), as they were folded."""
    return scan.folded.text[scan.items[first].start : scan.items[last - 1].end].split()
