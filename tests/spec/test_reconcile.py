"""A table counted in another way is explained by that way; a number altered by hand by none.

The tables are made by loops over the raw files of the sample (:mod:`.oracle`).
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import cli, shipped
from cchc_analysis.errors import ColumnsError, FileError, MappingError, PeriodError
from cchc_analysis.office import Office
from cchc_analysis.papers import forms_xlsx
from cchc_analysis.reconcile import (
    Layout,
    Reconciled,
    compare,
    of_file,
    ours,
    period_of,
    read,
    report,
)  # fmt: skip
from cchc_analysis.reconcile.official import meaning
from cchc_analysis.view import PeriodView

from ..made_registers import END, EXPORTED, honest, office_of
from ..sheets import csv_file, xlsx_file
from . import oracle

Row = dict[str, Any]
Counts = dict[str, Callable[[Row], Any]]
PERIOD, MONTH = "2024", "2024-08"  # overdue at the end of August, not of the year


def in_time(row: Row, day: str = "early") -> bool:
    """Ended early, or on the due day."""
    if not row["due_day"] or not row["end"]:
        return False
    return bool(row["end"] < row["due_day"] if day == "early" else row["end"] == row["due_day"])


def recorded(row: Row) -> bool:
    return bool(row["handed"] or row["done"])


def given_up(row: Row, how: str = "") -> bool:
    return bool(row["is_given_up"] and how in ("", row["how"]))


def instant(row: Row) -> bool:
    """Ended after the due moment; "Trong ngày" is due at 17:00."""
    if not row["is_resolved"] or not row["due"]:
        return False
    due = row["due"]
    if due.time() == row["received"].time():
        due = due.replace(hour=17, minute=0, second=0)
    return bool((row["finished"] or row["returned"]) > due)


OWN: Counts = {
    "received": lambda r: r["is_received"] or r["is_carried"],
    "online": lambda r: r["is_received"] and r["channel"] == "online",
    "direct": lambda r: r["is_received"] and r["channel"] != "online",
    "carried": lambda r: r["is_carried"],
    "resolved": lambda r: r["is_resolved"],
    "early": lambda r: r["is_resolved"] and in_time(r),
    "on_day": lambda r: r["is_resolved"] and in_time(r, "on_day"),
    "late": lambda r: r["is_late"],
    "open": lambda r: r["is_open"],
    "within": lambda r: r["is_open"] and not r["is_overdue"],
    "overdue": lambda r: r["is_overdue"],
}
DEFINED: dict[str, Counts] = {
    "early_with_day": {
        "early": lambda r: r["is_resolved"] and (in_time(r) or in_time(r, "on_day")),
        "on_day": lambda r: False,
    },
    "day_with_early": {
        "on_day": lambda r: r["is_resolved"] and (in_time(r) or in_time(r, "on_day")),
    },
    "given_up": {"resolved": lambda r: r["is_resolved"] or given_up(r)},
    "given_up_judged": {
        "resolved": lambda r: r["is_resolved"] or given_up(r),
        "early": lambda r: (r["is_resolved"] or given_up(r)) and in_time(r),
        "on_day": lambda r: (r["is_resolved"] or given_up(r)) and in_time(r, "on_day"),
        "late": lambda r: r["is_late"] or (given_up(r) and r["due_day"] < r["end"]),
    },
    "withdrawn": {"resolved": lambda r: r["is_resolved"] or given_up(r, "withdrawn")},
    "stopped": {"resolved": lambda r: r["is_resolved"] or given_up(r, "stopped")},
    "recorded_on_time": {
        "late": lambda r: r["is_late"] and not recorded(r),
        "on_day": lambda r: (r["is_resolved"] and in_time(r, "on_day")) or recorded(r),
    },
    "recorded_left_out": {
        "late": lambda r: r["is_late"] and not recorded(r),
        "resolved": lambda r: r["is_resolved"] and not recorded(r),
    },
    "late_with_open": {"late": lambda r: r["is_late"] or r["is_overdue"]},
    "no_carried": {"received": lambda r: r["is_received"]},
    "no_online": {
        "received": lambda r: r["is_carried"] or (r["is_received"] and r["channel"] != "online"),
    },
    "direct_with_online": {"direct": lambda r: r["is_received"]},
    "of_the_period": {
        name: (lambda r, count=count: r["is_received"] and count(r)) for name, count in OWN.items()
    },
    "no_due_on_time": {
        "on_day": lambda r: r["is_resolved"] and (in_time(r, "on_day") or not r["due_day"]),
    },
    "no_due_early": {
        "early": lambda r: r["is_resolved"] and (in_time(r) or not r["due_day"]),
    },
    "no_due_left_out": {"resolved": lambda r: r["is_resolved"] and r["due_day"]},
    "refused": {
        "received": lambda r: r["is_received"] or r["is_carried"] or r["is_refused"],
        "online": lambda r: (r["is_received"] or r["is_refused"]) and r["channel"] == "online",
        "direct": lambda r: (r["is_received"] or r["is_refused"]) and r["channel"] != "online",
    },
    "paused_left_out": {
        "open": lambda r: r["is_open"] and not r["is_paused"],
        "within": lambda r: r["is_open"] and not r["is_overdue"] and not r["is_paused"],
    },
}  # fmt: skip


def tally(rows: list[Row], changed: Counts | None = None) -> dict[str, list[int]]:
    """The counts of the table's columns by field, and over all under ``""``."""
    counts = {**OWN, **(changed or {})}
    found: dict[str, list[int]] = {}
    for name in sorted({row["field"] for row in rows}):
        mine = [row for row in rows if row["field"] == name]
        found[name] = [sum(bool(count(row)) for row in mine) for count in counts.values()]
    found = {name: cells for name, cells in found.items() if any(cells)}
    found[""] = [sum(column) for column in zip(*found.values(), strict=True)]
    return found


