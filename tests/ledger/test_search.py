# SPDX-License-Identifier: Apache-2.0
"""Search finds words in three scripts however they are typed, finds no persons, and never fails on what is typed."""

from __future__ import annotations

import pytest

from hamsaya.desk.documents import add_document
from hamsaya.desk.filters import MAX_TEXT, Filter, read_filter
from hamsaya.desk.search import KINDS, search
from hamsaya.desk.wording import MOST, hit, read_query, words_of
from hamsaya.ledger import sheets
from hamsaya.ledger.verify import verify_store

ENGLISH = "Report.\nDate: 12 November 2026\n\nOn 12 November 2026, smugglers fired near Mirjaveh at post 155. Colonel Hamid Rezaei Kermani said two were wounded. Rezaei left."
PERSIAN = "گزارش.\n۲۱ آبان ۱۴۰۵\n\nقاچاقچیان در نزدیکی میرجاوه تیراندازی کردند. سرهنگ حمید رضایی گفت دو مأمور زخمی شدند. نیروهای مرزبانی می‌روند. پاسگاه ۱۵۵."
URDU = "رپورٹ۔\n12 نومبر 2026\n\nاسمگلروں نے میرجاوہ کے قریب فائرنگ کی۔ کرنل سلیم بلوچ نے کہا کہ دو اہلکار زخمی ہوئے۔ چوکی 155 محفوظ ہے۔ فون 0300-1234567"
BP = "Pillar.\nDate: 1 November 2026\n\nOn 1 November 2026, smugglers crossed near BP-155. The plate was ABC-1234 and the number 35202-1234567-1."


def take_in(desk, text: str, name: str = "report.txt", basis: str = "attributed", language: str = "") -> str:
    held, _ = add_document(desk.node, desk.officers["duty"], text.encode(), name=name, origin="IR", basis=basis, language=language)
    return held.document


def found(desk, text: str, **fields: str) -> list[str]:
    with desk.store.reading() as book:
        hits = search(book, read_filter({"q": text, **fields}, "UTC", KINDS), limit=50)
    return [getattr(hit.held, "document", None) or hit.held.record.id for hit in hits.sheet.rows]


@pytest.fixture
def read(desk):
    return {"en": take_in(desk, ENGLISH), "fa": take_in(desk, PERSIAN), "ur": take_in(desk, URDU)}


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("MIRJAVEH smugglers", "en"), ("mirj", "en"), ("Mîrjaveh", "en"), ("fired near", "en"),
        ("میرجاوه", "fa"), ("ميرجاوه", "fa"), ("مَیرجاوه", "fa"), ("می‌روند", "fa"), ("می روند", "fa"), ("نيروهاي مرزباني", "fa"), ("تیراندازی", "fa"),
        ("میرجاوہ", "ur"), ("فائرنگ", "ur"), ("اسمگلروں", "ur"), ("چوکی", "ur"), ("چوكي", "ur"),
    ],
)  # fmt: skip
def test_words_are_found_in_three_scripts_however_they_are_typed(desk, read, typed, language):
    assert read[language] in found(desk, typed)


@pytest.mark.parametrize("digits", ["155", "۱۵۵", "١٥٥"])
def test_digits_of_three_scripts_are_one(desk, read, digits):
    assert set(found(desk, digits)) == set(read.values())


def test_every_word_must_be_there_and_the_newest_stands_first(desk, read):
    assert found(desk, "155") == [read["ur"], read["fa"], read["en"]]
    assert found(desk, "155 smugglers") == [read["en"]]
    assert found(desk, "155 elephants") == []


@pytest.mark.parametrize(
    "name",
    ["Rezaei", "rezaei", "Hamid", "Kermani", "Colonel Rezaei", "Hamid Rezaei", "رضایی", "رضايي", "سرهنگ رضایی", "حمید", "سلیم", "بلوچ", "کرنل سلیم", "03001234567",
     "0300", "1234567", "35202-1234567-1", "ABC-1234", "۰۳۰۰"],
)  # fmt: skip
@pytest.mark.usefixtures("read")
def test_search_is_no_person_finder(desk, name):
    take_in(desk, BP)
    assert found(desk, name) == []
    with desk.store.reading() as book:
        hits = [*search(book, Filter(text="155")).sheet.rows, *search(book, Filter(text="colonel")).sheet.rows]
    shown = " ".join(piece.text for hit in hits for piece in hit.pieces)
    for hidden in ("Rezaei", "Hamid", "رضایی", "سلیم", "1234567", "ABC-1234"):
        assert hidden not in shown


@pytest.mark.usefixtures("read")
def test_what_is_asked_of_a_person_is_said_to_be_not_searched_for(desk):
    with desk.store.reading() as book:
        assert "persons" in str(search(book, Filter(text="Colonel Rezaei")).note)
        assert search(book, Filter(text="smugglers")).note is None
        assert "Type a word" in str(search(book, Filter(text="😀 «»")).note)


