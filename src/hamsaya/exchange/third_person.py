# SPDX-License-Identifier: Apache-2.0
"""What somebody was handed, whatever it is: exported evidence, a case file, a signed comparison, contradictions, or a bundle."""

from __future__ import annotations

import msgspec

from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.exchange.comparison_file import COMPARISON, check_comparison
from hamsaya.exchange.doubt_file import DOUBTS, check_doubt_file
from hamsaya.exchange.packing import PACKED, unpack
from hamsaya.exchange.pages import evidence_in, is_page, seen_in
from hamsaya.exchange.proof import Checked, ProofFault, check_proof
from hamsaya.exchange.proof_bundle import check_bundle
from hamsaya.exchange.spoken import Spoken
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.envelope import open_envelope

_AGE = b"age-encryption.org/"


def check_file(data: bytes, spoken: Spoken | None) -> Checked:
    """Return what the file shows. Raises `InputError` that says what was expected, what came and what to do."""
    if not data.strip():
        raise InputError(say("The file is empty."), say("Ask for it again, and compare its size with the sender's."))
    if data.startswith(_AGE):
        raise InputError(
            say("The file is encrypted to a node (age), as bundles on a memory stick are: only its receiver can open it."),
            say("Ask for evidence that a node wrote with `hamsaya verify --export FILE`."),
        )
    if is_page(data):
        return _check_page(data, spoken)
    data = unpack(data, MAX_BYTES) if data.startswith(PACKED) else data
    if open_envelope(data).kind == "bundle":
        if spoken is None:
            raise InputError(say("A bundle holds no keys: give those of both parties with --keys FILE."))
        return check_bundle(data, spoken)
    if open_envelope(data).kind == DOUBTS:
        return check_doubt_file(data, spoken.fingerprints if spoken else None)
    if open_envelope(data).kind == COMPARISON:
        return check_comparison(data, spoken.fingerprints if spoken else None)
    return check_proof(data, spoken.fingerprints if spoken else None)


def _check_page(data: bytes, spoken: Spoken | None) -> Checked:
    checked = check_proof(evidence_in(data), spoken.fingerprints if spoken else None)
    if checked.case is not None and seen_in(data) == checked.case.page:
        return checked
    what = say("What the page shows is not what {party} signed: it was altered after the export. The evidence in it is checked apart from that.",
               party=checked.written_by)  # fmt: skip
    return msgspec.structs.replace(checked, faults=[*checked.faults, ProofFault("page", what, "page")])
