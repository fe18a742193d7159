# SPDX-License-Identifier: Apache-2.0
"""The node's store: append-only logs, and the tables that follow from them."""

from hamsaya.ledger import access, agreements, calls, consents, projections, recalls, received, reviewing  # each registers what acts leave behind

__all__ = ["access", "agreements", "calls", "consents", "projections", "recalls", "received", "reviewing"]