HOSTILE = [
    '"', '""', "'", "'; DROP TABLE wording; --", "mirjaveh OR smugglers*", "NEAR(a b)", "words: x", "^a", "a AND", "-a", "{a b}", "(", "*", "a*b*", "%", "_", "\\",
    "\u202e\u2066mirjaveh\u2069", "😀", "👩‍👩‍👧", "\x00", "a\x00b", "\ufeff", "İ", "ﷺ", "𞤀𞤁", "𑄃", "x" * MAX_TEXT, "ا" * MAX_TEXT, "a " * (MAX_TEXT // 2), "½ ²", "__", "a:*", "!a", "a & | b", "<->",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_makes_search_fail_or_find_what_is_not_there(desk, read, typed):
    for each in (typed, f"{typed} smugglers", f"mirjaveh {typed}"):
        assert set(found(desk, each[:MAX_TEXT])) <= set(read.values())


@pytest.mark.usefixtures("read")
def test_marks_stand_on_the_words_and_nothing_is_lost(desk):
    with desk.store.reading() as book:
        english = search(book, Filter(text="smugglers mirj")).sheet.rows[0].pieces
        urdu = search(book, Filter(text="فائرنگ")).sheet.rows[0].pieces
    assert [piece.text for piece in english if piece.marked] == ["smugglers", "Mirjaveh"]
    assert [piece.text for piece in urdu if piece.marked] == ["فائرنگ"]
    assert "smugglers fired near Mirjaveh at post" in "".join(piece.text for piece in english)


def test_records_are_found_by_their_words_and_kinds_and_a_withdrawn_or_older_version_is_not(desk):
    first = desk.file()
    assert found(desk, "Mirjaveh", kind="document") == [first.record.sources[0].document]
    assert found(desk, "Mirjaveh", kind="incident_account") == [first.record.id]
    second = desk.file(
        "Report.\nDate: 13 November 2026\n\nOn 12 November 2026 at 09:30, armed smugglers fired near Zahedan.", revises=first.record.id
    )
    assert found(desk, "Mirjaveh", kind="incident_account") == []
    assert found(desk, "zahedan", kind="incident_account") == [second.record.id]
    assert found(desk, first.record.id.lower(), kind="incident_account") == [second.record.id]
    assert verify_store(desk.store).faults == []


def test_words_filter_lists_of_incidents_and_records_too(desk, monkeypatch):
    near, far = desk.file(), desk.file("Report.\nDate: 13 November 2026\n\nOn 13 November 2026 at 09:30, armed smugglers fired near Zahedan.")
    for few in (5_000, 0):
        monkeypatch.setattr(sheets, "FEW", few)
        for fields in ({}, {"since": "2026-11-01"}, {"bbox": "50,20,70,35"}):
            asked = read_filter({"q": "zahedan", **fields}, "UTC")
            with desk.store.reading() as book:
                assert [held.record.id for held in book.records_page(asked).rows] == [far.record.id]
                assert book.incidents_page(asked).rows == [far.record.incident]
                assert book.incidents_page(read_filter({"q": "smugglers -"}, "UTC")).rows in ([], [far.record.incident, near.record.incident])


def test_turning_the_sheets_of_hits_shows_each_once(desk):
    names = [take_in(desk, f"{ENGLISH}\nNumber {number}.", f"{number}.txt") for number in range(23)]
    after, seen = "", []
    while True:
        with desk.store.reading() as book:
            sheet = search(book, Filter(text="smugglers"), after, limit=5).sheet
        seen += [hit.held.document for hit in sheet.rows]
        after = sheet.next
        if not after:
            break
    assert seen == names[::-1]


@pytest.mark.usefixtures("read")
def test_an_altered_index_is_found_by_verify(desk, store_kind):
    if store_kind != "sqlite":
        return  # there the database keeps the index from the rows
    with desk.store.engine.begin() as db:
        db.exec_driver_sql("INSERT INTO wording_search (rowid, words) VALUES (999, ' ghost ')")
    assert [str(fault.what) for fault in verify_store(desk.store).faults] == ["The index of full text does not fit the words that it is over."]


def test_a_text_of_endless_new_words_is_cut_and_kept(desk):
    words = words_of(" ".join(f"w{number}" for number in range(200_000)))
    assert len(words.encode()) <= MOST + 2
    name = take_in(
        desk, "Report of smugglers near the border, and what they said.\n" * 40 + " ".join(f"لفظ{number}" for number in range(60_000)), language="en"
    )
    assert found(desk, "smugglers") == [name]


def test_the_last_word_may_be_a_beginning_and_the_others_are_whole():
    assert read_query("near mirj").begins
    assert not read_query("near mirj ").begins
    assert not read_query("near mi").begins
    assert read_query("Colonel Rezaei").words == []


@pytest.mark.parametrize("around", [30, 300, 2000])
def test_an_excerpt_ends_at_whole_words(around):
    words = [f"word{number}" for number in range(around)]
    text = " ".join([*words, "Mirjaveh", *words])
    shown = "".join(piece.text for piece in hit(text, read_query("Mirjaveh")))
    assert set(shown.strip("…").split()) <= {*words, "Mirjaveh"}, shown
    assert "Mirjaveh" in shown
