# SPDX-License-Identifier: Apache-2.0
"""What happened, who says so, and what was settled: one draft for each event and side."""

from __future__ import annotations

import pytest

from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Draft
from hamsaya.facts.values import Coded, Count, Moment
from hamsaya.intake import read_document


def drafts(text: str, **options: str) -> list[Draft]:
    return read_document(text.encode(), name="n", **{"published": "2014-10-23", **options}).drafts


def claims(draft: Draft, predicate: str) -> list[Claim]:
    return [claim for claim in draft.claims if claim.predicate == predicate]


def toll(draft: Draft, predicate: str) -> list[tuple[int, int | None, str, str]]:
    return [(claim.value.low, claim.value.high, claim.about.code, claim.about.country)
            for claim in claims(draft, predicate) if isinstance(claim.value, Count) and claim.about]  # fmt: skip


def codes(draft: Draft, predicate: str) -> list[tuple[str, str]]:
    return [(claim.value.code, claim.value.country) for claim in claims(draft, predicate) if isinstance(claim.value, Coded)]


@pytest.mark.parametrize(
    "text",
    [
        "On 1 May 2014 militants killed two Iranian border guards and wounded three others.",
        "On 1 May 2014 two Iranian border guards were killed and three others wounded by militants.",
        "On 1 May 2014 militants attacked, leaving two Iranian border guards dead and three Iranian border guards wounded.",
        "روز ۱۱ اردیبهشت دو مرزبان ایرانی به دست شبه‌نظامیان کشته و سه نفر دیگر زخمی شدند.",
        "روز ۱۱ اردیبهشت شبه‌نظامیان دو مرزبان ایرانی را کشتند و سه نفر را زخمی کردند.",
        "1 مئی کو شدت پسندوں نے دو ایرانی سرحدی محافظوں کو ہلاک اور تین کو زخمی کر دیا۔",
        "1 مئی کو شدت پسندوں کے ہاتھوں دو ایرانی سرحدی محافظ ہلاک ہوئے اور تین دیگر اہلکار زخمی ہوئے۔",
    ],
)
def test_active_and_passive_tell_the_same_in_three_languages(text: str) -> None:
    (draft,) = drafts(text)
    assert toll(draft, "killed") == [(2, 2, "border_guard", "IR")]
    assert toll(draft, "wounded") == [(3, 3, "border_guard", "IR")]
    assert codes(draft, "actor") == [("armed_group_member", "")]
    assert ("killing", "") in codes(draft, "action")


def test_troops_are_strength_and_never_casualties() -> None:
    (draft,) = drafts("On 1 May 2014 30 Iranian border guards crossed 900 metres into Pakistan and raided a building.")
    assert toll(draft, "strength") == [(30, 30, "border_guard", "IR")]
    assert not claims(draft, "killed")
    assert codes(draft, "action") == [("crossing", ""), ("raid", "")]
    assert codes(draft, "property") == [("house", "")]


def test_the_sides_own_word_stands_beside_the_neutral_code() -> None:
    for word in ("terrorists", "rebels", "bandits", "militants"):
        (draft,) = drafts(f"On 1 May 2014 {word} killed two border guards.")
        (claim,) = claims(draft, "actor")
        assert claim.value == Coded(code="armed_group_member", words=word)


def test_a_new_date_a_new_pair_and_another_speaker_open_new_events() -> None:
    found = drafts(
        "On 17 October, Iranian border guards killed a Pakistani soldier. The soldier's vehicle was damaged. "
        "The following day, militants killed two police officers. "
        "Iran said that bandits wounded three Iranian border guards.",
        origin="PK",
    )
    assert [draft.side for draft in found] == ["PK", "PK", "IR"]
    assert codes(found[0], "property") == [("vehicle", "")]
    assert found[2].claims[0].speaker == Speaker(kind="side", side="IR")


def test_the_counter_killing_stays_with_its_event_and_bears_its_own_hedge() -> None:
    text = "Iran said bandits shot dead two of its border guards on 1 May 2014 and claimed that its forces killed several ‘outlaws’."
    (draft,) = drafts(text, origin="PK")
    assert toll(draft, "killed") == [(2, 2, "border_guard", "IR"), (3, None, "armed_group_member", "")]
    assert [claim.hedge for claim in claims(draft, "killed")] == ["", "claimed"]


