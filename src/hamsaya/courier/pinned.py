# SPDX-License-Identifier: Apache-2.0
"""HTTPS to a neighbour's gate: TLS 1.3, both certificates pinned, no certificate authority and no host names.

A neighbour's certificate stands in its signed card; the only certificate accepted from it is that one.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
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


class PinnedCourier:
    """Carries one bundle to a neighbour and brings back the answer."""

    def __init__(self, tls_cert: Path, tls_key: Path, *, timeout_s: float = TIMEOUT_S) -> None:
        """Take the paths of our own certificate and key, and how long to wait in seconds."""
        self._cert, self._key, self._timeout_s = tls_cert, tls_key, timeout_s

    def exchange(self, party: Party, data: bytes) -> bytes:
        """Return the neighbour's answer. Raises `LinkError` (try again; nothing is lost) or `NeighbourError`."""
        host, _, port = party.card.address.rpartition(":")
        name = party.card.party
        until = time.monotonic() + TOTAL_S
        try:
            connection = http.client.HTTPSConnection(host, int(port), timeout=self._timeout_s, context=self._context(party.card.tls))
        except (ssl.SSLError, ValueError) as error:
            raise LinkError(say("The card of {party} holds no usable address or certificate.", party=name)) from error
        try:
            connection.request("POST", PATH, body=data, headers={"content-type": "application/octet-stream"})
            response = connection.getresponse()
            body = _read(response, until)
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
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise NeighbourError(say("{party} refused the bundle: {why}", party=name, why=body[:400].decode("utf-8", "replace")))
        return body

    def _context(self, pinned: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the one pinned certificate is the name
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=pinned)
        context.load_cert_chain(self._cert, self._key)
        return context


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """Return the body; a neighbour that only drips is cut off after `TOTAL_S`."""
    parts, size = [], 0
    while part := response.read1(1 << 20):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES or time.monotonic() > until:
            raise TimeoutError("the answer is too long or too slow")
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