def form(path: Path, table: Mapping[str, list[int]], title: str = "Năm 2024") -> Path:
    """As the printed form: three rows of merged heads, column numbers, a total, a signature."""
    rows: list[list[Any]] = [
        [title], ["TT", "Lĩnh vực, công việc giải quyết theo cấp", "Tiếp nhận", "", "", "",
                  "Số lượng hồ sơ đã giải quyết", "", "", "",
                  "Số lượng hồ sơ đang giải quyết", "", ""],
        ["", "", "Tổng số", "Trong kỳ", "", "Từ kỳ trước", "Tổng số", "Trước hạn", "Đúng hạn",
         "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn"],
        ["", "", "", "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", "", "", "", "", "", "", "", ""],
        [f"({n})" for n in range(1, 14)],
    ]  # fmt: skip
    names = [name for name in table if name]
    rows += [[n, name, *table[name]] for n, name in enumerate(names, 1)]
    rows += [["", "Tổng cộng", *table[""]], ["", "Người lập biểu"]]
    merged = [(1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 1, 5), (1, 6, 1, 9), (1, 10, 1, 12), (2, 2, 3, 2),
              (2, 3, 2, 4), (2, 5, 3, 5), *((2, n, 3, n) for n in range(6, 13))]  # fmt: skip
    return xlsx_file(path, {"II.06a": rows}, merged=merged)


@pytest.fixture(scope="module")
def state() -> oracle.State:
    return oracle.load(shipped.path("data", "sample"))


@pytest.fixture(scope="module")
def year(state: oracle.State) -> list[Row]:
    return oracle.counted(state, *oracle.spans(PERIOD))


@pytest.fixture(scope="module", autouse=True)
def _views_made_once() -> Any:
    """The views of a period are the same for every table."""
    made: dict[Any, Any] = {}

    def once(q: Any, mine: Any, span: Any) -> Any:
        key = (q.period.label, q.period.cut, span)
        if key not in made:
            made[key] = list(ours.others(q, mine, span))
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "others", once)
        yield


def ways(made: Reconciled) -> list[set[tuple[str, str]]]:
    """For each differing cell the view and definition of what explains it."""
    return [{(e.view, e.definition) for e in d.explanations} for d in made.differences]


