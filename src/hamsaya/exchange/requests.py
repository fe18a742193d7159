# SPDX-License-Identifier: Apache-2.0
"""The protocol act by which a request is refused on a ground (law 12).

It holds which request it answers, and nothing else: whatever the ground, and however many there are, the bytes are the same.
"""

from __future__ import annotations

import msgspec


class RequestRefused(msgspec.Struct, frozen=True):
    """Link act `request.refused`: the sender refuses the receiver's request of that name on a ground that stands in the sender's journal only."""

    request: str
