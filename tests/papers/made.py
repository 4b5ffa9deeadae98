"""Small registers with everything an apology needs, one dict a row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

COLUMNS = (
    "Mã hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Chủ hồ sơ", "Người nộp",
    "Điện thoại", "Địa chỉ", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong",
    "Ngày trả KQ", "Trạng thái", "Văn bản xin lỗi", "Ngày hẹn lại",
)  # fmt: skip
USUAL = {
    "Mã TTHC": "1.001193.000.00.00.H56", "Tên thủ tục hành chính": "Đăng ký khai sinh",
    "Lĩnh vực": "Hộ tịch", "Chủ hồ sơ": "Trương Thị Ẩn", "Người nộp": "Lò Văn Thay",
    "Điện thoại": "0912345678", "Địa chỉ": "Thôn 1", "Hình thức nộp": "Trực tiếp",
    "Ngày tiếp nhận": "15/03/2024", "Trạng thái": "Đã trả kết quả",
}  # fmt: skip


def register(
    path: Path,
    rows: Sequence[dict[str, str]],
    *,
    columns: Sequence[str] = COLUMNS,
    exported: str = "05/04/2024 08:00",
    encoding: str = "utf-8",
    unit: str = "UBND XÃ THIỆU VÂN",
) -> Path:
    """A register as CSV; ``n`` in a row is the running number in its code."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(f"{unit}\n(Từ ngày 01/01/2024 đến ngày 31/03/2024)\nNgày xuất: {exported}\n")
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            code = f"000.17.31.H56-240315-{int(row.get('n', '0')):04}"
            whole = {"Mã hồ sơ": code, **USUAL, **row}
            writer.writerow([whole.get(name, "") for name in columns])
    return path
