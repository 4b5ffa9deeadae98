"""Other figures of a brief do not tell what its breakdowns hide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.office import Office
from cchc_analysis.suppression import remember
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import inbox, lay_out

from ..registers import register, row
from ..sheets import csv_file
from .test_other_registers import FEEDBACK, feedback

FIELDS = {"1.001193": "Hộ tịch", "1.000656": "Hộ tịch", "1.000894": "Hộ tịch",
          "2.000986": "Hộ tịch", "2.000815": "Chứng thực", "1.004873": "Đất đai",
          "1.999999": "Đất đai"}  # fmt: skip


def dossiers(
    code: str, month: str, count: int, late: int = 0, channel: str = "Trực tiếp"
) -> list[list[str]]:
    """So many dossiers received and resolved in a month (``2024-01``), some of them late."""
    year, number = month.split("-")
    made = []
    for n in range(count):
        end = f"{'14' if n < late else '06'}/{number}/{year}"
        days = f"02/{number}/{year}", f"08/{number}/{year}", end, end
        line = row(f"{code}-{channel}-{month}-{n:03}", *days, field=FIELDS[code], channel=channel)
        line[1], line[2] = f"{code}.000.00.00.H56", f"Thủ tục {code}"
        made.append(line)
    return made


def take(workspace: Path, name: str, rows: list[list[str]], year: str = "2024") -> None:
    path = workspace / f"{name}.csv"
    window, exported = (f"01/01/{year}", f"31/03/{year}"), f"05/04/{year} 08:00"
    (done,) = inbox.ingest(workspace, [register(path, rows, window=window, exported=exported)])
    assert done.error is None


def unseen(q: PeriodView, by: str = "procedure_code") -> set[str]:
    rows = (r for r in Annex.of(q).breakdowns() if r["by"] == by)
    return {r["key"][:8] for r in rows
            if r["id"] == "dossiers.resolved" and r["status"] == "suppressed"}  # fmt: skip


@pytest.mark.parametrize(("corrected", "hidden"), [(1, {"1.000656", "1.001193"}), (5, set())])
def test_a_quarter_beside_months_told_before_a_correction(
    workspace: Path, corrected: int, hidden: set[str]
) -> None:
    months = ("2024-01", "2024-02", "2024-03")
    before = [line for m in months for code in ("1.001193", "1.000656", "2.000815")
              for line in dossiers(code, m, 7)]  # fmt: skip
    take(workspace, "so-1", before)
    for month in months:
        q = office.open(workspace).period(month)
        assert unseen(q) == set()
        remember(q)
    take(workspace, "so-2", before + dossiers("1.000656", "2024-02", 7 + corrected)[7:])
    assert unseen(office.open(workspace).period("2024-Q1")) == hidden


def test_the_rate_among_procedures_that_may_be_filed_online(workspace: Path) -> None:
    """Forty-two came by those that may be: thirty, of thirty-three, without twelve elsewhere."""
    counts = {"1.001193": 30, "2.000986": 3, "1.004873": 12, "1.999999": 9}
    take(workspace, "so", [line for c, n in counts.items() for line in dossiers(c, "2024-01", n)])
    q = office.open(workspace).period("2024-Q1")
    assert q.result("dossiers.online_rate_eligible").denominator == 42
    assert unseen(q) == set(counts)


@pytest.mark.parametrize("shows", [(3, 1), (2, 0), (1, 1)])
def test_effects_are_the_same_whatever_hidden_procedures_have(
    tmp_path: Path, shows: tuple[int, int]
) -> None:
    """Seven in two procedures a year before, one of them late: in which is not told."""

    def told(name: str, count: int, late: int) -> Any:
        root = tmp_path / name
        lay_out(root, unit="thieu-van", name="Xã Thiệu Vân")
        for year, three in (("2023-02", ((20, 0), (count, late), (7 - count, 1 - late))),
                            ("2024-02", ((15, 0), (9, 0), (8, 0)))):  # fmt: skip
            rows = dossiers("2.000815", year, 30, 0 if year == "2023-02" else 1)
            for code, (n, k) in zip(("1.001193", "1.000656", "1.000894"), three, strict=True):
                rows += dossiers(code, year, n, k)
            take(root, year, rows, year[:4])
        return sections.why_changed(office.open(root).period("2024-02")).data

    one, other = told("a", *shows), told("b", 4, 0)
    assert one["kind"] == "table" and one["rows"] == other["rows"]
    assert one["notes"] == other["notes"] and "1.000656" not in str(one["notes"])


def test_how_many_of_a_hidden_channel_are_late(workspace: Path) -> None:
    rows = dossiers("1.001193", "2024-01", 34, 4)
    rows += dossiers("1.001193", "2024-01", 2, 2, "Trực tuyến")
    rows += dossiers("1.001193", "2024-01", 8, 0, "Bưu chính công ích")
    take(workspace, "so", rows)
    for audience, told in (("shared", r"\(\*\) hồ sơ trực tuyến"), ("internal", "2 hồ sơ trực")):
        q = office.open(workspace).period("2024-Q1", audience=audience)
        said = " ".join(line[-1] for line in sections.rating(q).data["rows"])
        assert re.search(told, said), said


def test_what_is_usual_for_a_procedure_that_is_not_named(sample: Office) -> None:
    q = sample.period("2024-Q4")
    rows = q.annex.late_rows()
    usual = re.compile(r"thường gặp [\d(…]")
    for line in rows:
        found = set(usual.findall(line["evidence"]))
        assert not found - ({"thường gặp ("} if not line["procedure_code"] else found), line
    assert any(not line["procedure_code"] for line in rows if usual.search(line["evidence"]))
    heads = [c["label"] for c in sections.stage_times(q).data["columns"]]
    inside = sample.period("2024-Q4", audience="internal")
    assert len(heads) == len(sections.stage_times(inside).data["columns"]) - 1


def test_feedback_that_waits_is_told_by_field_alone(workspace: Path) -> None:
    take(workspace, "so", dossiers("1.001193", "2024-01", 9))
    path = csv_file(workspace / "pakn.csv", [FEEDBACK, *feedback(1, 9)])
    (done,) = inbox.ingest(workspace, [path])
    assert done.error is None
    for audience, few in (("shared", {"(*)"}), ("internal", {"-"})):
        q = office.open(workspace).period("2024-Q1", audience=audience)
        rows = sections.feedback_by(q).data["rows"]
        assert {line[-1] for line in rows if not line[0].startswith("Lĩnh vực")} == few
