# SPDX-License-Identifier: Apache-2.0
"""Why a record may leave. The list is closed and knows prevention, settlement, rescue and return (law 12)."""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import Text, say

PURPOSES: Final[dict[str, Text]] = {
    "prevention": say("prevention of an incident"),
    "settlement": say("settlement of an incident"),
    "rescue": say("rescue"),
    "return": say("return of persons, bodies, boats or livestock"),
}
