# SPDX-License-Identifier: Apache-2.0
"""Running a node: the desk, the gate, and the courier's rounds, until it is told to stop.

In one process, or in several of the same kind behind the same two sockets (`assemble/processes.py`).
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn
from litestar import Litestar
from uvicorn.protocols.http.h11_impl import H11Protocol

from hamsaya.assemble.leases import Leases
from hamsaya.assemble.node import Opened
from hamsaya.assemble.processes import serve_as_several, stop_with_parent
from hamsaya.assemble.rounds import Rounds
from hamsaya.courier.pinned import IDLE_S, admit, gate_context
from hamsaya.facts.errors import OperatorError
from hamsaya.facts.words import Text, say
from hamsaya.gate import PEER, create_gate
from hamsaya.web import create_desk

SERVING: Final = "serving"
"""What the leases begin with that say that a node is served."""
MOVING: Final = "moving"
"""What the lease begins with that says that its store is being changed."""


def serve_node(opened: Opened, announce: Callable[[str, str], None], tell: Callable[[Text], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    `announce` is called with the addresses of desk and gate once both listen; `tell` with what goes wrong on the
    courier's rounds. Raises `OperatorError` when a port is taken, `InputError` when a declared line cannot be read; nothing was started then.
    """
    opened.node.lines()
    desk, gate = (_bind(listen.host, listen.port, which) for which, listen in (("desk", opened.settings.desk), ("gate", opened.settings.gate)))
    count = opened.settings.desk.processes
    with _serving(opened) as leases, desk, gate:
        announce(f"http://localhost:{desk.getsockname()[1]}", f"https://{opened.settings.gate.host}:{gate.getsockname()[1]}")
        if count == 1:
            asyncio.run(_serve(opened, Rounds(opened, leases, tell), desk, gate))
        else:
            serve_as_several(opened.folder, count, desk, gate, tell)


def serve_as_worker(opened: Opened, files: Sequence[int], tell: Callable[[Text], None]) -> None:
    """Serve from sockets that the process that started this one listens on, until SIGTERM or until that process is gone."""
    desk, gate = (socket.socket(fileno=file) for file in files[:2])
    with _serving(opened) as leases, desk, gate:
        asyncio.run(_serve(opened, Rounds(opened, leases, tell), desk, gate, parent=files[2]))


@contextmanager
def _serving(opened: Opened) -> Iterator[Leases]:
    """Give this process's leases, and hold the one that says that the node is served."""
    leases = Leases(opened.store, opened.node.now)
    leases.start()
    try:
        with leases.held(f"{SERVING}/{leases.holder}"):
            with opened.store.reading() as book:
                if book.leases(MOVING, opened.node.now()):
                    raise OperatorError(say("The node is being carried to another store."), say("Serve it again when that is done."))
            yield leases
    finally:
        leases.stop()


async def _serve(opened: Opened, rounds: Rounds, desk_socket: socket.socket, gate_socket: socket.socket, parent: int | None = None) -> None:
    context = _gate_context(opened)
    app = create_desk(
        opened.node, on_logged=rounds.hurry, hosts=opened.settings.desk_hosts(),
        lock_after_s=opened.settings.desk.lock_after_min * 60,
    )  # fmt: skip
    desk = _server(app)
    gate = _server(create_gate(opened.node), ssl_context_factory=lambda *_: context, http=_Shown, timeout_keep_alive=IDLE_S + 5)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, desk, gate)
    if parent is not None:
        stop_with_parent(parent, lambda: _stop(desk, gate))
    rounds.start()
    settle()
    try:
        await asyncio.gather(desk.serve(sockets=[desk_socket]), gate.serve(sockets=[gate_socket]))
    finally:
        rounds.stop()


def settle() -> None:
    """Tell the garbage collector that what was made until now stays: it need not look through it again for each page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class _Shown(H11Protocol):
    """HTTP that hands the application the certificate that the caller showed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self.app_state = {**self.app_state, PEER: tls.getpeercert(binary_form=True) if tls else None}

    def shutdown(self) -> None:
        """Leave at once what a caller keeps open without asking anything: to close it, TLS would wait for the caller's word."""
        waits = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # it is None until something is asked
        super().shutdown()
        if waits:
            self.transport.abort()


def _gate_context(opened: Opened) -> ssl.SSLContext:
    context = gate_context(opened.keys.tls_cert, opened.keys.tls_key)
    admitted: set[str] = set()

    def refresh(*_: object) -> None:
        """Admit neighbours that were trusted since; called at the start of every handshake."""
        with opened.store.reading() as book:
            fresh = [party.card.tls for party in book.parties() if not party.own and party.card.tls not in admitted]
        for certificate in fresh:
            admitted.add(certificate)
            with suppress(ssl.SSLError):  # a card that was trusted by an older version may hold none: its party cannot call
                admit(context, certificate)

    refresh()
    context.sni_callback = refresh
    return context


def _server(app: Litestar, **options: Any) -> uvicorn.Server:
    class Quiet(uvicorn.Server):
        """Leaves signals to us, so that one Ctrl-C stops both applications."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
        **options,
    )
    return Quiet(config)


def _stop(*servers: uvicorn.Server) -> None:
    for server in servers:
        server.should_exit = True


def listen_on(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, and whose connections send at once what is written.

    asyncio asks for that only of sockets whose protocol is named, which `create_server` does not name; without it the body of an answer waits
    until its head is acknowledged, 40 ms on most machines (RFC 896; RFC 9293 §3.8.6.3).
    """
    listening = socket.create_server((host, port), backlog=128)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _bind(host: str, port: int, which: str) -> socket.socket:
    try:
        return listen_on(host, port)
    except OSError as error:
        raise OperatorError(
            say("The {which} cannot listen on {host}:{port}: {why}", which=which, host=host, port=port, why=error.strerror or error),
            say("Another program may hold the port: stop it, or set another [{which}] port in hamsaya.toml.", which=which),
        ) from error
