# SPDX-License-Identifier: Apache-2.0
"""Changing the key files of a node together with its journal, so that no crash leaves a node without its key.

    make the new files in keys/next ──▶ the journal says so (one transaction) ──▶ keys/next takes the place of the old files

1. Before the transaction the node is as it was: what stands in keys/next is made anew the next time.
2. After it, only the new key fits the journal. Whoever opens the node finds keys/next, sees that it fits, and finishes the move.
3. The old signing key is destroyed: nothing needs it. A planned change keeps certificate and age identity, so that a neighbour which has
   not heard yet still connects and its sticks still open; a revocation makes them all anew, since they lay in the same folder.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from hamsaya.assemble.keyring import AGE, SIGN, TLS_CERT, TLS_KEY, make_keyring, read_keyring, write_key
from hamsaya.assemble.moving import nobody_serves
from hamsaya.assemble.node import Opened
from hamsaya.desk.keychange import change_key
from hamsaya.desk.parties import own_party
from hamsaya.exchange.acts import Card
from hamsaya.exchange.letters import Why
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.words import say
from hamsaya.seal.keys import SigningKey

NEXT: Final = "next"


def rekey(opened: Opened, why: Why, now: datetime, *, seed: str = "") -> Card:
    """Change the node's key; `seed` is a signing key that is put back (hexadecimal), empty for a fresh one. Returns the new card.

    Raises `Refused` while the node is served, or where the desk refuses the change; nothing was changed then.
    """
    keys = opened.folder / opened.settings.keys
    with nobody_serves(opened):
        waiting = keys / NEXT
        shutil.rmtree(waiting, ignore_errors=True)
        fresh = make_keyring(waiting, opened.settings.party, now)
        if seed:
            (waiting / SIGN).unlink()
            write_key(waiting / SIGN, _checked(seed))
        if why == "planned":
            for name in (AGE, TLS_KEY, TLS_CERT):
                (waiting / name).unlink()
        _make_durable(waiting)
        successor = SigningKey(bytes.fromhex((waiting / SIGN).read_text("ascii")))

        def renew(card: Card) -> Card:
            if why == "planned":
                return card
            return msgspec.structs.replace(card, tls=fresh.tls_cert.read_text("ascii"), age=fresh.age_recipient)

        card = change_key(opened.node, successor, why, renew=renew)
        _take_place(keys)
        with opened.store.reading() as book:
            told = book.card_of(card.party)
        (opened.folder / f"{card.party}.card").write_bytes(told)
    return card


def _checked(seed: str) -> str:
    try:
        SigningKey(bytes.fromhex(seed.strip()))
    except ValueError as error:
        raise InputError(say("This is no signing key of a node: expected 64 hexadecimal digits, as in keys/sign.key.")) from error
    return seed.strip()


def finish_rekeying(opened: Opened) -> Opened | None:
    """Finish a change of key that broke off after the journal told it; returns the node with its new keys, or None where there was none."""
    keys = opened.folder / opened.settings.keys
    if not (keys / NEXT / SIGN).is_file():
        return None
    with opened.store.reading() as book:
        card = own_party(book).card
    waiting = SigningKey(bytes.fromhex((keys / NEXT / SIGN).read_text("ascii").strip()))
    if opened.keys.sign.public.hex == card.key or waiting.public.hex != card.key:
        return None
    _take_place(keys)
    from hamsaya.assemble.node import open_parts

    opened.store.close()
    return open_parts(opened.folder, opened.settings, read_keyring(keys), opened.node.now)


def _take_place(keys: Path) -> None:
    """Let the files that wait take the place of the old ones, the signing key last: until then, this is done again when the node is opened."""
    waiting = keys / NEXT
    try:
        for name in (AGE, TLS_KEY, TLS_CERT, SIGN):
            if (waiting / name).is_file():
                (waiting / name).replace(keys / name)
        _make_durable(keys)
        shutil.rmtree(waiting, ignore_errors=True)
    except OSError as error:
        raise OperatorError(
            say("The new keys could not be put in place: {why}", why=error.strerror or error),
            say("The change is made. Run any command again once the folder can be written; it finishes this."),
        ) from error


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
