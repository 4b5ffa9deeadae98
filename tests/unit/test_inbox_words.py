"""What ingest and check say of hand-filled files, in the words of those files and no longer than
it helps.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis.workspace import check, inbox

FEEDBACK = "STT,Số phiếu,Ngày nhận,Nội dung\n1,,11/07/2024,Thái độ phục vụ\n2,PA-1,12/07/2024,x\n"
ACTIVITIES = """\
Ngày thực hiện,Nội dung (I–VII),Loại hoạt động,Tên hoạt động,Số lượng
15/01/2024,VII,Cuộc họp,Họp giao ban,1
16/01/2024,VII,Thả diều,Thả diều,1
"""


@pytest.fixture
def folder(workspace: Path) -> Path:
    folder = workspace / "data" / "inbox"
    (folder / "PhanAnh.csv").write_text(FEEDBACK, encoding="utf-8")
    (folder / "HoatDong.csv").write_text(ACTIVITIES, encoding="utf-8")
    return folder


def test_a_sheet_of_feedback_lacks_its_own_number(workspace: Path, folder: Path) -> None:
    taken = {row.file: row for row in inbox.ingest(workspace)}
    said = "\n".join(taken["PhanAnh.csv"].lines())
    assert "Điền số phiếu" in said and "mã hồ sơ" not in said


def test_an_activity_of_no_known_kind_is_told_at_both(workspace: Path, folder: Path) -> None:
    def told(texts: list[str]) -> list[str]:
        return [text for text in texts if "loại hoạt động chưa nhận ra" in text]

    (before,) = told([f.message for f in check.check(workspace)])
    taken = {row.file: row for row in inbox.ingest(workspace)}
    (after,) = told(taken["HoatDong.csv"].lines())
    assert "(dòng 3)" in before and before in after
    assert told(taken["HoatDong.csv"].as_dict()["notes"]) == [before]
    assert not told(taken["PhanAnh.csv"].lines())


def test_what_is_known_is_told_in_a_few_words(workspace: Path, folder: Path) -> None:
    inbox.ingest(workspace)
    again = inbox.ingest(workspace)
    lines = [line for row in again for line in row.lines()]
    assert len(lines) == 2 and all("withdraw" not in line for line in lines)
    assert inbox.summary(again).count("cchc withdraw") == 1
    assert "withdraw" not in inbox.summary([])


def test_codes_that_lost_their_zeros_are_told_and_kept_in_the_receipt(workspace: Path) -> None:
    header = "Số hồ sơ,Ngày nhận,Ngày hẹn,Ngày trả\n"
    files = []
    for name, codes in (("lan1", ["000001", "000012", "7"]), ("lan2", ["1", "12", "7", "13"])):
        files.append(workspace / "data" / "inbox" / f"{name}.csv")
        rows = "".join(f"{code},02/01/2024,05/01/2024,04/01/2024\n" for code in codes)
        files[-1].write_text(header + rows, encoding="utf-8")
    first, second = (inbox.ingest(workspace, [file])[0].export for file in files)
    assert first is not None and second is not None
    assert not [note for note in first.receipt.notes if "số 0" in note]
    (told,) = [note for note in second.receipt.notes if "số 0" in note]
    assert told.startswith("2 mã") and "lan1.csv" in told and "(dòng 2, 3)" in told
