"""How satisfied people are: the figures with what can be told of them, items, groups, words.

What the audience may not see is not here: nothing of fewer than five respondents, no example of
free text but for the internal audience.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.feedback import BY
from ..indicators.satisfaction import FACTORS, FEW, OVERALL
from ..phrases import COMPARED, interval_text, key_text, mark, ratio_text, share_text
from ..privacy import small_groups
from ..stats import clusters
from ..words import goal, inside, label, number, points, say
from .dossiers import count_text, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = [
    "feedback_balance", "feedback_by", "survey_comments", "survey_coverage", "survey_drivers",
    "survey_figures", "survey_groups", "survey_items", "survey_linked", "survey_quality",
    "survey_trend",
]  # fmt: skip

POINTS = 5
LEAST_COMPLETE = 100  # respondents who answered all, before items are weighed against each other
LEAST_EXPLAINED = 0.05  # R² below which no item is more important than another
CHOSEN = 3
DRAWS = 200
GROUPS = ("field", "channel", "gender", "age_group")
QUARTERS = 8  # of the trend


def _nothing(q: PeriodView) -> Any:
    """A note where there is nothing to show, else None."""
    found = q.satisfaction
    if not found.respondents:
        return blocks.note("info", say("satisfaction.none"))
    return blocks.note("info", say("satisfaction.hidden")) if found.hidden else None


def _interval(low: float | None, high: float | None) -> str:
    return interval_text(low, high, 1)


def survey_figures(q: PeriodView) -> Any:
    """The figures with their targets, what this sample can tell of them, and how many could."""
    if (none := _nothing(q)) is not None:
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
                r.label, share_text(r.value, 2), _interval(r.low, r.high),
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


def _moves(q: PeriodView) -> list[str]:
    said = []
    for name, view in q.compared.items():
        before = view.satisfaction
        if name == "year_to_date" or before.respondents < FEW:
            continue
        change = clusters.difference(before.index, q.satisfaction.index)
        if change.value is None or change.low is None or change.high is None:
            continue
        chance = change.low <= 0 <= change.high
        said.append(
            say(
                "satisfaction.change", than=inside(label(COMPARED[name])),
                points=points(change.value, 1), low=points(change.low, 1),
                high=points(change.high, 1),
                said=say(f"satisfaction.{'change_chance' if chance else 'change_real'}"),
            )
        )  # fmt: skip
    return said


def survey_items(q: PeriodView) -> Any:
    """Each question's answers, from the lowest to the highest share, with what changed."""
    from ..figures.survey import answers

    if (none := _nothing(q)) is not None:
        return none
    table = q.satisfaction.by_item
    table = table[table["valid"] > 0].sort_values(["share", "item"], kind="stable")
    moved, note = _moved(q)
    rows = [
        [
            row["wording"], number(row["valid"]), share_text(row["share"]),
            _interval(row["low"], row["high"]), number(round(row["mean"], 2), 2),
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
    if view is None or view.satisfaction.respondents < FEW:
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


def survey_groups(q: PeriodView) -> Any:
    """The index by field, channel, sex and age group; groups too small are not shown."""
    if (none := _nothing(q)) is not None:
        return none
    rows = []
    for by in GROUPS:
        groups = q.satisfaction.groups(by)
        small = small_groups({str(g.key): (g.respondents,) for g in groups})
        for group in groups:
            if q.audience == "shared" and str(group.key) in small:
                continue
            rows.append(
                [
                    say("satisfaction.group_named", by=label(f"col.{by}"), key=_key(by, group.key)),
                    number(group.respondents), share_text(group.index.value),
                    _interval(group.index.low, group.index.high),
                ]
            )  # fmt: skip
    columns = [
        left(say("satisfaction.group")), right(say("satisfaction.responses")),
        right(label("survey.index")), right(say("satisfaction.interval")),
    ]  # fmt: skip
    return blocks.table(
        id="survey-groups", caption=say("satisfaction.groups"), columns=columns, rows=rows,
        notes=[say("satisfaction.groups_note")],
    )  # fmt: skip


def _key(by: str, key: Any) -> str:
    if key is None or key == "":
        return say("satisfaction.unknown")
    return key_text(by, key)


def survey_quality(q: PeriodView) -> Any:
    """Reliability, items that look reverse-keyed, gaps, ceiling and straight lines."""
    from ..stats import scale

    if (none := _nothing(q)) is not None:
        return none
    found = q.satisfaction
    items, rows = found.matrix
    reliability = scale.alpha(rows)
    table = found.by_item
    asked, valid = int(table["asked"].sum()), int(table["valid"].sum())
    best = sum(round(r["ceiling"] * r["valid"]) for r in table.to_dict("records") if r["valid"])
    straight = [told for told in scale.straight_lines(rows) if told is not None]
    told = mark("no_data")
    if reliability.alpha is not None and reliability.low is not None:
        told = say(
            "satisfaction.alpha_value", value=number(round(reliability.alpha, 2), 2),
            low=number(round(reliability.low, 2), 2),
            high=number(round(reliability.high or 0, 2), 2),
        )  # fmt: skip
    shown = [
        [say("satisfaction.alpha"), told],
        [say("satisfaction.blank"), _of(int(table["blank"].sum()), asked)],
        [say("satisfaction.dont_know"), _of(int(table["dont_know"].sum()), asked)],
        [say("satisfaction.ceiling"), _of(best, valid)],
        [say("satisfaction.straight"), _of(sum(straight), len(straight))],
        [say("satisfaction.repeated"), _of(found.repeated, found.respondents)],
    ]
    turned = [table.set_index("item")["wording"][items[n]] for n in scale.reversed_items(rows)]
    note = (
        say("satisfaction.reversed", names="; ".join(turned))
        if turned
        else say("satisfaction.reversed_none")
    )
    return blocks.table(
        id="survey-quality", caption=say("satisfaction.quality"),
        columns=[left(label("col.label")), right(label("col.value"))], rows=shown,
        notes=[note, say("satisfaction.straight_note")],
    )  # fmt: skip


def _of(k: int, n: int) -> str:
    return say("satisfaction.of", k=number(k), n=number(n), rate=ratio_text(k, n))


def survey_coverage(q: PeriodView) -> Any:
    """Who answered beside who was served, by field and channel."""
    if (none := _nothing(q)) is not None:
        return none
    rows = []
    for by in ("field", "channel"):
        found = q.satisfaction.coverage(by)
        people, served = sum(n for _, n, _ in found), sum(n for _, _, n in found)
        small = small_groups({key: (a, b) for key, a, b in found})
        for key, answered, resolved in found:
            if q.audience == "shared" and key in small:
                continue
            rows.append(
                [
                    say("satisfaction.group_named", by=label(f"col.{by}"), key=_key(by, key)),
                    number(answered), share_text(answered / people if people else None),
                    number(resolved), share_text(resolved / served if served else None),
                ]
            )  # fmt: skip
    columns = [
        left(say("satisfaction.group")), right(say("satisfaction.responses")),
        right(say("satisfaction.share_of_responses")), right(say("figures.resolved")),
        right(say("satisfaction.share_of_dossiers")),
    ]  # fmt: skip
    return blocks.table(
        id="survey-coverage", caption=say("satisfaction.coverage"), columns=columns, rows=rows,
        notes=[say("satisfaction.coverage_note")],
    )  # fmt: skip


def survey_drivers(q: PeriodView) -> Any:
    """Which questions go with the overall answer and are not yet well answered."""
    from ..figures.survey import importance as draw
    from ..stats.scale import importance

    if (none := _nothing(q)) is not None:
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
    mean = sum(parts) / len(parts)
    worth = sorted(
        (n for n in range(len(items)) if parts[n] >= mean),
        key=lambda n: -parts[n] * (1 - scores[n]),
    )[:CHOSEN]
    names = [str(n + 1) for n in range(len(items))]
    wordings = table["wording"].tolist()
    first = "; ".join(wordings[n] for n in worth)
    shown = [
        [names[n], wordings[n], share_text(scores[n]), share_text(parts[n]),
         _interval(told.low[n] / told.r2, min(1.0, told.high[n] / told.r2))]
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


def survey_comments(q: PeriodView) -> Any:
    """What free text speaks of; examples for the internal audience only."""
    from ..themes import Themes

    if (none := _nothing(q)) is not None:
        return none
    said = [str(text) for text in q.satisfaction.answers["comment"].dropna()]
    if not said:
        return blocks.note("info", say("satisfaction.themes_none"))
    themes = Themes.of(q.office.workspace)
    shared = q.audience == "shared"
    counts = [c for c in themes.tally(said, examples=1) if not shared or c.count >= FEW]
    rows = [
        [
            found.label, say(f"satisfaction.polarity_{found.polarity}"), number(found.count),
            *([] if shared else ["; ".join(found.examples)]),
        ]
        for found in counts
    ]  # fmt: skip
    without = sum(not themes.find(text) for text in said)
    notes = [say("satisfaction.themes_note", all=number(len(said)), without=number(without))]
    if shared:
        notes.append(say("satisfaction.themes_few"))
    columns = [
        left(say("satisfaction.theme")), left(say("satisfaction.kind")),
        right(say("satisfaction.comments")),
        *([] if shared else [left(say("satisfaction.example"))]),
    ]  # fmt: skip
    return blocks.table(
        id="survey-comments", caption=say("satisfaction.themes"), columns=columns, rows=rows,
        notes=notes,
    )  # fmt: skip


def survey_linked(q: PeriodView) -> Any:
    """The index of those whose own dossier was late, in time, or asked for papers."""
    if (none := _nothing(q)) is not None:
        return none
    rows = []
    for name, people in q.satisfaction.linked().items():
        if len(people) >= FEW:
            ratio = clusters.ratio(people["satisfied"].tolist(), people["valid"].tolist())
            rows.append(
                [
                    say(f"satisfaction.linked_{name}"), number(len(people)),
                    share_text(ratio.value), _interval(ratio.low, ratio.high),
                ]
            )  # fmt: skip
    if not rows:
        return blocks.note("info", say("satisfaction.linked_none"))
    columns = [
        left(say("satisfaction.linked_key")), right(say("satisfaction.responses")),
        right(label("survey.index")), right(say("satisfaction.interval")),
    ]  # fmt: skip
    return blocks.table(
        id="survey-linked", caption=say("satisfaction.linked"), columns=columns, rows=rows,
        notes=[say("satisfaction.linked_note"), say("satisfaction.groups_note")],
    )  # fmt: skip


def survey_trend(q: PeriodView) -> Any:
    """The index over the last quarters with forms enough."""
    from ..figures.survey import trend

    found = []
    period = q.period if q.period.kind == "quarter" else q.period.year_to_date()
    quarters = [period] if q.period.kind == "quarter" else []
    if not quarters:
        last = q.period.months()[-1].last
        quarters = [type(period).parse(f"{period.year}-Q{(last + 2) // 3}", cut=period.cut)]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous())
    for quarter in reversed(quarters):
        view = q if quarter == q.period else q.beside(quarter)
        ratio = view.satisfaction.index if view.satisfaction.respondents >= FEW else None
        if ratio is not None and ratio.value is not None and ratio.low is not None:
            found.append((quarter, view.satisfaction.respondents, ratio))
    if len(found) < 2:
        return blocks.note("info", say("satisfaction.trend_few"))
    names = [f"{period.label[5:]}/{period.year}" for period, _, _ in found]
    rows = [
        [name, number(n), share_text(r.value), _interval(r.low, r.high)]
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


# -- feedback -----------------------------------------------------------------------------------


def feedback_balance(q: PeriodView) -> Any:
    """What came in and what became of it."""
    if not q.office.store.exports("feedback"):
        return blocks.note("info", say("satisfaction.feedback_none"))
    found = q.feedback
    rows = [[label("feedback.received"), count_text(found.count("received"))]]
    rows += [
        [say(f"satisfaction.{name}"), count_text(found.count(name))]
        for name in (
            "carried_over", "resolved", "on_time", "late", "published", "open", "open_overdue",
        )
    ]  # fmt: skip
    return blocks.table(
        id="feedback", caption=say("satisfaction.feedback"),
        columns=[left(label("col.label")), right(label("col.value"))], rows=rows,
    )  # fmt: skip


def feedback_by(q: PeriodView) -> Any:
    """The same by subject, source and field."""
    frame = q.feedback.rows
    frame = frame[frame["received"] | frame["resolved"] | frame["open"]]
    if frame.empty:
        return blocks.note("info", say("satisfaction.feedback_none"))
    names = ("received", "resolved", "late", "open")
    rows = []
    for by in BY:
        keys = frame[by].fillna("").astype(str)
        small = small_groups({str(key): (int(n),) for key, n in keys.value_counts().items()})
        for key, part in frame.groupby(keys, sort=True):
            if q.audience == "shared" and str(key) in small:
                continue
            shown = str(key) or say("satisfaction.unknown")
            rows.append(
                [say(f"satisfaction.by_{by}", key=shown),
                 *(count_text(int(part[n].sum())) for n in names)]
            )  # fmt: skip
    if not rows:
        return blocks.note("info", say("satisfaction.feedback_few"))
    heads = [label("feedback.received"), *(say(f"satisfaction.{n}") for n in names[1:])]
    return blocks.table(
        id="feedback-by", caption=say("satisfaction.feedback_by"),
        columns=[left(say("satisfaction.group")), *map(right, heads)], rows=rows,
    )  # fmt: skip
