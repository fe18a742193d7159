# SPDX-License-Identifier: Apache-2.0
"""The ten invariants of the exchange, each one a function over what the nodes of a simulated world hold and said; three of what is erased; two of findings.

All but the ninth are asked after every step; the ninth once the faults have stopped.

Where a node was set back and nobody knew, or both ends of a log were, two histories may have been signed of it from some size on: what
the invariants say of a log they say up to there (`world.sure`), and beyond it that nothing which the other side acknowledged is lost.
"""

from __future__ import annotations

from hamsaya.agreement.clauses import Kinds
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import CALLS, is_urgent, parse_log
from hamsaya.seal.canonical import read


class Broken(AssertionError):
    """An invariant does not hold."""


def must(holds, number, what):
    if not holds:
        raise Broken(f"invariant {number}: {what}")


def mirror_is_a_prefix_of_the_log(world):
    """1. The mirror is a byte-equal prefix of the origin's log."""
    for log, ours, theirs, is_behind in world.both_ends():
        loose = is_behind or log in world.sure
        size = min(len(ours), len(theirs), world.sure.get(log, len(theirs))) if loose else len(theirs)
        must(_same(theirs[:size], ours[:size]) and (loose or len(theirs) <= len(ours)), 1, f"the mirror of {log} is no prefix of it")


def _same(theirs, ours):
    """Say whether these are the same entries; one of which the content was erased is the same entry still."""
    return theirs == ours or (
        [each.envelope for each in theirs] == [each.envelope for each in ours]
        and all(one.content == other.content for one, other in zip(theirs, ours, strict=True) if None not in (one.content, other.content))
    )


def receipt_is_over_what_is_stored(world):
    """2. A receipt never exceeds what is durably stored."""
    for party, held in world.held.items():
        for log, size, by, root in held.receipts:
            if by not in world.behind and by in world.held:
                must(
                    size <= len(world.held[by].logs.get(log, ())), 2, f"{party} holds a receipt of {by} over {size} of {log}, which it does not store"
                )
                is_one = size <= world.sure.get(log, size)
                must(not is_one or world.roots.get((log, size)) == root, 2, f"a receipt of {by} for {log} is over a root that the log never had")


def each_effect_happens_once(world):
    """3. Each effect happens exactly once."""
    for party, held in world.held.items():
        places = {(log, seq) for log, entries in held.logs.items() if parse_log(log).sender != party for seq in range(len(entries))}
        must(len(held.inbox) == len(places) and set(held.inbox) == places, 3, f"{party}: an entry was not judged exactly once")
        told = {}
        for (log, seq), item in held.inbox.items():
            if item.kind == "release" and item.state != "quarantined":
                about = world.header(held.logs[log][seq]).about
                told[about["record"], int(about["version"])] = item.subject
                must(item.subject == about["record"], 3, f"{party}: {log}#{seq} is shown as something else")
        must(sorted(held.received) == sorted(told), 3, f"{party}: what is kept is not, once each, what arrived")
        calls = {f"{log}#{seq}" for log, seq in places if is_urgent(log) and world.header(held.logs[log][seq]).kind in CALLS}
        must(calls == held.calls, 3, f"{party}: the calls that are shown are not those that came")


def nothing_acknowledged_is_lost(world):
    """4. No acknowledged entry is lost, by either side, ever. A node that was set back is asked once it is whole again."""
    for log, ours, theirs, _ in world.both_ends():
        name, size = parse_log(log), world.acknowledged.get(log, 0)
        must(name.receiver in world.behind or len(theirs) >= size, 4, f"{name.receiver} lost what it acknowledged of {log}")
        here, back = {each.envelope for each in ours}, world.held[name.sender].begun.lost
        kept = name.sender in world.behind or len(ours) >= size or all(
            theirs[seq].envelope in here or (log, seq) in back for seq in range(min(size, len(theirs)))
        )  # fmt: skip
        must(kept, 4, f"{name.sender} lost what was acknowledged of its {log}")
    for party, held in world.held.items():
        for log, entries in held.logs.items():
            known = world.seen.get((party, log), ())
            must([each.envelope for each in entries[: len(known)]] == list(known), 4, f"{party}: history of {log} was rewritten or lost")