@pytest.mark.parametrize(
    ("text", "hedge", "grade"),
    [
        ("On 1 May 2014 bandits reportedly killed two border guards.", "reported", "F6"),
        ("Sources said bandits killed two border guards on 1 May 2014.", "sources", "F6"),
        ("On 1 May 2014 bandits allegedly killed two border guards.", "alleged", None),
        ("Iran claimed bandits killed two border guards on 1 May 2014.", "claimed", None),
        ("On 1 May 2014 bandits killed two border guards.", "", None),
        ("ذرائع کے مطابق 1 مئی کو ڈاکوؤں نے دو سرحدی محافظوں کو ہلاک کر دیا۔", "sources", "F6"),
        ("ایران نے دعویٰ کیا کہ 1 مئی کو ڈاکوؤں نے دو سرحدی محافظوں کو ہلاک کیا۔", "claimed", None),
        ("ایران مدعی شد ۱۱ اردیبهشت اشرار دو مرزبان را کشتند.", "claimed", None),
    ],
)
def test_hedges_are_kept_and_only_what_cannot_be_judged_is_graded(text: str, hedge: str, grade: str | None) -> None:
    (claim,) = claims(drafts(text, origin="PK")[0], "killed")
    assert (claim.hedge, claim.grade) == (hedge, grade)
    assert bool(claim.hedge_words) == bool(hedge)


@pytest.mark.parametrize(
    ("text", "office", "side"),
    [
        ("Two border guards were killed in Turbat on 1 May 2014, the FC spokesman said.", "FC spokesman", "PK"),
        ("According to the Iranian Foreign Ministry, two guards were killed on 1 May 2014.", "Iranian Foreign Ministry", "IR"),
        ("به گفتهٔ سخنگوی وزارت امور خارجهٔ ایران ۱۱ اردیبهشت دو مرزبان کشته شدند.",
         "سخنگوی وزارت امور خارجهٔ ایران", "IR"),
        ("ایف سی کے ترجمان نے کہا کہ 1 مئی کو دو سرحدی محافظ ہلاک ہوئے۔", "ایف سی کے ترجمان", "PK"),
        ("ایف سی کے ترجمان کے مطابق 1 مئی کو دو سرحدی محافظ ہلاک ہوئے۔", "ایف سی کے ترجمان", "PK"),
    ],
)  # fmt: skip
def test_an_office_speaks_for_its_side(text: str, office: str, side: str) -> None:
    (draft,) = drafts(text, origin="PK")
    assert claims(draft, "killed")[0].speaker == Speaker(kind="office", office=office, side=side)
    assert draft.side == side


def test_no_persons_name_enters_a_claim() -> None:
    found = drafts(
        "Iranian Border Guards Commander Brigadier General Farhad Testname met Inspector General Frontier Corps Major General "
        "Ejaz Probename in Tehran on Wednesday and resolved to work on intelligence sharing. "
        "General Testname underlined readiness for holding joint drills. On 17 October 2014, Captain Nomen Nescio and "
        "two other border guards were killed near the Ali Falanbahmani border.",
        origin="PK",
    )
    printed = repr([[claim for claim in draft.claims] for draft in found])  # noqa: C416
    for name in ("Farhad", "Testname", "Ejaz", "Probename", "Nomen", "Nescio", "Falanbahmani"):
        assert name not in printed
    commitment = next(draft for draft in found if draft.kind == "commitment")
    assert commitment.claims[0].speaker.office == "Iranian Border Guards Commander"


@pytest.mark.parametrize(("text", "killed", "acts"), [
    ("Nobody was arrested.", [], []),
    ("No one was killed or wounded.", [], []),
    ("No shots were fired.", [], []),
    ("Neither side opened fire.", [], []),
    ("The smugglers fled without being arrested.", [], []),
    ("The men were neither detained nor wounded.", [], []),
    ("No vessel was boarded.", [], []),
    ("Two border guards were killed and nobody was arrested.", [(2, 2)], ["killing"]),
    ("Nobody was arrested, but two border guards were killed.", [(2, 2)], ["killing"]),
    ("Two border guards were killed; three civilians were not detained.", [(2, 2)], ["killing"]),
    ("Nobody claimed responsibility for the attack in which two border guards were killed.", [(2, 2)], ["killing"]),
    ("No border guards were killed.", [(0, 0)], []),
    ("The boat at berth no. 2 was boarded.", [], ["boarding"]),
    ("کسی دستگیر نشد.", [], []),
    ("کسی کشته یا زخمی نشد.", [], []),
    ("هیچ تیراندازی صورت نگرفت.", [], []),
    ("قاچاقچیان بدون آنکه دستگیر شوند گریختند.", [], []),
    ("دو مرزبان کشته شدند و کسی دستگیر نشد.", [(2, 2)], ["killing"]),
    ("کوئی گرفتار نہیں ہوا۔", [], []),
    ("کوئی ہلاک یا زخمی نہیں ہوا۔", [], []),
    ("دو محافظ ہلاک ہوئے اور کوئی گرفتار نہیں ہوا۔", [(2, 2)], ["killing"]),
    ("کسی کو گرفتار کیے بغیر محافظ واپس چلے گئے۔", [], []),
])  # fmt: skip
def test_what_did_not_happen_is_left_out_and_what_stands_beside_it_is_not(text, killed, acts) -> None:
    language = "en" if text.isascii() else "ur" if text.endswith("۔") else "fa"
    found = drafts(text, language=language)
    told = [(claim.value.low, claim.value.high) for draft in found for claim in claims(draft, "killed") if isinstance(claim.value, Count)]
    assert told == killed
    assert [code for draft in found for code, _ in codes(draft, "action")] == acts
    assert not [claim for draft in found for predicate in ("held", "wounded") for claim in claims(draft, predicate)]


