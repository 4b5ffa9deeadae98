"""The slices with menus, in JupyterLab. What a menu offers is what the others leave."""

from __future__ import annotations

import itertools
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..errors import CchcError
from ..words import label, number, say
from .dossier import steps, untold, way_block
from .shown import cases_block, lost_block, one_summary, pick_text, steps_block, summary
from .slices import (
    SLICES,
    SORTS,
    arguments,
    everything,
    key_of,
    line,
    named,
    ordered,
    periods,
    view_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["Explorer"]

ALL = "*"  # the choice of a menu that filters nothing; "" is a value: not recorded
HALF, WHOLE = "430px", "872px"


@cache
def _style() -> str:
    from ..briefs.html import in_notebook

    text = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f"{in_notebook()}<style>{text}</style>"


class Explorer:
    """The menus. ``frame`` is what they show at the moment, ``line`` the code that gives it,
    ``code`` the dossier picked ("" for none), ``view`` the period; ``widget`` holds it all.
    """

    _count = itertools.count(1)

    def __init__(self, q: PeriodView) -> None:
        import ipywidgets

        self.q = q
        self.view = view_of(q, None)
        self._id = f"explore{next(self._count)}"
        self._views = {q.period.label: q}
        self._frames: dict[str, pd.DataFrame] = {}
        self._busy = False
        self._w = ipywidgets
        self._menus = {
            "period": self._menu("period"),
            **{name: self._menu(name, WHOLE if name == "procedure" else HALF)
               for name in SLICES},
            "sort": self._menu("sort"),
        }  # fmt: skip
        self._menus["period"].options = [(p.title, p.label) for p in periods(q)]
        self._menus["period"].value = q.period.label
        self._menus["sort"].options = [(label(f"col.{name}"), name) for name in SORTS]
        self._menus["sort"].value = SORTS[0]
        self._open = ipywidgets.Checkbox(
            value=True, description=say("explore.include_open"), indent=False,
            layout={"width": "300px"},
        )  # fmt: skip
        self._reset = ipywidgets.Button(description=say("explore.reset"), layout={"width": "110px"})
        self._pick = self._menu("dossier", WHOLE)
        self._said, self._drawn, self._table, self._one = (ipywidgets.HTML() for _ in range(4))
        for part in (self._said, self._drawn, self._table, self._one):
            part.add_class("cchc-part")
        self.widget = self._laid_out()
        self._refresh()
        for menu in (*self._menus.values(), self._open):
            menu.observe(self._changed, "value")
        self._pick.observe(self._picked, "value")
        self._reset.on_click(self._cleared)

    def __repr__(self) -> str:
        return summary(self.view, self._whole(), self.frame, self._open.value)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The widget; as text, only the summary, which names no dossier."""
        shown: dict[str, Any] = dict(self.widget._repr_mimebundle_())
        return shown | {"text/plain": repr(self)}

    @property
    def code(self) -> str:
        return self._pick.value or ""

    @property
    def chosen(self) -> dict[str, Any]:
        """What is chosen, as arguments of :func:`cases`."""
        period = self._menus["period"].value
        return {
            "period": None if period == self.q.period.label else period,
            **self._asked(),
            "include_open": self._open.value,
            "sort": self._menus["sort"].value,
        }

    def _asked(self) -> dict[str, str | None]:
        asked = {name: self._menus[name].value for name in SLICES}
        return {name: None if value in (ALL, None) else value for name, value in asked.items()}

    def choose(self, **values: Any) -> None:
        """Sets the menus, as a hand would: any of what ``chosen`` has, and ``code``."""
        for name, value in values.items():
            if name == "include_open":
                self._open.value = value
            elif name == "code":
                self._pick.value = value
            else:
                self._menus[name].value = ALL if value is None else value

    # -- inside -----------------------------------------------------------------------------

    def _menu(self, name: str, width: str = HALF) -> Any:
        rooms = {"period", "sort", "dossier"}
        text = say(f"explore.{name}") if name in rooms else label(f"col.{name}")
        return self._w.Dropdown(
            description=text, layout={"width": width}, style={"description_width": "150px"}
        )

    def _laid_out(self) -> Any:
        def row(*items: Any) -> Any:
            return self._w.Box(items, layout={"flex_flow": "row wrap", "grid_gap": "0 12px"})

        menus = self._menus
        head = self._w.HTML(
            f'{_style()}<div class="cchc explorer"><h3>{say("explore.one")}</h3></div>'
        )
        self._below = self._w.VBox([head, self._pick, self._one])
        return self._w.VBox(
            [
                row(menus["period"], menus["field"]),
                row(menus["procedure"]),
                row(menus["officer"], menus["channel"]),
                row(menus["stage"], menus["cause"]),
                row(menus["sort"], self._open, self._reset),
                self._said, self._drawn, self._table, self._below,
            ]
        )  # fmt: skip

    def _whole(self) -> pd.DataFrame:
        """All late dossiers of the period chosen."""
        text = self.view.period.label
        if text not in self._frames:
            self._frames[text] = everything(self.view)
        frame = self._frames[text]
        return frame if self._open.value else frame[frame["state"] == "resolved_late"]

    def _changed(self, change: Any) -> None:
        if self._busy:
            return
        try:
            self._refresh()
        except CchcError as error:  # a period that cannot be shown: back to the one before
            self._busy = True
            self._menus["period"].value = self.view.period.label
            self._refresh()
            said = blocks.note("error", say("explore.error", message=error))
            self._said.value = _html(said) + self._said.value

    def _cleared(self, button: Any) -> None:
        self._busy = True
        for name in SLICES:
            self._menus[name].value = ALL
        self._busy = False
        self._refresh()

    def _refresh(self) -> None:
        text = self._menus["period"].value
        if text not in self._views:
            self._views[text] = view_of(self.q, text)
        self.view = self._views[text]
        self._busy = True
        try:
            self.frame = self._sliced()
            picked, codes = self.code, list(self.frame["code"])
            rows = self.frame.to_dict("records")
            self._pick.options = [(pick_text(row), row["code"]) for row in rows]
            self._pick.value = picked if picked in codes else next(iter(codes), None)
        finally:
            self._busy = False
        self.line = line(**self.chosen)
        self._show()
        self._show_one()

    def _sliced(self) -> pd.DataFrame:
        """The rows chosen; each menu offers what the others leave, with how many."""
        whole = self._whole()
        keys = {name: key_of(whole, name) for name in SLICES}
        chosen = self._asked()
        everyone = keys["cause"].notna()
        meets = {
            name: everyone if value is None else keys[name] == value
            for name, value in chosen.items()
        }
        kept = everyone
        for name in SLICES:
            kept = kept & meets[name]
            others = everyone
            for other in SLICES:
                if other != name:
                    others = others & meets[other]
            self._offer(name, whole[others], keys[name][others], chosen[name])
        return ordered(whole[kept], self._menus["sort"].value)

    def _offer(self, name: str, frame: pd.DataFrame, keys: pd.Series, value: str | None) -> None:
        counts = keys.value_counts()
        if value is not None and value not in counts:
            counts[value] = 0
        shown = keys if name != "procedure" else frame["procedure"].where(
            frame["procedure"] != "", keys
        )  # fmt: skip
        names = dict(zip(keys, shown, strict=True))
        options = [(say("explore.all", n=number(len(keys))), ALL)]
        order = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
        for given, n in order:
            text = named(name, names.get(given, str(given)))
            options.append((say("explore.option", name=text, n=number(int(n))), str(given)))
        menu = self._menus[name]
        menu.options = options
        menu.value = ALL if value is None else value

    def _show(self) -> None:
        """What takes longest to draw comes last."""
        said = summary(self.view, self._whole(), self.frame, self._open.value)
        self._said.value = _html(blocks.note("info", said), _code("line", self.line))
        some = len(self.frame) > 0
        self._below.layout.display = None if some else "none"
        self._table.value = _html(cases_block(self.frame, self._id) if some else None)
        self._drawn.value = _html(lost_block(self.view, self.frame, self._id) if some else None)

    def _picked(self, change: Any) -> None:
        if not self._busy:
            self._show_one()

    def _show_one(self) -> None:
        code = self.code
        if not code:
            self._one.value = ""
            return
        row = self.frame[self.frame["code"] == code].to_dict("records")[0]
        about = blocks.note("info", one_summary(row))
        if why := untold(self.view, code):
            self._one.value = _html(about, blocks.note("info", why))
            return
        said = "".join(f", {text}" for text in arguments({"period": self.chosen["period"]}))
        lines = [_code(f"line_{name}", f"explore.{name}(q, {json.dumps(code)}{said})")
                 for name in ("timeline", "steps")]  # fmt: skip
        drawn = way_block(self.view, code, f"{self._id}-way")
        table = steps_block(code, steps(self.view, code), self._id)
        self._one.value = _html(about, drawn, lines[0], table, lines[1])


def _code(key: str, text: str) -> str:
    from markupsafe import escape

    return (
        f'<p class="how">{escape(say(f"explore.{key}"))}</p>'
        f'<code class="line" tabindex="0">{escape(text)}</code>'
    )


def _html(*parts: Any) -> str:
    from ..briefs.html import block_html

    shown = [part if isinstance(part, str) else block_html(part.data) for part in parts if part]
    return f'<div class="cchc explorer">{"".join(shown)}</div>'
