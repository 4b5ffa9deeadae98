"""At whose desk a step lies, where the log names nobody, or everybody by one same word.

Many logs have no column of names, and some write the role alone: "Chuyên viên" at every step. Who
handles a dossier is then told by the register. Who signs needs no name: a signature that nobody
gives is missed all the same, so steps of signing without a name are one desk. And some steps of the
office lie with another agency: one whose opinion is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["desks", "elsewhere"]


def desks(steps: pd.DataFrame) -> pd.Series:
    """The desk of each step (columns ``actor, kind, standard`` and the register's ``officer``):
    the log's actor, else the register's officer for what officers do, else one desk for all
    signatures; none for what is left. A person has one desk, whichever of the two names them.
    """
    handled = steps["kind"].eq("officer")
    unnamed = steps["actor"].isna() | (handled & steps["actor"].isin(_roles(steps)))
    desk = steps["actor"].where(~unnamed).astype(object)
    desk = desk.fillna(steps["officer"].where(handled & unnamed))
    return desk.fillna(steps["standard"].where(unnamed & steps["kind"].eq("signatory")))


def _roles(steps: pd.DataFrame) -> set[str]:
    """The one word that the log has for all who handle dossiers, where the register tells several
    of them apart and knows nobody by that name.
    """
    handled = steps[steps["kind"].eq("officer") & steps["actor"].notna()]
    words, officers = set(handled["actor"].unique()), set(steps["officer"].dropna().unique())
    return words if len(words) == 1 and len(officers) > 1 and not words & officers else set()


def elsewhere(steps: pd.DataFrame, asking: pd.Series) -> pd.Series:
    """Whether an officer's step lies with another agency: with one that linked steps name, or,
    where an opinion is asked (``asking``), with one who does nothing else in the log and is nobody
    of the register.
    """
    handled, actor = steps["kind"].eq("officer"), steps["actor"]
    officers = set(steps["officer"].dropna())
    at_work = set(actor[~asking].dropna()) | officers
    agencies = set(actor[steps["kind"].eq("partner")].dropna()) - officers
    asked = asking & actor.notna() & ~actor.isin(at_work) & bool(officers)
    return handled & (actor.isin(agencies) | asked)
