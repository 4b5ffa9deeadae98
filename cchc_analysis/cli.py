"""The ``cchc`` command: reads the arguments and calls the library, nothing else.

What a user can mend is printed in one line with its own exit code (``errors``); what is a fault
of the program is named by its place in the code, without values, for values may be personal
(``CCHC_DEBUG=1`` shows the whole traceback).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from .errors import FAULT, CchcError, place
from .usage import command_of, explain
from .words import say

__all__ = ["app", "main"]

app = typer.Typer(
    name="cchc",
    help=say("cli.app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
USAGE = 2  # as ParameterError

Unit = Annotated[str | None, typer.Option("--unit", help=say("cli.unit"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli.json"))]
Audience = Annotated[str, typer.Option("--audience", help=say("cli.audience"))]
Cut = Annotated[str, typer.Option("--cut", help=say("cli.cut"))]
AsOf = Annotated[str, typer.Option("--as-of", help=say("cli.as_of"))]


@app.callback()
def _options(
    context: typer.Context,
    workspace: Annotated[
        Path, typer.Option("--workspace", "-C", help=say("cli.workspace"))
    ] = Path(),
) -> None:
    context.obj = workspace


@app.command(help=say("cli.init"))
def init(
    folder: Annotated[Path, typer.Argument(metavar=say("cli.folder"))],
    unit: Annotated[str, typer.Option("--unit", help=say("cli.new_unit"))],
    name: Annotated[str, typer.Option("--name", help=say("cli.new_name"))],
    plan: Annotated[Path | None, typer.Option("--plan", help=say("cli.new_plan"))] = None,
) -> None:
    from .workspace import lay_out

    made = lay_out(folder, unit=unit, name=name, plan=plan)
    typer.echo(say("cli.init_done", folder=made, unit=unit))


@app.command(help=say("cli.ingest"))
def ingest(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar=say("cli.files"))] = None,
    unit: Unit = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help=say("cli.mapping"))] = None,
    exported_at: Annotated[str, typer.Option("--exported-at", help=say("cli.exported_at"))] = "",
    as_json: AsJson = False,
) -> None:
    from .workspace import inbox

    done = inbox.ingest(
        context.obj, files or [], unit=unit, mapping=mapping, exported_at=exported_at
    )
    if as_json:
        _print_json([row.as_dict() for row in done])
    else:
        for row in done:
            for line in row.lines():
                typer.echo(line)
        typer.echo(inbox.summary(done))
    failed = [row.error for row in done if row.error is not None]
    if failed:
        raise SystemExit(failed[0].exit_code)


@app.command("map", help=say("cli.map"))
def map_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar=say("cli.file"))],
    output: Annotated[Path | None, typer.Option("--output", "-o", help=say("cli.output"))] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force_map"))] = False,
) -> None:
    from .workspace import inbox

    typer.echo(inbox.write_mapping(file, output, force=force))


@app.command(help=say("cli.brief"))
def brief(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "shared",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    force: Annotated[bool, typer.Option("--force", help=say("cli.force"))] = False,
    sample: Annotated[bool, typer.Option("--sample", help=say("cli.sample"))] = False,
    as_json: AsJson = False,
) -> None:
    from .briefs import run

    options: dict[str, Any] = {
        "cut": cut, "as_of": as_of, "audience": audience, "force": force, "progress": _progress,
    }  # fmt: skip
    with _office(context.obj, unit, sample) as the_office:
        made = run.make(the_office, period, into=context.obj if sample else None, **options)
    if as_json:
        _print_json({"folder": str(made.folder), "html": str(made.html), "pdf": str(made.pdf)})
        return
    typer.echo(str(made.html))
    typer.echo(str(made.pdf))


@app.command(help=say("cli.batch"))
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
    from .briefs import batch as batches
    from .briefs.bar import bar

    options = {"cut": cut, "as_of": as_of, "audience": audience, "force": force}
    listed = batches.jobs(context.obj, periods, _listed(units), batches.Shard.parse(shard))
    with bar(sum(len(job.periods) for job in listed)) as told:
        made = batches.make(
            context.obj, listed, options=options, workers=workers, again=again, told=told
        )
    if as_json:
        _print_json(made.as_dict())
    else:
        for line in made.lines():
            typer.echo(line)
    if made.exit_code:
        raise SystemExit(made.exit_code)


@app.command(help=say("cli.report"))
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
    from .papers import filing

    with _office(context.obj, unit, sample) as the_office:
        made = filing.make(
            the_office, period, cut=cut, as_of=as_of, audience=audience, final=final, force=force,
            into=context.obj if sample else None,
        )  # fmt: skip
    if made.started is not None and not sample:
        _progress(say("report.started", file=made.started))
    _print_files(made.files, as_json)


@app.command(help=say("cli.consolidate"))
def consolidate(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    units: Annotated[str, typer.Option("--units", help=say("cli.units"))] = "",
    as_of: AsOf = "",
    force: Annotated[bool, typer.Option("--force", help=say("cli.force"))] = False,
    as_json: AsJson = False,
) -> None:
    from .papers import filing

    made = filing.consolidate(context.obj, period, _listed(units), as_of=as_of, force=force)
    if as_json:
        _print_json({"files": [str(path) for path in made.files], "missing": list(made.missing)})
        return
    for line in made.missing:
        _progress(line)
    _print_files(made.files, as_json)


@app.command(help=say("cli.province"))
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
    from . import province as tables

    made = tables.figures(
        context.obj, periods, _listed(units), by=None if by == "unit" else by, cut=cut,
        as_of=as_of, source=engine,
    )  # fmt: skip
    files = tables.write(context.obj, made)
    for line in made.missing:
        _progress(line)
    if as_json:
        _print_json({"files": [str(path) for path in files], "missing": list(made.missing)})
        return
    _print_files(files, as_json)


@app.command(help=say("cli.late"))
def late(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    as_json: AsJson = False,
) -> None:
    from . import office
    from .briefs.annex import late_lines, late_tables

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    if as_json:
        _print_json(late_tables(q))
        return
    for line in late_lines(q):
        typer.echo(line)


@app.command(help=say("cli.restatements"))
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
    from . import office
    from .briefs.restated import restated_lines, restated_tables

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    found = q.restated(since)
    if as_json:
        _print_json(restated_tables(found))
        return
    for line in restated_lines(found):
        typer.echo(line)


@app.command(help=say("cli.signals"))
def signals(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    as_json: AsJson = False,
) -> None:
    from . import office
    from .briefs import questions

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    if as_json:
        _print_json(questions.as_rows(q))
        return
    for line in questions.lines(q):
        typer.echo(line)


@app.command(help=say("cli.reconcile"))
def reconcile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar=say("cli.file"))],
    period: Annotated[str, typer.Argument(metavar=f"[{say('cli.period')}]")] = "",
    unit: Unit = None,
    cut: Annotated[str, typer.Option("--cut", help=say("reconcile.cut"))] = "",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help=say("reconcile.mapping"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    from . import office
    from .reconcile import of_file, report

    made = of_file(office.open(context.obj, unit), file, period, cut=cut, mapping=mapping)
    written = report.write(made)
    if as_json:
        _print_json({**report.as_dict(made), "workbook": str(written)})
        return
    for line in report.lines(made):
        typer.echo(line)
    typer.echo(say("reconcile.written", file=written))


@app.command(help=say("cli.apologies"))
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
    from . import office
    from .papers import issue

    the_office = office.open(context.obj, unit)
    if clean:
        removed = issue.remove(the_office, period)
        if as_json:
            _print_json({"removed": removed})
        else:
            typer.echo(issue.removed_line(period, removed))
        return
    q = the_office.period(period, cut=cut, as_of=as_of, audience="internal")
    issued = issue.issue(q, raw or [], slips=not no_slips)
    if as_json:
        _print_json(issued.as_dict())
        return
    for line in issued.lines():
        typer.echo(line)


@app.command("watch-list", help=say("cli.watch_list"))
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
    from . import office
    from .briefs import watch

    q = office.open(context.obj, unit).latest(as_of=as_of, audience="internal")
    if output is not None:
        watch.write(q, output, soon)
    if as_json:
        _print_json(watch.watch_rows(q, soon))
        return
    for line in watch.watch_lines(q, soon):
        typer.echo(line)
    if output is not None:
        typer.echo(say("watch.written", file=output))


@app.command(help=say("cli.verify"))
def verify(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar=say("cli.brief_folder"))],
    source: Annotated[Path | None, typer.Option("--from", help=say("cli.verify_from"))] = None,
    sample: Annotated[bool, typer.Option("--sample", help=say("cli.sample"))] = False,
    as_json: AsJson = False,
) -> None:
    from .briefs import verify as verifying

    with _office(context.obj, None, True) if sample else nullcontext() as the_office:
        workspace = the_office.workspace if the_office else source
        found = verifying.verify(folder, workspace, progress=_progress)
    if as_json:
        _print_json(found.as_dict())
    else:
        for line in found.lines():
            typer.echo(line)
    if found.exit_code:
        raise SystemExit(found.exit_code)


@app.command(help=say("cli.trace"))
def trace(
    context: typer.Context,
    figure: Annotated[str, typer.Argument(metavar=say("cli.figure"))],
    period: Annotated[str, typer.Argument(metavar=say("cli.period"))],
    unit: Unit = None,
    audience: Audience = "internal",
    as_of: AsOf = "",
    cut: Cut = "calendar",
    as_json: AsJson = False,
) -> None:
    from . import office
    from .trace import trace as traced

    q = office.open(context.obj, unit).period(period, cut=cut, as_of=as_of, audience=audience)
    found = traced(q, figure)
    if as_json:
        _print_json(found.as_dict())
        return
    for line in found.lines():
        typer.echo(line)


@app.command(help=say("cli.cause"))
def cause(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar=say("cli.code"))],
    cause: Annotated[str, typer.Argument(metavar=say("cli.a_cause"))],
    by: Annotated[str, typer.Option("--by", help=say("cli.by"))],
    note: Annotated[str, typer.Option("--note", help=say("cli.cause_note"))] = "",
    unit: Unit = None,
) -> None:
    from . import office
    from .causes import by_hand
    from .words import label

    by_hand.record(office.open(context.obj, unit), code, cause, by=by, note=note)
    typer.echo(say("causes.recorded", cause=label(f"cause.{cause}")))


@app.command(help=say("cli.exports"))
def exports(context: typer.Context, unit: Unit = None, as_json: AsJson = False) -> None:
    from . import office
    from .workspace import inbox

    rows = inbox.listed(office.open(context.obj, unit).store)
    if as_json:
        _print_json(rows)
        return
    for line in inbox.export_lines(rows):
        typer.echo(line)


@app.command(help=say("cli.withdraw"))
def withdraw(
    context: typer.Context,
    export: Annotated[str, typer.Argument(metavar=say("cli.export"))],
    reason: Annotated[str, typer.Option("--reason", help=say("cli.reason"))],
    unit: Unit = None,
) -> None:
    from . import office

    gone = office.open(context.obj, unit).store.withdraw(export, reason)
    typer.echo(say("cli.withdrawn", file=gone.receipt.file, id=gone.id))


@app.command(help=say("cli.index"))
def index(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar=say("cli.folder"))] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force_index"))] = False,
    as_json: AsJson = False,
) -> None:
    from .briefs import index as pages

    made, shelf = pages.write(folder or context.obj / "reports", force=force)
    if as_json:
        _print_json([row.as_dict() for row in shelf.rows])
        return
    typer.echo(pages.summary(shelf))
    typer.echo(str(made))


@app.command(help=say("cli.method"))
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

    from .briefs import method as pages

    plan, kinds = pages.plan_of(context.obj, unit), pages.load_kinds(context.obj)
    rows = pages.of(plan, language, kinds)
    path = output or context.obj / "reports" / f"method_{language}.html"
    if output is not None or not as_json:
        pages.write(path, pages.render(plan, language, kinds))
    if as_json:
        _print_json([asdict(row) for row in rows])
        return
    typer.echo(str(path))


@contextmanager
def _office(workspace: Path, unit: str | None, sample: bool) -> Iterator[Any]:
    """The office of a workspace, or that of the shipped sample."""
    if not sample:
        from . import office

        yield office.open(workspace, unit)
        return
    from .workspace import sample_office

    with sample_office(unit, _progress) as found:
        yield found


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _progress(line: str) -> None:
    typer.echo(line, err=True)


def _print_files(files: Sequence[Path], as_json: bool) -> None:
    if as_json:
        _print_json({"files": [str(path) for path in files]})
        return
    for path in files:
        typer.echo(str(path))


def _print_json(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def main(arguments: list[str] | None = None) -> None:
    """The entry point: exits with 0, the failure's own code, or ``FAULT``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        status = command_of(app)(args=arguments, prog_name="cchc", standalone_mode=False)
        raise SystemExit(status if isinstance(status, int) else 0)
    except CchcError as error:
        typer.echo(say("cli.error", message=error), err=True)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo(say("cli.interrupted"), err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output had enough
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's own errors, of click or typer
            explain(error, app)
            raise SystemExit(USAGE) from None
        if os.environ.get("CCHC_DEBUG"):
            raise
        typer.echo(say("cli.fault", kind=type(error).__name__, place=place(error)), err=True)
        raise SystemExit(FAULT) from None
