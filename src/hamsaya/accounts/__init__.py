# SPDX-License-Identifier: Apache-2.0
"""Two accounts of one incident: what agrees, what differs, who is silent, and what may be the same event. Pure."""
