# SPDX-License-Identifier: Apache-2.0
"""The names of the logs, and the closed list of what each may carry (laws 1 and 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.exchange.logs import LINK_ACTS, RELEASE_ACTS, journal_of, link_log, parse_log, release_log

NAME = st.from_regex(r"[a-z][a-z0-9-]{1,8}", fullmatch=True)


@given(NAME, NAME, NAME)
def test_name_is_taken_apart_as_it_was_put_together(one, other, agreement):
    for name in (journal_of(one), link_log(one, other), release_log(agreement, one, other)):
        parsed = parse_log(name)
        assert str(parsed) == name
        assert parsed.sender == one
        assert parsed.receiver in ("", other)


@pytest.mark.parametrize(
    "name",
    ["", "/", "journal", "journal/", "journal/a/b", "link/a", "link/a/", "link//b", "link/a/b/c", "release/a/b", "release//a/b", "release/x//b", "release/x/a/",
     "release/x/y/a/b", "other/a", "Journal/a", " link/a/b/", "link\\a\\b"],
)  # fmt: skip
def test_what_names_no_log_is_none(name):
    assert parse_log(name) is None


@given(st.text(max_size=30))
def test_any_text_names_a_log_or_none(name):
    parsed = parse_log(name)
    assert parsed is None or str(parsed) == name


def test_each_log_carries_its_closed_list_and_nothing_else():
    acts = {*LINK_ACTS, "release", "record", "record.filed", "", "card", "distress"}
    link, released, journal = (parse_log(name) for name in ("link/a/b", "release/x/a/b", "journal/a"))
    assert {act for act in acts if link.carries(act)} == LINK_ACTS
    assert {"agreement.text", "agreement.signature", "agreement.act", "release.opened"} <= LINK_ACTS
    assert {act for act in acts if released.carries(act)} == RELEASE_ACTS == {"release"}
    assert {act for act in acts if journal.carries(act)} == set()
