# SPDX-License-Identifier: Apache-2.0
"""Passkeys (WebAuthn level 2): what is asked of a device, and whether its answer holds.

 1. The challenge is ours: made here, kept here, for this purpose and this session, for five minutes, taken once.
 2. The origin is this desk's own name, as it was asked: HTTPS, or `localhost`, and no other page.
 3. The device checked who holds it (user verification), and a person touched it.
 4. The signature is that of the registered key over exactly these bytes.
 5. The signature counter went on, where the device keeps one: a copy that lags behind is refused.

No attestation is asked for: which make of device an office uses is nobody's business. An answer that does not hold is
told apart from no other: it failed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hamsaya.desk.holdings import Officer, PasskeyHeld
from hamsaya.desk.ports import Ledger
from hamsaya.desk.working import Challenge
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import say

LASTS: Final = timedelta(minutes=5)
MOST: Final = 4096
MAX_ANSWER: Final = 64 * 1024
MAX_CREDENTIAL: Final = 1400
CHALLENGE_BYTES: Final = 32
_LOG: Final = logging.getLogger("hamsaya.web")


class Challenges:
    """The challenges that wait for an answer, kept in the store: any process of the node takes the answer."""

    def __init__(self, ledger: Ledger, random: Callable[[int], bytes]) -> None:
        self._ledger, self._random = ledger, random

    def give(self, now: datetime, *, session: str = "", name: str = "") -> bytes:
        """Return a fresh challenge: for a login, or to register a passkey called `name` in that session."""
        challenge = self._random(CHALLENGE_BYTES)
        asked = Challenge(until=now + LASTS, session=_digest(session.encode()) if session else "", name=name)
        with self._ledger.working() as work:
            work.give_challenge(_digest(challenge), asked, now, most=MOST)
        return challenge

    def take(self, challenge: bytes, now: datetime, *, session: str = "") -> Challenge | None:
        """Return what the challenge was given out for, and forget it; None where it was for another session, or is over."""
        with self._ledger.working() as work:
            found = work.take_challenge(_digest(challenge), now)
        return found if found is not None and found.session == (_digest(session.encode()) if session else "") else None


def _digest(value: bytes) -> str:
    return hashlib.sha256(b"hamsaya challenge/" + value).hexdigest()


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey whose registration was verified."""

    credential: str
    public_key: str
    count: int


def own_name(host: str) -> str:
    """Return the name for which passkeys are made here. Raises `InputError` where the desk was asked by its number."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ip_address(name)
    except ValueError:
        if name:
            return name
    raise InputError(say("Passkeys belong to a name, not to a number."), say("Open the desk by its name, such as http://localhost."))


def registration_options(officer: Officer, known: list[PasskeyHeld], *, host: str, party: str, challenge: bytes) -> str:
    """Return what a device is asked in order to make a passkey, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=own_name(host), rp_name=f"Hamsaya {party}", user_name=officer.login, user_display_name=officer.office,
        user_id=user_handle(party, officer.login), challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential)) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    return webauthn.options_to_json(options)


def login_options(*, host: str, challenge: bytes) -> str:
    """Return what a device is asked in order to log in, as JSON. No credential is named, so none is given away."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(rp_id=own_name(host), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED)
    )


def user_handle(party: str, login: str) -> bytes:
    """Return the account's name for devices: a hash, since they show and sync what they are given."""
    return hashlib.sha256(f"hamsaya passkey/{party}/{login}".encode()).digest()


def challenge_in(answer: str) -> bytes:
    """Return the challenge that an answer claims to be for. Raises `InputError` for what is no answer."""
    try:
        if len(answer) > MAX_ANSWER:
            raise ValueError(len(answer))
        data: dict[str, Any] = msgspec.json.decode(answer, type=dict[str, Any])
        return parse_client_data_json(base64url_to_bytes(data["response"]["clientDataJSON"])).challenge
    except Exception as error:
        raise InputError(say("This is no answer of a passkey.")) from error


def credential_in(answer: str) -> str:
    """Return the name of the credential in an answer that was parsed before."""
    name = msgspec.json.decode(answer, type=dict[str, Any]).get("id", "")
    return name if isinstance(name, str) else ""


def verify_registration(answer: str, *, challenge: bytes, host: str) -> Fresh:
    """Return the new passkey. Raises `Refused` for an answer that does not hold."""
    try:
        done = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=own_name(host), expected_origin=origins(host),
            require_user_verification=True,
        )  # fmt: skip
    except InputError:
        raise
    except Exception as error:
        raise _refused(error) from error
    credential = bytes_to_base64url(done.credential_id)
    if len(credential) > MAX_CREDENTIAL:
        raise Refused(say("The passkey was not accepted."), rule="passkey")
    return Fresh(credential=credential, public_key=bytes_to_base64url(done.credential_public_key), count=done.sign_count)


def verify_login(answer: str, held: PasskeyHeld, *, challenge: bytes, host: str, party: str) -> int:
    """Return the signature counter that the device showed. Raises `Refused` for an answer that does not hold."""
    try:
        handle = msgspec.json.decode(answer, type=dict[str, Any])["response"].get("userHandle")
        if handle and base64url_to_bytes(handle) != user_handle(party, held.login):
            raise ValueError("user handle")
        done = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=own_name(host), expected_origin=origins(host),
            credential_public_key=base64url_to_bytes(held.public_key), credential_current_sign_count=held.count, require_user_verification=True,
        )  # fmt: skip
    except InputError:
        raise
    except Exception as error:
        raise _refused(error) from error
    return done.new_sign_count


def origins(host: str) -> list[str]:
    """Return the origins of this desk's own pages, asked as `host`: HTTPS, and plain HTTP on this very machine only."""
    name = urlsplit(f"//{host}").hostname or ""
    return [f"https://{host}", *([f"http://{host}"] if name == "localhost" or name.endswith(".localhost") else [])]


def _refused(error: Exception) -> Refused:
    _LOG.warning("a passkey's answer does not hold: %s", error)
    return Refused(say("The passkey was not accepted."), say("Nothing was changed. Try again, or use the password."), rule="passkey")
