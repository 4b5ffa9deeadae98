"""Late dossiers of one stage finished on consecutive working days are one event."""

from __future__ import annotations

from pathlib import Path

from cchc_analysis import office
from cchc_analysis.causes.episodes import history
from cchc_analysis.causes.history import known_since, resolved, year_to_end
from cchc_analysis.workspace import inbox

from .. import registers


def test_a_weekend_does_not_part_an_episode_and_a_working_day_does(workspace: Path) -> None:
    def late(code: str, finished: str) -> list[str]:
        return registers.row(code, "04/03/2024 08:00", "06/03/2024 17:00", finished, finished)

    rows = [
        late("0001", "08/03/2024 09:00"),  # Friday
        late("0002", "11/03/2024 09:00"),  # Monday: the same episode
        registers.row("0003", "04/03/2024 08:00", "29/03/2024", "12/03/2024 10:00", ""),
        registers.row("0004", "04/03/2024 08:00", "29/03/2024", "13/03/2024 08:00", ""),
        late("0005", "13/03/2024 09:00"),  # Wednesday: Tuesday lies between
        registers.row("0006", "04/03/2024 08:00", "29/03/2024", "14/03/2024 09:00", ""),
    ]
    file = registers.register(workspace / "data" / "inbox" / "SoTheoDoi.csv", rows)
    assert not [d.error for d in inbox.ingest(workspace, [file]) if d.error]
    q = office.open(workspace).period("2024-Q1")
    found = history(q, known_since(q), q.end)
    assert [[code[-4:] for code in e.codes] for e in found.episodes] == [["0001", "0002"], ["0005"]]
    assert (found.between, found.since) == ((2,), 1)
    assert found.days is not None and abs(found.days[0] - 3.0) < 1e-6
    assert found.days_since is not None and found.days_since > 12


def test_an_office_late_every_day_has_an_episode_a_week(workspace: Path) -> None:
    days = [4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18]  # working days in a row
    rows = [
        registers.row(
            f"{day:04}", "26/02/2024 08:00", "29/02/2024 17:00", f"{day:02}/03/2024 09:00"
        )
        for day in days
    ]
    file = registers.register(workspace / "data" / "inbox" / "SoTheoDoi.csv", rows)
    assert not [d.error for d in inbox.ingest(workspace, [file]) if d.error]
    q = office.open(workspace).period("2024-Q1")
    found = history(q, known_since(q), q.end)
    assert [len(episode.codes) for episode in found.episodes] == [5, 5, 1]


def test_the_history_ends_with_the_period(sample: office.Office) -> None:
    q = sample.period("2024-Q2")
    start, end = year_to_end(q)
    assert (str(start), str(end)) == ("2023-07-01", "2024-06-30")
    found = history(q, start, end)
    frame = resolved(q, start, end)
    codes = [code for episode in found.episodes for code in episode.codes]
    assert sorted(codes) == sorted(frame.loc[frame["late"], "code"])
    assert all(episode.last <= q.end for episode in found.episodes)
    inside = sum(found.between) + found.since + found.episodes[0].place
    assert inside == (~frame["late"]).sum()
