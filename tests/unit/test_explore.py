"""Slices of late dossiers: the same rows as a filter in pandas, and as the line shown beside."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cchc_analysis import explore, office, shipped
from cchc_analysis.errors import ParameterError, PeriodError
from cchc_analysis.office import PeriodView
from cchc_analysis.words import label, say
from cchc_analysis.workspace import inbox

from ..registers import register, row

PERIOD = "2024-Q4"


@pytest.fixture(scope="module")
def q(sample: office.Office) -> PeriodView:
    return sample.period(PERIOD, audience="internal")


@pytest.fixture(scope="module")
def without_log(tmp_path_factory: pytest.TempPathFactory) -> PeriodView:
    root = tmp_path_factory.mktemp("no_log")
    shutil.copytree(shipped.path("data", "plans"), root / "data" / "plans")
    inbox.ingest(root, sorted(shipped.path("data", "sample").glob("SoTheoDoi*_2024.xlsx")))
    return office.open(root).period(PERIOD, audience="internal")


def evaluated(text: str, q: PeriodView) -> Any:
    return eval(text, {"explore": explore, "q": q})


# -- slices ----------------------------------------------------------------------------------


def test_all_late_dossiers_with_what_was_found(q: PeriodView) -> None:
    frame = explore.cases(q)
    assert tuple(frame.columns) == explore.COLUMNS
    assert set(frame["code"]) == set(q.late["code"]) | set(q.open_overdue["code"])
    assert frame["late_days"].is_monotonic_decreasing
    found = {code: q.finding(code) for code in frame["code"]}
    assert list(frame["cause"]) == [found[code].cause for code in frame["code"]]
    assert list(frame["stage"]) == [found[code].stage for code in frame["code"]]
    assert frame["ended_at"].notna().equals(frame["state"] == "resolved_late")


@pytest.mark.parametrize("name", explore.SLICES)
def test_a_slice_is_a_filter(q: PeriodView, name: str) -> None:
    frame = explore.cases(q)
    column = {"procedure": "procedure_code"}.get(name, name)
    for value in frame[column].unique():
        expected = frame[frame[column] == value].reset_index(drop=True)
        assert_frame_equal(explore.cases(q, **{name: value}), expected)


def test_slices_are_cut_with_one_another(q: PeriodView) -> None:
    frame = explore.cases(q)
    both = (frame["field"] == "Hộ tịch") & (frame["channel"] == "online")
    assert 0 < both.sum() < len(frame)
    expected = frame[both].reset_index(drop=True)
    assert_frame_equal(explore.cases(q, field="Hộ tịch", channel="online"), expected)


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({"field": "ho tich"}, {"field": "Hộ tịch"}),
        ({"channel": "Trực tuyến"}, {"channel": "online"}),
        ({"cause": label("cause.signatory_away")}, {"cause": "signatory_away"}),
        ({"procedure": "đăng ký khai sinh"}, {"procedure": "1.001193.000.00.00.H56"}),
    ],
)
def test_values_as_people_say_them(q: PeriodView, given: Any, same: Any) -> None:
    assert len(explore.cases(q, **same))
    assert_frame_equal(explore.cases(q, **given), explore.cases(q, **same))


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"field": "Hộ tich 2"}, "Hộ tịch"),
        ({"cause": "signatory"}, "signatory_away"),
        ({"stage": "Ký duyet."}, "Ký duyệt"),
        ({"channel": "onlin"}, "online"),
        ({"sort": "due"}, "due_at"),
        ({"field": "xyz"}, "Đất đai"),  # nothing near: all that there are
    ],
)
def test_what_nobody_knows_is_refused_with_the_nearest(
    q: PeriodView, given: Any, hint: str
) -> None:
    with pytest.raises(ParameterError, match=hint):
        explore.cases(q, **given)


def test_a_known_value_without_late_dossiers_is_no_mistake(q: PeriodView) -> None:
    none = explore.cases(q, field="Người có công")
    assert none.empty and tuple(none.columns) == explore.COLUMNS


def test_open_ones_can_be_left_out_and_another_period_asked_for(
    q: PeriodView, sample: office.Office
) -> None:
    other = sample.period("2024-Q1", audience="internal")
    assert len(other.open_overdue)
    assert_frame_equal(explore.cases(q, period="2024-Q1"), explore.cases(other))
    done = explore.cases(q, period="2024-Q1", include_open=False)
    assert set(done["code"]) == set(other.late["code"])
    with pytest.raises(PeriodError):
        explore.cases(q, period="2031-Q1")


def test_only_for_the_internal_audience(sample: office.Office) -> None:
    shared = sample.period(PERIOD)
    code = shared.late["code"].iloc[0]
    for call in (
        lambda: explore.cases(shared), lambda: explore.lost_days(shared),
        lambda: explore.steps(shared, code), lambda: explore.timeline(shared, code),
        lambda: explore.Explorer(shared),
    ):  # fmt: skip
        with pytest.raises(ParameterError, match="internal"):
            call()


@pytest.mark.parametrize("by", explore.SLICES)
def test_lost_days_add_up(q: PeriodView, by: str) -> None:
    frame = explore.cases(q, channel="direct")
    table = explore.lost_days(q, by, channel="direct")
    assert round(table["days"].sum() * 100) == int(frame["late_days"].sum()) * 100
    assert table["dossiers"].sum() == len(frame)


def test_periods_of_the_store(q: PeriodView) -> None:
    labels = [period.label for period in explore.periods(q)]
    assert labels[:3] == ["2024-Q4", "2024-Q3", "2024-Q2"]
    assert {"2023-07", "2024-12", "2024-H1", "2024-9M", "2024"} <= set(labels)
    assert not {"2023-06", "2025-01", "2023-Q2"} & set(labels)


# -- one dossier -----------------------------------------------------------------------------


def test_the_days_of_the_steps_are_the_days_late(q: PeriodView) -> None:
    for code, days in explore.cases(q)[["code", "late_days"]].itertuples(index=False):
        table = explore.steps(q, code)
        assert tuple(table.columns) == explore.STEPS
        assert round(table["lost_days"].sum() * 100) == days * 100
        assert table["entered_at"].is_monotonic_increasing


def test_a_step_says_what_goes_with_it(q: PeriodView) -> None:
    for cause in ("signatory_away", "partner_agency", "closed_late"):
        case = explore.cases(q, cause=cause).iloc[0]
        table = explore.steps(q, case["code"])
        told = table[table["evidence"] != ""]
        assert case["evidence"] in list(told["evidence"])
        assert told.loc[told["evidence"] == case["evidence"], "stage"].iloc[0] == case["stage"]


def test_a_dossier_that_is_not_late_has_steps_too(q: PeriodView) -> None:
    fine = q.dossiers.loc[q.dossiers["resolved"] & ~q.dossiers["resolved_late"], "code"].iloc[0]
    table = explore.steps(q, fine)
    assert len(table) and table["lost_days"].isna().all() and table["days"].notna().all()
    with pytest.raises(ParameterError, match=fine):
        explore.steps(q, fine[:-1] + "x")


def test_the_figure_tells_in_words_what_it_shows(q: PeriodView) -> None:
    case = explore.cases(q, cause="signatory_away").iloc[0]
    data = explore.timeline(q, case["code"]).data
    assert data["kind"] == "figure"
    assert case["stage"] in data["alt"] and case["stage"] in data["svg"]
    assert case["due_at"].strftime("%d/%m/%Y") in data["svg"]


# -- the menus -------------------------------------------------------------------------------


def test_the_line_shown_gives_the_frame_shown(q: PeriodView) -> None:
    explorer = explore.Explorer(q)
    assert explorer.line == "explore.cases(q)"
    for change in (
        {"field": "Hộ tịch"}, {"channel": "online"}, {"sort": "due_at"}, {"period": "2024-Q1"},
        {"field": None, "include_open": False}, {"channel": None, "cause": "closed_late"},
        {"cause": None, "officer": "Lê Thị Hạnh"}, {"officer": None, "period": PERIOD},
        {"stage": "Ký duyệt"}, {"procedure": "1.001193.000.00.00.H56"},
    ):  # fmt: skip
        explorer.choose(**change)
        assert_frame_equal(evaluated(explorer.line, q), explorer.frame)
        assert explorer.line in html(explorer).replace("&#34;", '"')
        assert list(explorer.frame["code"])[:200] == shown(explorer)


def test_every_line_on_the_page_runs(q: PeriodView) -> None:
    explorer = explore.Explorer(q)
    explorer.choose(period="2024-Q3", code=explore.cases(q, period="2024-Q3")["code"].iloc[2])
    lines = [part.split("</code>")[0] for part in html(explorer).split('tabindex="0">')[1:]]
    lines = [line.replace("&#34;", '"') for line in lines if line.startswith("explore.")]
    assert [line.split("(")[0] for line in lines] == [
        "explore.cases", "explore.timeline", "explore.steps"
    ]  # fmt: skip
    assert all(evaluated(line, q) is not None for line in lines)


def test_menus_offer_what_the_others_leave(q: PeriodView) -> None:
    explorer = explore.Explorer(q)
    explorer.choose(field="Hộ tịch")
    channels = {value: text for text, value in explorer._menus["channel"].options}
    for channel in ("online", "direct"):
        n = len(explore.cases(q, field="Hộ tịch", channel=channel))
        assert channels[channel] == f"{label(f'channel.{channel}')} ({n})"
    # a choice that another period leaves without dossiers stays, and says so
    explorer.choose(field="Đất đai", period="2023-09")
    assert explorer.chosen["field"] == "Đất đai"
    assert say("explore.none_here") in html(explorer) or len(explorer.frame)


def test_clearing(q: PeriodView) -> None:
    explorer = explore.Explorer(q)
    explorer.choose(field="Hộ tịch", cause="signatory_away")
    explorer._reset.click()
    assert_frame_equal(explorer.frame, explore.cases(q))


def test_a_period_that_cannot_be_shown_leaves_the_one_before(q: PeriodView) -> None:
    explorer = explore.Explorer(q)
    periods = explorer._menus["period"]
    periods.options = [*periods.options, ("2031", "2031")]
    periods.value = PERIOD
    explorer.choose(period="2031")
    assert explorer.line == "explore.cases(q)" and periods.value == PERIOD
    assert say("explore.error", message="") in html(explorer)
    explorer.choose(field="Hộ tịch")
    assert_frame_equal(explorer.frame, explore.cases(q, field="Hộ tịch"))


def html(explorer: explore.Explorer) -> str:
    parts = (explorer._said, explorer._drawn, explorer._table, explorer._one)
    return "".join(part.value for part in parts)


def shown(explorer: explore.Explorer) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*>(.*?)</th>', explorer._table.value)


# -- little or nothing -----------------------------------------------------------------------


def test_no_late_dossiers(workspace: Path) -> None:
    rows = [row("0001", "02/01/2024", "05/01/2024", "04/01/2024", "04/01/2024")]
    inbox.ingest(workspace, [register(workspace / "a.csv", rows)])
    q = office.open(workspace).period("2024-Q1", audience="internal")
    assert explore.cases(q).empty and explore.lost_days(q).empty
    explorer = explore.Explorer(q)
    assert repr(explorer) == say("explore.none", period=q.period.title)
    assert repr(explorer) in html(explorer) and explorer.code == ""
    assert_frame_equal(evaluated(explorer.line, q), explorer.frame)
    assert "<table" not in html(explorer) and "<svg" not in html(explorer)


def test_no_log(without_log: PeriodView) -> None:
    q = without_log
    frame = explore.cases(q)
    assert len(frame) == len(q.late) + len(q.open_overdue) > 0
    assert set(frame["stage"]) == {""}
    assert_frame_equal(explore.cases(q, stage=""), frame)
    code = frame["code"].iloc[0]
    assert explore.steps(q, code).empty
    assert explore.timeline(q, code).data["text"] == say("explore.no_log")
    explorer = explore.Explorer(q)
    assert say("explore.no_log") in html(explorer) and len(shown(explorer)) == len(frame)
    whole = explore.lost_days(q)
    assert list(whole["stage"]) == [""] and whole["days"].sum() == frame["late_days"].sum()


def test_a_log_that_lacks_the_dossier(q: PeriodView, monkeypatch: pytest.MonkeyPatch) -> None:
    code = explore.cases(q)["code"].iloc[0]
    timeline = q.attribution.timeline
    others = {k: place for k, place in timeline._places.items() if k != code}
    monkeypatch.setitem(timeline.__dict__, "_places", others)
    assert explore.steps(q, code).empty
    assert explore.timeline(q, code).data["text"] == say("explore.not_in_log")


def test_a_claim_beside_a_handing_over_in_the_middle(q: PeriodView) -> None:
    """Claims count the stays without the handing over: each lands at its own step."""
    from cchc_analysis.explore.dossier import _step_evidence

    case = explore.cases(q, cause="partner_agency").iloc[0].to_dict()
    finding = q.finding(case["code"])
    moved = [finding.stays[-1], *finding.stays[:-1]]
    said = _step_evidence(q, dataclasses.replace(finding, stays=moved), case)
    told = [n for n, text in enumerate(said) if text]
    assert [moved[n].stage for n in told] == [case["stage"]]


def test_values_with_quotes_survive_the_line() -> None:
    text = 'a "b" \\ c\n'
    assert eval(explore.line(field=text).replace("explore.cases(q, ", "dict(")) == {"field": text}


def test_empty_frames_keep_their_kinds(q: PeriodView) -> None:
    none = explore.cases(q, field="Người có công")
    assert pd.api.types.is_datetime64_any_dtype(none["due_at"])
    assert none["recorded_only"].dtype == bool
