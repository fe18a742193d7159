# SPDX-License-Identifier: Apache-2.0
"""Planted faults in the code that decides what leaves, and what is believed of what comes: each must be caught by a test. `make mutants`.

A fault is a line of the source changed in a copy; the tests run against the copy: first the files that should notice it (`NAMED`, or beside
the fault), and for the agreement all of its tests where they do not. One that no test notices is printed and the command fails. A word after
the command (`python tests/mutants.py consents`) plants only the faults of files whose path has that word.
"""

from __future__ import annotations

import sys
from typing import Final

from planting import fails, planted

FAULTS: Final = [
    ("permit.py", "if terms is None or not now.in_force:", "if terms is None:", "an agreement that is not in force decides"),
    ("permit.py", "if asked.sender not in terms.parties or asked.receiver not in terms.parties:", "if asked.sender not in terms.parties:", "a stranger may receive"),
    ("permit.py", "if asked.exercise != terms.exercise:", "if asked.exercise and not terms.exercise:", "real data under an exercise agreement"),
    ("permit.py", "    if asked.ungraded:", "    if len(asked.ungraded) > 1:", "one ungraded claim passes"),
    ("permit.py", "    if asked.purpose not in PURPOSES:", "    if not asked.purpose:", "any purpose that is a word"),
    ("permit.py", "    if asked.grounds:", "    if asked.grounds & set(GROUNDS):", "a ground that a clause adds is ignored"),
    ("permit.py", "and not asked.danger and asked.at < asked.leaves_from", "and not asked.danger and asked.at <= asked.leaves_from", "a position waits a moment too long"),
    ("permit.py", "asked.at < asked.leaves_from:", "asked.at < asked.leaves_from and not asked.exercise:", "an exercise tells positions at once"),
    ("permit.py", "    return terms.ways[asked.sender, asked.receiver][asked.kind]", "    return next(iter(terms.ways[asked.sender, asked.receiver].values()))",
     "the decision names the clause of another kind"),
    ("permit.py", "if asked.kind in terms.ways.get(way, {}):", "if way in terms.ways:", "any kind of a direction that is open"),
    ("permit.py", "    for clause in terms.limits:", "    for clause in terms.limits[:1]:", "only the first limit is asked"),
    ("asked.py", "and link not in consented}", "and link.party not in {each.party for each in consented}}", "consent to one version is consent to all"),
    ("permit.py", "    if asked.unconsented:", "    if len(asked.unconsented) > 1:", "one originator is not asked"),
    ("floor.py", "FLOOR: Final = timedelta(hours=24)", "FLOOR: Final = timedelta(hours=23)", "an hour too early"),
    ("floor.py", "group.code in FORCES and group.country == side", "group.code in FORCES", "any force is one's own"),
    ("floor.py", "(max(ends) if ends", "(min(ends) if ends", "the earliest time counts"),
    ("limits.py", '        return mapped if is_within(handling, mapped) else ""', "        return mapped", "a marking mends handling that nobody knows"),
    ("limits.py", "if asked.fields <= frozenset(self.fields):", "if asked.fields == frozenset(self.fields):", "the tear-line leaves nothing, and says nothing"),
    ("prepare.py", "if claim.id in torn.ids:\n            continue", "if False:\n            continue", "what is torn off leaves"),
    ("prepare.py", "    if tells and isinstance(value, Place):", "    if False and isinstance(value, Place):", "the floor rounds nothing"),
    ("prepare.py", "may_quote = bool(about_quotes) and all(about_quotes)", "may_quote = bool(about_quotes) and any(about_quotes)", "one clause on quotes is enough"),
    ("tearline.py", "told = any(words in spelling for words in self._words for spelling in spellings)", "told = False", "words of what is withheld leave with others"),
    ("coarsen.py", "low = count.low - count.low % step", "low = count.low", "numbers are not widened downwards"),
    ("charter.py", "if clause.version != VERSION:", "if clause.version < 0:", "a clause of another version is enforced as ours"),
    ("standing_approval.py", "not decision.allowed or danger:", "not decision.allowed:", "one officer's word that life is in danger is enough"),
    ("standing_approval.py", "if not decision.allowed or danger:", "if danger:", "a standing approval lets leave what is refused"),
    ("standing_approval.py", "or not all(clause.covers", "or not any(clause.covers", "the laxer of two standing approvals holds"),
    ("standing_approval.py", "soonest = min(naming", "soonest = max(naming", "the longer of two times to review holds"),
    ("release.py", "    if found:", "    if len(found) > 1:", "one finding of the screen passes"),
    ("fits.py", "    if again.handling != copy.handling:", "    if False:", "a copy may be marked lower than the text reads its marking"),
    ("fits.py", "        if not _is_said_already(part, floor):", '        if part.part.part != "value" and not _is_said_already(part, floor):',
     "a copy may be more exact than the clause"),
    ("lifecycle.py", '        elif all(act.verb == "resume" for act in under):', '        elif any(act.verb == "resume" for act in under):',
     "a resumption counts beside another act under its number"),
    ("lifecycle.py", "        if stops:\n            standing[party] = stops[0]\n        elif all", "        if len(stops) == len(under):\n            standing[party] = stops[0]\n        elif all",
     "a suspension that is contradicted does not count"),
    ("lifecycle.py", "return min(signatures, key", "return max(signatures, key", "who signs a text again is the last to have signed it"),
    ("tellings.py", 'direct = what != "text" and author in heard', "direct = author in heard", "a text is told for ever"),
    ("tellings.py", "        if party == own or (party == author and not contradicted):", "        if party == own or party == author:",
     "whose key is in other hands is not told"),
    ("retention.py", "term = min(binding, key", "term = max(binding, key", "the longer of two times to keep holds"),
    ("retention.py", "released_at < self.before", "True", "a text that lengthens holds for nothing that comes after it"),
    ("retention.py", "before=min((at for later", "before=max((at for later", "a text goes on for what came under the one that replaced it"),
    ("lifecycle.py", "for name in order if name in whole},", "for name in order if name in complete},", "who takes a signature back is free of what it promised to erase"),
    ("screen.py", "_without_days(folded.text)\n        found |=", "folded.text\n        found |=", "days and positions are taken for numbers of persons"),
    ("screen.py", "table |= {zero + digit: str(digit) for digit in range(10)}", "pass", "the screen reads no digits but European ones"),
    ("screen.py", 'copies = [translated.replace(_ZWNJ, " "), translated]', "copies = [translated]", "a joiner hides where a name begins"),
]  # fmt: skip
DESK_FAULTS: Final = [
    ("desk/judging_agreements.py", "    if author == party.card.party or text.party(party.card.party) is None or", "    if author == party.card.party or",
     "who is no party to an agreement passes on what was signed on it", ["test_told_differently"]),
    ("desk/judging_agreements.py", "    if key is None or (key.revoked and not known_here):", "    if key is None:", "a stolen key signs through another neighbour",
     ["test_told_keys"]),
    ("desk/passing_on.py", "not is_held(pen, party.card.party)", "True", "what is due over a held link stops the exchange", ["test_told_differently"]),
    ("desk/passing_on.py", "[each.party for each in text.table.parties if each.party in able]", "[*able]", "who is no party to a text is told of it",
     ["test_told_differently", "test_three_parties"]),
    ("ledger/agreements.py", "table.c.number == made.number, table.c.digest == digest)", "table.c.number == made.number)",
     "of two acts under one number the first to come counts", ["test_told_differently"]),
    ("desk/told_whom.py", "any(each.teller == party and each.direct for each in about)", "any(each.teller == party for each in about)",
     "who heard it of another is said to have been told by its author", ["test_told_whom"]),
    ("desk/judging_matters.py", 'move.borne == "move" and move.by in (side, "either")', 'move.borne == "move"', "a neighbour makes the moves of our side",
     ["test_matters"]),
    ("desk/judging_matters.py", "if header.about or canonical(act) != content:", "if header.about:", "a move may carry more than its name", ["test_matters"]),
    ("desk/judging_matters.py", "held.receiver == other and held.log", "held.log", "a move on what was never opened with that neighbour is taken", ["test_matters"]),
    ("desk/matters.py", "    if found.halfway and (on != standing.text or not on):", "    if False:", "a text is signed that nobody has read", ["test_findings"]),
    ("desk/matters.py", '    if found.by not in (matter.side, "either"):', "    if False:", "whoever was asked closes it", ["test_matters"]),
    ("desk/findings.py", "        if strange and on == held.matter.standing.text:", "        if False:", "a remark put into our mouth is signed", ["test_findings"]),
    ("desk/refusing.py", "        if held.standing.state not in move.before:\n", "        if held.standing.state not in move.before and False:\n", "a request that was answered is refused all the same", ["test_requests"]),
    ("desk/refusing.py", "canonical(RequestRefused(record))", 'canonical(RequestRefused(record)) + b" " * len(grounds)', "the bytes of a refusal tell how many grounds",
     ["test_requests"]),
    ("desk/judging_requests.py", "if header.about or canonical(act) != content:", "if header.about:", "a refusal may carry more than the request's name", ["test_requests"]),
    ("desk/judging_requests.py", "held.receiver == party.card.party and held.log", "held.log", "whoever was not asked may refuse", ["test_requests"]),
    ("desk/consents.py", "        if not _taken_back(book, link)\n        and (any(", "        if (any(", "a consent outlives the version that it is about", ["test_consents", "test_recalls"]),
    ("desk/judging_consents.py", "    if told != (held.originator", "    if False and told != (held.originator", "a consent to something else counts", ["test_consents"]),
    ("desk/judging_consents.py", "    if consent.number != len(held.answers) + 1:", "    if False:", "an older answer comes after the one that took it back", ["test_consents"]),
    ("desk/judging_consents.py", "    if len(released.consents) > len(links):", "    if False:", "consents that nobody checks come with a record", ["test_consents"]),
    ("desk/judging_recalls.py", "    if name is None or not theirs:", "    if name is None:", "a neighbour takes back what another one sent", ["test_recalls"]),
    ("desk/judging_recalls.py", "    if held is None or (held.by, held.to) != (node.party, party.card.party):", "    if held is None:", "a third party answers a recall",
     ["test_recalls"]),
    ("desk/recalls.py", "    if any(not each.withdrawn_by for each in told):", "    if False:", "a recall takes back what another release lets stand", ["test_recalls"]),
    ("desk/recalls.py", "    if not has_left(pen, held):", "    if False:", "what is taken back before it left leaves with its content", ["test_recalls"]),
    ("desk/settling.py", "    if now.state in DELAYS:", "    if now.state in DELAYS[1:]:", "a suspension stops for good what has not arrived", ["test_settling"]),
    ("desk/settling.py", "    if held is not None and is_in_force(node, held):\n        return True", "    if held is not None:\n        return True",
     "what is held is offered all the same", ["test_settling"]),
    ("desk/settling.py", "    if held.log and has_left(pen, held):", "    if False:", "what has left is said to have been refused", ["test_settling"]),
    ("desk/offering.py", "reach = first + len(entries)", "reach = size", "a root over what was not sent is given out", ["test_settling"]),
    ("desk/release.py", '    if decision.allowed and held.condition in ("proposed", "held"):', '    if decision.allowed and held.condition == "proposed":',
     "what was taken back while it was held leaves", ["test_recalls", "test_settling"]),
    ("desk/judging.py", "        return (misfit(record, text, prepared) or decision) if decision.allowed else decision", "        return decision",
     "the receiver takes a copy that is more exact than the text", ["test_fits"]),
    ("desk/judging.py", '    if (about.get("release"), about.get("record"), about.get("version")) != (released.release, record.id, str(record.version)):', "    if False:",
     "the header speaks of another record than the content", ["test_names"]),
    ("ledger/erasures.py", '.values(content=None, salt=b"")', ".values(content=None)", "the salt of what was erased is kept", ["test_erasing"]),
    ("ledger/erasures.py", "            _reduce(db, act.entry_of(each.log, each.seq).header(), each.rest.encode())", "            pass",
     "the rows keep what the erased entries said", ["test_erasing"]),
    ("desk/erasing.py", "    return gone, evidence_with(pen, held)\n", "    return gone, []\n", "a bundle kept as evidence outlives the copy", ["test_erasing"]),
    ("desk/erasing.py", "        if order.ordered_by == officer.login:", "        if False:", "one person orders and confirms an erasure", ["test_erasing"]),
    ("desk/erasing.py", ' or header.about.get("record", "") in records', "", "what was erased is taken again at another place", ["test_erasing_hostile"]),
    ("desk/converse.py", "    taken = without_erased(pen, taken)\n", "", "what comes after its erasure was asked is stored", ["test_erasing"]),
    ("desk/converse.py", "        erase_again(node, pen, bundle.sender)\n", "        pass\n", "what comes back of closed logs is not erased again",
     ["test_erasing_hostile"]),
    ("desk/refilling.py", "    erase_again(node, pen, bundle.sender)\n", "", "a node that was set back keeps what it had erased", ["test_erasing"]),
    ("desk/erasing.py", "for each in pen.erasures(asked=True) if each.by == node.party}.items():", "for each in pen.erasures() if each.by == node.party}.items():",
     "a sender that was set back erases its own record since a copy ran out", ["test_retention"]),
    ("desk/retaining.py", "        if order.ordered_by == officer.login:", "        if False:", "one person orders and erases what ran out", ["test_retention"]),
    ("desk/retaining.py", "find_due(node, pen, order.items, node.now())", "find_due(node, pen, [(e.log, e.seq) for e in pen.inbox()], node.now())",
     "the second officer erases more than the first one saw", ["test_retention"]),
    ("desk/judging_erasures.py", "    if ends.ends(header.at) != told.until or act.at < told.until:", "    if False:",
     "a receiver erases before the time and says that a clause ended it", ["test_retention"]),
    ("ledger/erasures.py", 'values(kept_since="")', "values(kept_since=t.INBOX.c.kept_since)", "what was erased stays listed as due", ["test_retention"]),
    ("desk/judging_erasures.py", "    if not ours or (held", "    if (held", "a third party confirms an erasure that was asked of another", ["test_erasing_hostile"]),
]  # fmt: skip
NAMED: Final = {
    "permit.py": ["test_permit", "test_decisions"], "asked.py": ["test_permit", "test_decisions"], "floor.py": ["test_floor", "test_decisions"],
    "limits.py": ["test_tear_line", "test_decisions", "test_permit"], "prepare.py": ["test_tear_line", "test_prepare"],
    "tearline.py": ["test_tear_line"], "coarsen.py": ["test_prepare"], "charter.py": ["test_charter"], "standing_approval.py": ["test_decisions"],
    "release.py": ["test_screen", "test_decisions"], "fits.py": ["test_fits"], "screen.py": ["test_screen", "test_screening"],
    "lifecycle.py": ["test_lifecycle", "test_contradictions", "test_retention"], "retention.py": ["test_retention"], "contradictions.py": ["test_contradictions"], "tellings.py": ["test_tellings"],
}  # fmt: skip
"""By file of `agreement`, which of its tests should notice a fault in it."""
AGREEMENT: Final = ["tests/agreement", "--deselect", "tests/agreement/test_cedar.py::test_both_ways_agree_on_any_agreement_and_any_question"]


def is_caught(path: str, before: str, after: str, tests: list[str]) -> bool:
    """Say whether one of `tests` fails once `before` reads `after`. Raises `ValueError` where `before` does not stand exactly once."""
    with planted(path, before, after) as source:
        ways = [tests, AGREEMENT] if path.startswith("agreement/") else [tests]
        return any(fails(source, ["-m", "not postgresql and not live", *each], {"HAMSAYA_CEDAR_CASES": "2000"}) for each in ways)


def main() -> int:
    """Plant each fault, print which were caught; 1 if any was not."""
    faults = [
        (f"agreement/{file}", before, after, what, [f"tests/agreement/{name}.py" for name in NAMED[file]]) for file, before, after, what in FAULTS
    ]
    faults += [(*fault, [f"tests/desk/{name}.py" for name in names]) for *fault, names in DESK_FAULTS]
    chosen = [each for each in faults if not sys.argv[1:] or any(word in each[0] for word in sys.argv[1:])]
    missed = 0
    for path, before, after, what, tests in chosen:
        caught = is_caught(path, before, after, tests)
        missed += not caught
        print(f"{'caught' if caught else 'MISSED'}  {path:28} {what}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} planted faults caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
