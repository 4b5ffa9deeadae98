"""Telephone and citizen numbers, in whatever way they are written, do not pass."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.privacy import redact, scan

GAPS = st.sampled_from(["", " ", ".", "-", ". ", "\u00a0", "\u2013", "\u2011", " \u2013 ", "\u2009",
                        "\u200b", "\u00ad"])  # fmt: skip
SIGNS = st.sampled_from(["/", "_", ",", "-", "\u2013", "\u2011", ".", " "])
WORDS = st.text(alphabet="abc đồ,;:()\n", max_size=12)


@st.composite
def number(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["09", "03", "+849", "849", "0381", "0012"]))
    size = {"09": 10, "03": 10, "+849": 12, "849": 11, "0381": 12, "0012": 12}[head]
    tail = draw(
        st.text(alphabet="0123456789", min_size=size - len(head), max_size=size - len(head))
    )
    gap = draw(GAPS)
    digits = (head + tail).removeprefix("+")
    place = draw(st.integers(3, len(digits) - 2))
    plus = "+" if head.startswith("+") else ""
    return plus + digits[:place] + gap + digits[place:]


@given(before=WORDS, secret=number(), after=WORDS)
def test_no_number_passes(before: str, secret: str, after: str) -> None:
    cleaned = redact(f"{before} {secret} {after}")
    assert secret not in cleaned
    assert scan(cleaned) == []


@given(st.integers(0, 10**7), st.dates())
def test_figures_and_dates_pass(figure: int, day: object) -> None:
    for text in (f"{figure} hồ sơ", f"{day:%d/%m/%Y}", f"{figure / 1000:.3f}", "2024-Q4"):
        assert redact(text) == text


@given(st.text("0123456789", min_size=8, max_size=8), SIGNS, st.booleans())
def test_groups_with_one_sign_between_them(tail: str, sign: str, wide: bool) -> None:
    digits = "09" + tail
    text = sign.join((digits[:4], digits[4:7], digits[7:]))
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    assert redact(f"gọi {text} nhé") == "gọi […] nhé"


@given(st.lists(number(), min_size=2, max_size=4), st.sampled_from([" ", ", ", "; ", " – ", "/"]))
def test_several_side_by_side(secrets: list[str], between: str) -> None:
    cleaned = redact(between.join(re.sub(r"\D", "", secret) for secret in secrets))
    assert not re.search(r"\d", cleaned)


@given(st.integers(10**6, 10**11), st.sampled_from([".", ",", " ", "\u00a0"]))
def test_amounts_pass(amount: int, sign: str) -> None:
    text = f"{amount:,} đồng".replace(",", sign)
    assert redact(text) == text and not scan(text, line=True)


@given(st.dates(), st.dates(), st.sampled_from(["/", ".", "-"]),
       st.sampled_from([" ", " – ", "-", "–", ", "]))  # fmt: skip
def test_days_side_by_side_pass(one: dt.date, other: dt.date, sign: str, between: str) -> None:
    if 1900 <= one.year < 2100 and 1900 <= other.year < 2100:
        text = between.join(f"{day:%d{sign}%m{sign}%Y}" for day in (one, other))
        assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "0084987654321", "0987654321-0912345678", "038/594/507/024", "172 345 678",
        "CMND số 172.345.678", "CCCD: 38 594 507 0241", "an.nguyen @ example.com",
        "an\uff20example.com", "038594507024.1", "số 1-0912345678", "0912 345 678, 5 hồ sơ",
        "(0237) 3.852.123", "091 234 5678 1", "gọi 0912\u00ad345\u200b678",
    ],
)  # fmt: skip
def test_written_in_ways_that_people_find(text: str) -> None:
    assert len(scan(text)) >= 1 and scan(redact(text)) == []
    assert not re.search(r"\d{4}|@", redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "Số 61/2018/NĐ-CP ngày 23/4/2018", "150.000.000", "150000000 đồng", "weights @ frame.mean",
        "000.17.31.H56-240702000412", "G03.899.000-210801-0012", "0123, 4567, 890",
        "000.17.31.H56-240702-0912 000.17.31.H56", "12 05 2024 10 000 000 đồng",
        "01, 02, 03, 04, 05", "1.001193.000.00.00.H56", "5.0912345678", "0,9418238993710691",
        "01/10/2024 08:30",
    ],
)  # fmt: skip
def test_what_is_no_number_of_anybody(text: str) -> None:
    assert redact(text) == text and not scan(text, line=True)
