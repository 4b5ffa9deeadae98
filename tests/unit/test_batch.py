"""Who makes what in a batch, and what is told when a maker dies."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from cchc_analysis.briefs import batch
from cchc_analysis.briefs.batch import Batch, Job, Shard
from cchc_analysis.briefs.maker import Outcome
from cchc_analysis.errors import FAULT, ParameterError, PeriodError, UnitError


@pytest.fixture
def province(tmp_path: Path) -> Path:
    for n in range(7):
        folder = tmp_path / "data" / "plans" / f"xa-{n}"
        folder.mkdir(parents=True)
        (folder / "unit.toml").write_text(
            f'[unit]\nname = "xã {n}"\nauthority = "U"\nplace = "P"\n', encoding="utf-8"
        )
    return tmp_path


def test_periods_in_order_of_their_end_each_once(province: Path) -> None:
    (job,) = batch.jobs(province, ["2024", "2024-Q4", "2024-Q1", "2024-12", "2024-Q1"], ["xa-3"])
    assert job == Job("xa-3", ("2024-Q1", "2024", "2024-Q4", "2024-12"))


def test_shards_share_the_units_out(province: Path) -> None:
    whole = [job.unit for job in batch.jobs(province, ["2024-Q1"])]
    parts = [batch.jobs(province, ["2024-Q1"], shard=Shard(i, 3)) for i in (1, 2, 3)]
    assert (
        sorted(job.unit for part in parts for job in part) == whole == [f"xa-{n}" for n in range(7)]
    )
    assert [len(part) for part in parts] == [3, 2, 2]
    assert Shard.parse("2/5") == Shard(2, 5) and Shard.parse("") == Shard(1, 1)


@pytest.mark.parametrize("given", ["0/3", "4/3", "3", "a/b", "1/2/3", "-1/2", "1/0", "½/2"])
def test_a_shard_that_is_none(given: str) -> None:
    with pytest.raises(ParameterError, match="2/5"):
        Shard.parse(given)


def test_names_that_cannot_be(province: Path) -> None:
    with pytest.raises(PeriodError):
        batch.jobs(province, ["2024-Q5"])
    with pytest.raises(UnitError, match="xa-3"):
        batch.jobs(province, ["2024-Q1"], ["xa-33"])


class Maker:
    """A process that tells of ``periods`` and ends."""

    def __init__(self, report: Path, periods: list[str]) -> None:
        with report.open("a", encoding="utf-8") as file:
            file.write("\n")
            for period in periods:
                file.write(json.dumps(asdict(Outcome("xa", period, "made"))) + "\n")
            file.write('{"unit": "xa", "per')  # killed while it wrote
        self.report = report

    def poll(self) -> int:
        return 0


def test_a_maker_that_dies_takes_one_brief_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "POLL", 0)
    report, asked = tmp_path / "r.jsonl", []

    def begin(periods: list[str]) -> Maker:
        asked.append(list(periods))
        return Maker(report, [p for p in periods if p != "2"][: len(asked)])

    found = list(batch._follow(Job("xa", ("1", "2", "3")), report, begin))
    assert [(o.period, o.state) for o in found] == [("1", "made"), ("2", "failed"), ("3", "made")]
    assert found[1].exit_code == FAULT and asked == [["1", "2", "3"], ["3"]]


def test_when_no_maker_can_be_begun(tmp_path: Path) -> None:
    def begin(periods: list[str]) -> Maker:
        raise RuntimeError

    found = list(batch._follow(Job("xa", ("1", "2")), tmp_path / "r.jsonl", begin))
    assert [o.state for o in found] == ["failed", "failed"]


def test_the_summary_counts_and_names() -> None:
    outcomes = [
        Outcome("a", "2024-Q1", "made"),
        Outcome("b", "2024-Q1", "failed", error="vì sao", exit_code=5),
        Outcome("c", "2024-Q1", "unchanged"),
        Outcome("d", "2024-Q1", "failed", exit_code=7),
    ]
    made = Batch(tuple(outcomes), 3725.0)
    assert made.exit_code == 5 and len(made.lines()) == 3
    assert "4 báo cáo trong 1 giờ 2 phút" in made.lines()[0] and "vì sao" in made.lines()[1]
    told = made.as_dict()
    assert (told["made"], told["unchanged"], told["failed"]) == (1, 1, 2)
    assert [batch.span(s) for s in (59.4, 60, 7200)] == ["59 giây", "1 phút 0 giây", "2 giờ 0 phút"]
