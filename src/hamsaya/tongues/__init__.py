# SPDX-License-Identifier: Apache-2.0
"""How the house speaks to its readers: sentences, times, counts and places in English, Persian and Urdu."""

from hamsaya.tongues.calendars import knows_zone, other_calendar, show_clock, show_moment, show_time, show_zone
from hamsaya.tongues.catalogue import Wrap, translate
from hamsaya.tongues.days import both_days, show_day
from hamsaya.tongues.numbers import in_digits, show_number
from hamsaya.tongues.values import (
    Shown,
    quotes,
    show_count,
    show_country,
    show_depth,
    show_distance,
    show_main,
    show_place,
    show_point,
    show_value,
    value_parts,
)

__all__ = [
    "Shown",
    "Wrap",
    "both_days",
    "in_digits",
    "knows_zone",
    "other_calendar",
    "quotes",
    "show_clock",
    "show_count",
    "show_country",
    "show_day",
    "show_depth",
    "show_distance",
    "show_main",
    "show_moment",
    "show_number",
    "show_place",
    "show_point",
    "show_time",
    "show_value",
    "show_zone",
    "translate",
    "value_parts",
]
