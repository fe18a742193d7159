# SPDX-License-Identifier: Apache-2.0
"""A fork is proven to a third person by what its maker signed: two roots for one size, under the key on its card."""

from __future__ import annotations

import json

import pytest
from tests.conftest import REPORT, release
from tests.desk.test_refilling import evidence, set_back

from hamsaya.desk.breaches import write_breaches
from hamsaya.desk.converse import receive
from hamsaya.desk.offering import write_for
from hamsaya.exchange.acts import read_card
from hamsaya.exchange.bundle import read_bundle
from hamsaya.facts.errors import NeighbourError
from hamsaya.seal.entries import check_checkpoint


def test_fork_is_named_and_its_two_roots_are_in_the_file_under_the_makers_own_key(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(east)
    release(east, east.file(REPORT).record.id)
    agreed.sync()
    set_back(east, kept, tmp_path, sure=True, note=False)  # as if nothing had been signed since
    release(east, east.file(REPORT.replace("One", "Two")).record.id)
    with east.store.reading() as book:
        forked = write_for(east.node, book, "west")
    with pytest.raises(NeighbourError, match="a fork"):
        receive(west.node, forked)
    with west.store.reading() as book:
        data, count = write_breaches(west.node, book, "east")
    told = json.loads(data)
    assert count == 1
    assert "a fork" in told["bundles"][0]["reason"]
    card = read_card(told["card"].encode())
    assert card.public.fingerprint() == told["fingerprint"] == east.node.key.public.fingerprint()
    bundle = read_bundle(told["bundles"][0]["bytes"].encode(), card.public, sender="east", receiver="west")
    offer = next(each for each in bundle.offers if each.log.startswith("release/"))
    one = check_checkpoint(told["accepted_before"][offer.log].encode(), card.public, offer.log)
    other = check_checkpoint(offer.checkpoint.encode(), card.public, offer.log)
    assert one.size == other.size
    assert one.root != other.root
