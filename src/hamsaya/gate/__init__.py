# SPDX-License-Identifier: Apache-2.0
"""What a neighbour may call: one address, one message. A separate application with no session, page or cookie."""

from hamsaya.gate.app import PEER, create_gate

__all__ = ["PEER", "create_gate"]