def test_our_own_form_differs_nowhere(sample: Office, tmp_path: Path) -> None:
    """Neither the sheet by the days of Decree 09/2019, which it states, nor that by calendar."""
    file = tmp_path / "forms.xlsx"
    file.write_bytes(forms_xlsx.workbook(sample.period("2024-Q3")))
    made = of_file(sample, file)
    assert made.q.period.label == "2024-Q3" and made.q.period.cut == "reporting"
    assert (made.compared, made.differences, made.sums) == (88, (), ())
    other = read(file, Layout("II.06a lịch dương"))
    calendar = compare.reconcile(sample.period("2024-Q3"), other)
    assert (calendar.compared, calendar.differences) == (88, ())


def test_the_same_by_plain_loops(sample: Office, year: list[Row], tmp_path: Path) -> None:
    made = of_file(sample, form(tmp_path / "nam.xlsx", tally(year)))
    assert made.q.period.label == PERIOD and made.differences == ()
    assert made.compared == 11 * len(tally(year)) and made.official.ignored == ()


@pytest.fixture(scope="module")
def views(sample: Office) -> dict[str, PeriodView]:
    return {label: sample.period(label) for label in (PERIOD, MONTH)}


@pytest.mark.parametrize("name", DEFINED)
def test_another_definition_is_named(
    state: oracle.State, views: dict[str, PeriodView], tmp_path: Path, name: str
) -> None:
    label = MONTH if name == "late_with_open" else PERIOD
    first = dt.date(2024, 8, 1) if label == MONTH else dt.date(2024, 1, 1)
    last = dt.date(2024, 8, 31) if label == MONTH else dt.date(2024, 12, 31)
    rows = oracle.counted(state, first, last)
    file = form(tmp_path / "nam.xlsx", tally(rows, DEFINED[name]))
    made = compare.reconcile(views[label], read(file))
    assert made.differences and made.unexplained == 0
    assert all(("base", name) in way for way in ways(made))
    assert ("base", name) in {(e.view, e.definition) for d in made.differences for e in d.best}


def test_another_cut_and_another_rule_of_lateness(
    sample: Office, state: oracle.State, year: list[Row], tmp_path: Path
) -> None:
    cut = oracle.counted(state, *oracle.spans("2024-Q3", "reporting"))
    by_time: Counts = {
        "late": instant,
        "early": lambda r: r["is_resolved"] and in_time(r) and not instant(r),
        "on_day": lambda r: r["is_resolved"] and in_time(r, "on_day") and not instant(r),
    }
    returned = oracle.State(state.files, [
        {**d, "end": d["returned"].date()} if d["how"] == "resolved" and d["returned"] else d
        for d in state.dossiers
    ])  # fmt: skip
    planted = {
        "cut_reporting": ("2024-Q3", tally(cut)),
        "late_by_time": (PERIOD, tally(year, by_time)),
        "end_by_return": (PERIOD, tally(oracle.counted(returned, *oracle.spans(PERIOD)))),
    }
    for view, (period, table) in planted.items():
        made = of_file(sample, form(tmp_path / "bang.xlsx", table, "BÁO CÁO"), period)
        assert made.differences and made.unexplained == 0, view
        assert all((view, "own") in way for way in ways(made)), view


def test_what_was_known_on_an_earlier_day(
    sample: Office, state: oracle.State, tmp_path: Path
) -> None:
    """The third quarter by the exports of 5 October, and by every row of all exports."""
    folder = tmp_path / "then"
    folder.mkdir()
    for path in shipped.path("data", "sample").iterdir():
        if not path.name.endswith("Q4_2024.xlsx") and path.suffix in (".xlsx", ".csv"):
            shutil.copy(path, folder)
    then = oracle.counted(oracle.load(folder), *oracle.spans("2024-Q3"))
    made = of_file(sample, form(tmp_path / "bang.xlsx", tally(then), "BÁO CÁO"), "2024-Q3")
    if made.differences:
        assert made.unexplained == 0
        assert all(("as_of", "own") in way for way in ways(made))
    versions = []
    for path in sorted(shipped.path("data", "sample").glob("SoTheoDoiHoSo_*.xlsx")):
        for row in oracle.read_register(path)[1]:
            how, end = oracle.outcome(row, None)
            if how not in ("withdrawn", "stopped") or end:
                versions.append({**row, "how": how, "end": end, "worked": None})
    every = oracle.counted(oracle.State(state.files, versions), *oracle.spans("2024-Q3"))
    made = of_file(sample, form(tmp_path / "bang.xlsx", tally(every), "BÁO CÁO"), "2024-Q3")
    assert made.differences and made.unexplained == 0
    assert all(("every_row", "own") in way for way in ways(made))


