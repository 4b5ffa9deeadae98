"""Self-scoring of the reform index: the rules, points by hand, wrong files, the docs' example."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections, shipped
from cchc_analysis.errors import PlanError
from cchc_analysis.indicators import self_scoring as scoring
from cchc_analysis.sections.self_scoring import own_score_said
from cchc_analysis.words import label, number, say
from cchc_analysis.workspace import inbox

from ..registers import register, row

DOC = (Path(__file__).parents[2] / "docs" / "self_scoring.md").read_text(encoding="utf-8")
HEAD = "id,name,maximum,rule,evidence,verified"
HAND = "id,points,who,when,why"
OUTSIDE = "index,year,score,maximum,rank,source"


def doc_file(name: str) -> str:
    found = re.search(rf"`{name}`[^\n]*:\n\n```csv\n(.*?)```", DOC, re.DOTALL)
    assert found is not None
    return found[1]


def doc_rows(start: str) -> list[list[str]]:
    """The lines below the head of a table of the docs that starts with ``start``."""
    lines = DOC[DOC.index(start) :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture
def small(workspace: Path) -> office.Office:
    """The office of the docs' register, without any of the three files."""
    file = workspace / "register.csv"
    register(file, [row(*cells) for cells in doc_rows("| Số | Tiếp nhận |")])
    assert [done.error for done in inbox.ingest(workspace, [file])] == [None]
    return office.open(workspace)


def write(o: office.Office, name: str, *lines: str, year: int = 2024) -> None:
    folder = o.workspace / "data" / "plans" / o.unit.slug / str(year)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def view(o: office.Office, **asked: Any) -> office.PeriodView:
    return o.period("2024-Q1", **asked)


def by_rule(o: office.Office, *rules: str) -> list[Fraction | None]:
    lines = [f"K{n},x,4,{rule},,no" for n, rule in enumerate(rules)]
    write(o, "index_criteria.csv", HEAD, *lines)
    return [s.by_rule for s in scoring.scores(view(o))]


def shown(points: Fraction | None) -> str:
    return "…" if points is None else number(float(points), 2)


def test_the_example_of_the_docs(small: office.Office) -> None:
    for name in ("index_criteria.csv", "index_scores.csv", "outside_scores.csv"):
        write(small, name, doc_file(name))
    q = view(small, audience="internal")
    scored = scoring.scores(q)
    assert [
        [s.criterion.id, shown(s.by_rule), shown(s.by_hand), shown(s.points)] for s in scored
    ] == [[cells[0], *cells[2:]] for cells in doc_rows("| Tiêu chí | Cách tính |")]
    said = re.search(r"Đạt (\S+) điểm; chấm được (\S+) trên (\S+) điểm tối đa, còn (\d+)", DOC)
    assert said is not None
    earned, computable, most, lacking = said.groups()
    told = say("self_scoring.totals", earned=earned, computable=computable, most=most, n=lacking,
               share="78%")  # fmt: skip
    assert own_score_said(q) == [told]
    table = sections.own_score(q).data
    assert told in table["notes"]
    assert table["rows"][-1][4] == earned
    assert scored[4].missing == label("figure.no_data")
    assert table["rows"][4][2].startswith(label("figure.no_data"))


def test_rules_at_and_around_their_thresholds(small: office.Office) -> None:
    rate = "dossiers.on_time_rate"  # 4 of 5
    assert by_rule(
        small,
        f"at_least {rate} 0.8", f"at_least {rate} 80.1%", f"at_most {rate} 0.8",
        f"at_most {rate} 0.79", f"bands {rate} 0.5:0.25 0.8:0.75 0.9:1", f"bands {rate} 0.81:1",
        "at_least dossiers.resolved_late 2", f"SHARE {rate}",
    ) == [4, 0, 4, 0, 3, 0, 0, Fraction(16, 5)]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        "share", "share dossiers.on_time_rate 1", "at_least dossiers.on_time_rate",
        "at_least dossiers.on_time_rate x", "at_most dossiers.on_time_rate 0.9:1",
        "bands dossiers.on_time_rate", "bands dossiers.on_time_rate 0.9",
        "bands dossiers.on_time_rate 0.9:2", "bands dossiers.on_time_rate 0.9:1 0.9:0.5",
        "shares dossiers.on_time_rate", "__import__('os')", "at_least dossiers.on_time_rate 98",
        "share dossiers.resolved_late", "at_least dossiers.on_time_rate nan",
    ],
)  # fmt: skip
def test_a_rule_that_is_none_names_row_and_column(small: office.Office, rule: str) -> None:
    with pytest.raises(PlanError, match=r"2024/index_criteria\.csv, dòng 2, cột “rule”"):
        by_rule(small, rule)


def test_an_unknown_figure_has_a_near_match(small: office.Office) -> None:
    with pytest.raises(PlanError, match=r"dòng 3, cột “rule”.*“dossiers\.on_time_rate”"):
        by_rule(small, "", "share dossiers.ontime_rate")


