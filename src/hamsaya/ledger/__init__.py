# SPDX-License-Identifier: Apache-2.0
"""The node's store: append-only logs, and the tables that follow from them."""

from hamsaya.ledger import (  # each registers what acts leave behind
    access,
    agreements,
    calls,
    cases,
    consents,
    drafts,
    epochs,
    erasures,
    flags,
    keys,
    matters,
    projections,
    quarantine,
    recalls,
    received,
    related,
    requests,
    retention,
    returned,
    reviewing,
    sections,
    tellings,
)

__all__ = [
    "access", "agreements", "calls", "cases", "consents", "drafts", "epochs", "erasures", "flags", "keys", "matters", "projections",
    "quarantine", "recalls", "received", "related", "requests", "retention", "returned", "reviewing", "sections", "tellings",
]  # fmt: skip
