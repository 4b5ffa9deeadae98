"""How satisfied people are: the figures with what can be told of them, questions, trend.

What the audience may not see is not here: nothing of fewer than five respondents, no example of
free text but for the internal audience.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.satisfaction import FACTORS, FEW, OVERALL, quarters
from ..period import EARLIER
from ..phrases import compared_label, interval_text, mark, share_text
from ..stats import clusters
from ..words import goal, inside, label, number, points, say
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["nothing", "survey_drivers", "survey_figures", "survey_items", "survey_trend"]

POINTS = 5
LEAST_COMPLETE = 100  # respondents who answered all, before items are weighed against each other
LEAST_EXPLAINED = 0.05  # R² below which no item is more important than another
CHOSEN = 3
DRAWS = 200


def nothing(q: PeriodView) -> Any:
    """A note where there is nothing to show, else None."""
    found = q.satisfaction
    if not found.respondents:
        return blocks.note("info", say("satisfaction.none"))
    return blocks.note("info", say("satisfaction.hidden")) if found.hidden else None


def survey_figures(q: PeriodView) -> Any:
    """The figures with their targets, what this sample can tell of them, and how many could."""
    if (none := nothing(q)) is not None:
        return none
    found = q.satisfaction
    ids = ("survey.index", "survey.index_weighted", "survey.overall",
           *(f"survey.factor.{name}" for name in FACTORS))  # fmt: skip
    ratios = {"survey.index": found.index, "survey.overall": found.overall}
    rows, notes = [], []
    for id in ids:
        r = q.result(id)
        target, verdict, needed = mark("zero"), mark("zero"), mark("zero")
        if r.target is not None and r.value is not None and id in ratios:
            target = goal(r.target)
            verdict = {True: label("state.met"), False: label("state.not_met"),
                       None: say("satisfaction.cannot_tell")}[r.met]  # fmt: skip
            ratio = ratios[id]
            each = ratio.answers / ratio.n if ratio.n else 1.0
            size = clusters.needed(ratio.value, r.target, ratio.deff, each=each)
            needed = mark("no_data") if size is None else number(size)
            alone = clusters.verdict(ratio.low, ratio.high, r.target)
            if r.met is None and alone != "cannot_tell":
                notes.append(say("satisfaction.disagree"))
        mean = found.mean(id) if id != "survey.index_weighted" else None
        rows.append(
            [
                r.label, share_text(r.value, 2), interval_text(r.low, r.high, 1),
                mark("zero") if mean is None else number(round(mean, 2), 2), target, verdict,
                needed,
            ]
        )  # fmt: skip
    weighting = found.weighting
    if found.weighted is None or weighting is None:
        notes.append(say("satisfaction.no_weights"))
    else:
        told = say("satisfaction.collapsed", n=number(len(weighting.collapsed)))
        if weighting.trimmed:
            told += " " + say("satisfaction.trimmed", n=number(weighting.trimmed))
        effective = number(round(weighting.effective))
        notes.append(
            say("satisfaction.weighted_note", effective=effective, n=number(found.respondents),
                collapsed=told)
        )  # fmt: skip
    notes += _moves(q)
    notes += [
        say(f"satisfaction.{key}") for key in (_sampled(q), "who", "clustered", "needed_note")
    ]
    columns = [
        left(label("col.label")), right(label("col.value")), right(say("satisfaction.interval")),
        right(say("satisfaction.mean")), right(label("word.target")),
        left(say("satisfaction.verdict")),
        right(say("satisfaction.needed")),
    ]  # fmt: skip
    rows.insert(0, [label("survey.responses"), number(found.respondents), *[mark("zero")] * 5])
    return blocks.table(
        id="survey-figures", caption=say("satisfaction.figures"), columns=columns, rows=rows,
        notes=notes,
    )  # fmt: skip


def _sampled(q: PeriodView) -> str:
    return "not_random" if q.plan.survey_population is None else "random"


def _enough(q: PeriodView) -> bool:
    """Whether enough answered for an interval, and the audience may know it."""
    return q.satisfaction.respondents >= FEW and not q.satisfaction.hidden


def _moves(q: PeriodView) -> list[str]:
    said = []
    for name in EARLIER:
        before = q.compared[name].satisfaction if name in q.compared else None
        if before is None or not _enough(q.compared[name]):
            continue
        change = clusters.difference(before.index, q.satisfaction.index)
        if change.value is None or change.low is None or change.high is None:
            continue
        chance = change.low <= 0 <= change.high
        said.append(
            say(
                "satisfaction.change", than=inside(compared_label(name)),
                points=points(change.value, 1), low=points(change.low, 1),
                high=points(change.high, 1),
                said=say(f"satisfaction.{'change_chance' if chance else 'change_real'}"),
            )
        )  # fmt: skip
    return said


def survey_items(q: PeriodView) -> Any:
    """Each question's answers, from the lowest to the highest share, with what changed."""
    from ..figures.survey import answers

    if (none := nothing(q)) is not None:
        return none
    table = q.satisfaction.by_item
    table = table[table["valid"] > 0].sort_values(["share", "item"], kind="stable")
    moved, note = _moved(q)
    rows = [
        [
            row["wording"], number(row["valid"]), share_text(row["share"]),
            interval_text(row["low"], row["high"], 1), number(round(row["mean"], 2), 2),
            moved.get(row["item"], mark("no_data")),
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    columns = [
        left(say("satisfaction.question")), right(say("satisfaction.valid")),
        right(say("satisfaction.satisfied_share")), right(say("satisfaction.interval")),
        right(say("satisfaction.mean")), right(say("satisfaction.moved")),
    ]  # fmt: skip
    data = blocks.table_data(
        id="survey-items-data", caption=say("satisfaction.items_data"), columns=columns, rows=rows,
        notes=[note] if note else [],
    )  # fmt: skip
    scored = q.satisfaction.items[q.satisfaction.items["valid"]]
    if set(scored["scale"]) != {POINTS}:
        return blocks.Block(data)
    counts = scored.groupby("item")["score"].value_counts().unstack(fill_value=0)
    drawn = [
        [int(counts.loc[item].get(float(p), 0)) for p in range(1, 6)] for item in table["item"]
    ]
    tones = [label(f"answer.{p}") for p in range(1, 6)]
    first, last = rows[0], rows[-1]
    alt = say(
        "satisfaction.items_alt", n=number(len(rows)), low=first[2], low_name=inside(first[0]),
        high=last[2], high_name=inside(last[0]),
    )  # fmt: skip
    return blocks.figure(
        answers(table["wording"].tolist(), drawn, tones), id="survey-items",
        caption=say("satisfaction.items"), alt=alt, table={**data, "notes": []},
        notes=[say("satisfaction.items_note"), *([note] if note else [])],
    )  # fmt: skip


def _moved(q: PeriodView) -> tuple[dict[str, str], str]:
    """How each item's share moved since the previous period, and which moves are no chance."""
    from scipy.stats import false_discovery_control

    view = q.compared.get("previous")
    if view is None or not _enough(view):
        return {}, ""
    before = view.satisfaction.by_item.set_index("item")
    shown, chances, names = {}, [], []
    for row in q.satisfaction.by_item.to_dict("records"):
        if row["item"] not in before.index or not row["valid"]:
            continue
        then = before.loc[row["item"]]
        if not then["valid"]:
            continue
        a, b = (
            clusters.ratio([1.0] * int(k) + [0.0] * int(n - k), [1.0] * int(n))
            for k, n in ((then["satisfied"], then["valid"]), (row["satisfied"], row["valid"]))
        )
        change = clusters.difference(a, b)
        if change.value is not None and change.p is not None:
            shown[row["item"]] = points(change.value, 1)
            chances.append(change.p)
            names.append(row["wording"])
    if not chances:
        return shown, ""
    real = [n for n, p in zip(names, false_discovery_control(chances), strict=True) if p < 0.05]
    said = (
        say("satisfaction.moved_some", names="; ".join(real))
        if real
        else say("satisfaction.moved_none")
    )
    return shown, say("satisfaction.moved_note", n=number(len(chances)), said=said)


def survey_drivers(q: PeriodView) -> Any:
    """Which questions go with the overall answer and are not yet well answered."""
    from ..figures.survey import importance as draw
    from ..stats.scale import importance

    if (none := nothing(q)) is not None:
        return none
    found = q.satisfaction
    items, rows = found.matrix
    whole = found.answers[found.answers["item"] == OVERALL].set_index("respondent")["score"]
    outcome = whole.reindex(found.people.index).tolist()
    complete = sum(
        told is not None and told == told and all(x == x for x in row)
        for told, row in zip(outcome, rows, strict=True)
    )
    if complete < LEAST_COMPLETE:
        said = say("satisfaction.drivers_few", n=number(complete), least=number(LEAST_COMPLETE))
        return blocks.note("info", said)
    told = importance(outcome, rows, bootstrap=DRAWS)
    if told.r2 is None or told.r2 < LEAST_EXPLAINED:
        return blocks.note("info", say("satisfaction.drivers_weak", r2=share_text(told.r2 or 0.0)))
    table = found.by_item.set_index("item").loc[items]
    scores = table["share"].astype(float).tolist()
    parts = [share / told.r2 for share in told.shares]
    mean = math.fsum(parts) / len(parts)
    worth = sorted(
        (n for n in range(len(items)) if parts[n] >= mean),
        key=lambda n: -parts[n] * (1 - scores[n]),
    )[:CHOSEN]
    names = [str(n + 1) for n in range(len(items))]
    wordings = table["wording"].tolist()
    first = "; ".join(wordings[n] for n in worth)
    shown = [
        [names[n], wordings[n], share_text(scores[n]), share_text(parts[n]),
         interval_text(told.low[n] / told.r2, min(1.0, told.high[n] / told.r2), 1)]
        for n in sorted(range(len(items)), key=lambda n: -parts[n])
    ]  # fmt: skip
    data = blocks.table_data(
        id="survey-drivers-data", caption=say("satisfaction.drivers_data"),
        columns=[
            left(say("satisfaction.number")), left(say("satisfaction.question")),
            right(say("satisfaction.satisfied_share")), right(say("satisfaction.importance_axis")),
            right(say("satisfaction.interval")),
        ],
        rows=shown,
    )  # fmt: skip
    alt = say(
        "satisfaction.drivers_alt", n=number(len(items)), k=number(len(worth)),
        names=", ".join(names[n] for n in worth),
    )  # fmt: skip
    return blocks.figure(
        draw(scores, parts, names, worth), id="survey-drivers", caption=say("satisfaction.drivers"),
        alt=alt, table=data,
        notes=[
            say("satisfaction.first_three", names=first),
            say("satisfaction.drivers_note", r2=share_text(told.r2), n=number(told.n)),
        ],
    )  # fmt: skip


def survey_trend(q: PeriodView) -> Any:
    """The index over the last quarters with forms enough."""
    from ..figures.survey import trend

    found = []
    for quarter in quarters(q.period):
        view = q if quarter == q.period else q.beside(quarter)
        ratio = view.satisfaction.index if _enough(view) else None
        if ratio is not None and ratio.value is not None and ratio.low is not None:
            found.append((quarter, view.satisfaction.respondents, ratio))
    if len(found) < 2:
        return blocks.note("info", say("satisfaction.trend_few"))
    names = [f"{period.label[5:]}/{period.year}" for period, _, _ in found]
    rows = [
        [name, number(n), share_text(r.value), interval_text(r.low, r.high, 1)]
        for name, (_, n, r) in zip(names, found, strict=True)
    ]
    data = blocks.table_data(
        id="survey-trend-data", caption=say("satisfaction.trend_data"),
        columns=[
            left(say("satisfaction.quarter")), right(say("satisfaction.responses")),
            right(label("survey.index")), right(say("satisfaction.interval")),
        ],
        rows=rows,
    )  # fmt: skip
    values = [float(r.value or 0) for _, _, r in found]
    target = q.plan.target("survey.index")
    figure = trend(
        names, values, [(r.low or 0.0, r.high or 1.0) for _, _, r in found],
        float(target.value) if target is not None and target.value is not None else None,
    )  # fmt: skip
    alt = say(
        "satisfaction.trend_alt", n=number(len(found)), low=share_text(min(values)),
        high=share_text(max(values)), last=share_text(values[-1]),
    )  # fmt: skip
    return blocks.figure(
        figure, id="survey-trend", caption=say("satisfaction.trend"), alt=alt, table=data,
        notes=[say(f"satisfaction.{_sampled(q)}")],
    )  # fmt: skip
