# SPDX-License-Identifier: Apache-2.0
"""The cooperation document as the thing that decides: clauses, who signed, what may leave and how. Pure."""
