"""One catalogue: numbers and dates as in Vietnam, labels that exist, no label written elsewhere."""

from __future__ import annotations

import ast
import csv
import datetime as dt
from pathlib import Path

import pytest

import cchc_analysis
from cchc_analysis import words

PACKAGE = Path(cchc_analysis.__file__).parent


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


def test_no_vietnamese_outside_the_catalogue() -> None:
    """String literals of the package hold no Vietnamese words (docstrings may quote them)."""
    letters = set("ăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")
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
            and set(node.value) & letters
            and len(node.value) > 1
        ]
    assert found == []
