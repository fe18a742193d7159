# SPDX-License-Identifier: Apache-2.0
"""Who may do what: every role against every verb of the desk (law 13)."""

from __future__ import annotations

import pytest
from tests.conftest import START
from tests.desk.made import journal_size
from tests.facts.made import claim, count

from hamsaya.desk.agreements import sign_agreement
from hamsaya.desk.attendance import note_name
from hamsaya.desk.cases import export_case
from hamsaya.desk.consents import answer_consent, ask_consent, revoke_consent
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.distress import answer_distress, review_distress, send_distress, send_stop, stand_down
from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft, reject_draft
from hamsaya.desk.erasing import confirm_erasure, decide_erasure, order_erasure
from hamsaya.desk.flags import close_flag
from hamsaya.desk.holdings import Officer
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import link_incident, unlink_incident
from hamsaya.desk.linked import link_received
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.recalls import answer_recall, recall_record, recall_release
from hamsaya.desk.release import approve_release, propose_release, refuse_release
from hamsaya.desk.retaining import decide_due, hold_copy, order_due, review_hold
from hamsaya.desk.review import edit_claim, undo_draft
from hamsaya.desk.roles import COLUMNS, ROLE_NAMES, ROLE_REASONS, ROLES, VERBS, may, require
from hamsaya.desk.sections import define_section, end_section, say_day, set_level
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import read_terms, sample_terms
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import HamsayaError, Refused
from hamsaya.web.case_file import CaseSheet

TERMS = sample_terms("west", "east", START)
NECESSITY = "Both commands must see this account."
DESK_VERBS = {
    "add a document": ("file", lambda node, officer: add_document(node, officer, b"x", name="x")),
    "accept a draft": ("file", lambda node, officer: accept_draft(node, officer, "D-0")),
    "reject a draft": ("file", lambda node, officer: reject_draft(node, officer, "D-0", "no event")),
    "correct a claim": ("file", lambda node, officer: edit_claim(node, officer, "D-0", claim("killed", count(1, 1)))),
    "take a decision back": ("file", lambda node, officer: undo_draft(node, officer, "D-0", reason="no event")),
    "take a link back": ("file", lambda node, officer: unlink_incident(node, officer, "I-1", "I-2")),
    "link incidents": ("file", lambda node, officer: link_incident(node, officer, "I-1", "I-2")),
    "propose a release": ("propose", lambda node, officer: propose_release(node, officer, "R-0", purpose="rescue", necessity=NECESSITY)),
    "approve a release": ("approve", lambda node, officer: approve_release(node, officer, "S-0")),
    "refuse a release": ("approve", lambda node, officer: refuse_release(node, officer, "S-0", "no")),
    "file what a neighbour sent": ("file", lambda node, officer: link_received(node, officer, "R-0")),
    "ask for consent": ("propose", lambda node, officer: ask_consent(node, officer, "R-0", purpose="rescue", necessity=NECESSITY)),
    "answer a request for consent": ("approve", lambda node, officer: answer_consent(node, officer, "east", "C-0", granted=True)),
    "take a consent back": ("recall", lambda node, officer: revoke_consent(node, officer, "east", "C-0")),
    "propose a text of an agreement": ("negotiate", lambda node, officer: propose_text(node, officer, read_terms(TERMS), revises="0")),
    "correct a record": ("file", lambda node, officer: correct_record(node, officer, "R-0", [])),
    "take a release back": ("recall", lambda node, officer: recall_release(node, officer, "S-0", "wrong post")),
    "take a record back": ("recall", lambda node, officer: recall_record(node, officer, "R-0", "wrong post")),
    "note a name at a meeting": ("attend", lambda node, officer: note_name(node, officer, "R-0", "Interpreter", "x")),
    "order an erasure": ("order", lambda node, officer: order_erasure(node, officer, "R-0", "retention")),
    "decide on an erasure": ("erase", lambda node, officer: decide_erasure(node, officer, "R-0", erase=True)),
    "confirm an erasure": ("erase", lambda node, officer: confirm_erasure(node, officer, "release/a/east/west", 0)),
    "order that what ran out be erased": ("order", lambda node, officer: order_due(node, officer, [("release/a/east/west", 0)])),
    "erase what ran out": ("erase", lambda node, officer: decide_due(node, officer, 0, erase=True)),
    "hold a copy": ("erase", lambda node, officer: hold_copy(node, officer, "release/a/east/west", 0, "court")),
    "review a hold": ("review", lambda node, officer: review_hold(node, officer, "release/a/east/west", 0, fine=True)),
    "close a rights flag": ("protect", lambda node, officer: close_flag(node, officer, "I-1", "It was looked into with care.")),
    "name a section": ("assess", lambda node, officer: define_section(node, officer, "No name", "Taftan")),
    "end a section": ("assess", lambda node, officer: end_section(node, officer, "taftan")),
    "set the level of a section": ("assess", lambda node, officer: set_level(node, officer, "taftan", "low", "Nothing was seen.")),
    "say how a day was": ("propose", lambda node, officer: say_day(node, officer, "taftan")),
    "answer a recall": ("acknowledge", lambda node, officer: answer_recall(node, officer, "release/a/east/west", 0)),
    "sign an agreement": ("agree", lambda node, officer: sign_agreement(node, officer, "a")),
    "suspend an agreement": ("agree", lambda node, officer: act_on_agreement(node, officer, "a", "suspend", "Shots near the line.")),
    "hand a case on": ("export", lambda node, officer: export_case(node, officer, "I-1", to="a court", why=NECESSITY, page=CaseSheet("en", "UTC"))),
    "acknowledge": ("acknowledge", lambda node, officer: acknowledge(node, officer, "release/a/east/west", 0)),
    "call for help": ("distress", lambda node, officer: send_distress(node, officer, Call())),
    "call a STOP": ("distress", lambda node, officer: send_stop(node, officer, Call())),
    "answer a call": ("distress", lambda node, officer: answer_distress(node, officer, "east.west.0")),
    "stand a call down": ("distress", lambda node, officer: stand_down(node, officer, "west.east.0")),
    "review a call": ("review", lambda node, officer: review_distress(node, officer, "west.east.0", "right", "Because.")),
}
TABLE = {
    "officer": {"read", "file", "propose", "acknowledge", "recall", "distress", "attend"},
    "approver": {"read", "approve", "acknowledge", "recall", "distress", "review", "erase"},
    "liaison": {"read", "file", "propose", "negotiate", "acknowledge", "recall", "distress", "attend"},
    "analyst": {"read", "file"},
    "commander": {"read", "approve", "negotiate", "agree", "recall", "audit", "distress", "review", "export", "order", "erase", "assess", "attend"},
    "administrator": {"configure"},
    "auditor": {"read", "audit"},
    "rights-officer": {"read", "audit", "order", "protect"},
}


