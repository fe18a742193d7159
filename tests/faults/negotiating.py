# SPDX-License-Identifier: Apache-2.0
"""Joint findings in the simulated world: both sides put texts forward, sign, decline, withdraw and recall, at once and whatever the link does.

    an account of each side ──▶ a finding ⇄ texts, signatures, moves, recalls ──the faults stop──▶ both tell the same, word by word

After every step: what a node tells as signed by both is signed by both, over bytes that it holds. In the end both nodes tell of each
finding the same state, signers, texts and steps, in the same order.
"""

from __future__ import annotations

from contextlib import suppress

from hamsaya.desk.findings import FindingHeld, findings_held, propose_finding, put_forward, sign_finding
from hamsaya.desk.matters import move_matter
from hamsaya.desk.recalls import has_left, recall_of, recall_release
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.matters import ref_of
from hamsaya.facts.errors import InputError
from hamsaya.settlement.finding import Paragraph

NECESSITY = "Both sides sign what they found about it."
FACTS = tuple(Paragraph("agreed_fact", f"{count} goats crossed at the pillar.") for count in range(3, 7))
OPEN = (Paragraph("open_point", "Who drove them."), Paragraph("open_point", "On which day."))


def tell_of_one_incident(one, other, talk):
    """Let both sides of a link hold the other's account of one incident, and a text about it that the second has put forward."""
    typed = TypedReport(remarks="Goats crossed at the pillar.", grade="B2")
    record = file_report(one.node, one.officers["duty"], typed, kind="incident_account", handling="amber").held.record
    _release(one, record.id, other.party)
    talk(one, other)
    told = file_report(other.node, other.officers["duty"], typed, kind="incident_account", handling="amber", incident=record.incident).held.record
    _release(other, told.id, one.party)
    text = [FACTS[0], OPEN[0], Paragraph("remark", "Our patrol saw none.", other.node.country)]
    _release(other, propose_finding(other.node, other.officers["commander"], record.incident, text).record.id, one.party)
    talk(one, other)


def _release(each, record, to):
    held = propose_release(each.node, each.officers["duty"], record, receiver=to, purpose="settlement", necessity=NECESSITY)
    if held.condition == "proposed":
        approve_release(each.node, each.officers["approver"], held.release)


# What officers do


def puts_a_text_forward(world, party):
    """A first text, or another one for what is negotiated; or one that was filed and could not leave, leaves."""
    rng, to = world.rng, world.rng.choice(world.neighbours(party))
    text = [rng.choice(FACTS), *rng.sample(OPEN, rng.randrange(3)), *_remarks(world, party)]
    held = [each for each in findings_of_link(world.machines[party], to) if each.matter.standing.state not in ("signed", "withdrawn")]
    finding, incident = rng.choice(held) if held and rng.random() < 0.9 else None, _incident(world.machines[party], to)
    if not incident:
        return  # it was set back to before that

    def act(each):
        with suppress(InputError):  # the text that stands was put forward again
            if finding is None:
                record = propose_finding(each.node, each.officers["commander"], incident, text).record.id
            else:
                kept = [said.paragraph for said in finding.texts[-1].paragraphs if said.paragraph.side not in ("", each.node.country)]
                record = put_forward(each.node, each.officers["commander"], finding.matter.record.id, [*text, *kept[:1]], to).record.id
            _release(each, record, to)

    world.officer(party, act)


def _remarks(world, party):
    return [Paragraph("remark", f"{party} counts {world.rng.randrange(9)}.")] if world.rng.random() < 0.5 else []


def signs(world, party):
    """A commander signs the text that stands."""
    found = _open(world, party)
    if found is not None:
        name, to, text = found.matter.record.id, found.matter.party, found.matter.standing.text
        world.officer(party, lambda each: sign_finding(each.node, each.officers["commander"], name, text, to))


def declines_or_withdraws(world, party):
    found, move = _open(world, party), world.rng.choice(("decline", "withdraw"))
    if found is not None:
        name, to = found.matter.record.id, found.matter.party
        world.officer(party, lambda each: move_matter(each.node, each.officers["commander"], name, move, to))


def takes_a_text_back(world, party):
    """A release of one of its texts is recalled, which may have left or not."""
    each = world.machines[party]
    with each.store.reading() as book:
        mine = [held for held in book.releases() if held.log and held.record in _texts(each, book) and recall_of(book, held.log, held.seq) is None]
        mine = [held.release for held in mine if has_left(book, held)]
    if mine:
        release = world.rng.choice(sorted(mine))
        world.officer(party, lambda each: recall_release(each.node, each.officers["duty"], release, "It went out too early."))


def _open(world, party):
    held = [each for to in world.neighbours(party) for each in findings_of_link(world.machines[party], to)]
    held = [each for each in held if each.matter.standing.state in ("proposed", "half")]
    return world.rng.choice(held) if held else None


def findings_of_link(each, to) -> list[FindingHeld]:
    """The findings between a node and one neighbour, as that node tells them."""
    with each.store.reading() as book:
        return [held for held in findings_held(each.node, book) if held.matter.party == to]


def _texts(each, book):
    return {told.step.record for held in findings_held(each.node, book) for told in held.matter.standing.steps if told.step.record}


def _incident(each, to):
    """The incident that the template tells of between these two."""
    with each.store.reading() as book:
        return next((held.record.incident for held in book.records() if held.received_from == to and held.record.kind == "incident_account"), "")


# What must hold


def told(each, to):
    """What one node tells of its findings with a neighbour: all of it must be told alike in the end."""
    return {
        held.matter.record.id: (
            held.matter.standing.state, held.signed_by, [(text.name, text.by, text.step.at, text.paragraphs) for text in held.texts],
            [(step.step.move, step.step.by, step.step.at, step.step.office, step.state, step.counted) for step in held.matter.standing.steps],
        )
        for held in findings_of_link(each, to)
    }  # fmt: skip


def unproven(each, to):
    """What a node tells as signed by both and does not hold the bytes or both signatures of."""
    wrong = []
    with each.store.reading() as book:
        for held in findings_of_link(each, to):
            standing = held.matter.standing
            if standing.state != "signed":
                continue
            contents = [entry.content for log, size in book.logs().items() if log.startswith("release/") for entry in book.entries(log, 0, size)]
            signers = {
                move.by
                for move in book.moves_on([held.matter.record.id]).get(held.matter.record.id, [])
                if (move.move, move.on) == ("sign", standing.text)
            }
            if standing.text not in {ref_of(content) for content in contents if content is not None} or signers != {each.party, to}:
                wrong.append((held.matter.record.id, standing.text, sorted(signers)))
    return wrong
