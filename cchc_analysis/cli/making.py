"""Commands that write documents and tables."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from ..words import say
from .options import (
    AsJson,
    AsOf,
    Audience,
    Cut,
    Unit,
    commands,
    names_in,
    office_of,
    print_files,
    print_json,
    progress,
)

command = commands("making")


@command(help=say("cli.brief"))
def brief(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))] = "",
    unit: Unit = None,
    audience: Audience = "shared",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    if_changed: Annotated[bool, typer.Option("--if-changed", help=say("cli.if_changed"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force"))] = False,
    sample: Annotated[bool, typer.Option("--sample", help=say("cli.sample"))] = False,
    as_json: AsJson = False,
) -> None:
    from ..briefs import run

    view: dict[str, Any] = {"cut": cut, "as_of": as_of, "audience": audience}
    into = context.obj if sample else None
    with office_of(context.obj, unit, sample) as the_office:
        period = period or the_office.latest(as_of=as_of).period.label
        made = run.standing(the_office.period(period, **view), into) if if_changed else None
        stood = made is not None
        made = made or run.make(
            the_office, period, into=into, force=force, progress=progress, **view
        )
    if as_json:
        paths = {"folder": str(made.folder), "html": str(made.html), "pdf": str(made.pdf)}
        print_json({**paths, "made": not stood})
        return
    if stood:
        typer.echo(say("run.standing", period=period, folder=made.folder))
        return
    typer.echo(str(made.html))
    typer.echo(str(made.pdf))


@command(help=say("cli.batch"))
def batch(
    context: typer.Context,
    periods: Annotated[list[str], typer.Argument(metavar=say("cli.periods"))],
    units: Annotated[str, typer.Option("--units", help=say("cli.units"))] = "",
    workers: Annotated[int, typer.Option("--workers", min=0, help=say("cli.workers"))] = 0,
    shard: Annotated[str, typer.Option("--shard", help=say("cli.shard"))] = "",
    audience: Audience = "shared",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    again: Annotated[bool, typer.Option("--again", help=say("cli.again"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force"))] = False,
    as_json: AsJson = False,
) -> None:
    from ..briefs import batch as batches
    from ..briefs.bar import bar

    options = {"cut": cut, "as_of": as_of, "audience": audience, "force": force}
    listed = batches.jobs(context.obj, periods, names_in(units), batches.Shard.parse(shard))
    with bar(sum(len(job.periods) for job in listed)) as told:
        made = batches.make(
            context.obj, listed, options=options, workers=workers, again=again, told=told
        )
    if as_json:
        print_json(made.as_dict())
    else:
        for line in made.lines():
            typer.echo(line)
    if made.exit_code:
        raise SystemExit(made.exit_code)


@command(help=say("cli.report"))
def report(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "shared",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    final: Annotated[bool, typer.Option("--final", help=say("cli.final"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force"))] = False,
    sample: Annotated[bool, typer.Option("--sample", help=say("cli.sample"))] = False,
    as_json: AsJson = False,
) -> None:
    from ..papers import filing

    with office_of(context.obj, unit, sample) as the_office:
        made = filing.make(
            the_office, period, cut=cut, as_of=as_of, audience=audience, final=final, force=force,
            into=context.obj if sample else None,
        )  # fmt: skip
    if made.started is not None and not sample:
        progress(say("report.started", file=made.started))
    print_files(made.files, as_json)


@command(help=say("cli.consolidate"))
def consolidate(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    units: Annotated[str, typer.Option("--units", help=say("cli.units"))] = "",
    as_of: AsOf = "",
    force: Annotated[bool, typer.Option("--force", help=say("cli.force"))] = False,
    as_json: AsJson = False,
) -> None:
    from ..papers import filing

    made = filing.consolidate(context.obj, period, names_in(units), as_of=as_of, force=force)
    if as_json:
        print_json({"files": [str(path) for path in made.files], "missing": list(made.missing)})
        return
    for line in made.missing:
        progress(line)
    print_files(made.files, as_json)


@command(help=say("cli.apologies"))
def apologies(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    as_of: AsOf = "",
    cut: Cut = "calendar",
    raw: Annotated[list[Path] | None, typer.Option("--raw", help=say("cli.raw"))] = None,
    no_slips: Annotated[bool, typer.Option("--no-slips", help=say("cli.no_slips"))] = False,
    clean: Annotated[bool, typer.Option("--clean", help=say("cli.clean_slips"))] = False,
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..papers import issue

    the_office = office.open(context.obj, unit)
    if clean:
        removed = issue.remove(the_office, period)
        if as_json:
            print_json({"removed": removed})
        else:
            typer.echo(issue.removed_line(period, removed))
        return
    q = the_office.period(period, cut=cut, as_of=as_of, audience="internal")
    issued = issue.issue(q, raw or [], slips=not no_slips)
    if as_json:
        print_json(issued.as_dict())
        return
    for line in issued.lines():
        typer.echo(line)


@command(help=say("cli.province"))
def province(
    context: typer.Context,
    periods: Annotated[list[str], typer.Argument(metavar=say("cli.period"))],
    units: Annotated[str, typer.Option("--units", help=say("cli.units"))] = "",
    by: Annotated[str, typer.Option("--by", help=say("cli.province_by"))] = "field",
    engine: Annotated[str, typer.Option("--engine", help=say("cli.engine"))] = "duckdb",
    cut: Cut = "calendar",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    from .. import province as tables

    made = tables.figures(
        context.obj, periods, names_in(units), by=None if by == "unit" else by, cut=cut,
        as_of=as_of, source=engine,
    )  # fmt: skip
    files = tables.write(context.obj, made)
    for line in made.missing:
        progress(line)
    if as_json:
        print_json({"files": [str(path) for path in files], "missing": list(made.missing)})
        return
    print_files(files, as_json)


@command(help=say("cli.index"))
def index(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar=say("cli.folder"))] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force_index"))] = False,
    as_json: AsJson = False,
) -> None:
    from ..briefs import index as pages

    made, shelf = pages.write(folder or context.obj / "reports", force=force)
    if as_json:
        print_json([row.as_dict() for row in shelf.rows])
        return
    typer.echo(pages.summary(shelf))
    typer.echo(str(made))


@command(help=say("cli.method"))
def method(
    context: typer.Context,
    language: Annotated[str, typer.Option("--language", help=say("cli.language"))] = "vi",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=say("cli.method_output"))
    ] = None,
    unit: Unit = None,
    as_json: AsJson = False,
) -> None:
    from dataclasses import asdict

    from ..briefs import method as pages

    plan, kinds = pages.plan_of(context.obj, unit), pages.load_kinds(context.obj)
    rows = pages.of(plan, language, kinds)
    path = output or context.obj / "reports" / f"method_{language}.html"
    if output is not None or not as_json:
        pages.write(path, pages.render(plan, language, kinds))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    typer.echo(str(path))


@command(help=say("cli.verify"))
def verify(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar=say("cli.brief_folder"))],
    source: Annotated[Path | None, typer.Option("--from", help=say("cli.verify_from"))] = None,
    sample: Annotated[bool, typer.Option("--sample", help=say("cli.sample"))] = False,
    as_json: AsJson = False,
) -> None:
    from ..briefs import verify as verifying

    with office_of(context.obj, None, True) if sample else nullcontext() as the_office:
        workspace = the_office.workspace if the_office else source
        found = verifying.verify(folder, workspace, progress=progress)
    if as_json:
        print_json(found.as_dict())
    else:
        for line in found.lines():
            typer.echo(line)
    if found.exit_code:
        raise SystemExit(found.exit_code)
