# SPDX-License-Identifier: Apache-2.0
"""How holdings become JSON: the structs as they are, signed bytes as text, every answer marked exercise or real (law 15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


def builtins(value: object) -> dict[str, Any]:
    """Return a struct as plain data; bytes become text, since all that the desk holds as bytes is canonical JSON."""
    plain = msgspec.to_builtins(value, builtin_types=(bytes,))
    found = _as_text(plain)
    assert isinstance(found, dict)  # noqa: S101  (a struct always gives one)
    return found


def mark(data: Mapping[str, object], *, exercise: bool) -> dict[str, object]:
    """Return `data` with the exercise mark."""
    return {**data, "exercise": exercise}


def _as_text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    return [_as_text(each) for each in value] if isinstance(value, list | tuple) else value
