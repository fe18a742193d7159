# SPDX-License-Identifier: Apache-2.0
"""Seeded histories of two nodes over a faulty link, and bugs planted to see that each would be caught.

`HAMSAYA_HISTORIES=1000 pytest tests/exchange/test_simulation.py` runs more; a failure names its seed and what happened.
"""

from __future__ import annotations

import os

import msgspec
import pytest
from tests.exchange import test_receiving, test_session
from tests.exchange.simulation import Broken, History, make_expiring_template, make_templates

from hamsaya.agreement.decision import Decision
from hamsaya.desk import converse, judging, offering, release
from hamsaya.exchange import session
from hamsaya.exchange.bundle import MAX_BYTES, take_entry
from hamsaya.exchange.packing import unpack
from hamsaya.exchange.session import Taken
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import say
from hamsaya.ledger import store as ledger_store
from hamsaya.seal import entries
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Header, make_receipt
from hamsaya.seal.envelope import open_envelope

HISTORIES = int(os.environ.get("HAMSAYA_HISTORIES", "10"))
ENOUGH = 20
"""Histories within which a planted bug must show itself."""


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    return [*make_templates(tmp_path_factory.mktemp("templates")), make_expiring_template(tmp_path_factory.mktemp("expiring"))]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_history_keeps_every_invariant_and_both_sides_converge(tmp_path, templates, seed):
    History(seed, tmp_path / "nodes", templates).run()


# Bugs that the simulation must catch


def receipt_over_more_than_is_stored(patch):
    def promised(node, taken):
        size = read(open_envelope(taken.checkpoint).payload, Checkpoint).size if taken.checkpoint else taken.frontier.size
        made = session.check_receipt(real(node, taken), node.key.public)
        return make_receipt(msgspec.structs.replace(made, size=size + 1), node.key)

    real = converse._receipt
    patch.setattr(converse, "_receipt", promised)


def receipt_of_what_was_offered_before(patch):
    def stale(node, taken):
        return real(node, msgspec.structs.replace(taken, frontier=session.Frontier()))

    real = converse._receipt
    patch.setattr(converse, "_receipt", stale)


def held_entries_are_taken_again(patch):
    def again(offer, mirror, key, *, sender, receiver):
        taken = real(offer, mirror, key, sender=sender, receiver=receiver)
        if taken.entries or not offer.entries or offer.first != 0:
            return taken
        entries = [take_entry(each) for each in offer.entries[:1]]
        return msgspec.structs.replace(taken, entries=[(entry.header(), entry) for entry in entries])

    real = converse.take_offer
    patch.setattr(converse, "take_offer", again)


def release_sent_twice_is_applied_twice(patch):
    def never_repeated(node, pen, party, header, content):
        real(node, pen, party, header, content)
        return False

    real = judging.ACTS["release"]
    patch.setitem(judging.ACTS, "release", never_repeated)


def signature_of_the_bundle_is_not_checked(patch):
    def trusting(data, key, *, sender, receiver):
        del key, sender, receiver
        return read(open_envelope(unpack(data, MAX_BYTES)).payload, converse.Bundle)

    patch.setattr(converse, "read_bundle", trusting)


def sender_leaves_an_entry_out(patch):
    real = offering._taken
    patch.setattr(offering, "_taken", lambda book, log, first, *rest: real(book, log, first + (first == 1), *rest))


def last_entry_is_judged_but_not_stored(patch):
    def lossy(self, log, entries, verdicts, checkpoint):
        kept = [entry for seq, entry in enumerate(entries, self.frontier(log).size) if not (log.startswith("release/") and seq == 1)]
        real(self, log, kept, verdicts, checkpoint)

    real = ledger_store.SqlPen.absorb
    patch.setattr(ledger_store.SqlPen, "absorb", lossy)


def two_officers_may_release_anything(patch):
    def always(*asked):
        decision = real(*asked)
        return decision if decision.rule == "in-force" else Decision(allowed=True, clause="", reason=say("…"))

    real = release.decide
    patch.setattr(release, "decide", always)


def acts_are_committed_one_by_one(patch):
    def piecemeal(self, event, by):
        seq = real(self, event, by)
        if not self._db.in_nested_transaction():
            self._db.exec_driver_sql("COMMIT")
            self._db.exec_driver_sql("BEGIN IMMEDIATE")
        return seq

    real = ledger_store.SqlPen.journal
    patch.setattr(ledger_store.SqlPen, "journal", piecemeal)


def receipts_are_never_sent(patch):
    def silent(bundle, key):
        return real(msgspec.structs.replace(bundle, receipts=[]), key)

    real = offering.write_bundle
    patch.setattr(offering, "write_bundle", silent)


def checkpoint_is_signed_over_one_entry_less(patch):
    def early(log, frontier, key):
        return real(log, frontier, key) if frontier.size != 2 else real(log, type(frontier)(), key)

    real = ledger_store.make_checkpoint
    patch.setattr(ledger_store, "make_checkpoint", early)


def word_that_it_was_opened_is_lost(patch):
    patch.setitem(judging.ACTS, "release.opened", lambda *_: True)


def distress_waits_its_turn(patch):
    patch.setattr(offering, "_taken", lambda book, log, first, count, budget, _: budget.take(book, log, first, count))


def distress_is_offered_last(patch):
    def last(bundle, key):
        return real(msgspec.structs.replace(bundle, offers=sorted(bundle.offers, key=lambda offer: offer.log.startswith("distress/"))), key)

    real = offering.write_bundle
    patch.setattr(offering, "write_bundle", last)


