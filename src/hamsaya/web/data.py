# SPDX-License-Identifier: Apache-2.0
"""How holdings become JSON: the structs as they are, signed bytes as text, every answer marked exercise or real (law 15)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import msgspec
from msgspec import inspect


def builtins(value: object) -> dict[str, Any]:
    """Return a struct as plain data; bytes become text, since all that the desk holds as bytes is canonical JSON."""
    plain = msgspec.to_builtins(value, builtin_types=(bytes,))
    found = _as_text(plain) if _may_hold_bytes(cast("Any", type(value))) else plain
    assert isinstance(found, dict)  # noqa: S101  (a struct always gives one)
    return found


@cache
def _may_hold_bytes(kind: Any) -> bool:
    """Say whether a value of this type can hold bytes anywhere; also where its annotations do not tell."""
    try:
        waiting: list[Any] = [inspect.type_info(kind)]
    except TypeError:  # a union that could not be read back; it can be written all the same
        return True
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, inspect.BytesType | inspect.AnyType | inspect.CustomType | inspect.RawType):
            return True
        if isinstance(node, inspect.StructType | inspect.DataclassType):
            waiting += [field.type for field in node.fields]
        waiting += [inner for name in ("item_type", "key_type", "value_type") if (inner := getattr(node, name, None)) is not None]
        waiting += [*getattr(node, "types", ()), *getattr(node, "item_types", ())]
    return False


def mark(data: Mapping[str, object], *, exercise: bool) -> dict[str, object]:
    """Return `data` with the exercise mark."""
    return {**data, "exercise": exercise}


def _as_text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    return [_as_text(each) for each in value] if isinstance(value, list | tuple) else value
