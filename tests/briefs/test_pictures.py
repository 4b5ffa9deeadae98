"""Figures as they reach the reader: pixels for Word, names that end at the axis in any font."""

from __future__ import annotations

import io
import re

import pytest
from matplotlib.figure import Figure
from PIL import Image

from cchc_analysis.briefs import blocks
from cchc_analysis.briefs.typesetting import PPI, pictures
from cchc_analysis.figures.survey import answers

LONG = "Có hình thức tiếp nhận phản ánh, kiến nghị của người dân"
POINTS = ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng")


def svg_of(drawn: Figure) -> str:
    return str(blocks.figure(drawn, id="f", caption="c", alt="a").data["svg"])


def test_each_drawing_is_a_picture_of_its_own_size_and_colours() -> None:
    small, wide = Figure(figsize=(2, 1), facecolor="#a4262c"), Figure(figsize=(4, 1))
    made = [Image.open(io.BytesIO(p)) for p in pictures([svg_of(small), svg_of(wide)])]
    assert [image.size for image in made] == [(2 * PPI, PPI), (4 * PPI, PPI)]
    assert made[0].convert("RGB").getpixel((PPI, PPI // 2)) == (0xA4, 0x26, 0x2C)
    assert pictures([]) == []


def test_letters_of_vietnamese_are_drawn_and_what_no_font_has_does_no_harm() -> None:
    def ink(text: str) -> int:
        drawn = Figure(figsize=(3, 1))
        drawn.text(0.1, 0.4, text)
        [made] = pictures([svg_of(drawn)])
        return sum(Image.open(io.BytesIO(made)).convert("L").histogram()[:128])

    assert 0 == ink(" ") < ink("ho so qua han") < ink("hồ sơ quá hạn")
    with pytest.warns(UserWarning, match="SMILING"):  # of matplotlib's own font
        assert ink("hồ sơ 🙂") == ink("hồ sơ")


def test_every_line_of_a_long_name_ends_at_the_axis() -> None:
    text = svg_of(answers(["Ngắn", LONG], [[1, 2, 3, 4, 5]] * 2, POINTS))
    found = re.findall(r'<text style="([^"]*)" x="([\d.]+)"[^>]*>([^<]+)</text>', text)
    ends = {shown: float(x) for style, x, shown in found if "text-anchor: end" in style}
    lines = [line for line in ends if line in LONG]
    assert " ".join(lines) == LONG and len(lines) > 1
    assert len({round(ends[line], 1) for line in (*lines, "Ngắn")}) == 1