def one_root_for_a_size(world):
    """5. Never two roots for one size: neither in what is stored nor in what was signed."""
    for log, size, root in world.said:
        must(size > world.sure.get(log, size) or world.roots.setdefault((log, size), root) == root, 5, f"two roots for size {size} of {log}")


def whatever_left_names_its_clause(world):
    """6. Every released record names a clause that permitted it at release; nothing else leaves."""
    for party, held in world.held.items():
        for log, entries in held.logs.items():
            name = parse_log(log)
            if name.sender != party:
                continue
            for seq in range(world.checked.get((party, log), 0), len(entries)):
                header = world.header(entries[seq])
                must(name.carries(header.kind), 6, f"{log} carries {header.kind}")
                if header.kind == "release":
                    clause = world.clauses.get((name.agreement, header.about.get("clause", "")))
                    must(isinstance(clause, Kinds), 6, f"{log}#{seq} names no clause")
                    must(header.about["purpose"] in ("settlement", "prevention", "rescue"), 6, f"{log}#{seq} left for no purpose of the list")
                    if entries[seq].content is not None:  # else it was erased
                        record = read(entries[seq].content, ReleasedRecord).record
                        must(clause.allows(record, name.receiver), 6, f"{log}#{seq} names no clause that allows it")
                        must(all(each.grade for each in record.claims), 6, f"{log}#{seq} left ungraded")
            world.checked[party, log] = len(entries)


def forks_and_rollbacks_are_named(world):
    """7. A fork or a rollback is detected and named, never silent; and what is neither is never called so."""
    for what in world.silent:
        must(False, 7, what)
    world.silent.clear()


def clocks_decide_nothing(world):
    """8. No decision depends on a wall clock: with clocks a day apart no honest entry is quarantined, and none stands as refused."""
    for party, held in world.held.items():
        for (log, seq), item in held.inbox.items():
            came_bare = item.reason and held.logs[log][seq].content is None  # it was erased before it came
            must(item.state != "quarantined" or came_bare, 8, f"{party} quarantined {log}#{seq}, which an honest neighbour sent: {item.reason}")


def both_sides_say_the_same(world):
    """9. Once the faults stop, both sides converge: the same logs, the same calls, every release receipted, every erasure confirmed."""
    for log, ours, theirs, _ in world.both_ends():
        name = parse_log(log)
        counts = world.held[name.sender].begun.counts(log)
        if counts is not None:
            _is_closed_alike(world, log, counts, ours, theirs)
            continue
        must([each.envelope for each in ours] == [each.envelope for each in theirs], 9, f"{log} is not the same at both ends")
        for party in (name.sender, name.receiver):
            over = {size for each, size, _, _ in world.held[party].receipts if each == log}
            must(len(ours) in over, 9, f"{party}: the receipt over all of {log} never came")
    for party, held in world.held.items():
        must(not held.holds, 9, f"{party}: the link to {held.holds} is still held")
        must(not held.begun.unsettled, 9, f"{party}: {held.begun.unsettled} have not told what they hold of the logs that were closed")
        for release, log, seq, condition in held.releases:
            if log:
                must(condition == _told_by_the_other(world, log, seq), 9, f"{party}: {release} is {condition}")
            else:
                must(condition in ("refused", "proposed"), 9, f"{party}: {release} is {condition} and in no log")
    for one, other in world.links:
        for each, whom in ((one, other), (other, one)):
            ours, theirs = (world.held[party].forgotten.asked_of(each, whom) for party in (each, whom))
            must(ours == theirs and all(ours.values()), 9, f"{each} and {whom} do not say the same of what is erased: {ours}, {theirs}")
        if world.negotiates:
            ours, theirs = world.findings(one, other), world.findings(other, one)
            must(ours == theirs, "of findings", f"{one} and {other} do not tell the same of their findings: {ours}, {theirs}")


