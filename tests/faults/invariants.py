# SPDX-License-Identifier: Apache-2.0
"""The ten invariants of the exchange, each one a function over what the nodes of a simulated world hold and said.

All but the ninth are asked after every step; the ninth once the faults have stopped.
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
        size = min(len(ours), len(theirs)) if is_behind else len(theirs)
        must(theirs[:size] == ours[:size] and (is_behind or len(theirs) <= len(ours)), 1, f"the mirror of {log} is no prefix of it")


def receipt_is_over_what_is_stored(world):
    """2. A receipt never exceeds what is durably stored."""
    for party, held in world.held.items():
        for log, size, by, root in held.receipts:
            if by not in world.behind and by in world.held:
                must(
                    size <= len(world.held[by].logs.get(log, ())), 2, f"{party} holds a receipt of {by} over {size} of {log}, which it does not store"
                )
                must(world.roots.get((log, size)) == root, 2, f"a receipt of {by} for {log} is over a root that the log never had")


def each_effect_happens_once(world):
    """3. Each effect happens exactly once."""
    for party, held in world.held.items():
        places = {(log, seq) for log, entries in held.logs.items() if parse_log(log).sender != party for seq in range(len(entries))}
        must(len(held.inbox) == len(places) and set(held.inbox) == places, 3, f"{party}: an entry was not judged exactly once")
        told = {}
        for (log, seq), item in held.inbox.items():
            if item.kind == "release" and item.state != "quarantined":
                record = read(held.logs[log][seq].content, ReleasedRecord).record
                told[record.id, record.version] = item.subject
                must(item.subject == record.id, 3, f"{party}: {log}#{seq} is shown as something else")
        must(sorted(held.received) == sorted(told), 3, f"{party}: what is kept is not, once each, what arrived")
        calls = {f"{log}#{seq}" for log, seq in places if is_urgent(log) and world.header(held.logs[log][seq]).kind in CALLS}
        must(calls == held.calls, 3, f"{party}: the calls that are shown are not those that came")


def nothing_acknowledged_is_lost(world):
    """4. No acknowledged entry is lost, by either side, ever. A node that was set back is asked once it is whole again."""
    for log, ours, theirs, _ in world.both_ends():
        name, size = parse_log(log), world.acknowledged.get(log, 0)
        must(name.receiver in world.behind or len(theirs) >= size, 4, f"{name.receiver} lost what it acknowledged of {log}")
        must(name.sender in world.behind or len(ours) >= size, 4, f"{name.sender} lost what was acknowledged of its {log}")
    for party, held in world.held.items():
        for log, entries in held.logs.items():
            known = world.seen.get((party, log), ())
            must([each.envelope for each in entries[: len(known)]] == list(known), 4, f"{party}: history of {log} was rewritten or lost")


def one_root_for_a_size(world):
    """5. Never two roots for one size: neither in what is stored nor in what was signed."""
    for log, size, root in world.said:
        must(world.roots.setdefault((log, size), root) == root, 5, f"two roots for size {size} of {log}")


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
                    record = read(entries[seq].content, ReleasedRecord).record
                    clause = world.clauses.get((name.agreement, header.about.get("clause", "")))
                    must(isinstance(clause, Kinds) and clause.allows(record, name.receiver), 6, f"{log}#{seq} names no clause that allows it")
                    must(header.about["purpose"] in ("settlement", "prevention", "rescue"), 6, f"{log}#{seq} left for no purpose of the list")
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
            must(item.state != "quarantined", 8, f"{party} quarantined {log}#{seq}, which an honest neighbour sent: {item.reason}")


def both_sides_say_the_same(world):
    """9. Once the faults stop, both sides converge: the same logs, the same calls, every release receipted."""
    for log, ours, theirs, _ in world.both_ends():
        must([each.envelope for each in ours] == [each.envelope for each in theirs], 9, f"{log} is not the same at both ends")
        for party in (parse_log(log).sender, parse_log(log).receiver):
            over = {size for each, size, _, _ in world.held[party].receipts if each == log}
            must(len(ours) in over, 9, f"{party}: the receipt over all of {log} never came")
    for party, held in world.held.items():
        must(not held.holds, 9, f"{party}: the link to {held.holds} is still held")
        for release, log, seq, condition in held.releases:
            if log:
                receiver = world.held[parse_log(log).receiver]
                opened = receiver.inbox[log, seq].state == "acknowledged"
                must(condition == ("opened" if opened else "receipted"), 9, f"{party}: {release} is {condition}")
            else:
                must(condition in ("refused", "proposed"), 9, f"{party}: {release} is {condition} and in no log")


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


AFTER_EACH_STEP = (
    one_root_for_a_size, mirror_is_a_prefix_of_the_log, receipt_is_over_what_is_stored, each_effect_happens_once, nothing_acknowledged_is_lost,
    whatever_left_names_its_clause, forks_and_rollbacks_are_named, clocks_decide_nothing, distress_overtakes,
)  # fmt: skip
