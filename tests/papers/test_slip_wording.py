"""Each slip says what is so of its dossier: not done, due tomorrow, ready, handed over, ended."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document

from cchc_analysis import office
from cchc_analysis.papers import slips
from cchc_analysis.papers.apologies import owed, reference_day
from cchc_analysis.workspace import inbox

from .made import register

OPEN = {"Trạng thái": "Đang xử lý"}
ROWS = [
    {"n": "1", "Ngày hẹn trả": "25/03/2024 17:00", **OPEN},
    {"n": "2", "Ngày hẹn trả": "25/03/2024", **OPEN, "Ngày hẹn lại": "03/04/2024"},
    {"n": "3", "Ngày hẹn trả": "22/03/2024", **OPEN, "Ngày hẹn lại": "27/03/2024"},
    {"n": "4", "Ngày hẹn trả": "01/04/2024", **OPEN, "Tên thủ tục hành chính": ""},
    {"n": "5", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024",
     "Trạng thái": "Đã có kết quả"},
    {"n": "6", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024",
     "Ngày trả KQ": "26/03/2024"},
    {"n": "7", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024",
     "Ngày trả KQ": "20/03/2024"},
    {"n": "8", "Ngày hẹn trả": "29/03/2024", "Ngày xử lý xong": "02/04/2024",
     "Trạng thái": "Công dân rút hồ sơ"},
]  # fmt: skip
NOT_YET = "chưa trả kết quả giải quyết hồ sơ"


def test_every_kind_of_slip(workspace: Path) -> None:
    inbox.ingest(workspace, [register(workspace / "so.csv", ROWS)])
    q = office.open(workspace).period("2024-Q1", audience="internal")
    texts = {}
    for row in owed(q):
        made = slips.render(q.office.unit, row, None, reference_day(q), q.data_day)
        file = Document(io.BytesIO(made))
        texts[int(row.code[-4:])] = "\n".join(p.text for p in file.paragraphs)
    assert set(texts) == set(range(1, 9))
    assert all("Kính gửi: ………" in text for text in texts.values())
    assert NOT_YET in texts[1] and "vào ngày …… tháng …… năm ……." in texts[1]
    assert "17 giờ 00 phút, ngày 25 tháng 3 năm 2024" in texts[1] and "Lý do: ………" in texts[1]
    assert NOT_YET in texts[2] and "vào ngày 03 tháng 4 năm 2024." in texts[2]
    assert "hồ sơ: ngày 25 tháng 3 năm 2024." in texts[2]  # no hour where the register has none
    assert "vào ngày …… tháng" in texts[3]  # the day promised anew has passed
    assert "khó có thể trả kết quả đúng thời hạn" in texts[4] and NOT_YET not in texts[4]
    assert "thủ tục “………" in texts[4]
    assert "xong ngày 25 tháng 3 năm 2024, chậm 3 ngày làm việc" in texts[5]
    assert "kính mời Ông/Bà/Tổ chức nhận tại Bộ phận Tiếp nhận và Trả kết quả" in texts[5]
    assert "đã được trao cho Ông/Bà/Tổ chức ngày 26 tháng 3 năm 2024" in texts[6]
    assert "ngày 20 tháng 3 năm 2024; tuy nhiên" in texts[7] and "phiền hà" not in texts[7]
    assert "kết thúc ngày 02 tháng 4 năm 2024 mà không có kết quả" in texts[8]
    assert not any(NOT_YET in texts[n] for n in (5, 6, 7, 8))
