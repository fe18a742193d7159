# SPDX-License-Identifier: Apache-2.0
"""The account of a release tells what followed it, from both sides: recall, answer, onward recall, correction, answer to a request (F13)."""

from __future__ import annotations

from tests.conftest import release
from tests.desk.made import file
from tests.desk.test_consents import consented_to, linked, told  # noqa: F401  (fixtures)
from tests.desk.test_explain import account, faults
from tests.desk.test_recalls import WHY, answered, recall
from tests.desk.test_requests import answer, ask, asked  # noqa: F401  (fixture)
from tests.desk.three import send

from hamsaya.desk.correcting import correct_record
from hamsaya.desk.requests import refuse_request


def steps(desk, name):
    told_of = account(desk, name)
    assert faults(told_of) == []
    return [str(each.what) for each in told_of.acts]


def test_recall_and_its_answer_are_told_on_both_desks(agreed):
    west, east = agreed.west, agreed.east
    made = release(west, file(west).record.id)
    agreed.sync()
    recall(west, made)
    assert steps(west, made.release)[2:] == [f"taken back: {WHY}"]
    agreed.sync()
    assert steps(east, made.release)[2:] == [f"taken back by the neighbour, and struck here: {WHY}"]
    answered(east, made)
    agreed.sync()
    assert steps(east, made.release)[3:] == ["the recall was answered here: our copy is struck"]
    assert steps(west, made.release)[2:] == [f"taken back: {WHY}", "the neighbour answered: its copy is struck"]
    signed = [each for each in account(west, made.release).checks if "notice is signed" in str(each.what)]
    assert [each.fault for each in signed] == [None]


def test_onward_recalls_are_told_by_who_passed_it_on_and_by_who_took_it_back(three, told, linked):  # noqa: F811
    west, east = three.west, three.east
    consented_to(three, linked)
    onwards = send(east, linked, "north")
    three.sync()
    with west.store.reading() as book:
        (held,) = book.releases_of(told)
    recall(west, held)
    three.sync()
    assert f"release {onwards.release} to north rests on it: receipted" in steps(east, held.release)
    answered(east, held)
    three.sync()
    assert f"release {onwards.release} to north rests on it: recalled" in steps(east, held.release)
    assert steps(west, held.release)[-1] == "the neighbour had told north, and took it back there, too"


def test_holder_who_did_not_take_it_back_further_on_is_told_as_such(three, told, linked):  # noqa: F811
    consented_to(three, linked)
    send(three.east, linked, "north")
    three.sync()
    with three.west.store.reading() as book:
        (held,) = book.releases_of(told)
    recall(three.west, held)
    three.sync()
    answered(three.east, held, recall=[])
    three.sync()
    assert steps(three.west, held.release)[-1] == "the neighbour had told north, and did not take it back there"


def test_correction_is_told_of_the_version_before_it_and_not_of_its_own(agreed):
    west, east = agreed.west, agreed.east
    first = release(west, file(west).record.id)
    agreed.sync()
    with west.store.reading() as book:
        claims = book.versions(first.record)[-1].record.claims
    correct_record(west.node, west.officers["duty"], first.record, claims[:1])
    later = release(west, first.record)
    agreed.sync()
    assert steps(west, first.release)[2:] == [
        "corrected here: version 2 of the record was filed", f"version 2 went to the same receiver as release {later.release}",
    ]  # fmt: skip
    assert steps(east, first.release)[2:] == ["corrected by the neighbour: version 2 of the record arrived"]
    assert (steps(west, later.release)[2:], steps(east, later.release)[2:]) == ([], [])


def test_answer_to_a_request_and_its_refusal_are_told_of_the_release_that_asked(asked):  # noqa: F811
    pair, request = asked
    said = answer(pair.west, request)
    second = ask(pair.east, "Which post saw it?")
    pair.sync()
    refuse_request(pair.west.node, pair.west.officers["duty"], second, ["asylum"], "They seek protection.")
    pair.sync()
    for desk in (pair.west, pair.east):
        with pair.east.store.reading() as book:
            first, other = (book.releases_of(each)[0].release for each in (request, second))
        assert f"answered by record {said.record}" in steps(desk, first)
        assert "refused on a ground of refusal" in steps(desk, other)
        assert not any("asylum" in each for each in steps(desk, other))  # the ground stays in the journal of the node that refused
