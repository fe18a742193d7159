# SPDX-License-Identifier: Apache-2.0
"""What one text changes in another, clause by clause; and which of two clauses of one text overrides the other."""

from __future__ import annotations

import msgspec
from tests.agreement.made import CEILING, CLAUSES, DUE, EXACT, FOR, QUOTES, UNTIL, WEST_TO_EAST, agreement, table

from hamsaya.agreement.changes import clause_changes, head_changes
from hamsaya.agreement.charter import write_text
from hamsaya.agreement.clauses import Deadlines, Exactness, HandlingCeiling, Purposes, Quotes, Retention
from hamsaya.agreement.remarks import remarks

FIRST = agreement()
STRICTER = HandlingCeiling(number="3", ceiling="green")


def kinds(before, after):
    return [(each.number, each.kind) for each in clause_changes(before, after)]


def test_each_clause_is_unchanged_changed_added_or_removed():
    clauses = [*CLAUSES[:2], STRICTER, *CLAUSES[3:5], QUOTES, Deadlines(number="8", acknowledge_min=30, answer_min=60)]
    after = agreement(clauses)
    assert kinds(FIRST, after) == [
        ("1", "unchanged"), ("2", "unchanged"), ("3", "changed"), ("4", "unchanged"), ("5", "unchanged"), ("6", "unchanged"), ("7", "removed"),
        ("8", "added"),
    ]  # fmt: skip
    changed = clause_changes(FIRST, after)[2]
    assert "TLP:AMBER" in changed.before["en"]
    assert "TLP:GREEN" in changed.after["fa"]
    added, removed = clause_changes(FIRST, after)[7], clause_changes(FIRST, after)[6]
    assert (added.before, removed.after) == ({}, {})
    assert added.after.keys() == removed.before.keys() == {"en", "fa", "ur"}


def test_same_text_changes_nothing_and_the_way_back_mirrors_the_way_there():
    assert {kind for _, kind in kinds(FIRST, FIRST)} == {"unchanged"}
    after = agreement([*CLAUSES[:2], STRICTER])
    there, back = dict(kinds(FIRST, after)), dict(kinds(after, FIRST))
    mirror = {"added": "removed", "removed": "added", "changed": "changed", "unchanged": "unchanged"}
    assert back == {number: mirror[kind] for number, kind in there.items()}


def test_clause_of_another_type_under_the_same_number_is_changed():
    assert dict(kinds(agreement([WEST_TO_EAST, CEILING]), agreement([WEST_TO_EAST, msgspec.structs.replace(FOR, number="3")])))["3"] == "changed"


def test_head_tells_what_differs_beside_the_clauses():
    later = write_text(msgspec.structs.replace(table(), title="Another", valid_until=UNTIL.replace(year=2028)))
    assert [str(each.what) for each in head_changes(FIRST, later)] == ["title", "valid until"]
    assert head_changes(FIRST, FIRST) == []


ENDED = Retention(number="20", kinds=["incident_account", "complaint", "meeting", "warning"], days=30)


def told(*clauses):
    return [str(each) for each in remarks(table([WEST_TO_EAST, ENDED, *clauses]))]


def test_stricter_clause_is_named_as_the_one_that_overrides():
    assert told(CEILING, HandlingCeiling(number="9", ceiling="green")) == ["Clause 9 is stricter than clause 3, and overrides it."]
    assert told(QUOTES, Quotes(number="9", allowed=False)) == ["Clause 9 is stricter than clause 6, and overrides it."]
    assert told(DUE, Deadlines(number="9", acknowledge_min=90, answer_min=1440)) == ["Clause 7 is stricter than clause 9, and overrides it."]
    assert told(EXACT, Exactness(number="9", place_m=1, time_min=1)) == [
        "Clauses 5 and 9 both say how exact something leaves: the coarser of each holds."
    ]


def test_purposes_that_exclude_each_other_are_named():
    assert "let nothing through" in told(FOR, Purposes(number="9", purposes=["return"]))[0]
    assert "only those in both hold" in told(FOR, Purposes(number="9", purposes=["rescue", "return"]))[0]


def test_text_without_contradiction_has_no_remark():
    assert remarks(table([*CLAUSES, ENDED])) == []
    assert told(CEILING, HandlingCeiling(number="9", ceiling="amber")) == []
