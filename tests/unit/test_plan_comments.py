"""Lines for people alone in the tables of a plan, as an editor and as Excel write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cchc_analysis.errors import PlanError
from cchc_analysis.plan import load
from cchc_analysis.planfile import read_rows
from cchc_analysis.workspace import lay_out

EDITOR = """\
# Mỗi dòng một mã, "ghi chú
#code,kind: cách ghi

code,kind
# ở giữa cũng được
a,"hai
dòng"
a,one
"""
EXCEL = """\
\ufeff# Mỗi dòng một mã;;
"# có ""ngoặc""; và dấu";;
;;
code;kind;
"# ở giữa; cũng được";;
a;"hai
dòng";
a;one;
"""


@pytest.mark.parametrize("text", [EDITOR, EXCEL])
def test_they_are_skipped_and_rows_keep_their_number(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    rows = read_rows(path, "t.csv", ("code", "kind"))
    assert [row.cells for row in rows] == [{"code": "a", "kind": "hai\ndòng"},
                                           {"code": "a", "kind": "one"}]  # fmt: skip
    assert [row.number for row in rows] == [6, 7]  # a cell of two lines is one row
    with pytest.raises(PlanError, match=r"dòng 7: mã “a” đã có ở dòng 6"):
        read_rows(path, "t.csv", ("code", "kind"), key="code")


def test_a_table_of_remarks_alone_has_no_head(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("# chỉ có chú thích\n\n", encoding="utf-8")
    with pytest.raises(PlanError, match="không có dòng tiêu đề"):
        read_rows(path, "t.csv", ("code",))


def test_tables_of_a_new_plan_explain_themselves_and_read_as_the_shipped(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "Báo cáo quý 1", unit="a", name="xã A")
    for name in ("targets", "tasks", "indicators"):
        text = (root / "data/plans/a/2024" / f"{name}.csv").read_bytes().decode("utf-8-sig")
        above = text[: text.index(";")].splitlines()[:-1]  # all that stands above the head
        assert len(above) > 3 and all(line.startswith("# ") for line in above)
    made = load(root, "a", 2024)
    shipped = load(Path(__file__).resolve().parents[2], "thieu-van", 2024)
    assert made.tasks == tuple(replace(task, note="") for task in shipped.tasks)
    assert made.indicators == shipped.indicators
    sample = {"where": "bản mẫu chưa đối chiếu", "quote": "", "note": "", "verified": False}
    lost = [other for _, other in shipped.conflicts()]
    assert made.targets == tuple(replace(t, **sample) for t in shipped.targets if t not in lost)
    assert made.glitches == () and made.title.endswith("UBND xã A")
