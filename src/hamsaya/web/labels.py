# SPDX-License-Identifier: Apache-2.0
"""The words for codes that pages show: states, conditions, handling, kinds of entry, derivations. Decides nothing."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.words import Text, say

Tone = str
"""`good`, `warn`, `bad`, `info` or `plain`: the colour of a badge, which is never the only sign."""


class Badge(msgspec.Struct, frozen=True):
    """A short word with a colour, and what it means in a sentence."""

    label: Text
    tone: Tone = "plain"
    meaning: Text | None = None


CONDITIONS: Final[dict[str, Badge]] = {
    "proposed": Badge(say("proposed"), "info", say("Waits for the second officer.")),
    "refused": Badge(say("refused"), "bad", say("It did not leave.")),
    "held": Badge(say("held"), "warn", say("Waits until its agreement is in force; nothing of it leaves meanwhile.")),
    "logged": Badge(say("logged"), "info", say("In the signed log for the neighbour; its receipt has not come yet.")),
    "receipted": Badge(say("receipted"), "good", say("The neighbour signed that it has stored it.")),
    "opened": Badge(say("opened"), "good", say("An officer of the neighbour has acknowledged it.")),
    "answered": Badge(say("answered"), "good", say("It was a request, and the neighbour has answered it.")),
    "recalled": Badge(say("recalled"), "warn", say("It was taken back; the neighbour has not answered yet.")),
    "recall answered": Badge(say("recall answered"), "plain", say("It was taken back, and the neighbour has struck its copy.")),
    "erasure asked": Badge(say("erasure asked"), "warn", say("It was erased here; the neighbour was asked for the same, and has not confirmed yet.")),
    "erasure confirmed": Badge(say("erasure confirmed"), "plain", say("The neighbour has erased its copy, and confirmed it.")),
    "quarantined": Badge(say("quarantined by partner"), "bad", say("The neighbour holds it as evidence and has not applied it.")),
}
STEPS: Final[dict[str, Badge]] = {**CONDITIONS, "decided": Badge(say("decided"), "good", say("A clause of the agreement lets it leave."))}
"""The steps of a release; each but the decision can be its condition."""
REVIEWS: Final[dict[str, Badge]] = {
    "": Badge(say("to review"), "warn", say("One officer released it under a standing approval; a second person has yet to look.")),
    "overdue": Badge(say("review overdue"), "bad", say("No second person looked at it in the time that the clause gives.")),
    "fine": Badge(say("reviewed"), "good", say("A second person looked at it and found it fine.")),
    "recall": Badge(say("to be recalled"), "bad", say("A second person looked at it and found that it is to be recalled.")),
}
"""Of releases that one officer made under a standing approval."""
CONSENTS: Final[dict[str, Badge]] = {
    "waiting": Badge(say("waiting"), "info", say("The originator has not answered yet.")),
    "granted": Badge(say("granted"), "good", say("It may go on, as asked and no further.")),
    "refused": Badge(say("refused"), "bad", say("The originator does not let it go on.")),
    "revoked": Badge(say("revoked"), "bad", say("The originator has taken its consent back.")),
    "expired": Badge(say("expired"), "plain", say("The time of the consent has run out.")),
}
INBOX_STATES: Final[dict[str, Badge]] = {
    "new": Badge(say("new"), "info", say("Nobody has acknowledged it yet.")),
    "acknowledged": Badge(say("acknowledged"), "good", say("An officer has acknowledged it.")),
    "noted": Badge(say("noted"), "plain", say("Taken note of; nothing to acknowledge.")),
    "quarantined": Badge(say("quarantined"), "bad", say("Kept as evidence and not applied.")),
}
FIELD_STATES: Final[dict[str, Badge]] = {
    "agree": Badge(say("Agreed"), "good"),
    "differ": Badge(say("Disputed"), "bad"),
    "silent": Badge(say("One side only"), "plain"),
}
STANDINGS: Final[dict[str, Badge]] = {
    "draft": Badge(say("draft"), "plain"),
    "proposed": Badge(say("proposed"), "info"),
    "counter-proposed": Badge(say("counter-proposed"), "info"),
    "signed by some": Badge(say("signed by some"), "info"),
    "declined": Badge(say("declined"), "bad"),
    "suspended": Badge(say("suspended"), "warn"),
    "withdrawn": Badge(say("withdrawn"), "bad"),
    "replaced": Badge(say("replaced"), "plain"),
    "in force": Badge(say("in force"), "good"),
    "not yet valid": Badge(say("not yet valid"), "info"),
    "expired": Badge(say("expired"), "bad"),
}
AGREEMENT_ACTS: Final[dict[str, Badge]] = {
    "suspend": Badge(say("suspended"), "warn"),
    "resume": Badge(say("resumed"), "good"),
    "withdraw": Badge(say("withdrawn"), "bad"),
    "decline": Badge(say("declined"), "bad"),
}
CHANGES: Final[dict[str, Badge]] = {
    "unchanged": Badge(say("unchanged"), "plain"),
    "changed": Badge(say("changed"), "warn"),
    "added": Badge(say("added"), "good"),
    "removed": Badge(say("removed"), "bad"),
}
DRAFT_STATES: Final[dict[str, Badge]] = {
    "open": Badge(say("open"), "info"),
    "accepted": Badge(say("accepted"), "good"),
    "rejected": Badge(say("rejected"), "bad"),
}
ENTRY_KINDS: Final[dict[str, Text]] = {
    "release": say("Release of a record"),
    "agreement.text": say("Text of an agreement"),
    "agreement.signature": say("Signature on an agreement"),
    "release.recalled": say("A release was taken back"),
    "recall.answered": say("Answer to a recall"),
    "consent.asked": say("Request for consent"),
    "consent.given": say("Answer to a request for consent"),
    "agreement.act": say("Act on an agreement"),
    "agreement.heard": say("What a third party signed on an agreement, passed on"),
    "release.opened": say("Notice that a release was opened"),
    "distress.sent": say("Distress call"),
    "stop.sent": say("STOP call"),
    "distress.answered": say("Answer to a call"),
    "distress.over": say("Notice that a call is over"),
    "distress.reviewed": say("Notice that a call was reviewed"),
    "request.refused": say("Refusal of a request on a ground"),
    "entry.quarantined": say("notice of quarantine"),
    "key.changed": say("Change of key"),
    "erasure.asked": say("Request to erase"),
    "erasure.confirmed": say("Confirmation of an erasure"),
    "copy.held": say("Notice that a copy is held beyond its time"),
    "log.epoch": say("Logs begun anew"),
    "section.day": say("Daily word on a section of the border"),
    "matter.moved": say("Move of a request or a finding"),
}
HANDLING_LEVELS: Final[dict[str, Text]] = {
    "clear": say("TLP:CLEAR, may be public"),
    "green": say("TLP:GREEN, within the community"),
    "amber": say("TLP:AMBER, those who need to know"),
    "amber+strict": say("TLP:AMBER+STRICT, this party only"),
    "red": say("TLP:RED, named readers only"),
}
BASES: Final[dict[str, Text]] = {
    "own": say("own account"),
    "attributed": say("attributed account"),
}
EXERCISE_MARK: Final = (("en", "EXERCISE"), ("fa", "تمرین"), ("ur", "مشق"))
"""Stands in all three languages on every page of an exercise node, whoever reads it (law 15)."""
LANGUAGE_NAMES: Final[dict[str, str]] = {"en": "English", "fa": "فارسی", "ur": "اردو"}


def label(words: dict[str, Text], code: str) -> Text:
    """Return the words for a code, or the code itself where none are known."""
    return words.get(code, Text(code))


def badge(badges: dict[str, Badge], code: str) -> Badge:
    """Return the badge for a code, or the plain code."""
    return badges.get(code, Badge(Text(code)))
