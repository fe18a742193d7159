# SPDX-License-Identifier: Apache-2.0
"""A record is corrected by its next version; the node says who holds an older one, and the neighbour shows it as corrected (F13)."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from tests.conftest import release
from tests.desk.test_consents import holding, linked, told  # noqa: F401  (fixtures)
from tests.desk.three import send

from hamsaya.desk.correcting import correct_record, holders
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.recalls import recall_release
from hamsaya.facts.claims import Speaker
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.values import Count
from hamsaya.ledger.verify import verify_store


def corrected(desk, record, **options):
    """Correct the number of wounded."""
    before = holding(desk, record)[-1].record
    claims = [msgspec.structs.replace(claim, value=Count(low=4, high=4)) if claim.predicate == "wounded" else claim for claim in before.claims]
    return correct_record(desk.node, desk.officers["duty"], record, claims, **options)


def test_next_version_names_the_one_before_and_only_what_changed_is_a_persons(agreed):
    west = agreed.west
    first = west.file()
    held = corrected(west, first.record.id, seen=1)
    with west.store.reading() as book:
        signed = book.signed_version(first.record.id, 1)
    assert (held.record.version, held.record.previous) == (2, hashlib.sha256(signed).hexdigest())
    by_person = [claim.predicate for claim in held.record.claims if claim.reason == "person"]
    assert by_person == ["wounded"]
    assert [claim.span for claim in held.record.claims] == [claim.span for claim in first.record.claims]
    assert held.record.incident == first.record.incident
    assert verify_store(west.store).faults == []


def test_origin_sees_who_holds_an_older_version_and_both_see_the_answer(agreed):
    west, east = agreed.west, agreed.east
    record = west.file().record.id
    release(west, record)
    agreed.sync()
    corrected(west, record)
    with west.store.reading() as book:
        assert holders(book, record) == {"east": 1}
    later = release(west, record)
    agreed.sync()
    with west.store.reading() as book:
        assert holders(book, record) == {"east": 2}
    acknowledge(east.node, east.officers["duty"], later.log, later.seq)
    agreed.sync()
    with west.store.reading() as book:
        assert book.release(later.release).condition == "opened"
    with east.store.reading() as book:
        assert [(each.record.id, each.record.version) for each in book.records()] == [(record, 2)]  # version 1 counts no more
    recall_release(west.node, west.officers["duty"], later.release, "It was another post.")
    with west.store.reading() as book:
        assert holders(book, record) == {"east": 1}


def test_link_cannot_be_taken_away_by_a_correction(three, linked):  # noqa: F811
    before = holding(three.east, linked)[0].record
    held = correct_record(three.east.node, three.east.officers["duty"], linked, before.claims[:1], reason="The rest was not seen.")
    assert held.record.derived == before.derived
    assert send(three.east, linked, "north").rule == "originator"


def test_what_cannot_be_corrected_is_refused_and_nothing_is_filed(agreed):
    west, duty = agreed.west, agreed.west.officers["duty"]
    record = west.file().record
    strange = msgspec.structs.replace(record.claims[0], id="c99")
    huge = msgspec.structs.replace(record.claims[0], speaker=Speaker(kind="own", office="x" * 5000))
    kind = msgspec.structs.replace(record.claims[0], predicate="killed")
    for claims in (record.claims, [], [strange], [record.claims[0]] * 2, [huge], [kind], [msgspec.structs.replace(record.claims[0], grade="Z9")]):
        with pytest.raises(InputError):
            correct_record(west.node, duty, record.id, claims)
    with pytest.raises(NotFound):
        correct_record(west.node, duty, "WEST-R-000000", record.claims)
    corrected(west, record.id)
    with pytest.raises(Refused):
        corrected(west, record.id, seen=1)
    release(west, record.id)
    agreed.sync()
    with pytest.raises(Refused) as named:
        corrected(agreed.east, record.id)
    assert named.value.rule == "correct"
    assert len(holding(west, record.id)) == 2
