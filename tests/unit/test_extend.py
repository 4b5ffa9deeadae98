"""An office's own figures, causes and layouts: small files in, figures or one clear line out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.errors import ExtensionError, ParameterError
from cchc_analysis.indicators.results import Result
from cchc_analysis.trace import trace
from cchc_analysis.words import label
from cchc_analysis.workspace import inbox
from cchc_analysis.workspace.check import check

from ..registers import register, row

HEAD = "from cchc_analysis import extend\n"
ROWS = [
    row("0001", "02/01/2024 08:00", "05/01/2024 17:00", "03/01/2024 09:00", channel="Trực tuyến"),
    row("0002", "02/01/2024 08:00", "05/01/2024 17:00", "05/01/2024 09:00"),
    row("0003", "02/01/2024 08:00", "05/01/2024 17:00", "09/01/2024 09:00"),
    row("0004", "02/01/2024 08:00"),
]  # three resolved, one a day after receipt
RATE = HEAD + (
    '@extend.indicator("own.quick_rate", label="Nhanh", definition="Trong 1 ngày")\n'
    "def quick(q):\n"
    '    done = q.dossiers["resolved"]\n'
    '    days = (q.dossiers["ended_on"] - q.dossiers["received_at"].dt.normalize()).dt.days\n'
    "    return done & (days <= 1), done\n"
)


def write(root: Path, name: str, text: str) -> None:
    (root / "extensions").mkdir(exist_ok=True)
    (root / "extensions" / name).write_text(text, encoding="utf-8")


def filled(workspace: Path, rows: list[list[str]] = ROWS) -> Path:
    taken = inbox.ingest(workspace, [register(workspace / "data" / "inbox" / "so.csv", rows)])
    assert [each.outcome for each in taken] == ["new"]
    return workspace


def own(root: Path, audience: str = "internal") -> list[Result]:
    q = office.open(root).period("2024-Q1", audience=audience)
    return [result for result in q.results if result.id.startswith("own.")]


def test_a_rate_and_a_count_stand_among_the_figures(workspace: Path) -> None:
    write(workspace, "rate.py", RATE)
    write(
        workspace, "count.py",
        HEAD + '@extend.indicator("own.web", label="Qua mạng", definition="Nộp qua mạng")\n'
        'def web(q):\n    return q.dossiers["received_online"]\n',
    )  # fmt: skip
    write(workspace, "_put_by.py", "this is no Python")
    count, rate = own(filled(workspace))
    assert (rate.numerator, rate.denominator, rate.value, rate.unit) == (1, 3, 1 / 3, "tỷ lệ")
    assert rate.low is not None and rate.low < 1 / 3 < rate.high  # type: ignore[operator]
    assert (count.id, count.value, count.unit, count.denominator) == ("own.web", 1, "hồ sơ", None)
    assert "extensions/rate.py" in rate.source and rate.definition == "Trong 1 ngày"


def test_the_rows_behind_it_are_traced_and_the_plan_may_set_a_target(workspace: Path) -> None:
    write(workspace, "rate.py", RATE)
    targets = workspace / "data" / "plans" / "thieu-van" / "2024" / "targets.csv"
    names = targets.read_text(encoding="utf-8").splitlines()[0].split(",")
    cells = {"id": "X1", "indicator": "own.quick_rate", "value": "0.5", "unit": "share",
             "comparator": "min", "where": "mục 9", "text": "Nhanh", "verified": "no"}  # fmt: skip
    with targets.open("a", encoding="utf-8") as file:
        file.write(",".join(cells.get(name, "") for name in names) + "\n")
    (rate,) = own(filled(workspace))
    assert (rate.target, rate.met) == (0.5, False)
    q = office.open(workspace).period("2024-Q1", audience="internal")
    found = trace(q, "own.quick_rate")
    assert found.reproduces and [code[-4:] for code in found.rows["code"]] == [
        "0001", "0002", "0003"
    ]  # fmt: skip


def test_few_people_are_not_shown_to_everybody_unless_the_file_says_so(workspace: Path) -> None:
    write(workspace, "rate.py", RATE)
    filled(workspace)
    (hidden,) = own(workspace, "shared")
    assert (hidden.value, hidden.numerator, hidden.status) == (None, None, "suppressed")
    write(workspace, "rate.py", RATE.replace('1 ngày")', '1 ngày", open=True)'))
    (shown,) = own(workspace, "shared")
    assert shown.value == 1 / 3


def test_a_bare_number_has_no_rows(workspace: Path) -> None:
    write(workspace, "n.py", RATE.replace("return done & (days <= 1), done", "return 4, 8"))
    assert [(r.numerator, r.value) for r in own(filled(workspace))] == [(4, 0.5)]
    with pytest.raises(ParameterError, match=r"own\.quick_rate"):
        trace(office.open(workspace).period("2024-Q1", audience="internal"), "own.quick_rate")


STORM = HEAD + (
    "from datetime import date\n"
    '@extend.cause("storm", label="Mưa bão", form="E2")\n'
    "def storm(dossier, steps):\n"
    "    for step in steps:\n"
    "        days = step.within(date(2024, 1, 4), date(2024, 1, 8))\n"
    '        yield step.lost(days, "Bước này gặp bão.")\n'
)


def test_a_rule_explains_a_late_dossier_without_a_log(workspace: Path) -> None:
    """Two working days late; the storm lies over three of its days: without it, in time."""
    write(workspace, "storm.py", STORM)
    q = office.open(filled(workspace)).period("2024-Q1", audience="internal")
    assert q.late["cause"].tolist() == ["storm"]
    assert label("cause.storm") == "Mưa bão"
    short = STORM.replace("date(2024, 1, 8)", "date(2024, 1, 4)")
    write(workspace, "storm.py", short)  # one day of storm does not make up for two
    q = office.open(workspace).period("2024-Q1", audience="internal")
    assert q.late["cause"].tolist() == ["unknown"]


def test_a_rule_is_weighed_against_the_others_and_claims_no_more_than_was_lost(
    sample_workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").symlink_to(sample_workspace / "data")
    plain = office.open(tmp_path).period("2024-Q3", audience="internal")
    write(tmp_path, "storm.py", STORM.replace("(2024, 1, 4)", "(2024, 8, 28)").replace(
        "(2024, 1, 8)", "(2024, 8, 30)"))  # fmt: skip
    q = office.open(tmp_path).period("2024-Q3", audience="internal")
    before = dict(zip(plain.late["code"], plain.late["cause"], strict=True))
    after = dict(zip(q.late["code"], q.late["cause"], strict=True))
    moved = {code: before[code] for code in before if before[code] != after[code]}
    assert {after[code] for code in moved} == {"storm"}
    # Three dossiers waited for a signature in just those days, and nothing else was that day's.
    assert sorted(moved.values()) == ["signatory_away"] * 3
    for code in after:
        finding = q.finding(code)
        for claim in finding.claims:
            assert claim.minutes <= finding.at(claim).excess + 1e-9


def test_a_cause_may_be_recorded_by_hand_and_has_a_code_in_the_form(workspace: Path) -> None:
    from cchc_analysis.causes import by_hand

    write(workspace, "storm.py", STORM.replace("yield", "None and"))
    opened = office.open(filled(workspace))
    code = opened.period("2024-Q1", audience="internal").late["code"].iloc[0]
    by_hand.record(opened, code, "storm", by="An")
    again = office.open(workspace)
    assert again.period("2024-Q1", audience="internal").late["cause"].tolist() == ["storm"]
    assert again.extensions.form("storm", "X0") == "E2"


def test_what_speaks_of_one_person_is_withheld(workspace: Path) -> None:
    from cchc_analysis.briefs.annex import Annex

    write(workspace, "storm.py", STORM.replace('form="E2"', "personal=True"))
    q = office.open(filled(workspace)).period("2024-Q1")
    assert [each["cause"] for each in Annex.of(q).late_rows()] == ["withheld"]


LAYOUT = """\
table = "dossiers"
[columns]
code = "Số biên nhận"
received_at = "Nhận lúc"
due_at = "Hẹn lúc"
finished_at = "Xong lúc"
channel = "Nộp qua"
[values.channel]
"Cổng" = "online"
"""
OTHER = """\
Số biên nhận;Nhận lúc;Hẹn lúc;Xong lúc;Nộp qua;Người đến
A-01;02/01/2024 08:00;05/01/2024 17:00;03/01/2024 09:00;Cổng;Nguyễn Thị Ẩn Danh
A-02;02/01/2024 08:00;05/01/2024 17:00;09/01/2024 09:00;Quầy;Nguyễn Thị Ẩn Danh
"""


def test_a_layout_reads_every_file_that_has_its_headers_and_no_other(workspace: Path) -> None:
    for name in ("a.csv", "b.csv"):
        text = OTHER.replace("A-0", f"{name}-")
        (workspace / "data" / "inbox" / name).write_text(text, encoding="utf-8")
    register(workspace / "data" / "inbox" / "so.csv", ROWS)
    assert {each.outcome for each in inbox.ingest(workspace)} == {"failed", "new"}
    write(workspace, "so_la.mapping.toml", LAYOUT)
    write(workspace, "so_khac.mapping.toml", LAYOUT.replace("Nộp qua", "Nơi nộp"))
    taken = {each.file: each for each in inbox.ingest(workspace)}
    assert {name: each.outcome for name, each in taken.items()} == {
        "a.csv": "new", "b.csv": "new", "so.csv": "known"
    }  # fmt: skip
    assert any("so_la.mapping.toml" in line for line in taken["a.csv"].lines())
    frame = office.open(workspace).period("2024-Q1", audience="internal").dossiers
    assert frame["channel"].value_counts()["online"] == 3  # one of the register, two of the others


BROKEN = {
    "def f(:\n": r"bad\.py, dòng 2",
    "x = 1\nboom\n": r"bad\.py, dòng 3.*NameError",
    '@extend.indicator("quick", label="x", definition="x")\ndef f(q): return 1\n': r"own\.",
    '@extend.indicator("own.x", label="", definition="x")\ndef f(q): return 1\n': "label",
    '@extend.indicator("own.x", label="x", definition="x")\ndef f(q): return "Nguyễn"\n':
        "q.dossiers",
    '@extend.indicator("own.x", label="x", definition="x")\ndef f(q): return 5, 4\n': "mẫu số",
    '@extend.indicator("own.x", label="x", definition="x")\ndef f(q): return -1\n': "q.dossiers",
    '@extend.indicator("own.x", label="x", definition="x")\ndef f(q):\n return q.late["code"]\n':
        "q.dossiers",
    '@extend.indicator("own.x", label="x", definition="x")\ndef f(q):\n'
    '    raise ValueError("Nguyễn Thị Ẩn Danh")\n': r"dòng 4.*ValueError",
    '@extend.cause("unknown", label="x")\ndef f(d, s): return []\n': "có sẵn",
    '@extend.cause("x", label="x")\ndef f(d, s): return [3]\n': r"step\.lost",
    '@extend.cause("x", label="x")\ndef f(d, s): return [s[0].lost(float("nan"), "a")]\n': "lost",
}  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_a_mistake_is_one_line_that_names_the_file(workspace: Path, text: str) -> None:
    filled(workspace)
    write(workspace, "bad.py", HEAD + text)
    with pytest.raises(ExtensionError, match=BROKEN[text]) as told:
        q = office.open(workspace).period("2024-Q1", audience="internal")
        _ = q.results, q.late
    assert "extensions/bad.py" in str(told.value) and "\n" not in str(told.value)
    assert "Nguyễn" not in str(told.value)


def test_check_finds_what_only_data_bring_to_light_and_leaves_nothing(workspace: Path) -> None:
    write(workspace, "rate.py", RATE.replace('["resolved"]', '["resolvd"]'))
    assert [f for f in check(workspace) if f.exit_code] == []  # no data yet
    filled(workspace)
    before = set(workspace.rglob("*"))
    (found,) = [f for f in check(workspace) if f.exit_code]
    assert (found.file, found.row, found.exit_code) == ("extensions/rate.py", 4, 17)
    assert "“resolved”" in found.message
    assert set(workspace.rglob("*")) == before
    write(workspace, "rate.py", RATE)
    assert [f for f in check(workspace) if f.exit_code] == []


def test_the_same_id_twice_is_said(workspace: Path) -> None:
    filled(workspace)
    write(workspace, "a.py", RATE)
    write(workspace, "b.py", RATE)
    with pytest.raises(ExtensionError, match=r"extensions/b\.py.*own\.quick_rate"):
        own(workspace)
