"""Commands that answer in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..words import say
from .options import AsJson, AsOf, Audience, Cut, Unit, commands, print_json

command = commands("questions")


@command(help=say("cli.late"))
def late(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..briefs.annex import late_lines, late_tables

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    if as_json:
        print_json(late_tables(q))
        return
    for line in late_lines(q):
        typer.echo(line)


@command("watch-list", help=say("cli.watch_list"))
def watch_list(
    context: typer.Context,
    unit: Unit = None,
    as_of: AsOf = "",
    soon: Annotated[int, typer.Option("--days", help=say("cli.soon"))] = 5,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=say("cli.watch_output"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..briefs import watch

    q = office.open(context.obj, unit).latest(as_of=as_of, audience="internal")
    if output is not None:
        watch.write(q, output, soon)
    if as_json:
        print_json(watch.watch_rows(q, soon))
        return
    for line in watch.watch_lines(q, soon):
        typer.echo(line)
    if output is not None:
        typer.echo(say("watch.written", file=output))


@command(help=say("cli.signals"))
def signals(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..briefs import questions

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    if as_json:
        print_json(questions.as_rows(q))
        return
    for line in questions.lines(q):
        typer.echo(line)


@command(help=say("cli.restatements"))
def restatements(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    since: Annotated[str, typer.Option("--since", help=say("cli.since"))] = "",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..briefs.restated import restated_lines, restated_tables

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    found = q.restated(since)
    if as_json:
        print_json(restated_tables(found))
        return
    for line in restated_lines(found):
        typer.echo(line)


@command(help=say("cli.trace"))
def trace(
    context: typer.Context,
    figure: Annotated[str, typer.Argument(metavar=say("cli.figure"))],
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    everything: Annotated[bool, typer.Option("--all", help=say("cli.trace_all"))] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=say("cli.trace_output"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..trace import MOST
    from ..trace import trace as traced

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    found = traced(q, figure)
    if output is not None:
        from ..briefs import listing, xlsx

        listing.write(output, found.sheet(), xlsx.meta_of(q))
    if as_json:
        print_json(found.as_dict())
        return
    for line in found.lines(None if everything else MOST):
        typer.echo(line)
    if output is not None:
        typer.echo(say("watch.written", file=output))


@command(help=say("cli.reconcile"))
def reconcile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar=say("cli.file"))],
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))] = "",
    unit: Unit = None,
    cut: Annotated[str, typer.Option("--cut", help=say("reconcile.cut"))] = "",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help=say("reconcile.mapping"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    from .. import office
    from ..reconcile import of_file, report

    made = of_file(office.open(context.obj, unit), file, period, cut=cut, mapping=mapping)
    written = report.write(made)
    if as_json:
        print_json({**report.as_dict(made), "workbook": str(written)})
        return
    for line in report.lines(made):
        typer.echo(line)
    typer.echo(say("reconcile.written", file=written))
