"""Who answered the survey: groups beside those served, their own dossiers, their words, and how
carefully they filled in the form.

What the audience may not see is not here: nothing of fewer than five respondents, no example of
free text but for the internal audience.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..groups import THEMES
from ..indicators.satisfaction import FEW, GROUPS
from ..phrases import interval_text, key_text, mark, ratio_text, share_text
from ..stats import clusters
from ..words import label, number, say
from .dossiers import left, right
from .satisfaction import nothing

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = [
    "survey_comments", "survey_coverage", "survey_groups", "survey_linked", "survey_quality",
]  # fmt: skip


def survey_groups(q: PeriodView) -> Any:
    """The index by field, channel, sex and age group; groups too small are not shown."""
    if (none := nothing(q)) is not None:
        return none
    rows, hidden = [], False
    for by in GROUPS:
        few = q.groups.hidden(f"survey.{by}")
        for group in q.satisfaction.groups(by):
            if str(group.key or "") in few:
                hidden = True
                continue
            rows.append(
                [
                    say("satisfaction.group_named", by=label(f"col.{by}"), key=_key(by, group.key)),
                    number(group.respondents), share_text(group.index.value),
                    interval_text(group.index.low, group.index.high, 1),
                ]
            )  # fmt: skip
    columns = [
        left(say("satisfaction.group")), right(say("satisfaction.responses")),
        right(label("survey.index")), right(say("satisfaction.interval")),
    ]  # fmt: skip
    return blocks.table(
        id="survey-groups", caption=say("satisfaction.groups"), columns=columns, rows=rows,
        notes=_notes(hidden, "groups_note"),
    )  # fmt: skip


def _notes(hidden: bool, *keys: str) -> list[str]:
    """The notes of a table of groups; what is said of hidden ones only where there are any."""
    return [say(f"satisfaction.{key}") for key in (*keys, *(["few_hidden"] if hidden else []))]


def _key(by: str, key: Any) -> str:
    if key is None or key == "":
        return say("satisfaction.unknown")
    return key_text(by, key)


def survey_coverage(q: PeriodView) -> Any:
    """Who answered beside who was served, by field and channel."""
    if (none := nothing(q)) is not None:
        return none
    rows, hidden = [], False
    annex = q.annex
    for by in ("field", "channel"):
        found = q.satisfaction.coverage(by)
        people, served = sum(n for _, n, _ in found), sum(n for _, _, n in found)
        few = q.groups.hidden(f"survey.{by}")
        for key, answered, resolved in found:
            if key in few:
                hidden = True
                continue
            done = [number(resolved), share_text(resolved / served if served else None)]
            if annex.is_hidden(by, key, "resolved"):
                done = [mark("suppressed")] * 2
            rows.append(
                [
                    say("satisfaction.group_named", by=label(f"col.{by}"), key=_key(by, key)),
                    number(answered), share_text(answered / people if people else None), *done,
                ]
            )  # fmt: skip
    columns = [
        left(say("satisfaction.group")), right(say("satisfaction.responses")),
        right(say("satisfaction.share_of_responses")), right(say("figures.resolved")),
        right(say("satisfaction.share_of_dossiers")),
    ]  # fmt: skip
    return blocks.table(
        id="survey-coverage", caption=say("satisfaction.coverage"), columns=columns, rows=rows,
        notes=_notes(hidden, "coverage_note"),
    )  # fmt: skip


def survey_linked(q: PeriodView) -> Any:
    """The index of those whose own dossier was late, in time, or asked for papers."""
    if (none := nothing(q)) is not None:
        return none
    rows = []
    linked = {name: people for name, people in q.satisfaction.linked().items() if len(people)}
    few = q.groups.hidden("survey.linked")
    for name, people in linked.items():
        if len(people) >= FEW and name not in few:
            ratio = clusters.ratio(people["satisfied"].tolist(), people["valid"].tolist())
            rows.append(
                [
                    say(f"satisfaction.linked_{name}"), number(len(people)),
                    share_text(ratio.value), interval_text(ratio.low, ratio.high, 1),
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
        notes=_notes(len(rows) < len(linked), "linked_note", "groups_note"),
    )  # fmt: skip


def survey_comments(q: PeriodView) -> Any:
    """What free text speaks of; examples for the internal audience only."""
    from ..themes import Themes

    if (none := nothing(q)) is not None:
        return none
    said = [str(text) for text in q.satisfaction.answers["comment"].dropna()]
    if not said:
        return blocks.note("info", say("satisfaction.themes_none"))
    themes = Themes.of(q.office.workspace)
    shared = q.audience == "shared"
    hidden = q.groups.hidden(THEMES)
    counts = [c for c in themes.tally(said, examples=1) if c.theme not in hidden]
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


def survey_quality(q: PeriodView) -> Any:
    """Reliability, items that look reverse-keyed, gaps, ceiling and straight lines."""
    from ..stats import scale

    if (none := nothing(q)) is not None:
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
