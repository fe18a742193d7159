# SPDX-License-Identifier: Apache-2.0
"""The gate: `POST /exchange` takes a bundle and answers with one. Whoever calls has passed mutual TLS already.

What breaks the rules is answered with our error and a status, never with a trace, and never says more than the
neighbour's own bundle did.
"""

from __future__ import annotations

import ssl
from typing import Final

from anyio import to_thread
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from hamsaya.desk.converse import answer
from hamsaya.desk.ports import Node
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.facts.errors import HamsayaError, NeighbourError
from hamsaya.facts.words import say

PEER: Final = "hamsaya_peer_certificate"
"""Where the server puts the certificate that the caller showed (DER) in the request's state."""


def create_gate(node: Node) -> Litestar:
    """Return the gate's application for `node`."""

    @post("/exchange", status_code=200, request_max_body_size=MAX_BYTES)
    async def exchange(request: Request[None, None, State]) -> Response[bytes]:
        data = await request.body()
        caller = await to_thread.run_sync(_caller, node, request.scope["state"].get(PEER))
        return Response(await to_thread.run_sync(answer, node, data, caller), media_type="application/octet-stream")

    return Litestar([exchange], exception_handlers={HamsayaError: _ours, HTTPException: _http, Exception: _bug}, openapi_config=None)


def _caller(node: Node, certificate: bytes | None) -> str:
    """Return the party whose card holds the certificate that the caller showed. Raises `NeighbourError`."""
    with node.ledger.reading() as book:
        for party in book.parties():
            if not party.own and certificate is not None and ssl.PEM_cert_to_DER_cert(party.card.tls) == certificate:
                return party.card.party
    raise NeighbourError(say("The caller's certificate is on no card that is trusted here."))


def _ours(_: Request[None, None, State], error: HamsayaError) -> Response[str]:
    status = 422 if isinstance(error, NeighbourError) else 503
    return Response(str(error.what) if status == 422 else "the node cannot take bundles now", status_code=status, media_type="text/plain")


def _http(_: Request[None, None, State], error: HTTPException) -> Response[str]:
    return Response("no such thing here", status_code=error.status_code, media_type="text/plain")


def _bug(_: Request[None, None, State], error: Exception) -> Response[str]:
    del error
    return Response("the node met an error of its own; nothing was applied", status_code=500, media_type="text/plain")