def someone(role):
    return Officer(login="someone", office="some office", role=role, password="", language="en")


def test_table_of_roles_is_the_one_that_was_decided():
    assert {role: set(verbs) for role, verbs in ROLES.items()} == TABLE
    assert set(ROLE_NAMES) == set(ROLES)
    assert set().union(*TABLE.values()) == set(VERBS) == set(COLUMNS)
    assert set(ROLE_REASONS) == set(ROLES)


def test_nobody_holds_both_halves_of_a_release():
    assert not [role for role, verbs in ROLES.items() if {"propose", "approve"} <= verbs]


def test_administrator_can_neither_read_nor_release():
    assert [verb for verb in VERBS if may("administrator", verb)] == ["configure"]


def test_auditor_sits_outside_the_chain_and_acts_in_nothing():
    assert [verb for verb in VERBS if may("auditor", verb)] == ["read", "audit"]


def test_rights_officer_orders_an_erasure_closes_flags_and_acts_in_nothing_else():
    assert {verb for verb in VERBS if may("rights-officer", verb)} == {"read", "audit", "order", "protect"}
    assert [role for role, verbs in ROLES.items() if "protect" in verbs] == ["rights-officer"]
    assert [role for role, verbs in ROLES.items() if "erase" in verbs] == ["approver", "commander"]


@pytest.mark.parametrize("role", [*ROLES, "", "root", "operator", "Officer"])
def test_each_role_may_do_what_stands_in_its_row_and_nothing_else(role):
    for verb in VERBS:
        if verb in TABLE.get(role, set()):
            require(role, verb)
            continue
        with pytest.raises(Refused) as refused:
            require(role, verb)
        assert refused.value.rule == "role"


@pytest.mark.parametrize(("verb", "act"), DESK_VERBS.values(), ids=DESK_VERBS)
def test_verb_of_the_desk_asks_the_role_before_anything_else(desk, verb, act):
    before = journal_size(desk)
    for role in [*ROLES, "", "root"]:
        with pytest.raises(HamsayaError) as came:
            act(desk.node, someone(role))
        refused = isinstance(came.value, Refused) and came.value.rule == "role"
        assert refused == (verb not in TABLE.get(role, set())), role
    assert journal_size(desk) == before


def test_refusal_says_which_roles_may():
    with pytest.raises(Refused) as refused:
        require("auditor", "approve")
    assert "approver" in str(refused.value.hint)
    assert "commander" in str(refused.value.hint)
    assert "officer," not in str(refused.value.hint)
