# SPDX-License-Identifier: Apache-2.0
"""The spot report: what an officer types is filed once, graded, and without the source's name in anything that leaves."""

from __future__ import annotations

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.made import journal_size

from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.reports import REPORT_KINDS, file_report, new_token
from hamsaya.desk.typed_more import MORE
from hamsaya.desk.typed_report import FIELDS, LOSSES, TypedReport, read_typed
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import what_is_unsound
from hamsaya.facts.values import Coded, Count
from hamsaya.ledger.verify import verify_store

TYPED = TypedReport(
    size="10-12 smugglers", activity="shooting", location="12 km NE of Taftan", unit="Pakistani border guards", time="-15m",
    equipment="2 pickups, AK-47", remarks="They withdrew to the north.", grade="B2",
)  # fmt: skip


def file(desk, typed=TYPED, login="duty", **options):
    return file_report(desk.node, desk.officers[login], typed, **options)


def by_field(record):
    found = {}
    for claim in record.claims:
        found.setdefault(claim.predicate, []).append(claim)
    return found


def test_each_field_becomes_a_claim_in_salute_order(desk):
    filed = file(desk)
    record = filed.held.record
    assert [claim.predicate for claim in record.claims] == ["strength", "action", "place", "actor", "occurred", "means", "means", "statement"]
    claims = by_field(record)
    assert claims["strength"][0].value == Count(low=10, high=12, words="10-12 smugglers")
    assert claims["strength"][0].about == Coded(code="border_guard", country="PK")
    assert claims["action"][0].value == Coded(code="cross_border_fire", words="shooting")
    assert [claim.value.code for claim in claims["means"]] == ["vehicle", "small_arms"]
    assert claims["occurred"][0].value.start == (record.filed_at - timedelta(minutes=15)).replace(second=0, microsecond=0)
    assert {claim.grade for claim in record.claims} == {"B2"}
    assert {(claim.speaker.kind, claim.speaker.side, claim.hedge) for claim in record.claims} == {("own", "IR", "")}
    assert (record.basis, record.side, record.kind, record.handling, record.sources) == ("own", "IR", "incident_account", "amber", [])
    assert record.incident.startswith("WEST-I-")
    assert len({claim.id for claim in record.claims}) == 8
    assert all(isinstance(claim.value, PREDICATES[claim.predicate].value) for claim in record.claims)
    assert what_is_unsound(record) is None
    assert verify_store(desk.store).faults == []


def test_one_field_may_have_a_grade_of_its_own(desk):
    claims = by_field(file(desk, msgspec.structs.replace(TYPED, grades={"size": "c4", "equipment": "F6"})).held.record)
    assert claims["strength"][0].grade == "C4"
    assert {claim.grade for claim in claims["means"]} == {"F6"}
    assert claims["place"][0].grade == "B2"


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_kinds_and_the_incident_that_they_open(desk, kind):
    record = file(desk, kind=kind).held.record
    assert record.kind == kind
    assert bool(record.incident) == (kind == "incident_account")


def test_a_report_joins_an_incident_that_exists(desk):
    first = file(desk).held.record
    assert file(desk, incident=first.incident).held.record.incident == first.incident
    with pytest.raises(NotFound):
        file(desk, incident="WEST-I-NOTHERE")


@pytest.mark.parametrize("login", ["approver", "commander", "admin", "auditor"])
def test_only_who_may_file_files(desk, login):
    before = journal_size(desk)
    with pytest.raises(Refused):
        file(desk, login=login)
    assert journal_size(desk) == before


@pytest.mark.parametrize(("change", "told"), [
    ({"size": "lots"}, "Size: No number"), ({"time": "soon"}, "Time: This time cannot be read"), ({"time": "2031-01-01"}, "has not come yet"),
    ({"location": "Pishin"}, "Location: Several places"), ({"location": "28.9, 61.5"}, "wrong way round"), ({"grade": ""}, "no grade"),
    ({"grade": "B9"}, "A grade is"), ({"grades": {"size": "Z"}}, "A grade is"), ({"remarks": "x" * 4001}, "Remarks: This is too long"),
    ({"activity": "y" * 201}, "too long"), ({"equipment": ",".join("abcdefghijklmn")}, "Too many things"), ({"source": "Col Ahmad Khan"}, "no handle"),
])  # fmt: skip
def test_what_cannot_be_filed_is_told_and_nothing_is_filed(desk, change, told):
    before = journal_size(desk)
    with pytest.raises(InputError, match=told):
        file(desk, msgspec.structs.replace(TYPED, **change))
    assert journal_size(desk) == before


