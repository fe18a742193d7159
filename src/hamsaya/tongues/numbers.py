# SPDX-License-Identifier: Apache-2.0
"""Which digits a reader gets: Persian digits in Persian; Latin digits in English, and in Urdu as is usual in Pakistan."""

from __future__ import annotations

from typing import Final

_PERSIAN: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def in_digits(text: str, language: str) -> str:
    """Return `text` with its Latin digits written as `language` writes them."""
    return text.translate(_PERSIAN) if language == "fa" else text


def show_number(number: int, language: str) -> str:
    """Return a whole number with grouped thousands."""
    return in_signs(f"{number:,}", language)


def in_signs(number: str, language: str) -> str:
    """Return `number`, such as `1,234.5`, with digits, grouping and decimal sign as `language` writes them."""
    return in_digits(number.replace(",", "٬").replace(".", "٫"), language) if language == "fa" else number
