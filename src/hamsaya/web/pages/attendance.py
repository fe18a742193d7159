# SPDX-License-Identifier: Apache-2.0
"""Who attends a meeting: offices, and for a time the names of those who hold them, for whoever may read these."""

from __future__ import annotations

import msgspec

from hamsaya.desk.attendance import DAYS, LONGEST_NAME, LONGEST_OFFICE, MOST_DAYS, Attendance, attendance_of, note_name
from hamsaya.desk.roles import may
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.web.data import builtins
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class AttendanceView(msgspec.Struct, frozen=True, kw_only=True):
    """What attendance.html receives. `notes`: whether this officer notes and reads names."""

    found: Attendance
    notes: bool
    days: int
    most_days: int
    longest_name: int
    longest_office: int


def show_attendance(desk: Desk, visit: Visit) -> Answer:
    """Show who attends."""
    with desk.node.ledger.reading() as book:
        found = attendance_of(desk.node, book, visit.officer, visit.params["meeting"])
    view = AttendanceView(
        found=found, notes=may(visit.officer.role, "attend"), days=DAYS, most_days=MOST_DAYS, longest_name=LONGEST_NAME,
        longest_office=LONGEST_OFFICE,
    )  # fmt: skip
    return Page(template="attendance.html", view=view, data=builtins(found))


def note(desk: Desk, visit: Visit) -> Answer:
    """Note a name, or take it away."""
    form, meeting = visit.form, visit.params["meeting"]
    days = form.text("days", str(DAYS))
    if not days.isascii() or not days.isdecimal() or len(days) > len(str(MOST_DAYS)):
        raise InputError(say("A name stays 1 to {most} days after the meeting; this came: {came}", most=MOST_DAYS, came=days[:20]))
    note_name(desk.node, visit.officer, meeting, form.text("office"), form.text("name"), days=int(days))
    with desk.node.ledger.reading() as book:
        found = attendance_of(desk.node, book, visit.officer, meeting)
    return Go(to=path_to("meetings", meeting, "attendance"), data=builtins(found))


ROUTES = [
    Route("GET", "/meetings/{meeting:str}/attendance", "read", show_attendance),
    Route("POST", "/meetings/{meeting:str}/attendance", "attend", note),
]
