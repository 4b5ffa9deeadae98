"""Scales and importance: against R's psych, pingouin and relaimpo, and at the edges."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from cchc_analysis.stats import scale
from cchc_analysis.stats.scale import (
    alpha,
    ceiling,
    feldt,
    importance,
    longest_runs,
    reversed_items,
    straight_lines,
)

CLOSE = 1e-9

# attitude of R's datasets (Chatterjee and Price, 1977), the example of psych::alpha's help page:
# raw_alpha 0.84, std.alpha 0.84, Feldt 0.74 … 0.92. More digits: psych 2.2.9 under R 4.2.2.
ATTITUDE = """
43 51 30 39 61 92 45; 63 64 51 54 63 73 47; 71 70 68 69 76 86 48; 61 63 45 47 54 84 35; 81 78 56
66 71 83 47; 43 55 49 44 54 49 34; 58 67 42 56 66 68 35; 71 75 50 55 70 66 41; 72 82 72 67 71 83
31; 67 61 45 47 62 80 41; 64 53 53 58 58 67 34; 67 60 47 39 59 74 41; 69 62 57 42 55 63 25; 68
83 83 45 59 77 35; 77 77 54 72 79 77 46; 81 90 50 72 60 54 36; 74 85 64 69 79 79 63; 65 60 65 75
55 80 60; 65 70 46 57 75 85 46; 50 58 68 54 64 78 52; 50 40 33 34 43 64 33; 64 61 52 62 66 80
41; 53 66 52 50 63 80 37; 40 37 42 58 50 57 49; 63 54 42 48 66 75 33; 66 77 66 63 88 76 72; 78
75 58 74 80 78 49; 48 57 44 45 51 83 38; 85 85 71 71 77 74 55; 82 82 39 59 64 78 39
"""
# A1 … A5 of the first 120 people of bfi in R's psychTools ("-" not answered), A1 reverse-keyed.
BFI = """
24344 24525 54544 44655 23345 66565 25535 43151 43633 25665 44565 25555 55564 55566 45221 43663
46625 55545 44543 44655 54212 16615 15656 26565 45565 16616 24443 25666 25135 45655 16563 25666
15654 24565 44444 53542 16464 14423 16666 15435 15565 54364 15445 56435 26666 16666 55343 26455
15323 16666 16664 15654 36444 43563 16666 14355 14222 34524 16544 33545 23445 24453 14666 45354
26666 2-464 15425 43222 23456 16636 45664 24625 44453 15554 35554 25565 26666 56665 12242 25555
15653 16331 14626 16656 16526 44465 15555 16546 16464 34554 15555 15625 24545 16636 26464 23343
31222 14556 43265 26234 25535 34424 25552 14526 16411 16566 15552 61112 26565 36564 16666 -4564
16654 16666 16545 42122 15434 52221 25434 15666
"""
# swiss of R's datasets (Mosteller and Tukey, 1977); Grömping (2006), Journal of Statistical
# Software 17(1), has its LMG shares. More digits: relaimpo under R 4.2.2.
SWISS = """
80.2 17 15 12 9.96 22.2; 83.1 45.1 6 9 84.84 22.2; 92.5 39.7 5 5 93.4 20.2; 85.8 36.5 12 7 33.77
20.3; 76.9 43.5 17 15 5.16 20.6; 76.1 35.3 9 7 90.57 26.6; 83.8 70.2 16 7 92.85 23.6; 92.4 67.8
14 8 97.16 24.9; 82.4 53.3 12 7 97.67 21; 82.9 45.2 16 13 91.38 24.4; 87.1 64.5 14 6 98.61 24.5;
64.1 62 21 12 8.52 16.5; 66.9 67.5 14 7 2.27 19.1; 68.9 60.7 19 12 4.43 22.7; 61.7 69.3 22 5
2.82 18.7; 68.3 72.6 18 2 24.2 21.2; 71.7 34 17 8 3.3 20; 55.7 19.4 26 28 12.11 20.2; 54.3 15.2
31 20 2.15 10.8; 65.1 73 19 9 2.84 20; 65.5 59.8 22 10 5.23 18; 65 55.1 14 3 4.52 22.4; 56.6
50.9 22 12 15.14 16.7; 57.4 54.1 20 6 4.2 15.3; 72.5 71.2 12 1 2.4 21; 74.2 58.1 14 8 5.23 23.8;
72 63.5 6 3 2.56 18; 60.5 60.8 16 10 7.72 16.3; 58.3 26.8 25 19 18.46 20.9; 65.4 49.5 15 8 6.1
22.5; 75.5 85.9 3 2 99.71 15.1; 69.3 84.9 7 6 99.68 19.8; 77.3 89.7 5 2 100 18.3; 70.5 78.2 12 6
98.96 19.4; 79.4 64.9 7 3 98.22 20.2; 65 75.9 9 9 99.06 17.8; 92.2 84.6 3 3 99.46 16.3; 79.3
63.1 13 13 96.83 18.1; 70.4 38.4 26 12 5.62 20.3; 65.7 7.7 29 11 13.79 20.5; 72.7 16.7 22 13
11.22 18.9; 64.4 17.6 35 32 16.92 23; 77.6 37.6 15 7 4.97 20; 67.6 18.7 25 7 8.65 19.5; 35 1.2
37 53 42.34 18; 44.7 46.6 16 29 50.43 18.2; 42.8 27.7 22 29 58.33 19.3
"""


def numbers(text: str) -> list[list[float]]:
    return [[float(cell) for cell in row.split()] for row in " ".join(text.split()).split(";")]


def bfi() -> list[list[float | None]]:
    return [[None if c == "-" else float(c) for c in person] for person in BFI.split()]


def test_the_published_alpha_of_attitude() -> None:
    found = alpha(numbers(ATTITUDE))
    assert (found.complete, found.pairs, found.items) == (30, 30, 7)
    assert found.alpha == pytest.approx(0.8431427695647599, abs=CLOSE)
    assert found.pairwise == pytest.approx(0.8431427695647599, abs=CLOSE)
    assert found.standardised == pytest.approx(0.8390838030295106, abs=CLOSE)
    assert (found.low, found.high) == pytest.approx(
        (0.7393756856431073, 0.9157730721599816), abs=CLOSE
    )
    assert found.item_total == pytest.approx(
        (
            0.6712620572236645, 0.7421097102222385, 0.5607111114802555, 0.7144454981336763,
            0.7862755938344, 0.2650343391966761, 0.4608105494684965,
        ),
        abs=CLOSE,
    )  # fmt: skip


def test_gaps_and_reverse_keying_as_in_psych() -> None:
    rows = bfi()
    assert len(rows) == 120 and reversed_items(rows) == [0]
    found = alpha(rows, turned=[0])
    assert (found.complete, found.pairs) == (118, 118)
    assert found.alpha == pytest.approx(0.719820561003961, abs=CLOSE)
    assert found.standardised == pytest.approx(0.7331886335609836, abs=CLOSE)
    assert found.item_total == pytest.approx(
        (
            0.3141806067456887, 0.5694918654212192, 0.6410386192208659, 0.3279092265796367,
            0.6140725225968637,
        ),
        abs=CLOSE,
    )  # fmt: skip
    assert found.pairwise == pytest.approx(0.7178949677387916, abs=CLOSE)
    assert found.pairwise_total == pytest.approx(
        (
            0.3162230560930908, 0.5687203687731200, 0.6387678751737381, 0.3216460660625113,
            0.6118974156629557,
        ),
        abs=CLOSE,
    )  # fmt: skip
    raw = alpha(rows)
    assert raw.item_total[0] is not None and raw.item_total[0] < 0
    assert raw.alpha is not None and found.alpha is not None and raw.alpha < found.alpha


def test_what_is_turned_is_found() -> None:
    rng = np.random.default_rng(4)
    common = rng.normal(size=200)
    items = np.array([common + rng.normal(size=200) for _ in range(8)])
    items[[2, 5]] *= -1
    assert sorted(reversed_items(items.T.tolist())) == [2, 5]
    items[[0, 1, 3, 4]] *= -1  # now six of eight: the other two are named
    assert sorted(reversed_items(items.T.tolist())) == [6, 7]
    unrelated = rng.normal(size=(40, 6)).tolist()
    assert len(reversed_items(unrelated, level=0.999)) == 0


def test_a_scale_that_cannot_be_told() -> None:
    for rows in ([], [[1.0, 2.0]], [[1.0, 2.0]] * 2, [[1.0]] * 9, [[5.0, 5.0]] * 9):
        found = alpha(rows)
        assert found.alpha is found.low is found.high is found.pairwise is None
    found = alpha([[1, 5, 2], [2, 5, 2], [3, 5, 4], [4, 5, 5]])  # one item does not vary
    assert found.alpha is not None and found.standardised is None
    assert found.item_total[1] is None and found.item_total[0] is not None
    gaps = alpha([[1, None, 2], [2, 3, None], [None, 4, 4], [4, 5, 5], [1, 1, 1]] * 2)
    assert (gaps.complete, gaps.pairs) == (4, 6)
    assert reversed_items([[1, 2], [2, 1], [3, 3], [1, 3]]) == []
    assert feldt(1.0, 50, 5) == (None, None)
    with pytest.raises(ValueError, match="lengths"):
        alpha([[1, 2], [1]])


def test_feldt_covers() -> None:
    """Parallel normal items: true alpha k·r / (1 + (k − 1)·r)."""
    rng = np.random.default_rng(6)
    true = 5 * 0.4 / (1 + 4 * 0.4)
    held = []
    for _ in range(600):
        rows = np.sqrt(0.4) * rng.normal(size=(40, 1)) + np.sqrt(0.6) * rng.normal(size=(40, 5))
        found = alpha(rows.tolist())
        assert found.low is not None and found.high is not None
        held.append(found.low <= true <= found.high)
    assert 0.93 <= np.mean(held) <= 0.97


def test_ceilings_and_straight_lines() -> None:
    assert ceiling([], 5) == (None, 0)
    assert ceiling([5, float("nan"), None, 3], 5) == (0.5, 2)
    rows = [[5, 5, 5, 5], [5, 5, 5, None], [4, 4, 4, 3], [None] * 4]
    assert straight_lines(rows, least=4) == [True, None, False, None]
    assert straight_lines(rows, least=0) == [True, True, False, None]
    assert longest_runs(rows) == [4, 3, 3, 0]


def test_the_published_shares_of_swiss() -> None:
    rows = numbers(SWISS)
    assert len(rows) == 47
    found = importance([row[0] for row in rows], [row[1:] for row in rows])
    assert found.exact and found.n == 47
    assert found.r2 == pytest.approx(0.706735001592726, abs=CLOSE)
    assert found.shares == pytest.approx(
        (
            0.0570912207680913, 0.1711730289002341, 0.2601346786243849, 0.1055701503734937,
            0.1127659229265219,
        ),
        abs=CLOSE,
    )  # fmt: skip


def test_shares_are_means_over_all_orders() -> None:
    rows = np.array(numbers(SWISS))[:, :5]
    y, x = rows[:, 0], rows[:, 1:]

    def r2(columns: tuple[int, ...]) -> float:
        design = np.column_stack([np.ones(len(y)), x[:, list(columns)]])
        rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return 1 - float(rest @ rest) / float(((y - y.mean()) ** 2).sum())

    shares = np.zeros(4)
    for order in permutations(range(4)):
        for step, item in enumerate(order):
            shares[item] += (r2(order[: step + 1]) - r2(order[:step])) / 24
    assert importance(y.tolist(), x.tolist()).shares == pytest.approx(shares.tolist(), abs=CLOSE)


def test_sampled_orders_come_close(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = numbers(SWISS)
    y, x = [row[0] for row in rows], [row[1:] for row in rows]
    exact = importance(y, x)
    monkeypatch.setattr(scale, "EXACT", 2)
    found = importance(y, x, orders=4000)
    assert not found.exact and found == importance(y, x, orders=4000)
    assert found.r2 == pytest.approx(exact.r2, abs=CLOSE)
    assert found.shares == pytest.approx(exact.shares, abs=0.005)


def test_intervals_of_shares_hold_them() -> None:
    rows = numbers(SWISS)
    found = importance([r[0] for r in rows], [r[1:] for r in rows], bootstrap=300)
    bounds = list(zip(found.low, found.shares, found.high, strict=True))
    assert len(bounds) == 5 and all(low < share < high for low, share, high in bounds)


def test_twins_constants_and_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=60), rng.normal(size=60)
    y = (a + 0.5 * b + rng.normal(size=60)).tolist()
    x = np.column_stack([a, a, b, np.full(60, 4.0)]).tolist()
    both = importance(y, np.column_stack([a, b]).tolist())
    for most in (12, 1):
        monkeypatch.setattr(scale, "EXACT", most)
        found = importance(y, x, orders=2000)
        assert found.r2 == pytest.approx(both.r2, abs=1e-8)
        assert found.shares[0] == pytest.approx(found.shares[1], abs=0.02)
        assert found.shares[3] == pytest.approx(0, abs=1e-12)
    gaps: list[list[float | None]] = [*x, [None, 1.0, 1.0, 4.0]]
    assert importance([*y, 3.0], gaps).n == 60


def test_importance_that_cannot_be_told() -> None:
    assert importance([], []).r2 is None
    assert importance([1.0, 2.0, 3.0], [[1.0, 2.0]] * 3).r2 is None
    assert importance([5.0] * 9, [[float(i)] for i in range(9)]).r2 is None
    with pytest.raises(ValueError, match="lengths"):
        importance([1.0], [])
