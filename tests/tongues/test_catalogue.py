# SPDX-License-Identifier: Apache-2.0
"""Every message of the house has a translation with the same blanks, and the files on disk say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.facts.words import Text, say
from hamsaya.tongues import translate
from hamsaya.tongues.catalogue import catalogue, po_path
from hamsaya.tongues.extract import Kept, blanks, faults, in_template, main, merge, messages, read_kept, render

WANTED = messages()


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_every_message_is_translated_with_the_same_blanks(language):
    assert faults(language, WANTED, read_kept(language)) == []


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_file_is_what_extraction_would_write(language):
    hint = "run: python -m hamsaya.tongues.extract"
    assert po_path(language).read_text("utf-8") == render(language, WANTED, read_kept(language)), hint


def test_extraction_finds_every_way_of_saying_something():
    assert "Too long to show whole: {n} characters at the end are left out here. The document is kept as received." in WANTED  # a template
    assert "Two officers release: the second must be another person than {login}." in WANTED  # a verb
    assert "The record is marked TLP:{level}; this clause ends at TLP:{ceiling}." in WANTED  # a clause
    assert "{low}–{high}" in WANTED  # this room
    assert "border guard" in WANTED  # a table
    assert sorted(set(WANTED)) == WANTED


def test_template_message_must_be_a_literal():
    assert in_template('{{ _("One \\"two\\" {n}", n=1) }} {{ _("b") }} {{ obj._(x) }} {{ my_("c") }}', "t") == ['One "two" {n}', "b"]
    with pytest.raises(SyntaxError, match="double quotes"):
        in_template("{{ _(name) }}", "t")


def test_missing_and_mistaken_translations_are_faults():
    kept = Kept({"a {n}": "الف {m}", "b": "", "c": "پ"}, {"d {n}": "ت {n}"})
    assert faults("fa", ["a {n}", "b", "c", "d {n}", "e"], kept) == ["fa: other blanks: a {n}", "fa: not translated: b", "fa: not translated: e"]


def test_translation_outlives_its_message_and_revives(monkeypatch, tmp_path):
    from hamsaya.tongues import extract

    monkeypatch.setattr(extract, "po_path", lambda language: tmp_path / language)
    (tmp_path / "fa").write_text(render("fa", ["a", "b"], Kept({"a": "الف", "b": "ب"}, {})), "utf-8")
    assert read_kept("fa") == Kept({"a": "الف", "b": "ب"}, {})
    (tmp_path / "fa").write_text(render("fa", ["a"], read_kept("fa")), "utf-8")
    assert read_kept("fa") == Kept({"a": "الف"}, {"b": "ب"})
    (tmp_path / "fa").write_text(render("fa", ["a", "b"], read_kept("fa")), "utf-8")
    assert read_kept("fa") == Kept({"a": "الف", "b": "ب"}, {})


def test_header_holds_nothing_of_the_machine():
    text = render("ur", ["a"], Kept({}, {}))
    assert text == render("ur", ["a"], Kept({}, {}))
    assert "Date" not in text
    assert "/" not in text.split("\n\n", maxsplit=1)[0].replace("text/plain", "")


def test_given_translations_replace_older_ones():
    assert merge(Kept({"a": "1", "b": "2"}, {}), {"a": {"fa": "3"}, "b": {"ur": "4"}}, "fa") == Kept({"a": "3", "b": "2"}, {})


def test_check_reports_and_changes_nothing(capsys):
    before = po_path("fa").read_bytes()
    assert main(["--check"]) == 0
    assert "0 faults" in capsys.readouterr().out
    assert po_path("fa").read_bytes() == before


def test_english_is_its_own_translation():
    assert translate(say("There is no draft {came}.", came="X"), "en") == "There is no draft X."
    assert translate("Inbox", "en") == "Inbox"
    assert translate("Inbox", "xx") == "Inbox"
    assert catalogue("../../etc") == {}


def test_blanks_are_filled_after_translation_and_themselves_translated():
    text = say("The role “{role}” may not {verb}.", role=say("administrator"), verb=say("propose a release"))
    for language in ("fa", "ur"):
        shown = translate(text, language)
        assert translate("administrator", language) in shown
        assert translate("propose a release", language) in shown
        assert "administrator" not in shown
    able = translate(say("These roles may: {able}.", able="duty officer, liaison officer"), "fa")
    assert "افسر نگهبان، افسر رابط" in able


@pytest.mark.parametrize("name", ["west", "north", "police", "west, east"])
def test_name_of_a_party_is_no_word_of_the_house(name):
    assert "north" in WANTED
    assert translate(say("from {party}", party=name), "fa").endswith(name)


NAMES = {"west": "مرزبانی غرب", "office": "nobody"}


def test_party_is_called_by_its_name_but_not_in_a_command_nor_where_something_else_is_called_so():
    told = say("{party} answered: {why}", party="west", why=say("from {sender}", sender="west"))
    assert translate(told, "en", names=NAMES) == "مرزبانی غرب answered: from مرزبانی غرب"
    assert translate(told, "en") == "west answered: from west"
    assert translate(say("{party} came", party="north"), "en", names=NAMES) == "north came"
    assert translate(say("Run `hamsaya sync {party}`.", party="west"), "en", names=NAMES) == "Run `hamsaya sync west`."
    assert translate(say("by {office} in {word}", office="west", word="west"), "en", names=NAMES) == "by west in west"


def test_dates_and_numbers_in_blanks_read_as_the_readers_do():
    valid = say("Signed by all parties and valid until {day}.", day="2027-01-31")
    assert "۱۱ بهمن ۱۴۰۵ (۳۱ ژانویهٔ ۲۰۲۷)" in translate(valid, "fa")
    assert "31 جنوری 2027" in translate(valid, "ur")
    assert "31 January 2027" in translate(valid, "en")
    assert "۱۲" in translate(say("clause {number}", number=12), "fa")
    assert "2014-10-22" in translate(say("There is no draft {came}.", came="2014-10-22"), "fa")


def test_sentence_that_cannot_be_filled_is_shown_as_it_is():
    assert translate(Text("{0} {x} {"), "en") == "{0} {x} {"
    assert translate(Text("{0.__class__} {x}", {"x": "1"}), "en") == "{0.__class__} {x}"


@given(st.text(), st.dictionaries(st.sampled_from(["came", "n", "why"]), st.text()), st.sampled_from(["en", "fa", "ur"]))
def test_any_text_can_be_shown(message, filled, language):
    assert isinstance(translate(Text(message, filled), language), str)


def test_wraps_apply_to_sentence_and_blanks_apart():
    shown = translate(say("from {party}", party="<b>"), "en", wrap_text=str.upper, wrap_blank=lambda value: f"[{value}]")
    assert shown == "FROM {PARTY}"
    shown = translate(say("from {party}", party="{party}"), "en", wrap_text=lambda text: f"<{text}>", wrap_blank=lambda value: f"[{value}]")
    assert shown == "<from [{party}]>"


def test_blanks_of_a_message():
    assert blanks("{a} and {b} and {{not}}") == {"a", "b"}


def test_time_in_utc_prints_in_the_readers_calendar():
    told = say(
        "Suspended by {party} ({office}) on {time}: {reason}", party="East", office="o", time="2026-11-22 09:05 UTC", reason="2026-11-22 09:05 UTC x"
    )
    assert "22 November 2026, 09:05 UTC" in translate(told, "en")
    assert "۱ آذر ۱۴۰۵" in translate(told, "fa")
    assert "۰۹:۰۵ UTC" in translate(told, "fa")
    assert translate(told, "fa").endswith("\u20682026-11-22 09:05 UTC x\u2069")  # what somebody wrote stays, and keeps to its own direction
