"""A mapping makes a stranger's register readable, and says where it is itself wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cchc_analysis.errors import ColumnsError, MappingError
from cchc_analysis.sources import Mapping, starter_mapping

from ..sheets import HEADER, NAME, PHONE, csv_file, line, register, take, xlsx_file

STRANGER = """case_id,opened,due,closed,state,how,caller
INC-1,03/13/2024 23:30:00-04:00,03/20/2024,,Open,Phone call,John Doe
INC-2,2024-03-14T01:00:00Z,03/21/2024,03/18/2024 5:05 PM,Closed,Web,Jane Doe
"""
MAPPING = """
table = "dossiers"
timezone = "America/New_York"
dayfirst = false

[columns]
code = "case_id"
received_at = "opened"
due_at = "due"
finished_at = "closed"
status = "state"
channel = "how"

[values.status]
"Open" = "processing"
"Closed" = "resolved"

[values.channel]
"phone call" = "direct"
"""


def stranger(folder: Path, text: str = STRANGER) -> Path:
    path = folder / "incidents.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_strangers_register(tmp_path: Path) -> None:
    taken = take(stranger(tmp_path), mapping=Mapping.parse(MAPPING))
    frame = taken.frame
    assert frame["received_at"].tolist() == [
        dt.datetime(2024, 3, 13, 23, 30),
        dt.datetime(2024, 3, 13, 21, 0),  # local wall-clock time
    ]
    assert frame["due_at"].tolist() == [dt.datetime(2024, 3, 20), dt.datetime(2024, 3, 21)]
    assert frame["finished_at"].tolist()[1] == dt.datetime(2024, 3, 18, 17, 5)
    assert frame["status"].tolist() == ["processing", "resolved"]
    assert frame["channel"].tolist() == ["direct", "online"]
    assert "caller" in taken.receipt.dropped and "Doe" not in str(taken.receipt.as_dict())


def test_without_a_mapping_month_first_is_never_guessed(tmp_path: Path) -> None:
    path = register(tmp_path / "so.csv", line(1, received="03/13/2024"), line(2))
    assert [aside.rule for aside in take(path).set_aside] == ["received_impossible"]


def test_headers_of_any_alphabet(tmp_path: Path) -> None:
    text = "ລະຫັດ,Получено,期限\nA-1,02/01/2024,05/01/2024\n"
    mapping = Mapping.parse(
        'table="dossiers"\n[columns]\ncode="ລະຫັດ"\nreceived_at="получено"\ndue_at="期限"'
    )
    assert take(stranger(tmp_path, text), mapping=mapping).receipt.accepted == 1


def test_sheet_row_delimiter_and_encoding_can_be_told(tmp_path: Path) -> None:
    rows = [["Mã hồ sơ", "Ngày tiếp nhận", "Trạng thái"], HEADER, line(1)]
    book = xlsx_file(tmp_path / "so.xlsx", {"A": [HEADER, line(1), line(2)], "B": rows})
    mapping = Mapping.parse('table = "dossiers"\nsheet = "b"\nheader_row = 2')
    assert take(book, mapping=mapping).frame["row"].tolist() == [3]
    path = tmp_path / "so.txt"
    text = "#".join(HEADER) + "\n" + "#".join(map(str, line(1))) + "\n"
    path.write_bytes(text.encode("utf-16-le"))
    mapping = Mapping.parse('table = "dossiers"\nencoding = "utf-16-le"\ndelimiter = "#"')
    assert take(path, mapping=mapping).receipt.accepted == 1


def test_a_column_mapped_to_nothing_is_not_read(tmp_path: Path) -> None:
    mapping = Mapping.parse('table = "dossiers"\n[columns]\nreturned_at = ""')
    taken = take(register(tmp_path / "so.csv", line(1)), mapping=mapping)
    assert taken.frame["returned_at"].isna().all()
    assert taken.frame["finished_at"].notna().all()


WRONG = {
    'tabel = "dossiers"': "“table”",
    "dayfirst = true": "thiếu dòng table",
    'table = "dosiers"': "“dossiers”",
    'table = "dossiers"\n[columns]\nrecieved_at = "x"': "“received_at”",
    'table = "dossiers"\n[columns]\ncode = 5': "ngoặc kép",
    'table = "dossiers"\n[values.status]\n"Xong" = "resolve"': "“resolved”",
    'table = "dossiers"\n[values.statuss]\n"Xong" = "resolved"': "“status”",
    'table = "dossiers"\ntimezone = "Asia/Hanoi"': "múi giờ",
    'table = "dossiers"\ndayfirst = "no"': "true hoặc false",
    'table = "dossiers"\nheader_row = 0': "số dòng",
    'table = "dossiers"\nencoding = "utf-9"': "bảng mã",
    'table = "dossiers"\ndelimiter = "ab"': "một ký tự",
    'table = "dossiers"\n[columns]\ncode = ': "dòng 3",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_mapping_names_the_nearest_right_word(text: str) -> None:
    with pytest.raises(MappingError, match=WRONG[text]):
        Mapping.parse(text, "anhxa.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[columns]\ncode = "case_ids"', "“case_id”"),
        ('sheet = "Tháng 1"', "trang tính"),
    ],
)
def test_what_the_file_does_not_have(tmp_path: Path, text: str, expected: str) -> None:
    mapping = Mapping.parse('table = "dossiers"\n' + text)
    with pytest.raises(MappingError, match=expected):
        take(stranger(tmp_path), mapping=mapping)


def test_a_mapping_survives_writing(tmp_path: Path) -> None:
    mapping = Mapping.parse(MAPPING, "m.toml")
    mapping.save(tmp_path / "m.toml")
    assert Mapping.load(tmp_path / "m.toml") == mapping


def test_a_starter_mapping_guesses_and_then_reads(tmp_path: Path) -> None:
    header = ["Mã hs", "Ngày tiếp nhận phiếu", "Ngày hẹn trả", "Ngày xử lý xong", "Trạng thái",
              "Người nộp"]  # fmt: skip
    row = ["A-1", "02/01/2024", "05/01/2024", "04/01/2024", "Đã trả", f"{NAME} {PHONE}"]
    path = csv_file(tmp_path / "so.csv", [["SỔ THEO DÕI"], header, row])
    with pytest.raises(ColumnsError):
        take(path)
    text = starter_mapping(path)
    assert NAME not in text and PHONE not in text and "Người nộp" not in text
    assert 'received_at = "Ngày tiếp nhận phiếu"' in text
    taken = take(path, mapping=Mapping.parse(text))
    assert taken.frame["received_at"].tolist() == [dt.datetime(2024, 1, 2)]


def test_no_starter_mapping_out_of_rows_of_data(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "so.csv", [[NAME, "Thôn 3", "02/01/2024"]] * 3)
    with pytest.raises(ColumnsError) as refused:
        starter_mapping(path)
    assert NAME not in str(refused.value)
