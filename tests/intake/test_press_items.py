# SPDX-License-Identifier: Apache-2.0
"""The two press items about the meeting of October 2014 and the document of December 2019 (read from ../shared)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Draft
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place
from hamsaya.intake import Reading, read_document

pytestmark = pytest.mark.shared


@pytest.fixture(params=["", "2014-10-23"], ids=["published-unknown", "published-known"])
def october(request: pytest.FixtureRequest, shared: Path) -> Reading:
    data = (shared / "documents" / "2014-10_intelligence-sharing.txt").read_bytes()
    return read_document(data, name="2014-10", origin="PK", published=request.param)


@pytest.fixture
def december(shared: Path) -> Reading:
    return read_document((shared / "documents" / "2019-12_cooperation-document.txt").read_bytes(), name="2019-12")


def of(draft: Draft, predicate: str) -> list[Claim]:
    return [claim for claim in draft.claims if claim.predicate == predicate]


def toll(draft: Draft, predicate: str) -> list[tuple[int, int | None, str, str]]:
    return [(claim.value.low, claim.value.high, claim.about.code, claim.about.country)
            for claim in of(draft, predicate) if isinstance(claim.value, Count) and claim.about]  # fmt: skip


def codes(draft: Draft, predicate: str) -> list[str]:
    return [claim.value.code for claim in of(draft, predicate) if isinstance(claim.value, Coded)]


def moment(draft: Draft) -> Moment:
    found = of(draft, "occurred")[0].value
    assert isinstance(found, Moment)
    return found


def assert_day(reading: Reading, draft: Draft, day: str) -> None:
    """The whole date where the publication date is known, month and day where not."""
    found = moment(draft)
    if reading.published:
        assert found.start == datetime.fromisoformat(day).replace(tzinfo=UTC)
        assert not draft.open_questions
    else:
        assert (found.precision, found.month_day) == ("open", day[5:])
        assert draft.open_questions


def of_kind(reading: Reading, kind: str) -> list[Draft]:
    return [draft for draft in reading.drafts if draft.kind == kind]


def test_first_event_is_reported_and_cannot_be_judged(october: Reading) -> None:
    draft = of_kind(october, "incident_account")[0]
    assert (draft.side, draft.basis) == ("PK", "attributed")
    assert_day(october, draft, "2014-10-17")
    assert toll(draft, "killed") == [(1, 1, "border_guard", "PK")]
    assert toll(draft, "wounded") == [(3, 3, "border_guard", "PK")]
    assert of(draft, "actor")[0].value.country == "IR"  # type: ignore[union-attr]
    assert {(claim.hedge, claim.grade) for claim in draft.claims} == {("reported", "F6")}


def test_second_event_is_a_raid_with_strength_and_depth(october: Reading) -> None:
    draft = of_kind(october, "incident_account")[1]
    assert_day(october, draft, "2014-10-18")
    assert moment(draft).derivation == "day-after"
    assert toll(draft, "strength") == [(30, 30, "border_guard", "IR")]
    assert not of(draft, "killed")
    depth = of(draft, "depth")[0].value
    assert isinstance(depth, Depth)
    assert (depth.low_m, depth.high_m, depth.territory) == (2000, 2000, "PK")
    assert codes(draft, "action") == ["crossing", "raid"]
    assert codes(draft, "property") == ["house"]


def test_third_event_is_told_by_the_other_side(october: Reading) -> None:
    draft = of_kind(october, "incident_account")[2]
    assert (draft.side, draft.basis) == ("IR", "attributed")
    assert_day(october, draft, "2014-10-18")
    assert {(claim.speaker.kind, claim.speaker.side) for claim in draft.claims} == {("side", "IR")}
    assert toll(draft, "killed") == [(2, 2, "border_guard", "IR"), (3, None, "armed_group_member", "")]
    assert [claim.hedge for claim in of(draft, "killed")] == ["", "claimed"]
    assert codes(draft, "actor") == ["armed_group_member"]
    place = of(draft, "place")[0].value
    assert isinstance(place, Place)
    assert (place.precision, place.relation, place.lon_udeg) == ("unknown", "near", None)


def test_complaint_of_unnamed_sources(october: Reading) -> None:
    (draft,) = of_kind(october, "complaint")
    assert draft.side == "IR"
    assert codes(draft, "status") == ["lodged"]
    assert codes(draft, "demand") == ["stop_crossing_groups"]
    assert {(claim.hedge, claim.grade) for claim in draft.claims} == {("sources", "F6")}


def test_meeting_on_wednesday_in_tehran(october: Reading) -> None:
    (draft,) = of_kind(october, "meeting")
    if october.published:
        assert moment(draft).start == datetime(2014, 10, 22, tzinfo=UTC)
        assert moment(draft).derivation == "weekday-before-publication"
        assert moment(draft).anchor == "2014-10-23"
    else:
        assert moment(draft).precision == "open"
        assert draft.open_questions
    assert of(draft, "place")[0].value.ref == "IR.tehran"  # type: ignore[union-attr]
    assert set(codes(draft, "decision")) == {"improve_intelligence_sharing", "improve_surveillance"}
    assert not of(draft, "status")
    countries = {claim.value.country for claim in of(draft, "parties") if isinstance(claim.value, Coded)}
    assert countries == {"IR", "PK"}
    offices = {claim.speaker.office for claim in of(draft, "decision")}
    assert "FC spokesperson" in offices


def test_nothing_rests_on_comment_headline_or_dateline(october: Reading) -> None:
    reasons = [str(each.reason) for each in october.excluded]
    assert any("comments" in reason for reason in reasons)
    assert any("dateline" in reason for reason in reasons)
    assert any("headline" in reason for reason in reasons)
    assert "QUETTA" not in repr(october.drafts)
    assert_sound(october)


def test_no_name_of_a_person_is_in_a_claim(october: Reading, december: Reading) -> None:
    for reading in (october, december):
        printed = repr(reading.drafts)
        for name in ("Ejaz", "Shahid", "Qasim", "Razai", "Salami", "Hossein", "Rezayee", "Qassem", "Zaka", "Rehman",
                     "Khanzadi", "Sayyari", "Habibollah", "Abbasi", "Zafar", "Mahmood"):  # fmt: skip
            assert name not in printed


def test_the_warning_is_the_offices_own(october: Reading) -> None:
    (draft,) = of_kind(october, "warning")
    assert draft.side == "IR"
    assert draft.claims[0].speaker.kind == "office"


def test_cooperation_document_is_signed_at_the_meeting_in_karachi(december: Reading) -> None:
    assert december.published == "2019-12-27"
    (draft,) = of_kind(december, "meeting")
    assert moment(draft).start == datetime(2019, 12, 25, tzinfo=UTC)
    assert of(draft, "place")[0].value.ref == "PK.karachi"  # type: ignore[union-attr]
    assert codes(draft, "decision") == ["sign_cooperation_document"]
    assert codes(draft, "status") == ["signed"]
    assert set(codes(draft, "parties")) == {"border_guard", "coast_guard"}


def test_readiness_and_invitation_stay_what_they_are(december: Reading) -> None:
    found = of_kind(december, "commitment")
    status = [(draft.side, codes(draft, "status")) for draft in found]
    assert ("IR", ["readiness"]) in status
    assert ("IR", ["invited"]) in status
    assert ("", ["invited"]) in status
    assert not any("signed" in each or "agreed" in each for _, each in status)
    invited = next(draft for draft in found if codes(draft, "status") == ["invited"])
    assert moment(invited).start == datetime(2020, 2, 1, tzinfo=UTC)
    assert moment(invited).derivation == "future-month"


def test_site_furniture_bears_no_claim(december: Reading) -> None:
    assert not of_kind(december, "incident_account")
    assert len(december.excluded) >= 4
    assert_sound(december)


def assert_sound(reading: Reading) -> None:
    for draft in reading.drafts:
        for claim in draft.claims:
            span = claim.span
            assert span is not None
            assert span.sentence_start <= span.start < span.end <= span.sentence_end
            assert reading.text[span.start : span.end].strip()
            assert not any(span.sentence_start < each.end and each.start < span.sentence_end for each in reading.excluded)
            words = getattr(claim.value, "words", "")
            if words and claim.predicate not in {"occurred", "depth"}:
                assert words in reading.text[span.sentence_start : span.sentence_end]


@pytest.mark.parametrize("place", ["Gwadar", "Panjgur", "Turbat"])
def test_place_before_according_to_is_that_of_the_event(place: str) -> None:
    text = (
        "Published: 22 October 2014\n\n"
        f"On 3 October, Iranian border guards attacked a Frontier Corps vehicle near {place}, according to the FC spokesman.\n"
    )
    reading = read_document(text.encode(), name="item.txt", origin="PK", zone="Asia/Karachi", language="en")
    (draft,) = reading.drafts
    assert [claim.value.name for claim in draft.claims if claim.predicate == "place"] == [place]  # type: ignore[union-attr]
    assert {claim.speaker.office for claim in draft.claims} == {"FC spokesman"}
