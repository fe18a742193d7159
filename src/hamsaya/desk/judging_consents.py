# SPDX-License-Identifier: Apache-2.0
"""Judges of what a neighbour sends about consent: a request, an answer, and the consents that come with a record (F4)."""

from __future__ import annotations

from datetime import datetime

from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.consents import clause_lets
from hamsaya.desk.holdings import Party
from hamsaya.desk.keys_held import key_in
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.consents import Consent, ConsentAsked, ConsentGiven, check_consent, claimed_consent
from hamsaya.facts.errors import InputError
from hamsaya.facts.records import Derived
from hamsaya.facts.soundness import MAX_CLAIMS, MAX_NUMBER, is_code, is_name, is_party, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


def judge_asked(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the request is known; raise for one that is not in form or not about what that neighbour got from us."""
    del header
    asked, asker = read(content, ConsentAsked), party.card.party
    in_form = (
        is_name(asked.request) and is_name(asked.record) and 1 <= asked.version <= MAX_NUMBER and is_party(asked.receiver)
        and asked.purpose in PURPOSES and len(asked.necessity.split()) >= MIN_NECESSITY_WORDS and is_plain(asked.necessity)
        and is_plain(asked.office, 200) and is_plain(asked.copy, 64) and 0 < len(asked.fields) <= MAX_CLAIMS and all(map(is_code, asked.fields))
    )  # fmt: skip
    if not in_form:
        raise InputError(say("The request for consent is not in form."))
    if asked.receiver in (node.party, asker):
        raise InputError(say("It asks for a consent that nobody needs."))
    if not _was_told(node, pen, asked, asker):
        raise InputError(say("It asks about a version of a record that {party} did not get from this node.", party=asker))
    known = [each for each in pen.consent_requests() if (each.asker, each.asked.request) == (asker, asked.request)]
    if known and known[0].asked != asked:
        raise InputError(say("Another request is known here as {request}.", request=asked.request))
    return bool(known)


def _was_told(node: Node, pen: Pen, asked: ConsentAsked, asker: str) -> bool:
    """Say whether the asker got it from us, or from somebody to whom we consented that it goes on to the asker."""
    sent = any(each.log and (each.receiver, each.version) == (asker, asked.version) for each in pen.releases_of(asked.record))
    return sent or any(
        each.originator == node.party
        and (each.asked.record, each.asked.version, each.asked.receiver) == (asked.record, asked.version, asker)
        and any(answer.granted for answer in each.answers)
        for each in pen.consent_requests()
    )


def judge_given(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the answer is known; raise for one that its originator did not sign, or that answers nothing we asked."""
    given = read(content, ConsentGiven).consent
    consent = check_consent(given, key_in(pen, party.card.party, given, header.log, header.seq))
    if consent.originator != party.card.party or not is_plain(consent.office, 200):
        raise InputError(say("The consent is not {party}'s.", party=party.card.party))
    requests = [each for each in pen.consent_requests() if (each.asker, each.asked.request) == (node.party, consent.request)]
    if not requests:
        raise InputError(say("It answers a request for consent that this node never made."))
    held = requests[0]
    asked = held.asked
    told = (consent.originator, consent.holder, consent.receiver, consent.record, consent.version, consent.purpose, consent.fields)
    if told != (held.originator, node.party, asked.receiver, asked.record, asked.version, asked.purpose, asked.fields):
        raise InputError(say("The consent says something else than was asked."))
    if consent in held.answers:
        return True
    if consent.number != len(held.answers) + 1:
        raise InputError(say("The answers to request {request} do not follow one another.", request=consent.request))
    return False


def consents_that_came(node: Node, book: Book, party: Party, header: Header, released: ReleasedRecord) -> frozenset[Derived]:
    """Return what of the record's links may come here by the consents with it, or by a clause. Raises for a consent that is forged.

    What an originator signed that is unknown here cannot be checked: it counts, and the page says so in words.
    """
    links, purpose = released.record.derived, header.about.get("purpose", "")
    if len(released.consents) > len(links):
        raise InputError(say("More consents came with it than it rests on records of others."))
    if not links:
        return frozenset()
    known = {each.card.party for each in book.parties()}
    fields = {claim.predicate for claim in released.record.claims}
    found: list[Consent] = []
    for envelope in released.consents:
        claimed = claimed_consent(envelope)
        is_known = claimed.originator in known
        found.append(check_consent(envelope, key_in(book, claimed.originator, envelope)) if is_known else claimed)
    agreements = book.agreements()
    at: datetime = header.at
    return frozenset(
        link
        for link in links
        if any(each.covers(link, holder=party.card.party, receiver=node.party, purpose=purpose, fields=fields, at=at) for each in found)
        or clause_lets(agreements, at, link, party.card.party, node.party)
    )
