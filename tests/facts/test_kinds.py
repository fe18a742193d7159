# SPDX-License-Identifier: Apache-2.0
"""The controlled list of events: one list, neutral, with real codes of other systems beside it and every gap said."""

from __future__ import annotations

import csv
import gzip
import json

import pytest
from tests.facts.made import claim, code, record

from hamsaya.facts.claims import ACTION_CODES, CHOICES, CODES
from hamsaya.facts.kinds import FOUND, KINDS, NONE, SYSTEMS, is_one_of
from hamsaya.facts.soundness import is_code, what_is_unsound
from hamsaya.facts.words import LANGUAGES
from hamsaya.tongues import translate

BEFORE = (
    "killing", "armed_attack", "cross_border_fire", "crossing", "raid", "hostage_taking", "pursuit", "smuggling", "drone", "movement", "gathering",
    "construction", "meeting", "complaint", "exercise", "warning", "other",
)  # fmt: skip


def test_no_kind_that_was_ever_signed_with_has_left_the_list():
    assert set(BEFORE) <= set(ACTION_CODES)
    assert all(CODES[kind] == each.label for kind, each in KINDS.items())


def test_unknown_kind_of_a_newer_version_is_kept_and_shown_as_it_came():
    newer = record(claim("action", code("kind_of_2040", words="a new thing")))
    assert what_is_unsound(newer) is None
    assert not is_one_of("kind_of_2040", "crossing")
    assert is_one_of("kind_of_2040", "kind_of_2040")


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_is_whole(kind):
    row = KINDS[kind]
    assert is_code(kind)
    assert row.where in ("land", "sea", "both")
    assert all(getattr(row, system).strip() for system in SYSTEMS), "a gap is said as `none`"
    assert not row.within or (row.within in KINDS and not KINDS[row.within].within and is_one_of(kind, row.within))
    assert not is_one_of(row.within, kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_read_alike(language):
    told = [translate(row.label, language) for row in KINDS.values()]
    assert len(set(told)) == len(told)


def test_land_and_sea_both_have_what_the_watch_meets_there():
    on_land = {kind for kind, row in KINDS.items() if row.where in ("land", "both")}
    at_sea = {kind for kind, row in KINDS.items() if row.where in ("sea", "both")}
    assert {"cross_border_fire", "exchange_of_fire", "shelling", "air_violation", "drone_violation", "armed_trespass", "civilian_trespass", "raid",
            "abduction", "detention", "armed_attack", "mine_or_device", "smuggling", "mark_damage", "grazing_dispute", "water_dispute",
            "fishing_dispute", "body_found", "return"} <= on_land  # fmt: skip
    assert {"sea_approach", "boarding", "sea_robbery", "hijack", "fired_upon", "state_boarding", "state_seizure", "fishing_incursion", "jamming",
            "spoofing", "sea_distress", "pollution"} <= at_sea  # fmt: skip


def test_every_choice_of_an_officer_is_a_code_that_has_words():
    assert {each for codes in CHOICES.values() for each in codes} <= set(CODES)


@pytest.mark.shared
def test_every_code_of_cise_is_one_of_its_enumerations(shared):
    known = json.loads((shared / "codelists/cise_1.5.3_enums.json").read_text("utf-8"))
    for kind, row in KINDS.items():
        if row.cise != NONE:
            name, _, value = row.cise.partition(" ")
            assert value in {each["value"] for each in known[name]["values"]}, kind


ACLED = {
    "Battles": ("Armed clash", "Government regains territory", "Non-state actor overtakes territory"),
    "Protests": ("Peaceful protest", "Protest with intervention", "Excessive force against protesters"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Explosions/Remote violence": (
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack", "Remote explosive/landmine/IED", "Grenade",
    ),
    "Violence against civilians": ("Sexual violence", "Attack", "Abduction/forced disappearance"),
    "Strategic developments": (
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use", "Headquarters or base established",
        "Looting/property destruction", "Non-violent transfer of territory", "Other",
    ),
}  # fmt: skip
"""The codebook's list (October 2024): 6 types, 25 sub-event types."""


def test_every_code_of_acled_is_a_sub_event_under_its_type():
    pairs = {f"{event} / {sub}" for event, several in ACLED.items() for sub in several}
    assert len(pairs) == 25
    assert {row.acled for row in KINDS.values()} - {NONE} <= pairs


@pytest.mark.shared
def test_every_code_of_ucdp_is_a_value_of_its_field(shared):
    with gzip.open(shared / "data/ged/ucdp_ged_pakistan_1989_2015.csv.gz", "rt", encoding="utf-8") as rows:
        known = {row["type_of_violence"] for row in csv.DictReader(rows)}
    assert known == {"1", "2", "3"}
    assert {row.ucdp.split()[0] for row in KINDS.values()} - {NONE} <= known


def test_deeds_at_sea_are_not_parted_by_what_the_imo_parts_by_waters():
    assert {KINDS[kind].imo for kind in ("boarding", "sea_robbery", "hijack", "crew_taken", "fired_upon")} == {KINDS["hijack"].imo}
    assert "2.1 piracy" in KINDS["hijack"].imo
    assert "2.2 armed robbery" in KINDS["hijack"].imo


def test_of_each_system_it_is_said_where_its_codes_were_found_and_what_was_not():
    assert set(FOUND) == set(SYSTEMS)
    assert all(each.source and each.checked and each.unverified for each in FOUND.values())


@pytest.mark.shared
def test_every_word_of_asam_stands_in_its_field_of_hostility(shared):
    with gzip.open(shared / "data/asam/asam_1978_2010.csv.gz", "rt", encoding="utf-8") as rows:
        known = {row["hostility"].strip().upper() for row in csv.DictReader(rows)}
    assert {row.asam for row in KINDS.values()} - {NONE} <= known
