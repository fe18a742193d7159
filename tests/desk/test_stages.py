# SPDX-License-Identifier: Apache-2.0
"""An account goes from stage to stage; what is classified otherwise is told with its reason, at both nodes and for good (F24, laws 5, 6)."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import release
from tests.desk.made import file
from tests.facts.made import claim, code, day

from hamsaya.agreement.clauses import TearLine
from hamsaya.agreement.prepare import prepare
from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.linked import link_received
from hamsaya.desk.reclassifying import changes_shown
from hamsaya.desk.reports import file_report
from hamsaya.desk.roles import ROLES, may
from hamsaya.desk.typed_report import TypedReport
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import stage_of
from hamsaya.facts.soundness import what_is_unsound
from hamsaya.facts.stages import Change
from hamsaya.facts.values import Count
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical

WHY = "The patrol had mistaken thunder for shots."


def account(desk, *, outcome="carried_out", **options):
    claims = [claim("action", code("armed_attack")), claim("outcome", code(outcome)), claim("occurred", day("2026-11-12"))]
    return file(desk, *claims, **options).record


def correct(desk, record, login="duty", **options):
    return correct_record(desk.node, desk.officers[login], record.id, **options).record


def versions(desk, record):
    with desk.store.reading() as book:
        return [held.record for held in book.versions(record.id)]


def said(record, predicate, wanted):
    return [msgspec.structs.replace(each, value=code(wanted)) if each.predicate == predicate else each for each in record.claims]


def test_account_without_a_stage_has_the_bytes_of_before_and_is_an_initial_one(desk):
    first = account(desk)
    assert stage_of(first) == "initial"
    assert b'"stage"' not in canonical(first)
    assert b'"changes"' not in canonical(first)
    typed = TypedReport(activity="crossing", grade="B2")
    told = file_report(desk.node, desk.officers["duty"], typed, stage="initial").held.record
    assert (told.stage, stage_of(told)) == ("", "initial")
    formal = file_report(desk.node, desk.officers["duty"], typed, stage="formal", token="a-token-of-its-own").held.record
    assert stage_of(formal) == "formal"


def test_each_stage_is_a_version_and_both_nodes_tell_the_way(agreed):
    west, east = agreed.west, agreed.east
    first = account(west)
    second = correct(west, first, stage="formal")
    third = correct(west, first, stage="final", reason="The inquiry is over.")
    assert [stage_of(each) for each in versions(west, first)] == ["initial", "formal", "final"]
    told = [(each.field, each.was, each.now, each.office, each.reason) for each in third.changes]
    assert told == [
        ("stage", ["initial"], ["formal"], "duty office", ""), ("stage", ["formal"], ["final"], "duty office", "The inquiry is over."),
    ]  # fmt: skip
    assert second.changes == third.changes[:1]
    release(west, first.id)
    agreed.sync()
    (there,) = versions(east, first)  # only the last version left: it tells the whole way
    assert (stage_of(there), there.changes) == ("final", third.changes)
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


@pytest.mark.parametrize(("before", "after"), [("final", "formal"), ("formal", "initial"), ("formal", "did-not-happen")])
def test_stage_goes_back_only_with_a_reason(desk, before, after):
    first = account(desk)
    correct(desk, first, stage=before)
    with pytest.raises(InputError, match="reason"):
        correct(desk, first, stage=after)
    with pytest.raises(InputError, match="persons"):
        correct(desk, first, stage=after, reason="Sergeant Ahmad Karimi was wrong.")
    assert len(versions(desk, first)) == 2
    back = correct(desk, first, stage=after, reason=WHY)
    assert (stage_of(back), back.changes[-1].reason) == (after.replace("-", "_"), WHY)


def test_closed_account_is_opened_again_only_with_a_reason(desk):
    first = account(desk)
    correct(desk, first, stage="did_not_happen", reason=WHY)
    with pytest.raises(InputError, match="reason"):
        correct(desk, first, stage="final")
    assert stage_of(correct(desk, first, stage="final", reason="It did happen after all.")) == "final"


def test_same_stage_twice_is_a_correction_and_with_nothing_changed_is_none(desk):
    first = account(desk)
    correct(desk, first, stage="formal")
    with pytest.raises(InputError, match="Nothing was changed"):
        correct(desk, first, stage="formal", reason=WHY)
    again = correct(desk, first, stage="formal", claims=first.claims[:2], reason="The day is not sure.")
    assert (stage_of(again), again.changes[-1].field, again.changes[-1].reason) == ("formal", "other", "The day is not sure.")


@pytest.mark.parametrize(
    ("options", "field", "was", "now"),
    [
        ({"claims": ("action", "armed_trespass")}, "action", ["armed_attack"], ["armed_trespass"]),
        ({"claims": ("outcome", "attempted")}, "outcome", ["carried_out"], ["attempted"]),
        ({"handling": "green"}, "handling", ["amber"], ["green"]),
    ],
    ids=lambda each: str(each)[:20],
)  # fmt: skip
def test_changed_classification_needs_a_reason_and_every_later_version_tells_it_at_both_nodes(agreed, options, field, was, now):
    west, east = agreed.west, agreed.east
    first = account(west)
    release(west, first.id)
    options = {**options, "claims": said(first, *options["claims"]) if "claims" in options else None}
    with pytest.raises(InputError, match="reason"):
        correct(west, first, **options)
    second = correct(west, first, **options, reason=WHY)
    claims = [each for each in second.claims if each.predicate != "occurred"]
    third = correct(west, first, claims=claims)
    expected = Change(version=2, field=field, was=was, now=now, reason=WHY, office="duty office", at=second.filed_at)
    assert second.changes == third.changes == [expected]
    release(west, first.id)
    agreed.sync()
    assert changes_shown(versions(west, first)) == changes_shown(versions(east, first)) == [expected]
    assert [each.version for each in versions(east, first)] == [1, 3]


def test_stricter_handling_and_another_number_need_no_reason(desk):
    first = account(desk)
    correct(desk, first, handling="red")
    changed = correct(desk, first, claims=first.claims[:2])
    assert changed.changes == []


def test_change_that_a_neighbour_does_not_explain_is_shown_without_a_reason(desk):
    first = account(desk)
    silent = msgspec.structs.replace(first, version=2, claims=said(first, "action", "armed_trespass"), stage="final")
    told = [(each.field, each.was, each.now, each.reason) for each in changes_shown([first, silent])]
    assert told == [("stage", ["initial"], ["final"], ""), ("action", ["armed_attack"], ["armed_trespass"], "")]
    withheld = msgspec.structs.replace(first, version=2, claims=first.claims[1:], withheld=1)
    assert changes_shown([first, withheld]) == []  # what was withheld was not taken back


def test_reason_that_tells_what_is_withheld_stays_at_home_with_it(agreed):
    west = agreed.west
    first = file(west, claim("action", code("armed_attack")), claim("strength", Count(low=17, high=17, words="seventeen"))).record
    second = correct(west, first, claims=said(first, "action", "raid_on_premises"), reason="They were seventeen, and went in.")
    with west.store.reading() as book:
        text = agreement_of(book, book.agreements()[0].agreement.table.id).agreement
    copy = prepare(second, _torn(text, "strength"))
    assert [(each.field, each.reason) for each in copy.record.changes] == [("action", "")]
    assert copy.withheld == 2
    assert prepare(copy.record, _torn(text, "strength")).record.changes == copy.record.changes
    assert prepare(second, _torn(text, "action")).record.changes == []


def _torn(text, *fields):
    clauses = [*text.table.clauses, TearLine(number="99", fields=list(fields))]
    return msgspec.structs.replace(text, table=msgspec.structs.replace(text.table, clauses=clauses))


def test_only_its_author_closes_an_account(agreed):
    west, east = agreed.west, agreed.east
    theirs = account(east)
    release(east, theirs.id)
    agreed.sync()
    mine = account(west)
    attributed = account(west, basis="attributed", origin="PK")
    linked = link_received(west.node, west.officers["duty"], theirs.id)[0].record
    unknown = msgspec.structs.replace(mine, id="WEST-R-NOTHERE")
    for role in sorted(ROLES):
        officer = msgspec.structs.replace(west.officers["duty"], role=role)
        for whose in (mine, theirs, attributed, linked, unknown):
            if whose is mine and may(role, "file"):
                continue
            rule = "role" if not may(role, "file") else {theirs.id: "correct", attributed.id: "stage", linked.id: "stage"}.get(whose.id, "")
            with pytest.raises((Refused, NotFound)) as told:
                correct_record(west.node, officer, whose.id, stage="did_not_happen", reason=WHY)
            assert getattr(told.value, "rule", "") == rule, (role, whose.id)
    assert [len(versions(west, each)) for each in (mine, theirs, attributed, linked, unknown)] == [1, 1, 1, 1, 0]
    assert stage_of(correct(west, mine, stage="did_not_happen", reason=WHY)) == "did_not_happen"


def test_stage_of_an_attributed_account_is_unsound_wherever_it_comes_from(desk):
    words = account(desk, basis="attributed", origin="PK")
    assert what_is_unsound(words) is None
    for forged in (msgspec.structs.replace(words, stage="final"), msgspec.structs.replace(words, stage="final", basis="own", kind="warning")):
        assert "has a stage" in str(what_is_unsound(forged))
    change = Change(version=2, field="action", was=[], now=["raid"], office="x", at=words.filed_at)
    for bad in (
        msgspec.structs.replace(change, version=9), msgspec.structs.replace(change, version=1), msgspec.structs.replace(change, field="No such"),
        msgspec.structs.replace(change, now=["<b>"]), msgspec.structs.replace(change, reason="\u202e"),
    ):  # fmt: skip
        assert what_is_unsound(msgspec.structs.replace(words, version=3, changes=[bad])) is not None
    assert what_is_unsound(msgspec.structs.replace(words, version=3, changes=[change])) is None


def test_first_version_neither_closes_an_account_nor_gives_a_stage_to_what_has_none(desk):
    typed = TypedReport(activity="crossing", grade="B2")
    for options in ({"stage": "did_not_happen"}, {"stage": "final", "kind": "warning"}):
        with pytest.raises(Refused):
            file_report(desk.node, desk.officers["duty"], typed, **options)
    with pytest.raises(InputError, match="known"):
        file_report(desk.node, desk.officers["duty"], typed, stage="last")