def call_is_stored_and_not_shown(patch):
    def repeated(node, pen, party, header, entry):
        verdict = real(node, pen, party, header, entry)
        return verdict if header.kind != "stop.sent" else msgspec.structs.replace(verdict, outcome="quarantined", reason=say("…"))

    real = judging._judge
    patch.setattr(judging, "_judge", repeated)


SHOWN = [
    distress_waits_its_turn, distress_is_offered_last, call_is_stored_and_not_shown,
    receipt_over_more_than_is_stored, receipt_of_what_was_offered_before, held_entries_are_taken_again, release_sent_twice_is_applied_twice,
    sender_leaves_an_entry_out, last_entry_is_judged_but_not_stored, two_officers_may_release_anything,
    acts_are_committed_one_by_one, receipts_are_never_sent, checkpoint_is_signed_over_one_entry_less, word_that_it_was_opened_is_lost,
]  # fmt: skip


@pytest.mark.parametrize("plant", SHOWN, ids=lambda plant: plant.__name__)
def test_planted_bug_shows_itself_in_the_simulation(tmp_path, templates, monkeypatch, plant):
    plant(monkeypatch)
    for seed in range(ENOUGH):
        try:
            History(seed, tmp_path / str(seed), templates).run()
        except (Broken, HamsayaError, LookupError):
            return
    pytest.fail(f"{ENOUGH} histories went by, and nobody noticed")


# Bugs that honest nodes never meet: a neighbour that forges must


def other_entry_is_let_pass(patch):
    def whatever_was_held(offer, mirror):
        return [take_entry(sent) for sent in offer.entries][mirror.frontier.size - offer.first :]

    patch.setattr(session, "_new_of", whatever_was_held)


def other_root_is_let_pass(patch):
    patch.setattr(session, "_check_late", lambda *_: None)


def gap_is_closed_up(patch):
    def closed_up(offer, mirror, key, *, sender, receiver):
        if offer.first <= mirror.frontier.size:
            return real(offer, mirror, key, sender=sender, receiver=receiver)
        frontier, fresh = mirror.frontier.copy(), [(take_entry(each).header(), take_entry(each)) for each in offer.entries]
        for _, entry in fresh:
            frontier.append(entry.leaf)
        return Taken(offer.log, mirror.frontier.size, fresh, frontier, b"")

    real = test_session.take_offer
    patch.setattr(test_session, "take_offer", closed_up)


def any_content_is_let_pass(patch):
    def blind(entry, key, *, log, seq):
        return real(msgspec.structs.replace(entry, content=None), key, log=log, seq=seq)

    real = entries.check_entry
    patch.setattr(entries, "check_entry", blind)


def any_signature_is_let_pass(patch):
    def anybody(entry, key, *, log, seq):
        del key, log, seq
        return read(open_envelope(entry.envelope).payload, Header)

    patch.setattr(entries, "check_entry", anybody)


def any_receipt_is_believed(patch):
    patch.setattr(test_session, "root_at", lambda *_: bytes(32))


PARTLY = test_session.test_part_of_a_log_that_no_root_covers_yet_is_checked_entry_by_entry
STRANGERS = test_session.STRANGERS
FORGED = [
    (other_entry_is_let_pass, lambda: test_session.test_fork_is_refused_and_named(
        *test_session.FORKS["another entry for one that is held, without anything new"])),
    (other_root_is_let_pass, lambda: test_session.test_fork_is_refused_and_named(*test_session.FORKS["another root for a smaller size"])),
    (gap_is_closed_up, lambda: test_session.test_offer_that_reaches_what_is_held_brings_exactly_the_rest(held=1, first=3)),
    (any_content_is_let_pass, lambda: PARTLY({"content": '{"n":9}'})),
    (any_signature_is_let_pass, lambda: PARTLY(
        {"envelope": STRANGERS.envelope.decode(), "content": STRANGERS.content.decode(), "salt": STRANGERS.salt.hex()})),
    (any_receipt_is_believed, lambda: test_session.test_receipt_over_a_root_that_we_never_had_is_named("link/west/east", 4, bytes(32).hex())),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "case"), FORGED, ids=[each[0].__name__ for each in FORGED])
def test_planted_bug_is_caught_by_a_case_of_a_neighbour_that_forges(monkeypatch, plant, case):
    case()
    plant(monkeypatch)
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        case()


def test_release_that_no_clause_allows_would_be_noticed_by_its_receiver(desk, monkeypatch):
    east = test_receiving.Neighbour()
    test_receiving.trust_neighbour(desk.node, east.card(), east.key.public.fingerprint())
    made = east.agreement(desk)
    east.offer_agreement(made)
    converse.receive(desk.node, east.bundle())
    test_receiving.sign_agreement(desk.node, desk.officers["commander"], made.table.id)
    monkeypatch.setitem(judging.ACTS, "release", lambda *_: False)
    with pytest.raises(AssertionError):
        test_receiving.test_release_that_the_agreement_does_not_allow_is_mirrored_and_not_applied(desk, east, made, {"about": {"clause": "3"}})


def test_bundle_that_another_key_signed_would_be_noticed_by_its_receiver(desk, monkeypatch):
    east = test_receiving.Neighbour()
    test_receiving.trust_neighbour(desk.node, east.card(), east.key.public.fingerprint())
    test_receiving.test_bundle_signed_by_another_key_leaves_nothing(desk, east)
    signature_of_the_bundle_is_not_checked(monkeypatch)
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        test_receiving.test_bundle_signed_by_another_key_leaves_nothing(desk, east)
