# SPDX-License-Identifier: Apache-2.0
"""What becomes of texts, signatures and acts on agreements that a neighbour sends. Each judge says whether it is known here already."""

from __future__ import annotations

from hamsaya.agreement.charter import SIGNATURE, check_signature, read_agreement, signed_hash
from hamsaya.agreement.lifecycle import check_act
from hamsaya.desk.agreements import agreement_of, check_known_keys, check_parties, check_place, known
from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.acts import AgreementSignature, AgreementText
from hamsaya.exchange.agreement_acts import AgreementActTold, AgreementHeard
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header
from hamsaya.seal.envelope import open_envelope


def judge_text(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Judge a text: it binds both, is between parties that are trusted here, and has a place among the texts of its agreement."""
    del header
    act = read(content, AgreementText)
    agreement = read_agreement(act.body.encode())
    if act.agreement != agreement.table.id or agreement.table.exercise != node.exercise:
        raise InputError(say("The agreement's name or exercise mark does not fit."))
    if agreement.party(node.party) is None or agreement.party(party.card.party) is None:
        raise InputError(say("The agreement does not bind both this node and {party}.", party=party.card.party))
    check_parties(pen, agreement)
    if check_place(known(pen, act.agreement), agreement):
        return True
    third = len(agreement.table.parties) > 2  # a third party's text may be passed on, but what we proposed ourselves is known here
    if agreement.table.proposed_by == node.party or (not third and agreement.table.proposed_by not in ("", party.card.party)):
        raise InputError(say("The text says that another party proposes it than the one that sent it."))
    return False


def judge_signature(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Judge a signature: the sender's own, over a text that is known, with the key by which it is still trusted."""
    del node
    act = read(content, AgreementSignature)
    held, name = agreement_of(pen, act.agreement), signed_hash(act.signature.encode())
    text = held.history.texts.get(name)
    if text is None:
        raise InputError(say("It signs a text of agreement {id} that is not known here.", id=act.agreement))
    check_known_keys(pen, text)
    signature = check_signature(text, act.signature.encode())
    if signature.party != party.card.party or not is_plain(signature.office, 200):
        raise InputError(say("The signature is not {party}'s.", party=party.card.party))
    signed_by = open_envelope(act.signature.encode()).keyid
    if pen.key_line(signature.party).of_entry(header.log, header.seq).keyid != signed_by:
        raise InputError(say("The signature was made with another key than the one with which {party} sends it.", party=party.card.party))
    return act.signature.encode() in held.history.signatures_of(name, signature.party)


def judge_act(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Judge an act: the sender's own, on a text that is known.

    A number that leaves some out is taken: what a party did is never lost because of what it is said to have done before. Another one
    under a number that was used is taken as well: both stand, as its author signed them, and prove that it did (`contradictions.py`).
    """
    del node, header
    told = read(content, AgreementActTold)
    held, data = agreement_of(pen, told.agreement), told.act.encode()
    act = check_act(held.history.texts, data, held.history.keys)
    if act.party != party.card.party or act.agreement != told.agreement:
        raise InputError(say("The act is not {party}'s.", party=party.card.party))
    return data in held.history.acts


def judge_heard(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Judge what a third party signed and the sender passes on.

    1. It is an act on a text that is known here, or a signature over one, and its author made it with a key that was not revoked.
    2. Sender, author and this node are parties to that text, and sender and author are two: what the sender does itself comes as its own.
    """
    del header
    heard = read(content, AgreementHeard)
    held, data = agreement_of(pen, heard.agreement), heard.signed.encode()
    envelope, history = open_envelope(data), held.history
    if envelope.kind == SIGNATURE:  # 1
        name = signed_hash(data)
        text = history.texts.get(name)
        if text is None:
            raise InputError(say("It signs a text of agreement {id} that is not known here.", id=heard.agreement))
        signature = check_signature(text, data)
        author, known_here = signature.party, data in history.signatures_of(name, signature.party)
        if not is_plain(signature.office, 200):
            raise InputError(say("The signature is not {party}'s.", party=author))
    else:
        act = check_act(history.texts, data, history.keys)
        author, text, known_here = act.party, history.texts[act.text], data in history.acts
    check_known_keys(pen, text)
    key = pen.key_line(author).named(envelope.keyid)
    if key is None or (key.revoked and not known_here):
        raise InputError(say("{party} signed it with a key that was revoked; only {party} itself can tell it now.", party=author))
    if author == party.card.party or text.party(party.card.party) is None or text.party(node.party) is None:  # 2
        raise InputError(say("{sender} passes on what is not another party's word on an agreement of both.", sender=party.card.party))
    return known_here
