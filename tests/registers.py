"""Writes small registers as offices export them, for tests to fill by hand."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Người nộp",
    "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong", "Ngày trả KQ",
    "Trạng thái",
)  # fmt: skip
STATUS = "Đã trả kết quả"


def row(
    code: str,
    received: str,
    due: str = "",
    finished: str = "",
    returned: str = "",
    status: str = STATUS,
    *,
    field: str = "Hộ tịch",
    channel: str = "Trực tiếp",
) -> list[str]:
    """A line of a register; ``code`` is the running number of the day."""
    day = received.split(" ")[0].split("/")
    stamp = f"{day[2][2:]}{day[1]}{day[0]}" if len(day) == 3 else "240101"
    full = f"000.17.31.H56-{stamp}-{code}" if code else ""
    return [
        full, "1.001193.000.00.00.H56", "Đăng ký khai sinh", field, "Nguyễn Thị Ẩn Danh", channel,
        received, due, finished, returned, status,
    ]  # fmt: skip


def register(
    path: Path,
    rows: list[list[str]],
    *,
    window: tuple[str, str] | None = ("01/01/2024", "31/03/2024"),
    exported: str | None = "05/04/2024 08:00",
    unit: str = "UBND XÃ THIỆU VÂN",
) -> Path:
    """A register as CSV with the title block that the portal prints above the header."""
    lines = [unit, "SỔ THEO DÕI HỒ SƠ"] if unit else []
    if window:
        lines.append(f"(Từ ngày {window[0]} đến ngày {window[1]})")
    if exported:
        lines.append(f"Ngày xuất: {exported}")
    lines.append(",".join(HEADER))
    lines += [",".join([str(n), *cells]) for n, cells in enumerate(rows, 1)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