def test_rows_left_out_and_rows_renamed(sample: Office, year: list[Row], tmp_path: Path) -> None:
    newest = max(row["exported"] for row in year)
    rest = [row for row in year if row["exported"] != newest]
    made = of_file(sample, form(tmp_path / "nam.xlsx", tally(rest)))
    assert made.unexplained == 0 and all(("no_sheet", "own") in way for way in ways(made))
    table = tally(year)
    fewer = tally([row for row in year if row["field"] != "Kinh tế"])
    made = of_file(sample, form(tmp_path / "nam.xlsx", fewer))
    assert made.absent == ("Kinh tế",) and made.unexplained == 0
    assert all(("no_field", "own") in way for way in ways(made))
    named = {"Tư pháp – Hộ tịch" if name == "Hộ tịch" else name: n for name, n in table.items()}
    made = of_file(sample, form(tmp_path / "nam.xlsx", named))
    assert made.renamed == {"Tư pháp – Hộ tịch": "Hộ tịch"} and made.differences == ()
    more = {"Thi đua": [7] * 11, **table}
    more[""] = [a + 7 for a in table[""]]
    made = of_file(sample, form(tmp_path / "nam.xlsx", more))
    assert made.unmatched == ("Thi đua",) and made.unexplained == 0
    assert all(("extra_rows", "own") in way for way in ways(made))


def test_two_things_at_once(sample: Office, state: oracle.State, tmp_path: Path) -> None:
    """The other cut and another definition together, where neither does alone."""
    rows = oracle.counted(state, *oracle.spans("2024-Q3", "reporting"))
    table = tally(rows, DEFINED["late_with_open"] | DEFINED["no_carried"])
    made = of_file(sample, form(tmp_path / "bang.xlsx", table, "BÁO CÁO"), "2024-Q3")
    assert made.unexplained == 0
    late = {(e.view, e.definition) for d in made.differences if d.column == "received"
            for e in d.explanations}  # fmt: skip
    assert ("cut_reporting", "no_carried") in late


def test_what_is_altered_by_hand_is_not_explained(
    sample: Office, year: list[Row], tmp_path: Path
) -> None:
    table = {name: list(cells) for name, cells in tally(year).items()}
    for name, column, by in (("Hộ tịch", 5, 40), ("Chứng thực", 2, -31), ("Đất đai", 7, 3)):
        table[name][column] += by
    made = of_file(sample, form(tmp_path / "nam.xlsx", table))
    found = {(d.row, d.column) for d in made.differences if not d.explanations}
    assert found == {("Hộ tịch", "early"), ("Chứng thực", "direct"), ("Đất đai", "late")}
    assert len(made.differences) == made.unexplained == 3
    assert {(s.row, s.column, s.over) for s in made.sums} >= {("", "early", "rows"),
            ("", "direct", "rows"), ("Chứng thực", "received", "columns")}  # fmt: skip
    said = "\n".join(report.lines(made))
    assert said.count("chưa giải thích được.") == 4 and "cộng lại là" in said


def test_a_total_that_is_not_the_sum(sample: Office, year: list[Row], tmp_path: Path) -> None:
    table = {name: list(cells) for name, cells in tally(year).items()}
    table[""][4] += 10
    made = of_file(sample, form(tmp_path / "nam.xlsx", table))
    assert [(d.row, d.column) for d in made.differences] == [("", "resolved")]
    assert made.differences[0].explanations[0].view == "wrong_sum"


