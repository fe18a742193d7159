# SPDX-License-Identifier: Apache-2.0
"""Who gets through the gate's TLS at all: the handshake itself, in memory, without a socket."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hamsaya.assemble.keyring import TLS_DAYS, _certificate
from hamsaya.courier.pinned import admit, gate_context

NOW = datetime.now(UTC)
PEM = serialization.Encoding.PEM


def made(folder, name, at=NOW):
    """Write a certificate and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / f"{name}.key").write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (folder / f"{name}.crt").write_bytes(_certificate(key, name.split("-")[0], at))
    return folder / f"{name}.crt", folder / f"{name}.key"


def shake(gate: ssl.SSLContext, caller: tuple | None, *, least=ssl.TLSVersion.TLSv1_3) -> bytes | None:
    """Return the certificate that the gate saw, or raise what broke the handshake on the gate's side."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.maximum_version = least
    if caller:
        client.load_cert_chain(*caller)
    to_gate, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = client.wrap_bio(to_client, to_gate)
    there = gate.wrap_bio(to_gate, to_client, server_side=True)
    done: set[str] = set()
    for _ in range(10):
        for name, side in (("client", here), ("gate", there)):
            if name not in done:
                try:
                    side.do_handshake()
                    done.add(name)
                except ssl.SSLWantReadError:
                    pass
        if "gate" in done:
            return there.getpeercert(binary_form=True)
    raise AssertionError("the handshake never ended")


@pytest.fixture
def gate(tmp_path):
    """A gate that admits east, and an east whose certificate has expired, as their cards say."""
    context = gate_context(*made(tmp_path, "west"))
    for name, at in (("east", NOW), ("east-expired", NOW - timedelta(days=TLS_DAYS + 3)), ("east-tomorrow", NOW + timedelta(days=4))):
        admit(context, made(tmp_path, name, at)[0].read_text("ascii"))
    return context


def pair(folder, name):
    return folder / f"{name}.crt", folder / f"{name}.key"


def test_neighbour_whose_certificate_is_on_its_card_is_seen(gate, tmp_path):
    crt, _ = pair(tmp_path, "east")
    assert shake(gate, pair(tmp_path, "east")) == ssl.PEM_cert_to_DER_cert(crt.read_text("ascii"))


@pytest.mark.parametrize("caller", ["nobody", "unknown", "east-expired", "east-tomorrow", "west"])
def test_everybody_else_is_turned_away_before_a_byte_is_read(gate, tmp_path, caller):
    if caller == "unknown":
        made(tmp_path, "unknown")
    with pytest.raises(ssl.SSLError):
        shake(gate, None if caller == "nobody" else pair(tmp_path, caller))


def test_older_tls_is_not_spoken(gate, tmp_path):
    with pytest.raises(ssl.SSLError):
        shake(gate, pair(tmp_path, "east"), least=ssl.TLSVersion.TLSv1_2)
