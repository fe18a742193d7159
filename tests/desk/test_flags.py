# SPDX-License-Identifier: Apache-2.0
"""A rights flag opens by itself, in whatever way an account comes to be here; nobody but the rights officer closes it, and nothing takes it away."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import REPORT, RIGHTS, release
from tests.desk.made import file, journal_size
from tests.desk.test_erasing import erase
from tests.desk.test_importing import line
from tests.desk.test_refilling import evidence, set_back
from tests.facts.made import claim, code, count

from hamsaya.desk.cases import export_case
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.erasing import confirm_erasure
from hamsaya.desk.flags import close_flag, flag_of
from hamsaya.desk.importing import import_records, read_json_lines
from hamsaya.desk.incidents import link_incident, unlink_incident
from hamsaya.desk.logins import move_officer
from hamsaya.desk.review import undo_draft
from hamsaya.desk.roles import ROLES
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.web.case_file import CaseSheet

REASON = "The wounded shepherd was treated, and compensated."
ABOUT = code("civilian", "shepherd", "PK")
SHEPHERD = claim("killed", count(1, 1), about=ABOUT)


def flag(desk, incident):
    with desk.store.reading() as book:
        return flag_of(book, incident)


def told(desk, incident):
    """Return who raised the flag, oldest first, each with whether it is open."""
    found = flag(desk, incident)
    return [(each.held.told.record, each.held.told.version, not each.held.closed_by) for each in found.raised] if found else []


def sound(*desks):
    for desk in desks:
        assert verify_store(desk.store).faults == []


def test_account_that_tells_of_harm_raises_a_flag_and_one_that_does_not_raises_none(desk):
    held = file(desk, SHEPHERD)
    plain = file(desk, claim("killed", count(1, 1), about=code("border_guard", "", "PK")))
    assert told(desk, held.record.incident) == [(held.record.id, 1, True)]
    assert flag(desk, plain.record.incident) is None
    with desk.store.reading() as book:
        assert (book.flagged_page().rows, book.flagged_page(closed=True).rows, book.open_flags()) == ([held.record.incident], [], 1)
    sound(desk)


def test_only_the_rights_officer_closes_it_with_a_reason_that_stays(desk):
    held = file(desk, SHEPHERD)
    incident, before = held.record.incident, journal_size(desk)
    for role in set(ROLES) - {"rights-officer"}:
        with pytest.raises(Refused, match="may not close a rights flag"):
            close_flag(desk.node, msgspec.structs.replace(RIGHTS, role=role), incident, REASON)
    for reason in ("", "  ", "seen", "\x00 \x00 \x00 \x00", "word " * 2000):
        with pytest.raises(InputError):
            close_flag(desk.node, RIGHTS, incident, reason)
    for unknown in ("NOT-HERE", "", held.record.id):
        with pytest.raises(NotFound):
            close_flag(desk.node, RIGHTS, unknown, REASON)
    assert (told(desk, incident), journal_size(desk)) == ([(held.record.id, 1, True)], before)
    closed = close_flag(desk.node, RIGHTS, incident, REASON)
    assert not closed.is_open
    assert [(each.held.closed_by, each.held.reason) for each in flag(desk, incident).raised] == [("rights office", REASON)]
    with pytest.raises(Stale, match="closed before"):
        close_flag(desk.node, RIGHTS, incident, REASON)
    with desk.store.reading() as book:
        assert (book.flagged_page().rows, book.flagged_page(closed=True).rows, book.open_flags()) == ([], [incident], 0)
    sound(desk)


def test_who_filed_the_account_cannot_close_its_flag_in_another_role(desk):
    held = file(desk, SHEPHERD)
    moved = move_officer(desk.node, desk.officers["admin"], "duty", office="rights office", role="rights-officer", language="en")
    with pytest.raises(Refused, match="You filed an account"):
        close_flag(desk.node, moved, held.record.incident, REASON)
    assert flag(desk, held.record.incident).is_open


def test_no_correction_withdrawal_or_link_takes_it_away(desk):
    held = file(desk, SHEPHERD)
    incident, duty = held.record.incident, desk.officers["duty"]
    with desk.store.reading() as book:
        (draft,) = [each for each in book.drafts() if each.record == held.record.id]
    undo_draft(desk.node, duty, draft.draft, reason="It was filed too early.")
    assert flag(desk, incident).is_open, "a version that was struck told it all the same"
    other = file(desk, claim("killed", count(2, 2), about=ABOUT))
    harmless = [msgspec.structs.replace(claim("killed", count(2, 2), about=code("border_guard", "", "PK")))]
    correct_record(desk.node, duty, other.record.id, harmless)
    assert told(desk, other.record.incident) == [(other.record.id, 1, True)]
    plain = file(desk)
    link_incident(desk.node, duty, other.record.incident, plain.record.incident)
    assert told(desk, plain.record.incident) == told(desk, other.record.incident) == [(other.record.id, 1, True)]
    unlink_incident(desk.node, duty, other.record.incident, plain.record.incident)
    assert (flag(desk, plain.record.incident), flag(desk, other.record.incident).is_open) == (None, True)
    sound(desk)


def test_closed_flag_opens_again_for_more_and_for_the_other_sides_word_alone(desk):
    held = file(desk, SHEPHERD)
    incident = held.record.incident
    close_flag(desk.node, RIGHTS, incident, REASON)
    file(desk, SHEPHERD, incident=incident)
    assert told(desk, incident) == [(held.record.id, 1, False)], "the same again is no news"
    attributed = file(desk, SHEPHERD, incident=incident, basis="attributed", origin="PK", shape={"side": "PK"})
    assert told(desk, incident) == [(held.record.id, 1, False), (attributed.record.id, 1, True)]
    seen = flag(desk, incident).number
    more = file(desk, claim("killed", count(3, None, "several"), about=ABOUT), incident=incident)
    with pytest.raises(Stale, match="came since"):
        close_flag(desk.node, RIGHTS, incident, REASON, seen=seen)
    assert [each for each in told(desk, incident) if each[2]] == [(attributed.record.id, 1, True), (more.record.id, 1, True)]
    close_flag(desk.node, RIGHTS, incident, "Both sides looked into it together.", seen=flag(desk, incident).number)
    assert [each.held.reason for each in flag(desk, incident).raised] == [REASON, *["Both sides looked into it together."] * 2]
    sound(desk)


def test_each_node_raises_its_own_from_what_it_holds_and_nothing_of_it_leaves(agreed):
    west, east = agreed.west, agreed.east
    held = file(west, SHEPHERD, claim("action", code("cross_border_fire"), number=2))
    release(west, held.record.id)
    close_flag(west.node, RIGHTS, held.record.incident, "Zzyzx is what nobody else may read.")
    agreed.sync()
    with east.store.reading() as book:
        (copy,) = [each for each in book.records() if each.received_from]
        sent = [entry.content or b"" for log, size in book.logs().items() if not log.startswith("journal/") for entry in book.entries(log, 0, size)]
    assert not [each for each in sent if b"Zzyzx" in each or b"flag" in each]
    assert told(east, copy.record.incident) == [(held.record.id, 1, True)], "closed there, it is open here until somebody has looked"
    assert flag(east, copy.record.incident).raised[0].held.by == ""
    close_flag(east.node, RIGHTS, copy.record.incident, REASON)
    sound(west, east)


def test_import_raises_flags_too(desk):
    raid = {"claims": [msgspec.to_builtins(claim("action", code("raid"), grade="C3"))]}
    lines = [line(1), line(2, **raid), line(3, side="IR", **raid)]
    assert import_records(desk.node, desk.officers["duty"], lambda: read_json_lines(lines)).filed == 3
    with desk.store.reading() as book:
        assert book.open_flags() == 2
        assert sum(entry.header().kind == "flag.raised" for entry in book.entries("journal/west", 0, 50)) == 1, "one act for all of a batch"
    sound(desk)


def test_erased_account_leaves_the_flag_without_a_word_of_it_at_both_nodes(agreed):
    west, east = agreed.west, agreed.east
    sent = release(west, file(west, SHEPHERD).record.id)
    agreed.sync()
    for desk in (west, east):
        close_flag(desk.node, RIGHTS, sent_incident(desk, sent.record), "The shepherd Zzyzx is told of here.")
    erase(west, sent.record)
    agreed.sync()
    confirm_erasure(east.node, east.officers["approver"], sent.log, sent.seq)
    agreed.sync()
    for desk in (west, east):
        (raised,) = flag(desk, sent_incident(desk, sent.record)).raised
        assert (raised.harm, raised.held.reason, raised.held.closed_by) == ([], "", "rights office")
        with desk.store.reading() as book:
            assert not [entry for entry in book.entries(f"journal/{desk.node.party}", 0, 500) if b"Zzyzx" in (entry.content or b"")]
    sound(west, east)


def sent_incident(desk, record):
    with desk.store.reading() as book:
        return book.versions(record)[-1].record.incident


def test_node_that_was_set_back_raises_it_again_from_what_comes_back(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    held = west.file(REPORT)
    release(west, held.record.id)
    agreed.sync()
    close_flag(west.node, RIGHTS, held.record.incident, REASON)
    set_back(west, kept, tmp_path)
    assert flag(west, held.record.incident) is None
    agreed.sync()
    agreed.sync()
    assert told(west, held.record.incident) == [(held.record.id, 1, True)], "who closed it is lost: it is open, which is the safe side"
    sound(west)


def test_case_file_says_that_the_incident_is_flagged_and_not_why_it_was_closed(agreed):
    west = agreed.west
    held = file(west, SHEPHERD)
    release(west, held.record.id)
    agreed.sync()

    def drawn():
        options = {"to": "a commission", "why": "It was asked to look into this.", "page": CaseSheet("en", "UTC")}
        return export_case(west.node, west.officers["commander"], held.record.incident, **options)[1].decode()

    assert "It is open." in drawn()
    close_flag(west.node, RIGHTS, held.record.incident, "Zzyzx is for this house alone.")
    page = drawn()
    assert "Its rights officer closed it." in page
    assert "Zzyzx" not in page
