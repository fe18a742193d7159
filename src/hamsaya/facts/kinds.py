# SPDX-License-Identifier: Apache-2.0
"""The controlled list of what can happen, on land and at sea, each kind beside the codes that other systems have for it.

- One row a kind: its label, where it happens, and what EUROSUR, CISE, ACLED, UCDP, IMO and ASAM call it. `none` is said, never left out:
  the published table (docs/reference/kinds.md) counts these gaps.
- A foreign code is the nearest one, never a promise that both lists mean the same.
- A kind may lie `within` a broader one: who says the one and who says the other do not contradict each other.
- A kind is neutral: it says what was seen, not who was right, nor what law calls it. The speaker's own word stands beside it (law 6).
- A kind is never taken off the list and never renamed: what was signed with it stays readable. An unknown one is shown as it came.

Where each foreign list was found, and what of it could not be: `FOUND`.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from hamsaya.facts.words import Text, say

Where = Literal["land", "sea", "both"]
NONE: Final = "none"
SYSTEMS: Final = {"eurosur": "EUROSUR", "cise": "CISE", "acled": "ACLED", "ucdp": "UCDP", "imo": "IMO", "asam": "ASAM"}


class Found(NamedTuple):
    """Where the codes of a system were checked, and what could not be."""

    source: str
    checked: str
    unverified: str


FOUND: Final[dict[str, Found]] = {
    "eurosur": Found(
        "The four sub-layers of the events layer, Regulation (EU) No 1052/2013, article 9(3)",
        "That Regulation (EU) 2019/1896 repealed it, and that Implementing Regulation (EU) 2021/581 of 9 April 2021 now lays down the situational"
        " pictures: its title, recitals and table of contents (reporting of events: articles 7 to 9; structure: article 24), read 2026-11-23.",
        "The words of article 9(3), written from memory; the lists of events in the articles and annexes of 2021/581, whose text was not to be had."
        " Before anything is sent to EUROSUR this column is to be made anew from those.",
    ),
    "cise": Found(
        "CISE data model 1.5.3, its enumerations", "Every code, by a test against the published enumerations.",
        "Nothing; that a code is the nearest one is our judgement.",
    ),
    "acled": Found(
        "ACLED codebook, the event types and 25 sub-event types of the editions of 2023 and October 2024",
        "Every pair of event type and sub-event type against that list, by a test; read 2026-11-23 in its table of contents"
        " and in four public programs that use it.",
        "The definitions below the names; ACLED leaves out crime for private ends, so that a kind at sea has a code only where an organised group"
        " or a state acts.",
    ),
    "ucdp": Found(
        "UCDP GED, field `type_of_violence`: 1 state-based, 2 non-state, 3 one-sided",
        "The three values and their field, by a test against 5,572 rows of GED; that an event needs at least one direct death (codebook 22.1). In 485"
        " of those rows the best estimate is 0 and the high one is not.",
        "The type follows from who fought whom, which a kind does not say: 1 stands where a state's force is one side, as it is on a guarded border.",
    ),
    "imo": Found(
        "Resolution A.1025(26), annex, paragraph 2; SAR convention 1979; MARPOL Protocol I; MSC-MEPC.3/Circ.4",
        "Paragraph 2.2 (armed robbery against ships: internal, archipelagic and territorial waters) and article 101 of UNCLOS (piracy: the high seas,"
        " private ends), read 2026-11-23. The waters part the two, not the deed: both stand in each row.",
        "The SAR, MARPOL and MSC-MEPC references, written from memory. The report form of the circulars on piracy (MSC.1/Circ.1333) has"
        " codes of its own, which were not to be had.",
    ),
    "asam": Found(
        "ASAM, words of its field `hostility`, 5,170 rows of 1978 to 2010",
        "Every word, by a test against those rows.",
        "The field is free text, PIRATES in 3,667 of the rows; later years were not looked at.",
    ),
}  # fmt: skip

_A, _B, _C, _D = "a unauthorised border crossings", "b cross-border crime", "c crisis situations", "d other events"
_CLASH, _ATTACK = "Battles / Armed clash", "Violence against civilians / Attack"
_SHELLS, _DEVICE = "Explosions/Remote violence / Shelling/artillery/missile attack", "Explosions/Remote violence / Remote explosive/landmine/IED"
_TAKEN, _ARREST = "Violence against civilians / Abduction/forced disappearance", "Strategic developments / Arrests"
_LOOT, _OTHER = "Strategic developments / Looting/property destruction", "Strategic developments / Other"
_STATE, _ONE_SIDED = "1 state-based", "3 one-sided"
_AT_SEA: Final = "A.1025(26) 2.1 piracy, or 2.2 armed robbery against ships, by the waters"
_ENTRY, _FLIGHT = "IrregularMigrationIncidentType IrregularBorderEntry", "LawInfringementIncidentType IllegalFlightOfAnAircraft"
_HOSTAGE, _VESSELS = "CrisisIncidentType ViolenceKidnappingHostageTaking", "LawInfringementIncidentType LawInfringementByVessels"


class Kind(NamedTuple):
    """One kind of event. The six last are what other systems call it, `none` where they have nothing near."""

    label: Text
    where: Where
    eurosur: str
    cise: str
    acled: str
    ucdp: str
    imo: str
    asam: str
    within: str = ""
    """The broader kind that it is one of, empty where it stands alone."""


KINDS: Final[dict[str, Kind]] = {
    # shooting
    "cross_border_fire": Kind(say("cross-border fire"), "land", _D, "CrisisIncidentType ViolenceShooting", _CLASH, _STATE, NONE, NONE),
    "exchange_of_fire": Kind(
        say("exchange of fire"), "land", _D, "CrisisIncidentType ArmedConflict", _CLASH, _STATE, NONE, NONE, "cross_border_fire"
    ),
    "shelling": Kind(
        say("shelling"), "land", _D, "CrisisIncidentType ViolenceHeavyWeaponsFire", _SHELLS, _STATE, NONE, NONE, "cross_border_fire"
    ),
    "armed_attack": Kind(say("armed attack"), "both", _D, "CrisisIncidentType ViolencePhysicalAttack", _CLASH, _STATE, NONE, "ATTACKERS"),
    "mine_or_device": Kind(say("mine or explosive device"), "both", _D, "CrisisIncidentType MinesExplosives", _DEVICE, _STATE, NONE, NONE),
    "killing": Kind(say("killing"), "both", _D, "CrisisIncidentType ViolencePhysicalAttack", _ATTACK, _ONE_SIDED, NONE, NONE),
    # coming across
    "crossing": Kind(say("crossing of the line"), "land", _A, _ENTRY, NONE, NONE, NONE, NONE),
    "armed_trespass": Kind(say("armed trespass"), "land", _A, NONE, _OTHER, NONE, NONE, NONE, "crossing"),
    "civilian_trespass": Kind(say("trespass by civilians"), "land", _A, _ENTRY, NONE, NONE, NONE, NONE, "crossing"),
    "pursuit": Kind(say("pursuit"), "both", _D, NONE, NONE, NONE, NONE, NONE),
    "air_violation": Kind(say("violation of airspace"), "both", _D, _FLIGHT, _OTHER, NONE, NONE, NONE),
    "drone_violation": Kind(say("violation of airspace by a drone"), "both", _D, _FLIGHT, _OTHER, NONE, NONE, NONE, "air_violation"),
    "drone": Kind(say("drone sighting"), "both", _D, NONE, NONE, NONE, NONE, NONE),
    # against people and premises
    "raid": Kind(say("raid on a building"), "land", _D, "CrisisIncidentType ViolencePhysicalAttack", _ATTACK, _ONE_SIDED, NONE, NONE),
    "hostage_taking": Kind(say("holding of residents"), "land", _D, _HOSTAGE, _TAKEN, NONE, NONE, NONE),
    "abduction": Kind(say("abduction"), "both", _B, _HOSTAGE, _TAKEN, NONE, NONE, NONE),
    "detention": Kind(say("detention by a state's officers"), "both", _D, NONE, _ARREST, NONE, NONE, NONE),
    "body_found": Kind(say("body found"), "both", _D, NONE, NONE, NONE, NONE, NONE),
    "return": Kind(say("return of persons, bodies or goods"), "both", _D, NONE, NONE, NONE, NONE, NONE),
    # along the line
    "smuggling": Kind(say("smuggling"), "both", _B, "LawInfringementIncidentType SmugglingInOtherMaterial", NONE, NONE, NONE, NONE),
    "mark_damage": Kind(
        say("damage to a border mark or fence"), "land", _D, "CrisisIncidentType ViolenceVandalism", _LOOT, NONE, NONE, NONE
    ),
    "grazing_dispute": Kind(say("dispute over grazing"), "land", _D, NONE, NONE, NONE, NONE, NONE),
    "water_dispute": Kind(say("dispute over water"), "land", _D, NONE, NONE, NONE, NONE, NONE),
    "fishing_dispute": Kind(say("dispute over fishing"), "both", _D, NONE, NONE, NONE, NONE, NONE),
    "movement": Kind(say("movement of a group"), "land", _D, NONE, NONE, NONE, NONE, NONE),
    "gathering": Kind(say("gathering of a group"), "land", _D, NONE, NONE, NONE, NONE, NONE),
    "construction": Kind(say("building work near the line"), "land", _D, NONE, NONE, NONE, NONE, NONE),
    # at sea
    "sea_approach": Kind(say("suspicious approach at sea"), "sea", _D, NONE, NONE, NONE, NONE, "SUSPICIOUS APPROACH"),
    "boarding": Kind(say("boarding of a vessel without leave"), "sea", _B, _VESSELS, NONE, NONE, _AT_SEA, "BOARDERS"),
    "sea_robbery": Kind(say("robbery of a vessel"), "sea", _B, "CrisisIncidentType ViolenceRobbery", NONE, NONE, _AT_SEA, "ROBBERS", "boarding"),
    "hijack": Kind(say("hijack of a vessel"), "sea", _B, _VESSELS, NONE, NONE, _AT_SEA, "HIJACKERS", "boarding"),
    "crew_taken": Kind(say("taking of crew"), "sea", _B, _HOSTAGE, _TAKEN, NONE, _AT_SEA, "KIDNAPPERS"),
    "fired_upon": Kind(say("vessel fired upon"), "sea", _D, "CrisisIncidentType ViolenceShooting", _ATTACK, NONE, _AT_SEA, "PIRATE ATTACK"),
    "state_boarding": Kind(say("boarding by a state's vessel"), "sea", _D, "MaritimeSafetyIncidentType ResultInspection", NONE, NONE, NONE, NONE),
    "state_seizure": Kind(
        say("seizure of a vessel by a state"), "sea", _D, "MaritimeSafetyIncidentType DetainedShip", _ARREST, NONE, NONE, NONE, "state_boarding"
    ),
    "sea_trespass": Kind(say("vessel entering another side's waters"), "sea", _A, _VESSELS, NONE, NONE, NONE, NONE),
    "fishing_incursion": Kind(say("fishing in another side's waters"), "sea", _B, _VESSELS, NONE, NONE, NONE, NONE, "sea_trespass"),
    "jamming": Kind(say("jamming of signals"), "sea", _D, NONE, NONE, NONE, NONE, NONE),
    "spoofing": Kind(say("spoofing of positions"), "sea", _D, "AnomalyType PerformingAISSpoofing", NONE, NONE, NONE, NONE),
    "sea_distress": Kind(say("distress at sea"), "sea", _C, NONE, NONE, NONE, "SAR 1979 distress phase", NONE),
    "collision": Kind(
        say("collision at sea"), "sea", _C, "MaritimeSafetyIncidentType Collision", NONE, NONE, "MSC-MEPC.3/Circ.4 collision", NONE
    ),
    "pollution": Kind(
        say("pollution of the sea"), "sea", _C, "MaritimeSafetyIncidentType Pollution", NONE, NONE, "MARPOL Protocol I report", NONE
    ),
}  # fmt: skip


def is_one_of(kind: str, other: str) -> bool:
    """Say whether `kind` is `other`, or one of the kinds that lie within it. An unknown kind is only itself."""
    while kind != other:
        known = KINDS.get(kind)
        if known is None or not known.within:
            return False
        kind = known.within
    return True