def test_by_hand_outranks_and_both_are_shown(small: office.Office) -> None:
    write(small, "index_criteria.csv", HEAD, "K1,x,4,share dossiers.on_time_rate,,yes")
    write(small, "index_scores.csv", HAND, "K1,1,Người Chấm,2024-04-10,lý do")
    (s,) = scoring.scores(view(small))
    assert (s.by_rule, s.by_hand, s.points, s.who) == (Fraction(16, 5), 1, 1, "Người Chấm")
    internal = sections.own_score(view(small, audience="internal")).data
    assert internal["rows"][0][2].startswith("3,20")
    assert internal["rows"][0][3] == "1,00 điểm; Người Chấm, 10/04/2024: lý do"
    assert say("self_scoring.differ", ids="K1") in internal["notes"]
    assert "Người Chấm" not in str(sections.own_score(view(small)).data)
    (s,) = scoring.scores(view(small, as_of="2024-04-09"))
    assert (s.by_hand, s.points) == (None, Fraction(16, 5))


@pytest.mark.parametrize(
    ("line", "column", "also"),
    [
        ("K1,4.5,a,2024-04-10,b", "points", "điểm tối đa của tiêu chí K1 là 4"),
        ("K1,50%,a,2024-04-10,b", "points", ""), ("K1,-1,a,2024-04-10,b", "points", ""),
        ("K1,,a,2024-04-10,b", "points", ""), ("K1,1,,2024-04-10,b", "who", ""),
        ("K1,1,a,10/04/2024,b", "when", ""), ("K1,1,a,2024-04-10,", "why", ""),
        ("K11,1,a,2024-04-10,b", "id", "“K1”"),
    ],
)  # fmt: skip
def test_wrong_points_by_hand_name_row_and_column(
    small: office.Office, line: str, column: str, also: str
) -> None:
    write(small, "index_criteria.csv", HEAD, "K1,x,4,,,yes", "K2,x,9,,,yes")
    write(small, "index_scores.csv", HAND, "K2,9,a,2024-04-10,b", line)
    with pytest.raises(PlanError) as caught:
        scoring.scores(view(small))
    said = str(caught.value)
    assert f"2024/index_scores.csv, dòng 3, cột “{column}”" in said
    assert also.lower() in said.lower()


def test_without_files_one_sentence_says_where_they_belong(small: office.Office) -> None:
    q = view(small)
    assert scoring.scores(q) == [] and scoring.outside(q) == []
    for block, file in (
        (sections.own_score(q).data, "index_criteria.csv"),
        (sections.outside_scores(q).data, "outside_scores.csv"),
    ):
        assert block["kind"] == "note"
        assert f"data/plans/{small.unit.slug}/2024/{file}" in block["text"]
    assert own_score_said(q) == [sections.own_score(q).data["text"]]
    assert sections.outside_years(q) is None
    assert not list(shipped.path("data", "plans").rglob("index_criteria.csv"))  # none is verified


def test_scores_by_others_over_the_years(small: office.Office) -> None:
    write(small, "outside_scores.csv", OUTSIDE, "DDCI,2022,60,100,12/28,a", year=2022)
    write(small, "outside_scores.csv", OUTSIDE, "DDCI,2022,60,100,12/28,a", "DDCI,2024,75,100,,b",
          "DTI,2024,0.5,1,,c")  # fmt: skip
    write(small, "outside_scores.csv", OUTSIDE, "DTI,2025,0.9,1,,d", year=2025)
    q = view(small)
    assert [(o.index, o.year, o.source) for o in scoring.outside(q)] == [
        ("DDCI", 2022, "a"), ("DDCI", 2024, "b"), ("DTI", 2024, "c"),
    ]  # fmt: skip
    table = sections.outside_scores(q).data
    assert table["rows"][2] == ["DTI", "2024", "0,5", "1", "50,0%", "…", "c"]
    drawn = sections.outside_years(q).data
    assert drawn["table"]["rows"] == [["DDCI", "60,0%", "75,0%"]]
    assert "75,0%" in drawn["svg"] and "2023" in drawn["svg"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("DDCI,2022,61,100,,a", "year"), ("DTI,2024,2,1,,a", "score"), ("DTI,24,1,1,,a", "year"),
        ("DTI,2024,1,0,,a", "maximum"), ("DTI,2024,1,1,,", "source"),
    ],
)  # fmt: skip
def test_wrong_scores_by_others_name_row_and_column(
    small: office.Office, line: str, column: str
) -> None:
    write(small, "outside_scores.csv", OUTSIDE, "DDCI,2022,60,100,,a", line)
    with pytest.raises(PlanError, match=rf"outside_scores\.csv, dòng 3, cột “{column}”"):
        scoring.outside(view(small))
