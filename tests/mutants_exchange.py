# SPDX-License-Identifier: Apache-2.0
"""Planted faults in the protocol by which two nodes exchange: each must be caught by the simulator, or else by a test. `make mutants`.

A fault is a piece of the source changed in a copy. First the simulator's histories run against the copy; where they all end well, the
tests of the exchange do (with `HAMSAYA_HISTORIES=0` the tests alone). Faults in how logs are begun anew (`EPOCH_FAULTS`) each name the tests of
`tests/desk` that notice them. One that nothing notices is printed and the command fails. `WHAT=fork` plants only those whose name has that word.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from planting import fails, planted

HISTORIES: Final = int(os.environ.get("HAMSAYA_HISTORIES", "80"))
SIMULATOR: Final = ["tests/faults/test_histories_of_two.py::test_histories_keep_every_invariant_and_both_sides_converge"]
TESTS: Final = [
    "tests/exchange/test_session.py", "tests/exchange/test_bundle.py", "tests/seal/test_entries.py", "tests/exchange/test_bad_input.py",
    "tests/faults/test_commit_points.py", "tests/exchange/test_receiving.py", "tests/desk/test_distress.py", "tests/desk/test_refilling.py",
    "tests/desk/test_lifecycle.py",
]  # fmt: skip
FAULTS: Final = [
    ("desk/converse.py", "                verdicts += _take_offer(node, pen, party, offer)\n",
     ("                taken = take_offer(offer, pen.mirror(offer.log), party.card.public, sender=party.card.party, receiver=node.party)\n"
     "                if taken.entries:\n"
     "                    pen.journal(ReceiptMade(receipt=_receipt(node, taken).decode()), OPERATOR)\n"
     "            with node.ledger.writing() as pen:\n"
     "                verdicts += _absorb(node, pen, party, taken)\n"),
     "the receipt for a call is committed before the call"),
    ("ledger/store.py", "        written = read_event(kind, content)",
     ("        if not self._db.in_nested_transaction():\n"
     "            self._db.exec_driver_sql('COMMIT')\n"
     "            self._db.exec_driver_sql('BEGIN IMMEDIATE')\n"
     "        written = read_event(kind, content)"), "an effect is applied outside of the transaction of its entry"),
    ("ledger/store.py", "            try:\n                nested.rollback()\n            except DBAPIError as gone:  # SQLite takes the whole transaction back where the disk is full: nothing more may be written in this one\n                raise (error if isinstance(error, OperatorError) else self._store.adapter.fault(gone)) from gone\n",
     "            nested.rollback()\n", "what follows a full disk is written outside of any transaction"),
    ("exchange/session.py", "    if frontier.size > checkpoint.size or (frontier.size == checkpoint.size and frontier.root().hex() != checkpoint.root):  # 5",
     "    if frontier.size > checkpoint.size:", "the root is not recomputed from the entries"),
    ("exchange/session.py", "for sent in offer.entries[held:]]\n", "for sent in offer.entries]\n", "an entry that is held is taken again"),
    ("exchange/session.py", "            _check_late(checkpoint, mirror)\n", "", "a checkpoint of a smaller size is not compared with what is held"),
    ("exchange/session.py", "        if take_entry(sent).leaf != mirror.leaf_at(seq):", "        if False:", "a fork is ignored"),
    ("exchange/session.py", "        if offer.first < 0 or offer.first > size:", "        if offer.first < 0:", "a gap is closed up"),
    ("exchange/session.py", "        headers = check_entries(new, key, log=offer.log, first=size)  # 4", "        headers = [entry.header() for entry in new]",
     "an entry's own signature is not asked for"),
    ("exchange/session.py", "        headers = check_entries(new, key, log=offer.log, first=size)  # 3", "        headers = [entry.header() for entry in new]",
     "what a neighbour gives back is believed"),
    ("exchange/session.py", "        if root is None or root.hex() != receipt.root:", "        if root is None:", "a receipt over another root is believed"),
    ("exchange/bundle.py", '_bundle_in(unseal(unpack(data, MAX_BYTES), "bundle", key))', "_bundle_in(open_envelope(unpack(data, MAX_BYTES)).payload)", "a bundle's signature is not checked"),
    ("desk/epochs.py", "        return not is_urgent(log), name.kind,", "        return is_urgent(log), name.kind,", "distress is offered last"),
    ("desk/offering.py", "    if is_urgent(log):\n        return [send_entry(", "    if False:\n        return [send_entry(", "distress waits until there is room"),
    ("desk/converse.py", "        _check_sizes(bundle)\n", "", "a size below zero is let pass"),
    ("desk/converse.py", "size=taken.frontier.size, root=root", "size=taken.frontier.size + 1, root=root", "a receipt is over one entry more than is stored"),
    ("desk/converse.py", "        _keep_evidence(node, data, claimed, error)\n        raise\n", "        raise\n", "a breach leaves no evidence"),
    ("desk/offering.py", "{log: min(size, held.get(log, 0)) for log, size in have.items()}", "have", "a neighbour's word that it has something is believed"),
    ("desk/judging.py", "    return bool(same)\n", "    return False\n", "a version that came twice is applied twice"),
    ("desk/judging.py", "    verdict = _judge(node, pen, party, header, entry)\n",
     '    verdict = _judge(node, pen, party, header, entry)\n    if verdict.outcome == "quarantined":\n        return verdict\n', "a quarantined entry is skipped in silence"),
    ("desk/judging.py", "standing_of(held, header.at))", "standing_of(held, node.now()))", "the receiver's clock decides whether the agreement is in force"),
    ("ledger/store.py", "not anew and any(held.neighbour == name.receiver for held in self.holds()):", "not anew and False:", "a restored node goes on signing"),
    ("desk/refilling.py", "    return bundle.returns is not None and all(", "    return bundle.returns is not None or all(", "a link is free before its own entries are back"),
    ("seal/entries.py", "    opens = len(entry.salt) == SALT_BYTES and entry.content is not None and commit(entry.salt, entry.content) == header.commitment",
     "    opens = True", "a content need not open its commitment"),
    ("seal/entries.py", "    if (header.log, header.seq) != (log, seq):  # 2", "    if header.log != log:", "an entry may stand at another's place"),
]  # fmt: skip

EPOCHS: Final = ["test_epochs"]
EPOCH_FAULTS: Final = [
    ("exchange/epochs.py", '    if place is None or (place.kind, place.epoch, header.seq) != ("link", act.epoch, 0):', "    if place is None:",
     "an epoch is begun by any entry of any log", EPOCHS),
    ("exchange/epochs.py", "(name.sender, name.receiver) == pair\n", "name.receiver\n", "an epoch closes the logs of the other side", EPOCHS),
    ("desk/epochs.py", "begun.get(link_log(name.sender, name.receiver, name.epoch), 0), log", "0, log", "an epoch is told before the one that it closes", EPOCHS),
    ("ledger/epochs.py", "            _wait_beyond(db, act, log, 0, t.RELEASE", "            _wait_beyond(db, act, log, 9, t.RELEASE", "a release in a closed log that no act names waits for good", EPOCHS),
    ("desk/refilling.py", "    send_untold_anew(pen, node.party, bundle.sender)\n", "", "what an old copy signed in a closed log is never told", EPOCHS),
    ("desk/judging_epochs.py", '(pen.root_at(mark.log, mark.size) or b"").hex() != mark.root:', "False:", "what an epoch says that both had signed is not compared", EPOCHS),
    ("desk/judging_epochs.py", "    if used and link_log(sender, node.party, used) not in {mark.log for mark in act.closed}:  # 2", "    if False:  # 2",
     "an older epoch comes back in the place of the one in use", EPOCHS),
    ("desk/judging.py", "        if header.kind != EPOCH and not pen.is_begun(header.log):", "        if False:", "a log that no signed act has begun is believed", EPOCHS),
    ("desk/judging.py", "        if is_about_what_is_gone(node, pen, header.kind, entry.content):", "        if False:", "what is said of a lost entry counts against us", EPOCHS),
    ("desk/epochs.py", "    return closed is not None and receipt.size > closed\n", "    return False\n", "a receipt over the other branch of a closed log counts", EPOCHS),
    ("desk/epochs.py", "        return waits and receipt.size > book.logs().get(receipt.log, 0)\n", "        return False\n", "the receipt for a lost call stops the link for good", EPOCHS),
    ("desk/epochs.py", "        closed = _closed_before(pen, node.party, name) + used\n", "        closed = used\n", "a second epoch forgets what the first has closed", EPOCHS),
    ("desk/epochs.py", "    return closed is not None and (book.logs().get(offer.log, 0) >= closed or", "    return closed is not None and (True or",
     "what counts of a closed log is not taken any more", EPOCHS),
    ("desk/epochs.py", "            _send_anew(pen, mark)\n", "            pass\n", "acts that were not receipted are lost with their log", [*EPOCHS, "test_erasing_hostile"]),
    ("desk/epochs.py", "            pen.journal(LostEntryFound(log=offer.log, seq=seq, entry=sent, giver=bundle.sender), OPERATOR)\n            found += 1\n",
     "            found += 1\n", "the content of the branch that was lost is dropped", EPOCHS),
    ("ledger/epochs.py", "t.RELEASE.c.seq >= size, t.RELEASE.c.condition.not_in(_ASKED_BACK), *which)", "t.RELEASE.c.seq >= size, *which)",
     "what is to be erased is sent anew", ["test_erasing_hostile"]),
    ("ledger/returned.py", "        _hear_again(db, act, event.log, event.seq)\n", "", "what was opened of a release that was lost is forgotten", EPOCHS),
    ("desk/converse.py", "            without_erased_evidence(pen, data)\n", "", "evidence that comes later brings back what was erased", ["test_erasing_hostile"]),
]  # fmt: skip
"""Faults in how logs are begun anew, each with the files of `tests/desk` that notice it."""


def caught_by(file: str, before: str, after: str) -> str:
    """Return what notices that `before` reads `after`: "simulator", "test", or nothing. Raises `ValueError` where `before` does not stand exactly once."""
    ways = {"simulator": SIMULATOR, "test": [*TESTS, "-m", "not postgresql"]}
    with planted(file, before, after) as source:
        for which, asked in ways.items() if HISTORIES else [("test", ways["test"])]:
            if fails(source, asked, {"HAMSAYA_HISTORIES": str(HISTORIES)}):
                return which
    return ""


def caught_by_named(file: str, before: str, after: str, names: Sequence[str]) -> str:
    """Return "test" where one of the named files of `tests/desk` notices the fault, else nothing. Raises `ValueError` as above."""
    tests = [f"tests/desk/{name}.py" for name in names]
    with planted(file, before, after) as source:
        return "test" if fails(source, [*tests, "-m", "not postgresql"], {}) else ""


def main() -> int:
    """Plant each fault, print which were caught and by what; 1 if any was not."""
    faults = [*((*each, None) for each in FAULTS), *EPOCH_FAULTS]
    chosen = [each for each in faults if os.environ.get("WHAT", "") in each[3]][int(os.environ.get("FROM", "0")) :]
    found = []
    for file, before, after, what, names in chosen:
        found.append(caught_by(file, before, after) if names is None else caught_by_named(file, before, after, names))
        print(f"{found[-1] or 'MISSED':10} {file:20} {what}", flush=True)
    by_simulator = found.count("simulator")
    print(f"{len(chosen) - found.count('')} of {len(chosen)} planted faults caught, {by_simulator} of them by {HISTORIES} histories of the simulator")
    return 1 if "" in found else 0


if __name__ == "__main__":
    sys.exit(main())
