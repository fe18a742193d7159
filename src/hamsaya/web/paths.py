# SPDX-License-Identifier: Apache-2.0
"""Where a thing is shown. Names come from neighbours too, so each is escaped as one step of a path."""

from __future__ import annotations

from urllib.parse import quote


def path_to(room: str, name: str = "", *more: str) -> str:
    """Return the path of a page, such as `/incidents/WEST-I-7F3KQ2`."""
    return "/" + "/".join(quote(part, safe="") for part in (room, name, *more) if part)
