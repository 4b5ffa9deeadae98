"""Telephone and citizen numbers, in whatever way they are written, do not pass."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.privacy import redact, scan

GAPS = st.sampled_from(["", " ", ".", "-", ". ", "\u00a0"])
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