def test_none_of_them_is_a_count_of_nobody() -> None:
    (draft,) = drafts("None of the border guards was wounded.")
    assert toll(draft, "wounded") == [(0, 0, "border_guard", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Iran may chase bandits and kill two of them if Pakistan refuses.",
        "The FC spokesman denied that two Iranian border guards were killed on 1 May 2014.",
        "Two border guards were not killed on 1 May 2014.",
        "اگر اشرار دو مرزبان را بکشند پاسخ داده خواهد شد.",
        "1 مئی کو کوئی شہری ہلاک نہیں ہوا۔",
        "The weather on 1 May 2014 was fine in Turbat.",
    ],
)
def test_what_is_possible_denied_or_nothing_is_no_incident(text: str) -> None:
    assert [draft for draft in drafts(text) if draft.kind == "incident_account"] == []


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("On 3 March 2014 three Pakistani fishermen were detained by Iranian coast guards off Jiwani.", "held", (3, 3, "fisher", "PK")),
        ("On 3 March 2014 bandits took four residents hostage near Rask.", "held", (4, 4, "civilian", "")),
        ("At least 14 Iranian border guards were shot dead in Saravan on 25 October 2013.", "killed", (14, None, "border_guard", "IR")),
        ("On 3 March 2014 mortar shells hit a house, killing a shepherd and injuring two children.", "wounded", (2, 2, "civilian", "")),
        ("۱۲ آذر ۱۳۹۲ نیروهای مرزبانی ایران پنج قاچاقچی را در نزدیکی چابهار بازداشت کردند.", "held", (5, 5, "smuggler", "")),
        ("روز جمعه افراد مسلح به پاسگاه مرزی در جالق حمله کردند که در آن دو سرباز شهید شدند.", "killed", (2, 2, "army", "")),
        ("5 جون 2014 کو نامعلوم مسلح افراد کی فائرنگ سے ایف سی کے چار اہلکار شہید ہوئے۔", "killed", (4, 4, "border_guard", "PK")),
        ("5 جون 2014 کو ایرانی کوسٹ گارڈ نے تین پاکستانی ماہی گیروں کو گرفتار کر لیا۔", "held", (3, 3, "fisher", "PK")),
    ],
)
def test_who_was_hurt_or_held_in_other_words(text: str, field: str, expected: tuple[int, int | None, str, str]) -> None:
    assert toll(drafts(text)[0], field) == [expected]


def test_a_capital_that_speaks_is_a_side_and_no_place() -> None:
    (draft,) = drafts("Tehran said two Iranian border guards came under fire on 1 May 2014.", origin="PK")
    assert draft.side == "IR"
    assert not claims(draft, "place")
    assert not claims(draft, "actor")


def test_the_office_that_tells_is_not_the_one_that_acted() -> None:
    (draft,) = drafts("ترجمان دفتر خارجہ نے کہا کہ 5 جون کو 7 ایرانی سرحدی محافظ پاکستانی حدود میں داخل ہوئے۔", origin="PK")
    assert codes(draft, "actor") == [("border_guard", "IR")]


def test_two_towns_joined_by_a_dash_do_not_contradict_each_other() -> None:
    (draft,) = drafts("On 1 May 2014 two civilians were wounded on the Taftan–Mirjaveh sector.")
    assert claims(draft, "place")[0].value.ref == "PK.taftan"  # type: ignore[union-attr]
    assert not draft.open_questions


