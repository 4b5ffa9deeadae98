"""When a task is due, in the words of plans."""

from __future__ import annotations

import pytest

from cchc_analysis.cadences import due_days


def days(cadence: str, due: str = "", year: int = 2025) -> list[str] | None:
    found = due_days(cadence, due, year)
    return None if found is None else [f"{day:%d/%m}" for day in found]


QUARTERS = ["31/03", "30/06", "30/09", "31/12"]


@pytest.mark.parametrize(
    ("cadence", "due", "expected"),
    [
        ("hằng quý", "Định kỳ hằng quý", QUARTERS),
        ("Hàng Quý", "", QUARTERS),
        ("quý", "", QUARTERS),
        ("quý, 6 tháng, năm", "", QUARTERS),
        ("6 tháng; hằng năm", "Báo cáo theo quy định", ["30/06", "31/12"]),
        ("6 tháng", "", ["30/06", "31/12"]),
        ("6 tháng đầu năm", "", ["30/06"]),
        ("9 tháng", "", ["30/09"]),
        ("trong năm", "Năm 2025", ["31/12"]),
        ("thường xuyên", "Thường xuyên trong năm", ["31/12"]),
        ("hằng năm", "Trước ngày 15/11/2025", ["15/11"]),
        ("hằng năm", "trước 15/12 hằng năm", ["15/12"]),
        ("trong năm", "Quý III/2025", ["30/09"]),
        ("trong năm", "Tháng 9/2025", ["30/09"]),
        ("trong năm", "Tháng 2 năm 2025", ["28/02"]),
        ("", "Quý I và quý III", ["31/03", "30/09"]),
        ("", "Trong năm 2025", ["31/12"]),
        ("Quý II", "", ["30/06"]),
        ("trong năm", "Theo Kế hoạch 195/KH-UBND ngày 27/8/2021", ["31/12"]),
        ("trong năm", "Báo cáo tháng 1/2026", ["31/12"]),
        ("trong năm", "31/02/2025", ["31/12"]),
        ("hằng quý", "Trước ngày 15/6/2025", QUARTERS),
        ("theo sự kiện", "Sau khi UBND thành phố ban hành Đề án", []),
        ("theo sự kiện", "Trước 30/9", ["30/09"]),
        ("", "theo quy định", None),
        ("", "", None),
    ],
)
def test_due_days(cadence: str, due: str, expected: list[str] | None) -> None:
    assert days(cadence, due) == expected


def test_every_month() -> None:
    found = days("hằng tháng", year=2024)
    assert found is not None
    assert found[1] == "29/02" and len(found) == 12
