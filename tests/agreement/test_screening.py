# SPDX-License-Identifier: Apache-2.0
"""The screen is measured, what it misses is published, and what is promised of a class holds (law 11, F65)."""

from __future__ import annotations

import pytest
from tests.agreement.screening import CLASSES, KINDS, PAGE, SCRIPTS, TABLE, alarms, kept_of_real, missed, page, real, recall

from hamsaya.agreement.screen import MASK, find_persons, mask_persons

FIX = "run `make screen`"


def test_table_is_large_enough_and_no_item_stands_twice():
    planted = [item for scripts in TABLE["planted"].values() for items in scripts.values() for item in items]
    innocent = [line for scripts in TABLE["innocent"].values() for items in scripts.values() for line in items]
    assert min(len(planted), len(innocent)) >= 200
    assert len(set(planted)) + len(set(innocent)) == len(planted) + len(innocent)
    assert set(TABLE["planted"]) == set(CLASSES) == set(TABLE["promise"])
    assert set(TABLE["innocent"]) == set(KINDS)


@pytest.mark.parametrize("name", CLASSES)
def test_what_is_promised_of_a_class_is_found(name):
    assert recall(name) >= TABLE["promise"][name], [each for script in SCRIPTS for each in missed(name, script)]


def test_few_innocent_lines_are_stopped():
    stopped = [line for kind in KINDS for script in SCRIPTS for line in alarms(kind, script)]
    whole = sum(len(items) for scripts in TABLE["innocent"].values() for items in scripts.values())
    assert len(stopped) <= whole * 0.05, stopped


def test_page_tells_what_was_measured():
    assert PAGE.read_text("utf-8") == page(kept_of_real()), FIX


@pytest.mark.shared
def test_page_tells_what_was_measured_over_real_texts():
    assert kept_of_real() == real(), FIX


@pytest.mark.parametrize("name", CLASSES)
def test_search_masks_what_is_found_and_finds_nothing_any_more(name):
    for script in SCRIPTS:
        for item in TABLE["planted"][name][script]:
            if find_persons(item):
                masked = mask_persons(f"… {item} …")
                assert MASK in masked, item


def test_number_of_ten_digits_is_an_identity_only_with_its_check_digit():
    assert find_persons("1234567891")
    assert not find_persons("1234567890")
    assert not find_persons("1111111111")


def test_what_changes_no_word_hides_nothing_and_is_kept_in_what_is_shown():
    assert find_persons("Col\u200bonel Ahmadi")
    assert mask_persons("علی\u200cرغم هشدار، آقای\u200cمحمدی آمد").startswith("علی\u200cرغم هشدار")
    assert "محمدی" not in mask_persons("علی\u200cرغم هشدار، آقای\u200cمحمدی آمد")
