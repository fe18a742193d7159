# SPDX-License-Identifier: Apache-2.0
"""The gate: `POST /exchange` takes a bundle and answers with one. Whoever calls has passed mutual TLS already.

What breaks the rules is answered with our error and a status, never with a trace, and never says more than the
neighbour's own bundle did.
"""

from __future__ import annotations

from anyio import to_thread
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from hamsaya.desk.converse import answer
from hamsaya.desk.ports import Node
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.facts.errors import HamsayaError, NeighbourError


def create_gate(node: Node) -> Litestar:
    """Return the gate's application for `node`."""

    @post("/exchange", status_code=200, request_max_body_size=MAX_BYTES)
    async def exchange(request: Request[None, None, State]) -> Response[bytes]:
        data = await request.body()
        return Response(await to_thread.run_sync(answer, node, data), media_type="application/octet-stream")

    return Litestar([exchange], exception_handlers={HamsayaError: _ours, HTTPException: _http, Exception: _bug}, openapi_config=None)


def _ours(_: Request[None, None, State], error: HamsayaError) -> Response[str]:
    status = 422 if isinstance(error, NeighbourError) else 503
    return Response(str(error.what) if status == 422 else "the node cannot take bundles now", status_code=status, media_type="text/plain")


def _http(_: Request[None, None, State], error: HTTPException) -> Response[str]:
    return Response("no such thing here", status_code=error.status_code, media_type="text/plain")


def _bug(_: Request[None, None, State], error: Exception) -> Response[str]:
    del error
    return Response("the node met an error of its own; nothing was applied", status_code=500, media_type="text/plain")
