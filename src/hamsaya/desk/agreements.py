# SPDX-License-Identifier: Apache-2.0
"""Drafting, importing and signing an agreement. It travels on the link log, or as a file carried by hand."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from hamsaya.agreement.charter import Agreement, Signatory, Standing, Table, check_signature, read_agreement, sign, standing, write_text
from hamsaya.agreement.clauses import Clause
from hamsaya.desk.events import AgreementDrafted, AgreementSigned
from hamsaya.desk.holdings import OPERATOR, AgreementHeld, Officer
from hamsaya.desk.parties import neighbour, own_party
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.acts import AgreementSignature, AgreementText
from hamsaya.exchange.logs import link_log
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read

_MOST_DEGREES: Final = 1_000_000
"""Beyond any coordinate: what is larger is left as it came, and refused with its value."""


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the TOML file of a draft says; keys and names of the parties are filled in from their cards."""

    id: str
    title: str
    place: str
    drafted_on: str
    valid_from: datetime
    valid_until: datetime
    clauses: list[Clause]


class Carried(msgspec.Struct, frozen=True):
    """An agreement as a file: the body, and the signatures made so far."""

    body: str
    signatures: dict[str, str]


def draft_agreement(node: Node, terms_toml: str, partner: str = "") -> AgreementHeld:
    """Draft an agreement with a neighbour from a TOML file of terms, and offer it on the link.

    Raises `InputError` that names the faulty clause; nothing is kept then.
    """
    with node.ledger.writing() as pen:
        cards = [own_party(pen).card, neighbour(pen, partner).card]
        terms = _read_terms(terms_toml)
        table = Table(
            id=terms.id, title=terms.title, place=terms.place, drafted_on=terms.drafted_on,
            valid_from=terms.valid_from, valid_until=terms.valid_until, clauses=terms.clauses, exercise=node.exercise,
            parties=[Signatory(party=card.party, names=card.name, country=card.country, key=card.key) for card in cards],
        )  # fmt: skip
        agreement = write_text(table)
        _keep(node, pen, agreement)
        _offer(node, pen, agreement)
        return agreement_of(pen, table.id)


def import_agreement(node: Node, data: bytes) -> AgreementHeld:
    """Take an agreement that was carried by hand, with its signatures. What is here already is left as it is.

    Raises `InputError` for an altered text, `Tampered` for an altered signature, `Refused` for another text under a
    name that is known; nothing is kept then.
    """
    carried = read(data, Carried)
    agreement = read_agreement(carried.body.encode())
    with node.ledger.writing() as pen:
        check_parties(pen, agreement)
        known = {held.agreement.table.id: held for held in pen.agreements()}
        before = known.get(agreement.table.id)
        if before is None:
            _keep(node, pen, agreement)
        elif before.hash != agreement.hash():
            raise Refused(say("Another text is known here as agreement {id}.", id=agreement.table.id), rule="known-text")
        for party, envelope in carried.signatures.items():
            signature = check_signature(agreement, envelope.encode())
            if signature.party != party:
                raise InputError(say("The file calls a signature {party}'s that is not.", party=party[:40]))
            if before is None or party not in before.signatures:
                pen.journal(AgreementSigned(agreement=agreement.table.id, party=party, signature=envelope), OPERATOR)
        return agreement_of(pen, agreement.table.id)


def export_agreement(book: Book, agreement: str) -> bytes:
    """Return the agreement and its signatures as one file that `import_agreement` reads."""
    held = agreement_of(book, agreement)
    return canonical(Carried(held.agreement.body().decode(), {party: envelope.decode() for party, envelope in held.signatures.items()}))


