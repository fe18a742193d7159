# SPDX-License-Identifier: Apache-2.0
"""The file of terms: every fault named by its clause, and what a text would have let leave, before anyone signs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import START, release
from tests.desk.made import journal_size

from hamsaya.agreement.charter import write_text
from hamsaya.desk.agreements import draft_agreement
from hamsaya.desk.simulate import simulate
from hamsaya.desk.terms import lint_terms, read_terms, sample_terms, table_of
from hamsaya.facts.errors import InputError, NotFound

TERMS = sample_terms("west", "east", START - timedelta(days=1))


def cards(desk):
    with desk.store.reading() as book:
        return [party.card for party in book.parties()]


def faults(desk, text):
    return [str(fault) for fault in lint_terms(text, cards(desk), exercise=desk.node.exercise)]


def with_clause(text):
    return TERMS + "\n[[clauses]]\n" + text


FAULTY = [
    ("not TOML", "clauses = [[", "no TOML"),
    ("no id", TERMS.replace('id = "west', 'name = "west'), "cannot be read"),
    ("unknown type", with_clause('number = "20"\ntype = "strike"'), "Clause 20: no clause is of type “strike”"),
    ("no type", with_clause('number = "20"'), "Clause 20: no clause is of type"),
    ("unknown field", with_clause('number = "20"\ntype = "quotes"\nallowed = true\nalways = true'), "Clause 20: Object contains unknown field `always`"),
    ("word for a number", with_clause('number = "20"\ntype = "exactness"\nplace_m = "far"\ntime_min = 1'), "Clause 20: Expected `int`"),
    ("version to come", with_clause('number = "20"\ntype = "quotes"\nallowed = true\nversion = 3'), "Clause 20 is of version 3"),
    ("Jalali years", TERMS.replace(f"valid_from = {START - timedelta(days=1):%Y}", "valid_from = 1405"), "1405 looks like another calendar"),
    ("contradiction within a clause", with_clause('number = "20"\ntype = "deadlines"\nacknowledge_min = 9\nanswer_min = 1'), "Clause 20: answer_min"),
    ("swapped coordinates", with_clause('number = "20"\ntype = "area"\nkinds = ["warning"]\nzones = [{ shape = "polygon", called = { en = "a", fa = "b", ur = "c" }, '
                                        "points = [[28, 118.5], [28, 119], [29, 119]] }]"), "look swapped"),
    ("infinite degrees", with_clause('number = "20"\ntype = "area"\nkinds = ["warning"]\nzones = [{ shape = "polygon", called = { en = "a", fa = "b", ur = "c" }, '
                                     "points = [[inf, 1], [nan, 1], [2, 2]] }]"), "Clause 20"),
    ("zones that are no list", with_clause('number = "20"\ntype = "area"\nkinds = ["warning"]\nzones = 7'), "Clause 20"),
    ("clauses that are no list", TERMS.split("[[clauses]]")[0] + "clauses = 5", "cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [each[1:] for each in FAULTY], ids=[each[0] for each in FAULTY])
def test_fault_of_the_file_is_explained_by_its_clause_and_nothing_is_drafted(pair, text, said):
    before = journal_size(pair.west)
    assert any(said in fault for fault in faults(pair.west, text)), faults(pair.west, text)
    with pytest.raises(InputError):
        draft_agreement(pair.west.node, text)
    assert journal_size(pair.west) == before


def test_every_faulty_clause_is_named_and_not_only_the_first(pair):
    text = with_clause('number = "20"\ntype = "strike"\n[[clauses]]\nnumber = "21"\ntype = "purposes"\npurposes = ["targeting"]')
    found = faults(pair.west, text)
    assert any(fault.startswith("Clause 20") for fault in found)
    assert any(fault.startswith("Clause 21") for fault in found)
    assert faults(pair.west, TERMS) == []


def test_points_are_written_in_degrees_and_signed_in_microdegrees():
    text = with_clause('number = "20"\ntype = "area"\nkinds = ["warning"]\nzones = [{ shape = "buffer", called = { en = "a", fa = "b", ur = "c" }, '
                       "points = [[61.123456, 29], [61.5, 28.5]], within_m = 500 }]")  # fmt: skip
    clause = read_terms(text).clauses[-1]
    assert clause.zones[0].points == [(61_123_456, 29_000_000), (61_500_000, 28_500_000)]


def test_simulation_counts_what_stays_here_as_the_release_does(agreed):
    west = agreed.west
    record = west.file().record.id
    with west.store.reading() as book:
        held = book.agreements()[0].agreement
    silent = write_text(table_of(read_terms(TERMS.replace("allowed = true", "allowed = false")), cards(west), exercise=west.node.exercise))
    (free,), (quiet,) = (simulate(west.node, text, records=[record]) for text in (held, silent))
    assert free.withheld == release(west, record).withheld == 0
    assert quiet.withheld > 0  # the sentences, which this text keeps at home


def test_simulation_says_what_a_release_would_have_said_and_keeps_nothing(lived_in):
    west = lived_in.west
    with west.store.reading() as book:
        own = [each.record for each in book.records() if not each.received_from and each.record.claims]  # what was erased is not asked about
    assert own
    before = journal_size(west)
    open_to_all = write_text(table_of(read_terms(TERMS), cards(west), exercise=west.node.exercise))
    closed = write_text(table_of(read_terms(TERMS.replace('"incident_account", ', "")), cards(west), exercise=west.node.exercise))
    wide, narrow = simulate(west.node, open_to_all), simulate(west.node, closed)
    assert [each.record for each in wide] == [record.id for record in reversed(own)]  # the newest first
    accounts = {record.id for record in own if record.kind == "incident_account"}
    assert {each.record for each in wide if each.decision.allowed} >= accounts
    assert not {each.record for each in narrow if each.decision.allowed} & accounts
    assert all(each.sentence for each in wide if each.decision.allowed)
    assert journal_size(west) == before
    assert [each.record for each in simulate(west.node, open_to_all, records=[own[0].id])] == [own[0].id]
    with pytest.raises(NotFound):
        simulate(west.node, open_to_all, records=["WEST-R-NONE"])
    assert not any(each.decision.allowed for each in simulate(west.node, open_to_all, purpose="targeting"))
