# SPDX-License-Identifier: Apache-2.0
"""Whether an account tells of harm to civilians, by which of its claims, and why that is harm, in words.

 1. People: killed, wounded, held or missing, at least one perhaps, of a group that is no force, no body of a state and no armed group. Of whom it is
    not said who they were, nothing is guessed.
 2. Kind: a raid (but for one on a border post alone), people held or taken, a killing (but where all who were killed are of a force or an armed
    group), a civil vessel robbed, hijacked or fired upon.
 3. Property: a house, boat, livestock or water point that was touched, and not given back.
 4. Site: an attack at a house, in a village or at a water point.
 5. Treatment: ill-treatment, but of those who are of a force or an armed group.

It says that an account tells so, not that it is so, nor whose deed it was. Who looks at it: `desk/flags.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from hamsaya.facts.claims import Claim, field_of
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Count
from hamsaya.facts.words import Text, say

CIVILIANS: Final = frozenset({"civilian", "fisher", "smuggler", "vessel_crew"})
"""Groups of people who are no fighters; who carries goods without leave is none, either."""
HURT: Final = frozenset({"killed", "wounded", "held", "missing"})
_DEEDS: Final = frozenset({"hostage_taking", "abduction", "crew_taken", "hijack", "sea_robbery", "fired_upon"})
_ATTACKS: Final = frozenset({"cross_border_fire", "exchange_of_fire", "shelling", "armed_attack", "mine_or_device", "killing", "raid"})
_HOMES: Final = frozenset({"house", "village", "water_point"})
_BELONGINGS: Final = frozenset({"house", "boat", "livestock", "water_point"})
HARMS: Final[dict[str, Text]] = {
    "people": say("people who belong to no force and no armed group were hurt, held or are missing"),
    "deed": say("it is of a kind that strikes civilians"),
    "property": say("what civilians live on was damaged or taken"),
    "home": say("it struck a place where civilians live"),
    "treatment": say("somebody was ill-treated"),
}
"""Why a claim tells of harm."""
_TELLING: Final = sorted(CIVILIANS | _DEEDS | _HOMES | _BELONGINGS | {"raid", "killing", "ill_treatment"})
_MARK: Final = re.compile(b'"(?:' + "|".join(_TELLING).encode() + b')"')


class Harm(NamedTuple):
    """One claim that tells of harm, and why: a code of `HARMS`."""

    why: str
    claim: Claim


def may_tell(signed: bytes) -> bool:
    """Say whether the bytes of a record can tell of harm at all: a quick look, so that most need no second one."""
    return _MARK.search(signed) is not None


def harm_in(record: Record) -> list[Harm]:
    """Return the claims of the account that tell of harm to civilians, in their order; none where it tells of none."""
    codes: dict[str, set[str]] = {}
    for claim in record.claims:
        if isinstance(claim.value, Coded):
            codes.setdefault(claim.predicate, set()).add(claim.value.code)
    return [Harm(why, claim) for claim in record.claims if (why := _why(claim, record, codes))]


def _why(claim: Claim, record: Record, codes: dict[str, set[str]]) -> str:
    about = claim.about.code if claim.about else ""
    value = claim.value
    if isinstance(value, Count):
        return "people" if claim.predicate in HURT and about in CIVILIANS and value.high != 0 else ""
    if not isinstance(value, Coded):
        return ""
    match claim.predicate:
        case "action":
            return "deed" if _strikes_civilians(value.code, record, codes) else ""
        case "property" if value.code in _BELONGINGS:
            return "" if _fates(record, value.code) == {"given_back"} else "property"
        case "site" if value.code in _HOMES:
            return "home" if codes.get("action", set()) & _ATTACKS else ""
        case "treatment" if value.code == "ill_treatment":
            return "treatment" if about in CIVILIANS or about in ("", "unknown_group") else ""
    return ""


def _strikes_civilians(kind: str, record: Record, codes: dict[str, set[str]]) -> bool:
    if kind == "raid":
        return codes.get("site", set()) != {"post"}
    if kind == "killing":
        killed = {claim.about.code for claim in record.claims if claim.predicate == "killed" and claim.about}
        return not killed or bool(killed & (CIVILIANS | {"unknown_group"}))
    return kind in _DEEDS


def _fates(record: Record, thing: str) -> set[str]:
    """Return what became of it, as far as it is told."""
    told = (claim for claim in record.claims if claim.predicate == "damage" and claim.about and claim.about.code == thing)
    return {claim.value.code for claim in told if isinstance(claim.value, Coded)}


def told_anew(now: Sequence[Harm], before: Iterable[Harm]) -> list[Harm]:
    """Return the harm in `now` that goes beyond `before`: another deed, group or thing, or at least more people than were told of that group."""
    known: dict[tuple[str, str, str], int] = {}
    for each in before:
        known[_key(each)] = max(_least(each), known.get(_key(each), 0))
    return [each for each in now if _key(each) not in known or _least(each) > known[_key(each)]]


def _key(harm: Harm) -> tuple[str, str, str]:
    value = harm.claim.value
    return harm.why, field_of(harm.claim), value.code if isinstance(value, Coded) else ""


def _least(harm: Harm) -> int:
    return harm.claim.value.low if isinstance(harm.claim.value, Count) else 0