def test_the_form_of_another_office(sample: Office, state: oracle.State, tmp_path: Path) -> None:
    """Three rows of merged heads in other words, dashes for nothing, no name of the file's own;
    two late dossiers moved to on time in a row and in the total, and the first total wrong.
    """
    rows = oracle.counted(state, *oracle.spans("2024-Q3"))
    lines: list[list[Any]] = [
        ["BIỂU TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC QUÝ III NĂM 2024", *[""] * 8],
        ["STT", "Lĩnh vực công việc giải quyết", "Số hồ sơ nhận giải quyết", "", "",
         "Kết quả giải quyết", "", "", ""],
        ["", "", "Tổng số", "Số kỳ trước chuyển qua", "Số mới tiếp nhận", "Số hồ sơ đã giải quyết",
         "", "Số hồ sơ đang giải quyết", ""],
        ["", "", "", "", "", "Trả đúng thời hạn", "Trả quá hạn", "Chưa đến hạn", "Quá hạn"],
    ]  # fmt: skip
    whole = [0] * 7
    for n, (name, c) in enumerate(((k, v) for k, v in tally(rows).items() if k), 1):
        cells = [c[0], c[3], c[1] + c[2], c[5] + c[6], c[7], c[9], c[10]]
        if name == "Hộ tịch":
            cells[3:5] = cells[3] + 2, cells[4] - 2
        whole = [a + b for a, b in zip(whole, cells, strict=True)]
        lines.append([n, name, *(f"{cell:,}".replace(",", ".") if cell else "-" for cell in cells)])
    lines += [["", "Cộng", whole[0] + 7, *whole[1:]], ["", "NGƯỜI LẬP", *[""] * 7]]
    merged = [(1, 2, 1, 4), (1, 5, 1, 8), (2, 5, 2, 6), (2, 7, 2, 8), (1, 0, 3, 0), (1, 1, 3, 1)]
    made = of_file(sample, xlsx_file(tmp_path / "la.xlsx", {"Sheet1": lines}, merged=merged))
    assert made.q.period.label == "2024-Q3" and not (made.absent or made.unmatched)
    assert made.compared == 7 * len(tally(rows)) and made.official.ignored == ()
    found = {(d.row, d.column): [e.view for e in d.explanations] for d in made.differences}
    assert found == {
        ("Hộ tịch", "on_time"): [], ("Hộ tịch", "late"): [], ("", "on_time"): ["from_rows"],
        ("", "late"): ["from_rows"], ("", "received"): ["wrong_sum"],
    }  # fmt: skip


PORTAL = """\
CỔNG DỊCH VỤ CÔNG TỈNH,,,,,,,,,
BÁO CÁO TỔNG HỢP TÌNH HÌNH XỬ LÝ HỒ SƠ,,,,,,,,,
(Từ ngày 01/01/2024 đến ngày 31/12/2024),,,,,,,,,
STT,Tên lĩnh vực,Tồn đầu kỳ,Tiếp nhận mới,Đã xử lý xong,,,Đang xử lý,,Tỷ lệ đúng hạn (%)
,,,,Trước hạn và đúng hạn,Trễ hạn,Tổng,Chưa đến hạn,Trễ hạn,
"""


def test_a_portals_table_with_other_words(sample: Office, year: list[Row], tmp_path: Path) -> None:
    """Numbers as text, a rate, no column for early; the portal rounds to one decimal."""

    def counts(rows: list[Row]) -> list[int]:
        n = {name: sum(bool(count(row)) for row in rows) for name, count in OWN.items()}
        return [n["carried"], n["online"] + n["direct"], n["early"] + n["on_day"], n["late"],
                n["resolved"], n["within"], n["overdue"]]  # fmt: skip

    file = tmp_path / "tong_hop.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(PORTAL)
        fields = sorted({row["field"] for row in year})
        for n, name in enumerate([*fields, ""], 1):
            cells = counts([row for row in year if name in ("", row["field"])])
            rate = f"{100 * cells[2] / (cells[2] + cells[3]):.1f}".replace(".", ",")
            texts = [f"{cell:,}".replace(",", ".") for cell in cells]
            start = [str(n), name] if name else ["", "TỔNG CỘNG"]
            csv.writer(out).writerow([*start, *texts, rate])
    made = of_file(sample, file)
    assert made.q.period.label == PERIOD and made.official.ignored == ()
    assert {column for _, column in made.official.cells} == {
        "carried", "received_new", "on_time", "late", "resolved", "within", "overdue",
        "on_time_rate",
    }  # fmt: skip
    assert made.compared == 8 * (len(fields) + 1) and made.differences == ()


