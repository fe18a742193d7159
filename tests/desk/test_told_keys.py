# SPDX-License-Identifier: Apache-2.0
"""What one party of three passes on of another, while that other changes its key: its own word counts, and a stolen key signs nothing."""

from __future__ import annotations

from tests.desk.test_key_change import change, hear
from tests.desk.test_three_parties import bound, check_sound, life, quarantined, states, sync, sync_all, three  # noqa: F401  (fixtures)
from tests.desk.test_told_differently import made, pass_on, tell, told


def test_act_under_a_key_that_was_given_up_as_planned_is_passed_on_and_counts(bound):  # noqa: F811
    east = bound["east"]
    tell(east, "west", made(east, "suspend"))
    sync(bound, "west", "east")
    change(east)
    sync(bound, "east", "north")
    sync(bound, "west", "north")
    assert states(bound)[::2] == ["suspended"] * 2
    sync_all(bound)
    tell(east, "west", made(east, "resume", 2))
    sync(bound, "west", "east")
    sync(bound, "west", "north")
    assert told(bound["west"]) == told(bound["north"])
    assert states(bound)[::2] == ["in force"] * 2
    check_sound(bound)


def test_what_a_revoked_key_signed_is_taken_from_nobody_else_and_what_was_known_stays(bound):  # noqa: F811
    west, east, north = bound.values()
    before = made(east, "suspend")
    tell(east, "north", before)
    sync(bound, "east", "north")
    stolen = change(east, "compromised")
    for desk in (west, north):
        hear(desk, east)
    sync(bound, "west", "east")
    pass_on(west, "north", made(east, "withdraw", 2, key=stolen))
    pass_on(west, "north", before)
    sync(bound, "west", "north")
    assert quarantined(north) == ["east signed it with a key that was revoked; only east itself can tell it now."]
    assert life(north).standing.state == "suspended"