def _is_closed_alike(world, log, counts, ours, theirs):
    """A log that was begun anew: the same as far as it counts, and what its receiver holds beyond that is known to its sender."""
    name = parse_log(log)
    size = min(counts, len(ours))
    must([each.envelope for each in ours[:size]] == [each.envelope for each in theirs[:size]], 9, f"{log} is not the same as far as it counts")
    back = world.held[name.sender].begun.lost
    for seq, entry in enumerate(theirs):
        known = (seq < len(ours) and ours[seq].envelope == entry.envelope) or (log, seq) in back
        must(known, 4, f"{name.sender} does not know {log}#{seq}, which {name.receiver} holds of it")
    must(not theirs or world.held[name.receiver].begun.counts(log) == counts, 9, f"{log} does not count equally far at both ends")


def _told_by_the_other(world, log, seq):
    """The condition of a release as what its receiver holds tells it."""
    receiver = world.held[parse_log(log).receiver]
    if (log, seq) in receiver.recalled:
        return "recalled"
    if (log, seq) in receiver.forgotten.asked:
        return "erasure confirmed" if receiver.forgotten.asked[log, seq] else "erasure asked"
    return "opened" if receiver.inbox[log, seq].state == "acknowledged" else "receipted"


def distress_overtakes(world):
    """10. Distress is delivered ahead of anything queued, also under suspension: all of it stands first in every bundle, and came with it."""
    for urgent, all_offers, own in world.offered:
        must(all_offers[: len(urgent)] == urgent, 10, "a distress log is not offered first")
        must(dict(urgent) == own, 10, "a call was left behind")
    world.offered.clear()
    for party, log, size in world.called:
        must(
            party in world.behind or len(world.held[party].logs.get(log, ())) >= size,
            10,
            f"{party}: a call of {log} did not overtake what was queued",
        )
    world.called.clear()


def erased_content_is_gone(world):
    """Of what a node has erased and said so, nothing stands in any cell of its store, whatever came since: nor after it was set back and is whole again."""
    for party in world.touched_last:
        left = world.held[party].forgotten.left
        must(not left, "of erasure", f"{party}: content or salt of what was erased stands at {left}")
        if party not in world.behind and (words := world.erased.get(party)):
            found = world.standing(party, words.values())
            must(not found, "of erasure", f"{party} erased {sorted(words)}, and it stands in {sorted(found)}")


def every_proof_holds(world):
    """Every content that is here opens the commitment that was signed, and with a content its salt is gone."""
    for party in world.touched_last:
        for log, entries in world.held[party].logs.items():
            for seq, entry in enumerate(entries):
                must(world.opens(entry), "of proofs", f"{party}: {log}#{seq} does not open its commitment, or its salt outlived it")


def no_release_has_two_conditions(world):
    """A release stands at one place, and a place is that of one release, as far as its log counts."""
    for party in world.touched_last:
        held, places = world.held[party], {}
        for log, entries in held.logs.items():
            if parse_log(log).sender == party and log.startswith("release/"):
                for entry in entries[: held.begun.counts(log)]:
                    name = world.header(entry).about["release"]
                    places[name] = places.get(name, 0) + 1
        twice = [name for name, times in places.items() if times > 1]
        must(not twice, "of conditions", f"{party}: {twice} stand at two places that count")
        taken = [(log, seq) for _, log, seq, _ in held.releases if log]
        must(len(taken) == len(set(taken)), "of conditions", f"{party}: two releases stand at one place")


def signed_by_both_is_proven(world):
    """What a node tells as signed by both sides is signed by both, over bytes that it holds."""
    for party in sorted(world.touched_last) if world.negotiates else ():
        wrong = world.unproven(party)
        must(not wrong, "of findings", f"{party} tells as signed by both what it cannot prove: {wrong}")


AFTER_EACH_STEP = (
    one_root_for_a_size, mirror_is_a_prefix_of_the_log, receipt_is_over_what_is_stored, each_effect_happens_once, nothing_acknowledged_is_lost,
    whatever_left_names_its_clause, forks_and_rollbacks_are_named, clocks_decide_nothing, distress_overtakes, erased_content_is_gone,
    every_proof_holds, no_release_has_two_conditions, signed_by_both_is_proven,
)  # fmt: skip