def test_an_empty_report_is_none(desk):
    with pytest.raises(InputError, match="says nothing"):
        file(desk, TypedReport(grade="B2"))


def test_a_field_in_trouble_leaves_the_others_understood(desk):
    understood = read_typed(desk.node, msgspec.structs.replace(TYPED, size="lots", time="soon"))
    assert [field for field, _, _ in understood.problems] == ["size", "time"]
    assert {read.field for read in understood.fields if read.claims} == set(FIELDS) - {"size", "time", *LOSSES, *MORE}


def test_losses_are_counted_by_group_and_side(desk):
    typed = msgspec.structs.replace(
        TYPED, killed="1 Iranian border guard", wounded="2 Pakistani civilians، several smugglers", held="3 fishermen (PK)"
    )
    record = file(desk, typed).held.record
    claims = by_field(record)
    assert [(each.value.low, each.value.high, each.about) for each in claims["killed"]] == [(1, 1, Coded(code="border_guard", country="IR"))]
    assert [(each.value.low, each.value.high, each.about) for each in claims["wounded"]] == [
        (2, 2, Coded(code="civilian", country="PK")), (3, None, Coded(code="smuggler")),
    ]  # fmt: skip
    assert [each.about for each in claims["held"]] == [Coded(code="fisher", country="PK")]
    assert what_is_unsound(record) is None
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize(("change", "told"), [
    ({"killed": "lots"}, "Killed: No number"), ({"wounded": "2 civilians, 1 civilian"}, "Wounded: One group is counted twice"),
    ({"held": ",".join(["1 civilian"] * 9)}, "Held: Too many groups"),
])  # fmt: skip
def test_losses_that_cannot_be_counted_are_told(desk, change, told):
    with pytest.raises(InputError, match=told):
        file(desk, msgspec.structs.replace(TYPED, **change))


def test_losses_of_nobody_in_particular_are_filed_with_a_note(desk):
    understood = read_typed(desk.node, msgspec.structs.replace(TYPED, killed="2"))
    assert understood.problems == []
    notes = next(read.notes for read in understood.fields if read.field == "killed")
    assert "is not said" in str(notes[0])


def test_several_stays_a_range(desk):
    claims = by_field(file(desk, TypedReport(size="several", grade="C3")).held.record)
    assert (claims["strength"][0].value.low, claims["strength"][0].value.high) == (3, None)


def test_a_source_without_a_grade_is_f6_and_hedged(desk):
    record = file(desk, msgspec.structs.replace(TYPED, grade="", source="REED-7")).held.record
    assert {(claim.grade, claim.hedge, claim.speaker.kind, claim.speaker.handle) for claim in record.claims} == {
        ("F6", "sources", "source", "REED-7")
    }


@pytest.mark.parametrize("words", ["REED-7 saw it.", "as reed 7 told us", "source Reed7"])
def test_the_handle_of_a_source_may_stand_nowhere_else(desk, words):
    with pytest.raises(InputError, match="handle"):
        file(desk, msgspec.structs.replace(TYPED, source="REED-7", remarks=words))


def test_no_byte_that_leaves_names_the_source(agreed):
    """F9: released, exchanged and receipted; the handle is searched in every bundle and in every entry that left."""
    west = agreed.west
    record = file(west, msgspec.structs.replace(TYPED, source="REED-7-QAMAR", grade="C3", unit="smugglers", time="-3d")).held.record
    proposed = propose_release(west.node, west.officers["duty"], record.id, purpose="settlement", necessity="Both commands must see this account.")
    assert proposed.condition == "proposed", proposed.reason
    logged = approve_release(west.node, west.officers["approver"], proposed.release)
    assert logged.condition == "logged"
    sent = []
    carry = agreed.carry
    agreed.carry = lambda sender, receiver: lambda party, data: sent.append(data) or carry(sender, receiver)(party, data)
    agreed.sync()
    with west.store.reading() as book:
        log = logged.log
        left = b"".join(each.envelope + each.salt + (each.content or b"") for each in book.entries(log, 0, 1_000))
        assert book.logs()[log] == 1
        at_home = book.signed_version(record.id, 1)
    assert b"cross_border_fire" in left
    for data in (left, *sent, logged.content):
        assert b"QAMAR" not in data.upper()
        assert b"REED" not in data.upper()
    assert sent
    assert b"REED-7-QAMAR" in b64decode(msgspec.json.decode(at_home)["payload"])
    with agreed.east.store.reading() as book:
        (there,) = book.versions(record.id)
    assert {claim.speaker.handle for claim in there.record.claims} == {""}


