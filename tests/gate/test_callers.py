# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of the gate × who calls × what is sent, made from the gate's own table of routes.

A caller is known by the certificate that mutual TLS proved. Here it is put where the server puts it; that TLS itself
turns strangers and expired certificates away is tested on served nodes.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from litestar.testing import TestClient
from msgspec.structs import replace
from tests.conftest import CERTIFICATE, START, Clock, card_of, make_desk

from hamsaya.assemble.keyring import _certificate
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import trust_neighbour
from hamsaya.exchange.acts import write_card
from hamsaya.gate import PEER, create_gate

TEXT = "text/plain"


def certificate(name: str) -> str:
    return _certificate(ec.generate_private_key(ec.SECP256R1()), name, START).decode()


class Border:
    """West, with two neighbours who each have a certificate of their own, and one that was replaced."""

    def __init__(self, folder) -> None:
        clock = Clock()
        self.desks = {party: make_desk(folder, party, country, clock=clock) for party, country in (("west", "IR"), ("east", "PK"), ("south", "OM"))}
        self.west = self.desks["west"]
        self.old = certificate("east")
        self.certificates = {"east": certificate("east"), "south": certificate("south"), "west": CERTIFICATE}
        self.trust("east", self.old)
        for party in ("east", "south"):
            self.trust(party, self.certificates[party])
        for party in ("east", "south"):
            with self.west.store.reading() as book:
                trust_neighbour(self.desks[party].node, book.card_of("west"), self.west.node.key.public.fingerprint())
        self.gate = create_gate(self.west.node)

    def trust(self, party: str, tls: str) -> None:
        desk = self.desks[party]
        card = write_card(replace(card_of(desk.node, "UTC"), tls=tls), desk.node.key)
        trust_neighbour(self.west.node, card, desk.node.key.public.fingerprint())

    def bundle(self, sender: str) -> bytes:
        desk = self.desks[sender]
        with desk.store.reading() as book:
            return write_for(desk.node, book, "west")

    def call(self, method: str, path: str, caller: str | None, body: bytes):
        import ssl

        shown = None if caller is None else ssl.PEM_cert_to_DER_cert(caller) if caller.startswith("-----") else caller.encode()

        async def at_the_gate(scope, receive, send):
            if scope["type"] == "http":
                scope.setdefault("state", {})[PEER] = shown
            await self.gate(scope, receive, send)

        return TestClient(at_the_gate, raise_server_exceptions=False).request(method, path, content=body)

    def state(self):
        with self.west.store.reading() as book:
            return book.logs(), len(book.quarantined())


@pytest.fixture(scope="module")
def border(tmp_path_factory):
    made = Border(tmp_path_factory.mktemp("border"))
    with ExitStack() as stack:
        for desk in made.desks.values():
            stack.callback(desk.store.close)
        yield made


def _ours(border: Border) -> bytes:
    with border.west.store.reading() as book:
        return write_for(border.west.node, book, "east")


CALLERS = {
    "nobody": lambda _: None,
    "rubbish for a certificate": lambda _: "rubbish",
    "an unknown certificate": lambda _: certificate("east"),
    "a certificate that was replaced": lambda border: border.old,
    "this node itself": lambda border: border.certificates["west"],
    "neighbour east": lambda border: border.certificates["east"],
    "neighbour south": lambda border: border.certificates["south"],
}
BODIES = {
    "nothing": lambda _: b"",
    "rubbish": lambda _: b"{}",
    "east's bundle": lambda border: border.bundle("east"),
    "south's bundle": lambda border: border.bundle("south"),
    "our own bundle": _ours,
}
LET_IN = {("POST", "/exchange"): {("neighbour east", "east's bundle"), ("neighbour south", "south's bundle")}}
"""By route, who may send what. A new route of the gate has to be written here."""


def routes_of(gate) -> set[tuple[str, str]]:
    return {
        (method, route.path_format)
        for route in gate.routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }


def test_table_names_exactly_the_routes_of_the_gate(border):
    assert routes_of(border.gate) == set(LET_IN)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("caller", CALLERS)
def test_only_a_neighbour_with_its_own_certificate_and_its_own_bundle_is_answered(border, caller, body):
    for (method, path), let_in in LET_IN.items():
        before = border.state()
        answer = border.call(method, path, CALLERS[caller](border), BODIES[body](border))
        if (caller, body) in let_in:
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/octet-stream"
            continue
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith(TEXT)
        assert border.state() == before
        assert "Traceback" not in answer.text


def test_who_is_not_known_is_told_the_same_whatever_is_sent(border):
    told = {
        border.call("POST", "/exchange", CALLERS[caller](border), make(border)).text
        for caller in CALLERS
        if not caller.startswith("neighbour")
        for make in BODIES.values()
    }
    assert told == {"The caller's certificate is on no card that is trusted here."}


@pytest.mark.parametrize("caller", ["nobody", "neighbour east"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/exchange"), ("PUT", "/exchange"), ("DELETE", "/exchange"), ("GET", "/"), ("POST", "/"), ("GET", "/login"), ("GET", "/inbox"), ("POST", "/exchange/x"), ("GET", "/schema")],
)  # fmt: skip
def test_nothing_else_is_here(border, caller, method, path):
    answer = border.call(method, path, CALLERS[caller](border), b"")
    assert answer.status_code in (404, 405)
    assert answer.text == "no such thing here"
    assert "set-cookie" not in answer.headers


def test_bundle_of_one_neighbour_to_another_is_not_ours(border):
    east = border.desks["east"]
    with border.west.store.reading() as book:
        trust = book.card_of("south")
    trust_neighbour(east.node, trust, border.desks["south"].node.key.public.fingerprint())
    with east.store.reading() as book:
        stray = write_for(east.node, book, "south")
    answer = border.call("POST", "/exchange", border.certificates["east"], stray)
    assert answer.status_code == 422
