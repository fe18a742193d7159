# SPDX-License-Identifier: Apache-2.0
"""Two served nodes and the link between them: who may call, what a stranger sees, and a node that is killed."""

from __future__ import annotations

import http.client
import os
import signal
import ssl
import time

import pytest

from hamsaya.assemble.node import open_node
from hamsaya.courier.pinned import PinnedCourier
from hamsaya.demo.nodes import DemoNode
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import neighbour
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.exchange.packing import unpack
from hamsaya.facts.errors import LinkError, NeighbourError

pytestmark = pytest.mark.live


def node_of(folder, party, country):
    officers = [{"login": "duty", "role": "officer", "language": "en", "office": "Duty Officer"}]
    return DemoNode(
        folder / party / "node",
        {"party": party, "country": country, "zone": "UTC", "languages": "en", "name": {"en": party.title()}, "officers": officers},
    )


@pytest.fixture
def served(tmp_path):
    """Two served nodes; west trusts east, and east does not know west."""
    west, east = node_of(tmp_path, "west", "IR"), node_of(tmp_path, "east", "PK")
    try:
        for node in (west, east):
            node.make()
            node.serve()
        west.run("party", "trust", str(east.card), "--fingerprint", east.fingerprint)
        for node in (west, east):
            node.wait()
        yield west, east
    finally:
        west.stop()
        east.stop()


def test_unknown_key_is_refused_until_it_is_trusted_without_a_restart(served):
    west, east = served
    with pytest.raises(LinkError, match="may not know this node's key"):
        west.run("sync")
    assert east.run("inbox") == []
    east.run("party", "trust", str(west.card), "--fingerprint", west.fingerprint)
    assert west.run("sync")["neighbour"] == "east"


def test_neighbour_that_went_away_and_came_back_after_being_killed(served):
    west, east = served
    east.run("party", "trust", str(west.card), "--fingerprint", west.fingerprint)
    os.kill(east.pid, signal.SIGKILL)
    time.sleep(0.2)
    with pytest.raises(LinkError, match="cannot be reached"):
        west.run("sync")
    (link,) = west.run("link", "show")
    assert link["failures"] >= 1
    assert "cannot be reached" in link["why"]
    assert "nobody answers there" in link["why"]  # words that are translated, not those of the operating system
    assert link["next_try"] > link["failed"]
    east.stop()
    assert east.run("verify")["verified"]
    east.serve()
    east.wait()
    assert west.run("link", "try", "east")["proven"]
    (ours,), (theirs,) = west.run("link", "show"), east.run("link", "show")
    assert [ours["state"], ours["by"], ours["failures"]] == ["proven", "called", 0]
    assert [theirs["state"], theirs["by"]] == ["proven", "answered"]


def test_gate_asks_for_a_certificate_and_serves_nothing_of_the_desk(served):
    west, east = served
    east.run("party", "trust", str(west.card), "--fingerprint", west.fingerprint)
    nobody = ssl.create_default_context()
    nobody.check_hostname, nobody.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", east.gate_port, context=nobody, timeout=10)
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):  # noqa: PT012  (TLS 1.3 tells the client at its first read)
        connection.request("GET", "/inbox")
        connection.getresponse()
    connection.close()
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)):
        http.client.HTTPSConnection("127.0.0.1", east.gate_port, context=old, timeout=10).request("GET", "/")
    with open_node(west.folder) as opened, opened.store.reading() as book:
        other = neighbour(book, "east")
        known = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        known.check_hostname = False
        known.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        known.load_verify_locations(cadata=other.card.tls)
        known.load_cert_chain(opened.keys.tls_cert, opened.keys.tls_key)
        for path in ("/", "/inbox", "/login", "/health", "/static/desk.css"):
            connection = http.client.HTTPSConnection("127.0.0.1", east.gate_port, context=known, timeout=10)
            connection.request("GET", path)
            assert connection.getresponse().status in (404, 405)
            connection.close()


def test_garbage_from_a_trusted_neighbour_is_refused_in_words_and_kept_as_evidence(served):
    west, east = served
    east.run("party", "trust", str(west.card), "--fingerprint", west.fingerprint)
    with open_node(west.folder) as opened:
        courier = PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key)
        with opened.store.reading() as book:
            other = neighbour(book, "east")
            bundle = unpack(write_for(opened.node, book, "east"), MAX_BYTES)
        for data in (b"", b"\x00" * 1000, b"{}", bundle[:-10]):
            with pytest.raises(NeighbourError, match="refused the bundle"):
                courier.exchange(other, data)
        spot = bundle.index(b'"sig":"') + 10
        altered = bundle[:spot] + (b"A" if bundle[spot : spot + 1] != b"A" else b"B") + bundle[spot + 1 :]
        with pytest.raises(NeighbourError, match="altered"):
            courier.exchange(other, altered)
    assert east.run("verify")["verified"]


def test_only_the_pinned_certificate_is_accepted(served, tmp_path):
    west, east = served
    stranger = node_of(tmp_path, "south", "AF")
    try:
        stranger.desk_port, stranger.gate_port = stranger.desk_port, east.gate_port
        east.stop()
        stranger.make()
        stranger.serve()
        stranger.wait()
        with pytest.raises(LinkError, match="another certificate"):
            west.run("sync")
    finally:
        stranger.stop()