def test_data_on_persons_is_a_warning_at_once_and_a_refusal_at_release(agreed):
    west = agreed.west
    filed = file(west, msgspec.structs.replace(TYPED, remarks="Colonel Ahmad was there, call 0912 345 6789.", time="-3d"))
    assert "title with a name, a telephone number" in str(filed.warnings[0])
    assert "Ahmad" not in str(filed.warnings[0])
    refused = propose_release(west.node, west.officers["duty"], filed.held.record.id, purpose="settlement", necessity="Both commands must see this.")
    assert (refused.condition, refused.rule) == ("refused", "screen")


def test_a_form_sent_twice_files_one_record(desk):
    token = new_token(desk.node)
    first = file(desk, token=token)
    size = journal_size(desk)
    again = file(desk, msgspec.structs.replace(TYPED, size="99"), token=token)
    assert (again.held, again.repeated, first.repeated) == (first.held, True, False)
    assert journal_size(desk) == size
    assert file(desk, token=new_token(desk.node)).held.record.id != first.held.record.id


def test_a_form_sent_at_the_same_moment_files_one_record(desk):
    token = new_token(desk.node)
    with ThreadPoolExecutor(4) as many:
        filed = list(many.map(lambda _: file(desk, token=token), range(8)))
    assert len({each.held.record.id for each in filed}) == 1
    assert sorted(each.repeated for each in filed) == [False] + [True] * 7
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize("token", ["short", "x" * 65, "a b c d e f", "../../../etc"])
def test_a_token_has_a_form(desk, token):
    with pytest.raises(InputError, match="token"):
        file(desk, token=token)


def test_a_relative_time_counts_from_when_it_was_typed(desk):
    typed_at = (desk.clock.at - timedelta(hours=2)).isoformat()
    late = file(desk, msgspec.structs.replace(TYPED, typed_at=typed_at)).held.record
    expected = (desk.clock.at - timedelta(hours=2, minutes=15)).replace(second=0, microsecond=0)
    assert by_field(late)["occurred"][0].value.start == expected


@pytest.mark.parametrize("typed_at", ["yesterday", "2031-01-01T00:00:00+00:00", "1990-01-01T00:00:00+00:00", "2026-11-22T06:40"])
def test_a_typing_time_that_cannot_be_true_is_not_believed(desk, typed_at):
    record = file(desk, msgspec.structs.replace(TYPED, typed_at=typed_at)).held.record
    assert by_field(record)["occurred"][0].value.start == (record.filed_at - timedelta(minutes=15)).replace(second=0, microsecond=0)


def test_a_point_from_the_map_carries_its_radius_and_the_words(desk):
    place = by_field(file(desk, msgspec.structs.replace(TYPED, location="the dry river", lon="61.5866", lat="28.9469", radius_m="900")).held.record)[
        "place"
    ][0].value
    assert (place.lon_udeg, place.lat_udeg, place.radius_m, place.words, place.precision) == (61_586_600, 28_946_900, 900, "the dry river", "site")
    with pytest.raises(InputError):
        file(desk, msgspec.structs.replace(TYPED, lon="61.5", lat="north"))


def test_the_choice_between_two_places_is_kept(desk):
    chosen = file(desk, msgspec.structs.replace(TYPED, location="Pishin", place_ref="IR.pishin")).held.record
    assert by_field(chosen)["place"][0].value.ref == "IR.pishin"
    neither = file(desk, msgspec.structs.replace(TYPED, location="Pishin", place_ref="-")).held.record
    assert by_field(neither)["place"][0].value.precision == "unknown"


def test_overrides_and_control_characters_do_not_reach_the_record(desk):
    record = file(
        desk, msgspec.structs.replace(TYPED, remarks="safe\u202edetalucric\u2066 \x00\x1b[31mred", activity="fired\u202e\u0007")
    ).held.record
    assert what_is_unsound(record) is None
    understood = read_typed(desk.node, msgspec.structs.replace(TYPED, remarks="a\u202eb"))
    assert "control characters" in str(understood.fields[-1].notes[0])


def test_exercise_node_marks_its_reports(desk):
    node = replace(desk.node, exercise=True)
    assert file_report(node, desk.officers["duty"], TYPED).held.record.exercise


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries({name: st.text(max_size=220) for name in (*FIELDS, "grade", "source", "place_ref", "lon", "lat", "radius_m", "typed_at")})
)
def test_whatever_is_typed_is_understood_or_told(desk, fields):
    understood = read_typed(desk.node, TypedReport(**fields), "fa")
    assert understood.problems or understood.claims
    assert all(claim.grade for claim in understood.claims) or understood.problems
