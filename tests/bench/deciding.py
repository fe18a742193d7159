# SPDX-License-Identifier: Apache-2.0
"""Deciding what may leave, and making what leaves: against one decision of Cedar on the same agreement and the same question."""

from __future__ import annotations

from collections.abc import Iterator

import cedarpy
from tests.agreement import cedar
from tests.agreement.made import NOW, agreement, standing_at
from tests.agreement.test_cedar import context_of
from tests.facts.made import claim, code, count, minute, point, record, text

from bench.measure import Row, median
from hamsaya.agreement.permit import permit, read_terms
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question

NECESSITY = "Both commands must see this account."


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    made = agreement()
    terms, now = read_terms(made), standing_at(made)
    version = record(
        claim("occurred", minute("2026-11-20T09:30:00", words="half past nine")), claim("place", point(61.4, 29.0, 500, words="the old well"), number=2),
        claim("action", code("crossing", words="crossed"), number=3), claim("actor", code("smuggler"), number=4),
        claim("strength", count(8, 12, words="about ten"), number=5, about=code("smuggler")), claim("statement", text("They went back at noon."), number=6),
    )  # fmt: skip
    asked = question(version, "east", "settlement", NECESSITY, NOW, made)
    policies = "\n".join(policy for _, policy in cedar.policies_of(made.body()))
    request = cedar.request_of(context_of(asked, ("west", "east")))
    if not permit(asked, terms, now).allowed or cedarpy.is_authorized(request, policies, []).decision is not cedarpy.Decision.Allow:
        message = "the two ways do not agree; nothing is measured"
        raise AssertionError(message)
    baseline = median(lambda: cedarpy.is_authorized(request, policies, []), 300)

    def row(what: str, each_s: float) -> Row:
        return Row(what=what, value=each_s * 1e6, unit="µs", baseline=baseline * 1e6, against="one decision of Cedar", repeats=5)

    yield row("`permit`: one decision", median(lambda: permit(asked, terms, now), 20_000))
    yield row("the question asked of a record", median(lambda: question(version, "east", "settlement", NECESSITY, NOW, made), 500))
    yield row("`prepare`: the copy that would leave", median(lambda: prepare(version, made), 500))
    yield row("decision, copy and screen", median(lambda: decide(version, NECESSITY, asked, made, now), 300))