def test_a_list_of_what_and_how_many(
    sample: Office, state: oracle.State, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With as many dossiers more as there are duplicate rows in the exports."""
    rows = oracle.counted(state, dt.date(2024, 8, 1), dt.date(2024, 8, 31))
    n = dict(zip(OWN, tally(rows)[""], strict=True))
    twice = state.files["SoTheoDoiHoSo_Q3_2024.xlsx"].duplicates
    rate = 100 * (n["early"] + n["on_day"]) / (n["early"] + n["on_day"] + n["late"])
    file = csv_file(tmp_path / "so_lieu.csv", [
        ["BÁO CÁO THÁNG 8 NĂM 2024", ""],
        ["Chỉ tiêu", "Giá trị"],
        ["1. Hồ sơ tiếp nhận trong kỳ", n["online"] + n["direct"] + twice],
        ["- Trong đó: trực tuyến", n["online"]],
        ["2. Hồ sơ kỳ trước chuyển sang", n["carried"]],
        ["3. Hồ sơ đã giải quyết", n["resolved"]],
        ["- Giải quyết quá hạn", n["late"] + n["overdue"]],
        ["4. Hồ sơ đang giải quyết", n["open"]],
        ["- Quá hạn", n["overdue"]],
        ["Tỷ lệ giải quyết đúng hạn", f"{rate:.2f}%".replace(".", ",")],
        ["Số cuộc họp", 12],
    ], ";")  # fmt: skip
    made = of_file(sample, file)
    found = {d.column: {(e.view, e.definition) for e in d.explanations} for d in made.differences}
    assert set(found) == {"received_new", "late"} and made.compared == 8
    assert twice and ("duplicates", "own") in found["received_new"]
    assert ("base", "late_with_open") in found["late"]
    assert made.official.ignored == ("Số cuộc họp",)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["-C", str(sample.workspace), "reconcile", str(file), MONTH, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert not stopped.value.code and told["unexplained"] == 0 and told["compared"] == 8
    assert {d["column"]: d["theirs"] - d["ours"] for d in told["differences"]} == {
        "received_new": twice, "late": n["overdue"],
    }  # fmt: skip
    assert Path(told["workbook"]).parts[-4:] == ("internal", "thieu-van", MONTH, "reconcile.xlsx")
    first = Path(told["workbook"]).read_bytes()
    assert report.write(made).read_bytes() == first


def test_a_mapping_names_what_nobody_knows(sample: Office, tmp_path: Path) -> None:
    file = csv_file(tmp_path / "la.csv", [
        ["Mảng", "A1", "A2", "B", "C"], ["Hộ tịch", 10, 4, 5, 1], ["Chứng thực", 20, 8, 9, 1],
    ])  # fmt: skip
    with pytest.raises(ColumnsError, match="--mapping"):
        of_file(sample, file, PERIOD)
    mapping = tmp_path / "la.toml"
    mapping.write_text('[columns]\nresolved = "A1"\nearly = "A2"\nlate = "C"\n', encoding="utf-8")
    made = of_file(sample, file, PERIOD, mapping=mapping)
    assert {cell: n for cell, n in made.official.cells.items() if cell[0] == "Hộ tịch"} == {
        ("Hộ tịch", "resolved"): 10, ("Hộ tịch", "early"): 4, ("Hộ tịch", "late"): 1,
    }  # fmt: skip
    assert made.official.ignored == ("B",)
    mapping.write_text('[columns]\nlaet = "C"\n', encoding="utf-8")
    with pytest.raises(MappingError, match="late"):
        of_file(sample, file, PERIOD, mapping=mapping)


def test_what_cannot_be_read_says_what_to_do(sample: Office, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        of_file(sample, tmp_path / "khong_co.xlsx", PERIOD)
    with pytest.raises(MappingError):
        of_file(sample, tmp_path / "khong_co.xlsx", PERIOD, mapping=tmp_path / "khong_co.toml")
    register = next(shipped.path("data", "sample").glob("SoTheoDoiHoSo_Q3_2024.xlsx"))
    with pytest.raises(ColumnsError):
        of_file(sample, register, "2024-Q3")
    file = form(tmp_path / "bang.xlsx", {"Hộ tịch": [1] * 11, "": [1] * 11}, "BẢNG SỐ LIỆU")
    with pytest.raises(PeriodError, match="2024-Q4"):
        of_file(sample, file)
    layout = tmp_path / "trang.toml"
    layout.write_text('sheet = "Biểu 7"\n', encoding="utf-8")
    with pytest.raises(FileError, match=r"II\.06a"):
        of_file(sample, file, PERIOD, mapping=layout)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Số hồ sơ nhận giải quyết Tổng số", "received"),
        ("Kết quả giải quyết Số hồ sơ đang giải quyết Chưa đến hạn", "within"),
        ("Kết quả giải quyết Số hồ sơ đã giải quyết Trả đúng thời hạn", "on_day"),
        ("Hồ sơ tiếp nhận Kỳ trước chuyển qua", "carried"),
        ("Hồ sơ đã xử lý Đúng hạn", "on_day"),
        ("Kết quả giải quyết Số hồ sơ giải quyết quá hạn", "late"),
        ("Đang xử lý Quá hạn", "overdue"),
        ("Chuyển kỳ sau", "open"),
        ("Công dân rút hồ sơ", "withdrawn"),
        ("Dừng xử lý", "stopped"),
        ("Tỷ lệ đúng hạn (%)", "on_time_rate"),
        ("Tỷ lệ hồ sơ trực tuyến", None),
        ("Ghi chú", None),
    ],
)
def test_words_over_a_column(heading: str, column: str | None) -> None:
    assert meaning(heading) == column


def test_dates_of_a_table_are_a_period_in_either_cut(sample: Office, tmp_path: Path) -> None:
    table = {"Hộ tịch": [1] * 11, "": [1] * 11}
    for days, found in (
        ("15/12/2023 đến ngày 14/03/2024", ("2024-Q1", "reporting")),
        ("01/10/2024 đến ngày 31/12/2024", ("2024-Q4", "calendar")),
        ("01/02/2024 đến ngày 20/02/2024", None),
    ):
        file = form(tmp_path / "bang.xlsx", table, f"(Từ ngày {days})")
        span = read(file).span
        assert span is not None
        period = period_of(sample, span)
        assert (period and (period.label, period.cut)) == found
    with pytest.raises(PeriodError):
        of_file(sample, file)


def test_dossiers_waiting_for_the_filer_counted_as_overdue(workspace: Path) -> None:
    """Three of them are past their day; an honest office has no other."""
    rows = honest(4, 80)
    waiting = [row for row in rows if row["due"] < dt.datetime(2025, 3, 1)][:3]
    for row in waiting:
        row |= {"finished": EXPORTED + dt.timedelta(days=9), "status": "Yêu cầu bổ sung giấy tờ"}
    still = sum(row["finished"].date() > END for row in rows)
    file = csv_file(workspace / "bang.csv", [
        ["Hồ sơ đang giải quyết", still], ["- Trong hạn", still - 3], ["- Quá hạn", 3],
    ], ";")  # fmt: skip
    made = of_file(office_of(workspace, rows), file, "2025-Q1")
    assert [d.column for d in made.differences] == ["within", "overdue"]
    assert {(e.view, e.definition) for d in made.differences for e in d.best} == {
        ("base", "paused_overdue")
    }
