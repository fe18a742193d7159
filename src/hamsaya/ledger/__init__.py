# SPDX-License-Identifier: Apache-2.0
"""The node's store: append-only logs, and the tables that follow from them."""