def test_own_report_speaks_for_the_filing_office() -> None:
    (draft,) = drafts("On 1 May 2014 our patrol was fired at near Turbat. Two of our border guards were wounded. "
                      "A local source said smugglers used three vehicles.", origin="PK", basis="own")  # fmt: skip
    assert draft.basis == "own"
    assert claims(draft, "wounded")[0].speaker == Speaker(kind="own", side="PK")
    assert toll(draft, "wounded") == [(2, 2, "border_guard", "PK")]
    assert claims(draft, "means")[0].speaker.kind == "source"


def test_an_incident_without_a_day_asks_for_it() -> None:
    (draft,) = drafts("Bandits killed two border guards in Saravan.")
    assert [str(question) for question in draft.open_questions] == ["When did it happen? The text does not tell."]


def test_an_hour_alone_counts_from_the_day_told_before() -> None:
    found = drafts("On 1 May 2014 bandits entered Saravan. At 14:20 they killed two border guards.", zone="Asia/Tehran")
    moment = claims(found[0], "occurred")[0].value
    assert isinstance(moment, Moment)
    assert moment.precision == "minute"
    assert moment.start is not None
    assert moment.start.isoformat() == "2014-05-01T09:50:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "The Iranian Foreign Ministry summoned the ambassador of Pakistan on 18 October and called for measures to prevent similar incidents.",
        "وزارت امور خارجهٔ ایران روز شنبه ۲۶ مهر سفیر پاکستان را احضار کرد و خواستار جلوگیری از تکرار شد.",
        "ایرانی وزارت خارجہ نے 18 اکتوبر کو پاکستان کے سفیر کو طلب کیا اور واقعات کی روک تھام کا مطالبہ کیا۔",
    ],
)
def test_a_complaint_is_of_the_side_that_lodged_it(text: str) -> None:
    (draft,) = drafts(text, origin="PK")
    assert (draft.kind, draft.side) == ("complaint", "IR")
    assert codes(draft, "status") == [("lodged", "")]
    assert codes(draft, "demand") == [("prevent_repetition", "")]
    assert claims(draft, "occurred")[0].value.start.date().isoformat() == "2014-10-18"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "FC officers and Iranian border police met in Tehran on Wednesday and agreed to improve border security.",
        "مرزبانان ایران و مرزبانان پاکستان روز چهارشنبه در تهران دیدار کردند و درباره مراقبت از مرز توافق کردند.",
        "بدھ کو تہران میں ایف سی اور ایرانی سرحدی حکام کی ملاقات ہوئی اور سرحد کی نگرانی پر اتفاق کیا۔",
    ],
)
def test_a_meeting_has_parties_place_day_and_decisions_and_agreed_is_not_signed(text: str) -> None:
    (draft,) = drafts(text, origin="PK")
    assert draft.kind == "meeting"
    assert set(codes(draft, "parties")) == {("border_guard", "PK"), ("border_guard", "IR")}
    assert codes(draft, "decision") == [("improve_surveillance", "")]
    assert codes(draft, "status") == []
    assert claims(draft, "place")[0].value.ref == "IR.tehran"  # type: ignore[union-attr]
    assert claims(draft, "occurred")[0].value.start.date().isoformat() == "2014-10-22"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The Iranian Navy commander underlined readiness for joint drills with Pakistan.", "readiness"),
        ("Pakistan invited the Iranian Navy to a maritime exercise.", "invited"),
        ("Pakistan proposed a joint exercise.", "proposed"),
        ("فرمانده نیروی دریایی ایران برای رزمایش مشترک اعلام آمادگی کرد.", "readiness"),
        ("پاکستان نے ایرانی بحریہ کو بحری مشق کی دعوت دی۔", "invited"),
    ],
)
def test_a_commitment_has_the_status_that_the_text_gives(text: str, status: str) -> None:
    (draft,) = drafts(text)
    assert draft.kind == "commitment"
    assert codes(draft, "status") == [(status, "")]
    assert codes(draft, "action") == [("exercise", "")]


def test_claims_are_numbered_in_the_order_of_their_spans() -> None:
    for draft in drafts("On 1 May 2014 bandits killed two border guards in Saravan and wounded three others."):
        assert [claim.id for claim in draft.claims] == [f"c{number}" for number in range(1, len(draft.claims) + 1)]
        starts = [claim.span.start for claim in draft.claims if claim.span]
        assert starts == sorted(starts)
