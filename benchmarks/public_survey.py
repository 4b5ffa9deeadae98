"""Is a stranger's survey read as its authors read it? With real codes for "don't know".

The five items of the Mental Health Inventory as 8 984 people answered them in 2000 in the National
Longitudinal Survey of Youth 1997 (U.S. Bureau of Labor Statistics), two of them keyed in reverse,
with codes for "don't know" (-2), refusals (-1), skips (-4) and people who were not met (-5). The
file is not part of the project: ``data-raw/nlsy97_subset.csv`` of the R package mxmmod 1.1.0, or an
extract of the NLS Investigator with the same columns::

    python benchmarks/public_survey.py nlsy97_subset.csv

``PUBLISHED`` is Stata's ``alpha`` on these items, as printed in ``9_recode.do`` of the replication
code of https://doi.org/10.1111/jomf.13001.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path

from machine import command

PUBLISHED = "0.7687"
ITEMS = {  # reference number in the survey: wording, whether it is turned
    "R4893600": ("Has been a nervous person", False),
    "R4893700": ("Felt calm and peaceful", True),
    "R4893800": ("Felt down or blue", False),
    "R4893900": ("Has been a happy person", True),
    "R4894000": ("Depressed", False),
}


def taken_in(survey: Path, home: Path) -> Path:
    """A workspace with the survey in its store, read by a questionnaire file alone."""
    command(["cchc", "init", str(home), "--unit", "nlsy", "--name", "NLSY97"])
    with (home / "data/plans/nlsy/questionnaire.csv").open("w", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["item", "factor", "wording", "reverse", "scale", "dont_know", "no_answer"])
        for item, (wording, turned) in ITEMS.items():
            rows.writerow([item, "MHI-5", wording, turned and "yes", 4, "-2", "-1|-4|-5"])
    inbox = home / "data/inbox/KhaoSatHaiLong_2000.csv"
    inbox.write_bytes(survey.read_bytes())
    command(["cchc", "-C", str(home), "ingest"])
    return home


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("survey", type=Path)
    given = parser.parse_args()
    import duckdb

    import cchc_analysis as cchc
    from cchc_analysis.questionnaire import load, scored
    from cchc_analysis.stats import scale

    with tempfile.TemporaryDirectory() as folder:
        home = taken_in(given.survey, Path(folder) / "home")
        (export,) = cchc.open(home).store.exports("survey")
        receipt = export.receipt
        answers = scored(duckdb.read_parquet(str(export.path)).df(), load(home, "nlsy"))
    forms = answers.pivot(index="respondent", columns="item", values="score")
    found = scale.alpha(forms.to_numpy(float))
    print(f"{receipt.accepted} forms, {receipt.set_aside} without any answer; \"don't know\": "
          f"{answers['dont_know'].sum()}")  # fmt: skip
    print(f"alpha, pairwise {found.pairwise:.4f} (published {PUBLISHED}), "
          f"of the {found.complete} complete forms {found.alpha:.4f}")  # fmt: skip
    unturned = forms.assign(**{name: 5 - forms[name] for name, (_, yes) in ITEMS.items() if yes})
    names = [unturned.columns[n] for n in scale.reversed_items(unturned.to_numpy(float))]
    print(f"keyed in reverse and not turned: {', '.join(names) or 'none'}")
    raise SystemExit(f"{found.pairwise:.4f}" != PUBLISHED)


if __name__ == "__main__":
    main()
