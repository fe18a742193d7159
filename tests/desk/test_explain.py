# SPDX-License-Identifier: Apache-2.0
"""The account of a release: told from what was signed, asked again now, and loud where the two do not agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.conftest import START, release
from tests.desk.made import file
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_releases import NECESSITY, TERMS, approve, propose
from tests.facts.made import claim, code, count, point, text

from hamsaya.agreement.decision import Decision
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.explain import explain
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.release import hash_of, refuse_release
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.facts.claims import Speaker
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t


def account(desk, name):
    with desk.store.reading() as book:
        return explain(desk.node, book, name)


def faults(told):
    return [(str(each.what), str(each.fault)) for each in told.faults]


def alter(desk, table, where, **values):
    with desk.store.engine.connect() as db, db.begin():
        assert db.execute(table.update().where(where).values(**values)).rowcount == 1


def test_release_that_left_is_told_from_both_sides_with_the_whole_decision(agreed):
    west, east = agreed.west, agreed.east
    made = release(west, file(west).record.id)
    agreed.sync()
    acknowledge(east.node, east.officers["duty"], made.log, 0)
    agreed.sync()
    ours, theirs = account(west, made.release), account(east, made.release)
    assert (faults(ours), faults(theirs)) == ([], [])
    for told in (ours, theirs):
        assert (told.decision.allowed, told.decision.clause, told.again.clause) == (True, "1", "1")
        assert (told.purpose, told.necessity, told.record, told.version) == ("settlement", NECESSITY, made.record, 1)
        assert told.under.sentences["fa"]["1"]
        assert told.under.hash == ours.under.hash
        assert (told.standing.state, told.size, told.sha256) == ("in force", len(made.content), hash_of(made.content))
        assert all(step.refusal is None for step in told.steps)
        assert [step.rule for step in told.steps][:2] == ["in-force", "party"]
        assert told.steps[-1].rule == "screen"
    assert (ours.sent, theirs.sent) == (True, False)
    assert [str(each.what) for each in ours.acts] == ["proposed", "allowed, and put into the log", "opened by the neighbour"]
    assert [each.office for each in ours.acts] == ["duty office", "approver office", "duty office"]
    assert (ours.receipt.by, theirs.receipt.by) == ("east", "east")
    assert [str(each.what) for each in theirs.acts] == ["released by the neighbour", "arrived here", "acknowledged here"]
    assert account(east, f"{made.log}#0") == theirs
    assert theirs.parts == []


def test_each_part_that_stayed_at_home_names_its_clause_or_rule(pair):
    terms = TERMS.replace("place_m = 1000", "place_m = 20000") + '\n[[clauses]]\nnumber = "8"\ntype = "tear-line"\nfields = ["means"]\n'
    pair.agree(terms)
    west = pair.west
    filed = file(
        west, claim("means", code("boat", words="the grey boat")), claim("statement", text("They came in the grey boat")), claim("place", point(61, 29, 50)),
        claim("killed", count(1, 1), speaker=Speaker(kind="source", handle="KESTREL-4")),
    )  # fmt: skip
    told = account(west, release(west, filed.record.id).release)
    assert faults(told) == []
    found = {(each.part.claim.predicate, each.part.part): (each.clauses, str(each.why)) for each in told.parts}
    assert found["means", "claim"] == (["8"], "The clause keeps this field above the tear-line.")
    assert found["statement", "claim"] == (["8"], "It would tell what stands above the tear-line.")
    assert found["place", "value"] == (["5"], "The clause lets it leave no more exactly than this.")
    assert found["killed", "source"] == ([], "The handle of a source never leaves.")
    assert found["killed", "sentence"][1] == "It tells something that was withheld or made coarser."


def test_refusal_tells_what_passed_and_what_decided(agreed):
    west = agreed.west
    told = account(west, propose(west, file(west).record.id, purpose="targeting").release)
    assert faults(told) == []
    assert (told.condition, told.decision.rule, told.again.rule) == ("refused", "purpose", "purpose")
    assert [step.rule for step in told.steps] == ["in-force", "party", "exercise", "empty", "grade", "unsound", "marking", "purpose"]
    assert [step.refusal is None for step in told.steps] == [True] * 7 + [False]


def test_word_of_the_second_officer_is_told_beside_what_the_agreement_says(agreed):
    west = agreed.west
    held = propose(west, file(west).record.id)
    assert account(west, held.release).decision is None
    refuse_release(west.node, west.officers["approver"], held.release, "wait for the second report")
    told = account(west, held.release)
    assert faults(told) == []
    assert (told.decision.rule, told.again.allowed) == ("second-officer", True)
    assert "wait for the second report" in str(told.decision.reason)


def test_refusal_stands_though_the_agreement_was_signed_afterwards(pair):
    west = pair.west
    draft_agreement(west.node, TERMS)
    sign_agreement(west.node, west.officers["commander"], "west-east-2026-11-21")
    held = propose(west, file(west).record.id)
    assert held.condition == "refused"
    pair.sync()
    sign_agreement(pair.east.node, pair.east.officers["commander"], "west-east-2026-11-21")
    pair.sync()
    told = account(west, held.release)
    assert faults(told) == []
    assert (told.again.rule, told.standing.state) == ("in-force", "signed by some")


def test_without_any_agreement_the_account_says_so(pair):
    told = account(pair.west, propose(pair.west, file(pair.west).record.id).release)
    assert (faults(told), told.again.rule, told.under.agreement, told.size) == ([], "in-force", "", 0)


def test_answer_stays_the_same_after_the_agreement_has_expired(agreed):
    west = agreed.west
    made = release(west, file(west).record.id)
    west.clock.at = START + timedelta(days=4000)
    assert faults(account(west, made.release)) == []


@pytest.mark.parametrize(
    ("table", "values", "fault"),
    [
        (t.RELEASE, {"clause": "2"}, "Asked again as of the recorded moment"),
        (t.RELEASE, {"necessity": "Somebody asked us for it."}, "The log entry names this release"),
        (t.RELEASE, {"content": ""}, "The log holds the very bytes"),
        (t.RECORD, {"body": None}, "Made again from the record"),
        (t.ENTRY, {"content": b"{}"}, "The log entry is signed by this node"),
    ],
    ids=["clause", "necessity", "bytes", "record", "log entry"],
)
def test_what_differs_from_the_journal_is_a_fault_of_the_account(agreed, table, values, fault):
    west = agreed.west
    made = release(west, file(west, claim("killed", count(1, 1))).record.id)
    where = {t.RELEASE: t.RELEASE.c.id == made.release, t.RECORD: t.RECORD.c.id == made.record, t.ENTRY: t.ENTRY.c.log == made.log}[table]
    if "content" in values and table is t.RELEASE:
        values = {"content": made.content.decode().replace('"low":1', '"low":2')}
    if table is t.RECORD:
        with west.store.engine.connect() as db:
            body = db.execute(select(t.RECORD.c.body).where(where)).scalar_one()
        values = {"body": body.replace('"low":1', '"low":0')}
    alter(west, table, where, **values)
    assert fault in " ".join(what for what, _ in faults(account(west, made.release)))


def test_forged_receipt_is_a_fault_of_the_account(agreed):
    west = agreed.west
    made = release(west, file(west).record.id)
    agreed.sync()
    with west.store.reading() as book:
        envelope = book.receipt_over(made.log, 0, "east").envelope.decode()
    forged = envelope.replace(envelope[40], "A" if envelope[40] != "A" else "B")
    alter(west, t.RECEIPT, t.RECEIPT.c.log == made.log, envelope=forged)
    assert [what for what, _ in faults(account(west, made.release))] == ["The receipt is signed by east, and repeats purpose and necessity."]


def test_release_that_came_back_after_a_restore_says_what_is_lost(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    made = release(west, file(west).record.id)
    agreed.sync()
    set_back(west, kept, tmp_path)
    agreed.sync()
    told = account(west, made.release)
    assert faults(told) == []
    assert "who proposed it is lost" in str(told.acts[0].what)
    assert (told.again.allowed, told.sha256) == (True, hash_of(made.content))


def test_release_in_quarantine_is_told_with_the_reason_and_the_rule(agreed, monkeypatch):
    west, east = agreed.west, agreed.east
    with monkeypatch.context() as careless:  # a neighbour whose program checks nothing
        careless.setattr("hamsaya.desk.release.decide", lambda *_: Decision(allowed=True, clause="1", reason=say("Why not.")))
        held = approve(west, propose(west, file(west).record.id, purpose="targeting"))
    agreed.sync()
    theirs = account(east, held.release)
    assert (faults(theirs), theirs.condition, theirs.decision.allowed, theirs.again.rule) == ([], "quarantined", False, "purpose")
    assert "targeting" in str(theirs.decision.reason)
    assert any("Asked again as of the recorded moment" in what for what, _ in faults(account(west, held.release)))


@pytest.mark.parametrize("name", ["", "WEST-S-NOTHERE", "release/a/b/c#0"])
def test_unknown_release_is_not_found(agreed, name):
    with pytest.raises(NotFound):
        account(agreed.west, name)


@pytest.mark.parametrize("name", ["link/west/east#0", "x#y", "#", "a#-1"])
def test_what_is_no_release_is_said_to_be_none(agreed, name):
    with pytest.raises((InputError, NotFound)):
        account(agreed.east, name)


def test_second_officer_is_checked_to_be_another_person(agreed):
    held = propose(agreed.west, file(agreed.west).record.id)
    approve(agreed.west, held)
    whats = [str(each.what) for each in account(agreed.west, held.release).checks]
    assert "The second officer is another person than the first." in whats


def test_release_that_was_held_under_suspension_is_told_without_a_false_alarm(agreed):
    west, east = agreed.west, agreed.east
    made = release(west, file(west).record.id)
    act_on_agreement(west.node, west.officers["commander"], "west-east-2026-11-21", "suspend", "talks are under way")
    agreed.sync()
    assert faults(account(west, made.release)) == []
    waiting = propose(west, file(west).record.id)
    assert (faults(account(west, waiting.release)), waiting.condition) == ([], "refused")
    act_on_agreement(west.node, west.officers["commander"], "west-east-2026-11-21", "resume", "the talks have ended")
    agreed.sync()
    assert [faults(account(west, each)) for each in (made.release, waiting.release)] == [[], []]
    assert (account(west, waiting.release).standing.state, faults(account(east, made.release))) == ("suspended", [])
