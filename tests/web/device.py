# SPDX-License-Identifier: Apache-2.0
"""A passkey device in Python: it answers as a real one would, and lies where a test asks it to."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Device:
    """One passkey. `count` is the counter that it shows next; None keeps it at 0."""

    origin: str = "http://localhost:8700"
    count: int | None = 1
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def make(self, options: dict[str, Any], **lies: Any) -> str:
        """Answer a registration."""
        self.handle = _bytes(options["user"]["id"])
        client = self._client("webauthn.create", options, lies)
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cose
        data = self._data(lies.get("rp_id", options["rp"]["id"]), lies.get("flags", PRESENT | VERIFIED) | ATTESTED) + attested
        response = {"clientDataJSON": b64(client), "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}))}
        return self._answer(response, lies)

    def answer(self, options: dict[str, Any], **lies: Any) -> str:
        """Answer a login."""
        client = self._client("webauthn.get", options, lies)
        data = self._data(lies.get("rp_id", options["rpId"]), lies.get("flags", PRESENT | VERIFIED))
        signed = lies.get("key", self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signed), "userHandle": b64(self.handle)}
        return self._answer({**response, **lies.get("response", {})}, lies)

    def _client(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps({**told, **lies.get("client", {})}).encode()

    def _data(self, rp_id: str, flags: int) -> bytes:
        shown = self.count or 0
        if self.count is not None:
            self.count += 1
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + shown.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any], lies: dict[str, Any]) -> str:
        name = b64(lies.get("credential", self.credential))
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response})


def _bytes(text: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
