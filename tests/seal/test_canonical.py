# SPDX-License-Identifier: Apache-2.0
"""The one signed form: what it writes never changes, and whatever else comes is an `InputError`, never a crash."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Count, Moment, Place
from hamsaya.seal.canonical import MAX_DEPTH, MAX_SAFE, _check, canonical, parse, read

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_SAFE, MAX_SAFE) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_what_is_written_is_read_back_and_written_the_same(value):
    data = canonical(value)
    assert parse(data) == value
    assert canonical(parse(data)) == data


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=8))
def test_order_in_which_keys_were_put_does_not_matter(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None, "x"]}, b'{"a":[true,null,"x"],"b":1}'),
        ({"مرز": "سرحد"}, '{"مرز":"سرحد"}'.encode()),
        ({"é": "\u200c"}, b'{"\xc3\xa9":"\xe2\x80\x8c"}'),
        ('"\\/\b\f\n\r\t\x00\x1f\x7f', b'"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f"'),
        ([MAX_SAFE, -MAX_SAFE, 0], b"[9007199254740991,-9007199254740991,0]"),
        ({"Z": 1, "a": 2, "A": 3, "é": 4, "\U0001f600": 5, "\ufb01": 6}, '{"A":3,"Z":1,"a":2,"é":4,"\ufb01":6,"\U0001f600":5}'.encode()),
        ((1, (2, 3)), b"[1,[2,3]]"),
        ([], b"[]"),
        ("", b'""'),
        (Count(low=3, high=None, words="several"), b'{"high":null,"low":3,"type":"count","words":"several"}'),
        (Place(words="Mand", precision="settlement", lon_udeg=62_000_000, lat_udeg=26_100_000),
         b'{"lat_udeg":26100000,"lon_udeg":62000000,"precision":"settlement","type":"place","words":"Mand"}'),
        (Moment(start=datetime(2014, 10, 21, 19, 0, tzinfo=UTC), end=datetime(2014, 10, 22, 19, 0, tzinfo=UTC), precision="day", zone="Asia/Karachi"),
         b'{"end":"2014-10-22T19:00:00Z","precision":"day","start":"2014-10-21T19:00:00Z","type":"moment","zone":"Asia/Karachi"}'),
        (datetime(2026, 11, 22, 9, 0, 0, 1000, tzinfo=timezone(timedelta(hours=3, minutes=30))), b'"2026-11-22T09:00:00.001000+03:30"'),
    ],
)  # fmt: skip
def test_golden_bytes(value, written):
    assert canonical(value) == written


def nested(depth, kind=list):
    value: object = "x"
    for _ in range(depth):
        value = [value] if kind is list else {"k": value}
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.5, -0.0, float("nan"), float("inf"), [1.0], (1.5,), {"a": (float("nan"),)}, MAX_SAFE + 1, -MAX_SAFE - 1, 10**5000, -(10**5000),
        "\ud800", "a\udfffb", ("\ud800",), {"\ud800": 1}, {"a": ["\ud800"]}, {1: "a"}, {1: "a", "1": "b"}, {None: 1}, {True: 1}, {1.5: 1}, {(1, 2): 1},
        object(), {"a": object()}, lambda: 0, nested(MAX_DEPTH + 1), nested(MAX_DEPTH + 1, dict), nested(10_000),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_cannot_be_signed_is_an_input_error(value):
    with pytest.raises(InputError):
        canonical(value)


def test_deepest_allowed_nesting_is_written_and_read():
    for kind in (list, dict):
        value = nested(MAX_DEPTH, kind)
        assert parse(canonical(value)) == value


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"\xef\xbb\xbf{}", b"{", b'{"a":', b'{"a":1', b"[1,", b'"abc', b"{}{}", b"{} x", b"nul", b"tru", b"[1,]", b'{"a":1,}', b"{'a':1}", b"// x\n1",
        b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'[{"x":{"a":1,"b":2,"a":1}}]', b'{"a":1,"a":1}',
        b"1.0", b"1e5", b"-0.0", b"1E400", b"NaN", b"Infinity", b"-Infinity", b'{"a":0.5}',
        b"9007199254740992", b"-9007199254740992", b'{"a":[1e3]}', b"9" * 4000, b"9" * 5000, b"-" + b"9" * 100_000, b"00", b"01", b"+1", b"0x10",
        b'"\\ud800"', b'"\\udc00\\ud800"', b'{"\\udfff":1}', b'"\xed\xa0\x80"', b"\xff\xfe", b'"\x80"', b'"\xc0\xaf"', b'"a\nb"', b'"\x00"', b'"\\x41"', b'"\\u12"',
        b"[" * 10_000, b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b"[" * 66 + b"]" * 66,
        '{"a":1}'.encode("utf-16"), '{"a":1}'.encode("utf-32"),
    ],
    ids=lambda data: repr(data)[:30],
)  # fmt: skip
def test_what_is_no_strict_json_is_an_input_error(data):
    with pytest.raises(InputError):
        parse(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused_by_our_error(data):
    try:
        value = parse(data)
    except InputError:
        return
    assert parse(canonical(value)) == value


@settings(max_examples=200, deadline=None)
@given(JSON, st.data())
def test_cut_off_json_is_refused(value, data):
    written = canonical({"only": value})
    end = data.draw(st.integers(0, len(written) - 1))
    with pytest.raises(InputError):
        parse(written[:end])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["start", "end", "precision", "zone", "words", "type", "low", "high", "x"]), JSON, max_size=6))
def test_any_object_is_read_as_a_moment_or_refused_by_our_error(value):
    try:
        moment = read(canonical(value), Moment)
    except InputError:
        return
    assert moment.start is None or moment.start.tzinfo is not None


@pytest.mark.parametrize("zoneless", ["2026-11-22T09:00:00", "2026-11-22 09:00"])
def test_time_without_a_zone_is_refused_since_it_cannot_be_compared(zoneless):
    whole = json.loads(canonical(Moment(start=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2026, 1, 2, tzinfo=UTC), precision="day")))
    with pytest.raises(InputError):
        read(canonical(whole | {"start": zoneless}), Moment)


def test_unknown_fields_are_left_alone_when_a_copy_is_read():
    assert read(b'{"type":"count","low":1,"high":2,"later":"a field of a later version"}', Count) == Count(low=1, high=2)


def test_fields_of_another_type_are_refused_by_name():
    with pytest.raises(InputError, match="low"):
        read(b'{"type":"count","low":"1","high":2}', Count)


def test_struct_and_its_plain_form_are_written_alike():
    count = Count(low=1, high=2, words="one or two")
    assert canonical(count) == canonical(msgspec.to_builtins(count))


LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | LETTERS | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=20,
))  # fmt: skip
def test_the_quick_way_writes_and_reads_what_the_long_way_does(value):
    try:
        _check(value, 0)
    except InputError:
        with pytest.raises(InputError):
            canonical(value)
        return
    assert canonical(value) == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_every_letter_is_written_as_it_always_was():
    for first in range(0, 0x110000, 0x400):
        text = "".join(map(chr, range(first, first + 0x400)))
        if not 0xD800 <= first < 0xE000:
            assert canonical({text: text}) == json.dumps({text: text}, ensure_ascii=False, separators=(",", ":")).encode()


def test_brackets_in_a_text_neither_make_nor_hide_depth():
    assert canonical(["]" * 100 + '"\\' + "[" * 100] * 100)
    for kind in (list, dict):
        deep = nested(MAX_DEPTH + 1, kind)
        for hiding in (["}]" * 100, deep], [deep, '"]' * 100], {"a": '\\"]', "b": deep, "]" * 100: 1}):
            written = json.dumps(hiding, separators=(",", ":")).encode()
            with pytest.raises(InputError):
                parse(written)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789ab", min_size=14, max_size=80), st.integers(MAX_SAFE - 5, MAX_SAFE + 5), st.sampled_from(["", ":", ",", "-", "["]))
def test_digits_in_a_text_hide_no_number_that_is_too_large(digits, number, before):
    for value in ({"a": before + digits, "b": number}, [before + digits, -number], [number, digits], {digits: {digits: number}}):
        if number <= MAX_SAFE:
            assert parse(canonical(value)) == value
        else:
            with pytest.raises(InputError):
                canonical(value)
            with pytest.raises(InputError):
                parse(json.dumps(value, separators=(",", ":")).encode())
