# SPDX-License-Identifier: Apache-2.0
"""Every single bit of a bundle, and of a stick: flipped on the way, it is refused by our own error, and nothing else is ever raised."""

from __future__ import annotations

import pytest
from pyrage import x25519
from tests.exchange.made import Neighbour, mirror_of

from hamsaya.courier.stick import read_stick, write_stick
from hamsaya.exchange.bundle import read_bundle, take_entry, who_sent
from hamsaya.exchange.session import take_offer, take_receipts
from hamsaya.facts.errors import HamsayaError, InputError, NeighbourError
from hamsaya.seal.envelope import open_envelope, seal
from hamsaya.seal.merkle import root_of

EAST = Neighbour()
OURS = [EAST.add("link/west/east", content=b'{"n":1}')]
del EAST.logs["link/west/east"]
EAST.add(EAST.link, content=b'{"n":1}')
EAST.add("distress/east/west", "distress.sent", b'{"n":2}')
ROOT = root_of([each.leaf for each in OURS])
DATA = EAST.bundle(have={"link/west/east": 1}, receipts=[EAST.receipt("link/west/east", 1, ROOT.hex())])
HONEST = {log: list(entries) for log, entries in EAST.logs.items()}


def opened(data):
    return read_bundle(data, EAST.key.public, sender="east", receiver="west")


def flipped(data, bit, step=1):
    """The data with that bit of each byte flipped, one at a time."""
    for at in range(0, len(data), step):
        yield at, data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]


@pytest.mark.parametrize("bit", range(8))
def test_every_bit_of_a_bundle_with_entries_a_call_and_a_receipt_is_refused_when_flipped(bit):
    assert opened(DATA).offers
    for at, data in flipped(DATA, bit):
        with pytest.raises(NeighbourError):
            opened(data)
        try:
            who_sent(data)
        except InputError:
            continue
        assert at >= 0


@pytest.mark.parametrize("bit", range(8))
def test_bit_that_the_neighbour_flips_before_it_signs_takes_nothing_but_what_it_wrote(bit):
    """The neighbour's administrator may sign what he likes. What is taken of it is what east's own entries, checkpoints and receipts say."""
    payload = open_envelope(DATA).payload
    taken = 0
    for _, changed in flipped(payload, bit, 3):
        try:
            bundle = opened(seal("bundle", changed, EAST.key))
            for offer in bundle.offers:
                found = take_offer(offer, mirror_of([]), EAST.key.public, sender="east", receiver="west")
                mine = [entry for _, entry in found.entries]
                assert [each.envelope for each in mine] == [each.envelope for each in HONEST[offer.log][: len(mine)]]
                assert all(each.content in (None, held.content) for each, held in zip(mine, HONEST[offer.log], strict=False))
                taken += bool(mine)
            for receipt, _ in take_receipts(bundle, EAST.key.public, lambda log, size: ROOT if (log, size) == ("link/west/east", 1) else None):
                assert (receipt.log, receipt.size) == ("link/west/east", 1)
        except HamsayaError:
            continue
    assert taken or bit == 7  # a flip in what no signature inside covers, such as the bundle's time, does no harm; the top bit is no UTF-8


@pytest.mark.parametrize("bit", range(8))
def test_every_bit_of_a_stick_is_refused_when_flipped(tmp_path, bit):
    identity = x25519.Identity.generate()
    path = tmp_path / "stick"
    write_stick(path, DATA[:300], str(identity.to_public()))
    whole = path.read_bytes()
    for at, data in flipped(whole, bit):
        path.write_bytes(data)
        try:
            got = read_stick(path, str(identity))
        except InputError:
            continue
        pytest.fail(f"bit {bit} of byte {at} of {len(whole)} was flipped, and {len(got)} bytes came out")


def test_entry_that_was_sent_comes_out_as_it_was():
    assert [take_entry(each) for offer in opened(DATA).offers for each in offer.entries if offer.log == EAST.link] == HONEST[EAST.link]