def sign_agreement(node: Node, officer: Officer, agreement: str) -> AgreementHeld:
    """Sign the agreement for this party, and send text and signature on the link. Raises `Refused` if signed before."""
    require(officer.role, "agree")
    with node.ledger.writing() as pen:
        held = agreement_of(pen, agreement)
        if node.party in held.signatures:
            signed = check_signature(held.agreement, held.signatures[node.party])
            raise Stale(say("This party has signed agreement {id} before.", id=agreement), by=signed.office, at=signed.at, rule="signed")
        envelope = sign(held.agreement, node.party, officer.office, node.now(), node.key)
        pen.journal(AgreementSigned(agreement=agreement, party=node.party, signature=envelope.decode()), officer)
        for other in _others(node, held.agreement):
            act = AgreementSignature(agreement, envelope.decode())
            pen.extend(link_log(node.party, other), "agreement.signature", canonical(act), officer)
        return agreement_of(pen, agreement)


def agreement_of(book: Book, agreement: str) -> AgreementHeld:
    """Return the agreement of that id. Raises `NotFound`."""
    for held in book.agreements():
        if held.agreement.table.id == agreement:
            return held
    raise NotFound(say("There is no agreement {came}.", came=agreement[:60] or "—"), say("`hamsaya agreement show` lists them."))


def standing_of(held: AgreementHeld, now: datetime) -> Standing:
    """Return whether the agreement is in force at `now`."""
    return standing(held.agreement, held.signatures, now)


def sample_terms(own: str, partner: str, today: datetime) -> str:
    """Return a commented TOML file of terms between two parties: a start for `agreement draft`."""
    until = today.astimezone(UTC) + timedelta(days=365)
    return _SAMPLE.format(own=own, partner=partner, day=f"{today:%Y-%m-%d}", until=f"{until:%Y-%m-%d}")


def _read_terms(text: str) -> Terms:
    try:
        return msgspec.convert(_in_microdegrees(tomllib.loads(text)), Terms)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            say("The terms cannot be read: {why}", why=str(error)[:200]),
            say("`hamsaya agreement draft --sample` prints a file to start from, with every type of clause."),
        ) from error


def _in_microdegrees(told: dict[str, Any]) -> dict[str, Any]:
    """Return the terms with the points of zones, which people write in degrees, as the whole microdegrees that are signed."""
    for clause in told.get("clauses", []):
        for zone in clause.get("zones", []) if isinstance(clause, dict) else []:
            if isinstance(zone, dict) and isinstance(zone.get("points"), list):
                zone["points"] = [[_microdegrees(each) for each in point] if isinstance(point, list) else point for point in zone["points"]]
    return told


def _microdegrees(told: object) -> object:
    if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) <= _MOST_DEGREES:
        return told
    return round(told * 1_000_000)


def _keep(node: Node, pen: Pen, agreement: Agreement) -> None:
    if any(held.agreement.table.id == agreement.table.id for held in pen.agreements()):
        raise Refused(say("An agreement {id} is known here already.", id=agreement.table.id), rule="known-text")
    if agreement.party(node.party) is None:
        raise InputError(say("This agreement does not name {party}.", party=node.party))
    if agreement.table.exercise != node.exercise:
        raise Refused(say("An exercise agreement belongs on an exercise node, and a real one on a real node."), rule="exercise")
    pen.journal(AgreementDrafted(agreement=agreement.table.id, body=agreement.body().decode()), OPERATOR)


def _offer(node: Node, pen: Pen, agreement: Agreement) -> None:
    act = AgreementText(agreement.table.id, agreement.body().decode())
    for other in _others(node, agreement):
        pen.extend(link_log(node.party, other), "agreement.text", canonical(act), OPERATOR)


def _others(node: Node, agreement: Agreement) -> list[str]:
    return [signatory.party for signatory in agreement.table.parties if signatory.party != node.party]


def check_parties(book: Book, agreement: Agreement) -> None:
    """Return if every party of the agreement is one that is trusted here, named as on its card. Raises `Refused`."""
    cards = {party.card.party: party.card for party in book.parties()}
    for signatory in agreement.table.parties:
        card = cards.get(signatory.party)
        if card is None or card.key != signatory.key:
            raise Refused(
                say("The agreement names {party} with a key that is not trusted here.", party=signatory.party[:40]),
                say("Trust that party's card first (`hamsaya party trust`)."),
                rule="party",
            )
        if signatory.names != card.name or signatory.country != card.country:
            raise Refused(say("The agreement calls {party} by another name or state than its card does.", party=signatory.party), rule="party")


