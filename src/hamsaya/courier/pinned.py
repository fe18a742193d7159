# SPDX-License-Identifier: Apache-2.0
"""HTTPS to a neighbour's gate: TLS 1.3, both certificates pinned, no certificate authority and no host names.

A neighbour's certificate stands in its signed card; the only certificate accepted from it is that one.

A connection that was just used is used again, since a handshake costs more than a small bundle:

1. Only with the same address, the same pinned certificate and the same certificate and key of our own as it was made with; one that was made
   with others is closed. The gate asks at each bundle whether the caller is still trusted.
2. Only while it is in use (`IDLE_S`) and young (`AGE_S`): no certificate outlives its end by more than that.
3. One that the neighbour has closed meanwhile is made anew, and the bundle sent again: taken twice, it does no harm.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Final

from hamsaya.desk.holdings import Party
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.facts.errors import LinkError, NeighbourError, OperatorError
from hamsaya.facts.words import Text, say

TIMEOUT_S: Final = 20
TOTAL_S: Final = 300
"""Seconds for one whole exchange."""
PATH: Final = "/exchange"
IDLE_S: Final = 10
"""Seconds without a bundle after which a connection is not used again."""
AGE_S: Final = 300
"""Seconds after which a connection is made anew, however much it is used."""
_CLOSED: Final = (ConnectionResetError, BrokenPipeError, ConnectionAbortedError, ssl.SSLError)
"""What a connection says that was closed at the other end; `http.client.RemoteDisconnected` is one of them."""


class _Line:
    """A connection to a neighbour's gate, and what it was made with."""

    def __init__(self, connection: http.client.HTTPSConnection, pin: tuple[object, ...]) -> None:
        self._connection, self._pin = connection, pin
        self._made = self._used = time.monotonic()

    def ask(self, data: bytes, until: float) -> tuple[int, bytes]:
        """Return the status and the body of the answer. Where anything goes wrong, the connection is closed."""
        try:
            self._connection.request("POST", PATH, body=data, headers={"content-type": "application/octet-stream"})
            response = self._connection.getresponse()
            body = _read(response, until)
        except BaseException:
            self.close()
            raise
        if response.status != http.client.OK or response.will_close:
            self.close()
        self._used = time.monotonic()
        return response.status, body

    def serves(self, pin: tuple[object, ...]) -> bool:
        """Say whether it can be used again (rules 1 and 2)."""
        now = time.monotonic()
        return self._connection.sock is not None and self._pin == pin and now - self._used < IDLE_S and now - self._made < AGE_S

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class PinnedCourier:
    """Carries one bundle after the other to neighbours and brings back the answers. Threads may share it."""

    def __init__(self, tls_cert: Path, tls_key: Path, *, timeout_s: float = TIMEOUT_S) -> None:
        """Take the paths of our own certificate and key, and how long to wait in seconds."""
        self._cert, self._key, self._timeout_s = tls_cert, tls_key, timeout_s
        self._lines: dict[str, _Line] = {}
        weakref.finalize(self, _hang_up, self._lines)

    def close(self) -> None:
        """Close the connections that are kept."""
        _hang_up(self._lines)

    def exchange(self, party: Party, data: bytes) -> bytes:
        """Return the neighbour's answer. Raises `LinkError` (try again; nothing is lost) or `NeighbourError`."""
        name = party.card.party
        try:
            status, body = self._asked(party, data, time.monotonic() + TOTAL_S)
        except ssl.SSLCertVerificationError as error:
            raise LinkError(
                say("{party} answered with another certificate than the one on its card. Nothing was sent.", party=name),
                say("Compare fingerprints aloud and trust its new card, if it has one."),
            ) from error
        except (ssl.SSLError, ConnectionResetError, BrokenPipeError) as error:
            raise LinkError(
                say("{party} broke off the handshake; it may not know this node's key yet. Nothing was lost.", party=name),
                say("Ask them to run `hamsaya party trust` with this node's card."),
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise LinkError(
                say(
                    "{party} cannot be reached at {address}: {why}. Nothing was lost.",
                    party=name,
                    address=party.card.address,
                    why=_why(error),
                ),
                say("What waits is sent at the next `hamsaya sync`; `--to-file` writes it for a memory stick."),
            ) from error
        if status != http.client.OK:
            raise NeighbourError(say("{party} refused the bundle: {why}", party=name, why=body[:400].decode("utf-8", "replace")))
        return body

    def _asked(self, party: Party, data: bytes, until: float) -> tuple[int, bytes]:
        name, pin = party.card.party, (party.card.address, party.card.tls, _mark(self._cert), _mark(self._key))
        line = self._lines.pop(name, None)  # whoever else asks meanwhile makes one of its own
        if line is not None and not line.serves(pin):
            line.close()
            line = None
        answered = None
        if line is not None:
            with suppress(*_CLOSED):  # rule 3
                answered = line.ask(data, until)
        if line is None or answered is None:
            line = _Line(self._connection(party), pin)
            answered = line.ask(data, until)
        other, self._lines[name] = self._lines.get(name), line
        if other is not None:
            other.close()
        return answered

    def _connection(self, party: Party) -> http.client.HTTPSConnection:
        host, _, port = party.card.address.rpartition(":")
        try:
            return http.client.HTTPSConnection(host, int(port), timeout=self._timeout_s, context=self._context(party.card.tls))
        except (ssl.SSLError, ValueError) as error:
            raise LinkError(say("The card of {party} holds no usable address or certificate.", party=party.card.party)) from error

    def _context(self, pinned: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the one pinned certificate is the name
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=pinned)
        context.load_cert_chain(self._cert, self._key)
        return context


def _mark(path: Path) -> tuple[int, int, int]:
    """Return what changes when another file is put in its place."""
    told = path.stat()
    return told.st_ino, told.st_mtime_ns, told.st_size


def _hang_up(lines: dict[str, _Line]) -> None:
    while lines:
        lines.popitem()[1].close()


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """Return the body; a neighbour that only drips is cut off after `TOTAL_S`."""
    parts, size = [], 0
    while part := response.read1(1 << 20):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES or time.monotonic() > until:
            raise TimeoutError("the answer is too long or too slow")
    if response.length:
        raise http.client.IncompleteRead(b"".join(parts), response.length)
    response.close()  # it is read to its end: the connection can be asked again
    return b"".join(parts)


def gate_context(tls_cert: Path, tls_key: Path) -> ssl.SSLContext:
    """Return the server's side: only certificates added with `admit` may call."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_cert_chain(tls_cert, tls_key)
    except (ssl.SSLError, OSError) as error:
        raise OperatorError(say("This node's own TLS certificate or key cannot be used: {why}", why=str(error)[:120])) from error
    return context


def admit(context: ssl.SSLContext, certificate: str) -> None:
    """Let the holder of this PEM certificate call from now on."""
    context.load_verify_locations(cadata=certificate)


def _why(error: Exception) -> Text | str:
    """Return what the machine says, in the reader's language where it is one of the usual things."""
    if isinstance(error, ConnectionRefusedError):
        return say("nobody answers there")
    if isinstance(error, TimeoutError):
        return say("no answer came in time")
    if isinstance(error, socket.gaierror):
        return say("no machine of that name is known")
    return str(error) or type(error).__name__
