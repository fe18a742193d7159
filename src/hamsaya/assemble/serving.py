# SPDX-License-Identifier: Apache-2.0
"""Running a node: the desk, the gate, and the courier's rounds, in one process until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import uvicorn
from litestar import Litestar
from uvicorn.protocols.http.h11_impl import H11Protocol

from hamsaya.assemble.node import Opened
from hamsaya.courier.pinned import PinnedCourier, admit, gate_context
from hamsaya.desk.converse import synchronise
from hamsaya.facts.errors import HamsayaError, OperatorError
from hamsaya.facts.words import Text, say
from hamsaya.gate import PEER, create_gate
from hamsaya.web import LinkState, create_desk


class Rounds:
    """The courier's rounds: every `sync_every_s` seconds, and at once when something was logged."""

    def __init__(self, opened: Opened, tell: Callable[[Text], None]) -> None:
        """Take the node whose neighbours are visited, and whom to tell what went wrong."""
        self._opened, self._tell = opened, tell
        self._courier = PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key)
        self._go, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._contact: dict[str, tuple[datetime | None, Text | None]] = {}

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """End the rounds; one that is under way is cut off without harm."""
        self._stop.set()
        self._go.set()
        self._thread.join(timeout=2)

    def hurry(self, party: str) -> None:
        """Visit neighbours now: something waits for `party`."""
        del party
        self._go.set()

    def state(self) -> list[LinkState]:
        """Return per neighbour when it was last reached, and what to warn of."""
        return [LinkState(neighbour=name, last_contact=last, warning=warning) for name, (last, warning) in sorted(self._contact.items())]

    def _run(self) -> None:
        every = self._opened.settings.sync_every_s
        while not self._stop.is_set():
            self._go.wait(timeout=every or None)
            self._go.clear()
            if not self._stop.is_set():
                self._visit_all()

    def _visit_all(self) -> None:
        try:
            with self._opened.store.reading() as book:
                names = [party.card.party for party in book.parties() if not party.own]
        except HamsayaError as error:
            self._tell(error.what)
            return
        for name in names:
            self._visit(name)

    def _visit(self, name: str) -> None:
        last, before = self._contact.get(name, (None, None))
        what: Text | None
        try:
            done = synchronise(self._opened.node, name, self._courier.exchange)
            last, what = self._opened.node.now(), done.warning()
        except HamsayaError as error:
            what = error.what
        except Exception as error:  # noqa: BLE001  (one neighbour must not end the rounds to all others)
            what = say("The courier met an error of its own with {party}: {why}", party=name, why=type(error).__name__)
        if what is not None and before != what:
            self._tell(what)
        self._contact[name] = (last, what)


def serve_node(opened: Opened, announce: Callable[[str, str], None], tell: Callable[[Text], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    `announce` is called with the addresses of desk and gate once both listen; `tell` with what goes wrong on the
    courier's rounds. Raises `OperatorError` when a port is taken; nothing was started then.
    """
    desk, gate = (_bind(listen.host, listen.port, which) for which, listen in (("desk", opened.settings.desk), ("gate", opened.settings.gate)))
    announce(f"http://localhost:{desk.getsockname()[1]}", f"https://{opened.settings.gate.host}:{gate.getsockname()[1]}")
    asyncio.run(_serve(opened, Rounds(opened, tell), desk, gate))


async def _serve(opened: Opened, rounds: Rounds, desk_socket: socket.socket, gate_socket: socket.socket) -> None:
    context = _gate_context(opened)
    desk = _server(create_desk(opened.node, on_logged=rounds.hurry, link_state=rounds.state, hosts=opened.settings.desk_hosts()))
    gate = _server(create_gate(opened.node), ssl_context_factory=lambda *_: context, http=_Shown)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, desk, gate)
    rounds.start()
    try:
        await asyncio.gather(desk.serve(sockets=[desk_socket]), gate.serve(sockets=[gate_socket]))
    finally:
        rounds.stop()


class _Shown(H11Protocol):
    """HTTP that hands the application the certificate that the caller showed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self.app_state = {**self.app_state, PEER: tls.getpeercert(binary_form=True) if tls else None}


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


def _bind(host: str, port: int, which: str) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        raise OperatorError(
            say("The {which} cannot listen on {host}:{port}: {why}", which=which, host=host, port=port, why=error.strerror or error),
            say("Another program may hold the port: stop it, or set another [{which}] port in hamsaya.toml.", which=which),
        ) from error