_SAMPLE = """\
# Terms of an agreement between {own} and {partner}.
# Names and keys of the parties are filled in from their cards when you run
#   hamsaya agreement draft terms.toml
# Each clause becomes one sentence in English, Persian and Urdu; both are signed.

id = "{own}-{partner}-{day}"
title = "Cooperation on the joint border"
place = ""
drafted_on = "{day}"
valid_from = {day}T00:00:00Z
valid_until = {until}T00:00:00Z

[[clauses]]            # which records may go from whom to whom: the only clause that allows
number = "1"
type = "kinds"
sender = "{own}"
receiver = "{partner}"
kinds = ["incident_account", "complaint", "meeting", "warning"]

[[clauses]]
number = "2"
type = "kinds"
sender = "{partner}"
receiver = "{own}"
kinds = ["incident_account", "complaint", "meeting", "warning"]

[[clauses]]            # nothing above this TLP 2.0 level
number = "3"
type = "handling"
ceiling = "amber"

[[clauses]]            # prevention, settlement, rescue, return
number = "4"
type = "purposes"
purposes = ["prevention", "settlement", "rescue", "return"]

[[clauses]]            # how exact places, times and numbers leave; number_step 1 leaves numbers as they are
number = "5"
type = "exactness"
place_m = 1000
time_min = 1
number_step = 1

[[clauses]]            # whether sentences may leave, after the screen for persons' data
number = "6"
type = "quotes"
allowed = true

[[clauses]]            # in minutes; formal_min and final_min may be left out
number = "7"
type = "deadlines"
acknowledge_min = 60
answer_min = 1440
formal_min = 4320
final_min = 20160

# The clauses below are commented out: take away the "# " of those that you want, and number them on.

# [[clauses]]            # fields that stay at home; the receiver sees only how many were withheld
# number = "8"
# type = "tear-line"
# fields = ["means"]

# [[clauses]]            # only about places in these zones; points are [longitude, latitude] in degrees
# number = "8a"
# type = "area"
# kinds = ["warning"]
# zones = [
#     {{ shape = "polygon", called = {{ en = "Sector 4", fa = "ناحیهٔ ۴", ur = "سیکٹر 4" }}, points = [[61.0, 28.0], [62.5, 28.0], [62.5, 30.0]] }},
#     {{ shape = "buffer", called = {{ en = "the line", fa = "خط", ur = "لکیر" }}, points = [[61.8, 29.8], [61.5, 29.0]], within_m = 20000 }},
# ]

# [[clauses]]            # what came from one party goes to a third only with its signed consent
# number = "9"
# type = "originator"
# answer_min = 2880

# [[clauses]]            # deleted after so many days, with a receipt
# number = "10"
# type = "retention"
# kinds = ["incident_account", "complaint", "meeting", "warning"]
# days = 1825

# [[clauses]]            # low-level kinds that one officer may release; a second reviews within 24 hours at most
# number = "11"
# type = "standing-approval"
# kinds = ["meeting"]
# ceiling = "green"
# review_h = 24

# [[clauses]]            # exercises near the line are announced
# number = "12"
# type = "exercises"
# notice_days = 14
# within_km = 50
# observers = true

# [[clauses]]            # who speaks with whom, lowest level first: offices, never persons
# number = "13"
# type = "levels"
# levels = [
#     {{ called = {{ en = "sector", fa = "ناحیه", ur = "سیکٹر" }}, offices = {{ "{own}" = "Sector Commander", "{partner}" = "Wing Commander" }} }},
# ]

# [[clauses]]            # grounds beside those of the house, which always hold
# number = "14"
# type = "refusal-grounds"
# also = [
#     {{ code = "press", called = {{ en = "work of the press", fa = "کار رسانه‌ها", ur = "صحافتی کام" }} }},
# ]
"""
