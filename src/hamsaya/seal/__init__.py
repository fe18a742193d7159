# SPDX-License-Identifier: Apache-2.0
"""Canonical bytes, envelopes, keys, the append-only log and its proofs. Pure: keys, salts and `now` come in as arguments."""
