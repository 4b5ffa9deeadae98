"""One catalogue: numbers and dates as in Vietnam, labels that exist, no label written elsewhere."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import re
from pathlib import Path
from string import Formatter

import pytest

import cchc_analysis
from cchc_analysis import words

PACKAGE = Path(cchc_analysis.__file__).parent
LETTERS = set("ăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")
NUMBER_OF_A_LAW = r"\b\d+/(\d{4}/)?(QĐ-TTg|NĐ-CP|TT-VPCP)\b"


@pytest.mark.parametrize(
    ("share", "decimals", "expected"),
    [
        (0.999, 1, "99,9%"), (0.99949, 1, "99,9%"), (0.99996, 1, "99,996%"), (1, 1, "100%"),
        (0, 2, "0%"), (0.00004, 1, "0,004%"), (0.5, 2, "50,00%"),
    ],
)  # fmt: skip
def test_percent_never_rounds_to_all_or_nothing(share: float, decimals: int, expected: str) -> None:
    assert words.percent(share, decimals) == expected


def test_numbers_and_dates() -> None:
    assert words.number(1234567) == "1.234.567"
    assert words.number(-1.25, 1) in ("-1,2", "-1,3")
    assert words.date(dt.date(2024, 1, 5)) == "05/01/2024"
    assert words.points(0.012) == "+1,2 điểm phần trăm"


@pytest.mark.parametrize(
    "text", ["Ngày hẹn trả", "NGÀY  HẸN\u00a0TRẢ", "Nga\u0300y he\u0323n tra\u0309"]
)
def test_fold_knows_no_form(text: str) -> None:
    assert words.fold(text) == "ngay hen tra"


def test_fold_knows_the_letter_that_does_not_decompose() -> None:
    assert words.fold("ĐẤT ĐAI") == "dat dai"


def test_every_label_once() -> None:
    text = (PACKAGE / "words" / "labels.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert all(row["vi"].strip() for row in rows)


def test_every_label_has_an_english_term() -> None:
    for id, row in words._labels().items():
        assert row["en"].strip(), id
        assert not set(row["en"].replace("Tết", "")) & LETTERS, id


def fields(text: str) -> list[str]:
    """The placeholders of a sentence."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", [found for found in words.LANGUAGES if found != "vi"])
def test_a_room_is_translated_whole_and_fits_the_same_values(language: str) -> None:
    own, other = words._catalogue("vi"), words._catalogue(language)
    rooms = {key.partition(".")[0] for key in other}
    assert {"briefs", "definitions", "method", "origins"} <= rooms
    assert set(other) == {key for key in own if key.partition(".")[0] in rooms}
    for key, text in other.items():
        assert text.strip() and fields(text) == fields(own[key]), key
        assert not set(re.sub(NUMBER_OF_A_LAW, "", text)) & LETTERS, key


def test_speaking_ends_with_its_block() -> None:
    with words.speaking("en"):
        assert words.label("state.met") == "Target met"
        assert words.label("state.met", "vi") == "Đạt chỉ tiêu"
        assert words.number(1234.5, 1) == "1,234.5" and words.percent(0.9996) == "99.96%"
        assert words.date(dt.date(2024, 1, 5)) == "5 January 2024"
        assert words.datetime_(dt.datetime(2024, 1, 5, 8)) == "5 January 2024 08:00"
        with pytest.raises(RuntimeError), words.speaking("vi"):
            raise RuntimeError
        assert words.language() == "en"
    assert words.language() == "vi" and words.date(dt.date(2024, 1, 5)) == "05/01/2024"


def test_a_missing_translation_is_no_vietnamese() -> None:
    with words.speaking("en"), pytest.raises(KeyError):
        words.say("phrases.none_late")
    with pytest.raises(KeyError), words.speaking("fr"):
        pass


def test_units_stand_as_in_a_dictionary() -> None:
    names = ["Ơ", "Đông", "Dương", "Ấm", "An", "Phường 10", "Phường 2", "Ăn", "Ân", "Dừa", "Dứa"]
    assert sorted(names, key=words.order) == [
        "An", "Ăn", "Ấm", "Ân", "Dừa", "Dứa", "Dương", "Đông", "Ơ", "Phường 2", "Phường 10",
    ]  # fmt: skip


def test_no_vietnamese_outside_the_catalogue() -> None:
    """String literals of the package hold no Vietnamese words (docstrings may quote them)."""
    allowed = {"encodings.py", "vocabulary.py", "values.py", "titles.py", "headers.py"}
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name in allowed or path.name.startswith("sample"):
            continue  # these read or write the offices' own words: data, not messages
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.value)  # docstrings, of attributes too
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        found += [
            f"{path.name}:{node.lineno} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and set(node.value) & LETTERS
            and len(node.value) > 1
        ]
    assert found == []
