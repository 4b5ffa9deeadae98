"""Commands that set up a workspace, fill its store and open it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..words import say
from .options import AsJson, Unit, commands, print_files, print_json, progress

command = commands("files")


@command(help=say("cli.init"))
def init(
    folder: Annotated[Path, typer.Argument(metavar=say("cli.folder"))],
    unit: Annotated[str, typer.Option("--unit", help=say("cli.new_unit"))],
    name: Annotated[str, typer.Option("--name", help=say("cli.new_name"))],
    plan: Annotated[Path | None, typer.Option("--plan", help=say("cli.new_plan"))] = None,
) -> None:
    from ..workspace import is_too_deep, lay_out, next_steps

    made = lay_out(folder, unit=unit, name=name, plan=plan)
    if is_too_deep(made, unit):
        progress(say("workspace.too_deep", folder=made))
    typer.echo(next_steps(made, unit, name))


@command(help=say("cli.templates"))
def templates(
    context: typer.Context,
    year: Annotated[int, typer.Argument(metavar=say("cli.year"))],
    unit: Unit = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force_templates"))] = False,
) -> None:
    from .. import office
    from ..workspace import templates

    slug = office.only_unit(context.obj, unit)
    print_files(templates.write(context.obj, slug, year, force=force), as_json=False)


@command(help=say("cli.check"))
def check(context: typer.Context, unit: Unit = None, as_json: AsJson = False) -> None:
    from ..workspace import check as checking

    found = checking.check(context.obj, unit)
    if as_json:
        print_json([finding.as_dict() for finding in found])
    else:
        for line in [*checking.lines(found), checking.summary(found)]:
            typer.echo(line)
    failed = [finding.exit_code for finding in found if finding.exit_code]
    if failed:
        raise SystemExit(failed[0])


@command(help=say("cli.status"))
def status(context: typer.Context, unit: Unit = None, as_json: AsJson = False) -> None:
    from .. import office
    from ..workspace.state import look

    found = look(office.open(context.obj, unit))
    if as_json:
        print_json(found.as_dict())
        return
    for line in found.lines():
        typer.echo(line)


@command(help=say("cli.lab"))
def lab(
    context: typer.Context,
    options: Annotated[list[str] | None, typer.Argument(metavar=say("cli.lab_options"))] = None,
    unit: Unit = None,
    port: Annotated[int | None, typer.Option("--port", help=say("cli.port"))] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help=say("cli.no_browser"))] = False,
) -> None:
    from .. import office
    from ..errors import NotebookError
    from ..explore import start
    from ..jupyter.lab import command, serve

    the_office = office.open(context.obj, unit)
    progress(say("cli.lab_page"))
    try:
        page = start.page(the_office)
    except NotebookError as error:  # JupyterLab is of use without it
        progress(say("cli.error", message=error))
        page = None
    raise SystemExit(
        serve(
            command(
                the_office.workspace, page, port=port, browser=not no_browser,
                options=options or [],
            )
        )
    )  # fmt: skip


@command(help=say("cli.ingest"))
def ingest(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar=say("cli.files"))] = None,
    unit: Unit = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help=say("cli.mapping"))] = None,
    exported_at: Annotated[str, typer.Option("--exported-at", help=say("cli.exported_at"))] = "",
    as_json: AsJson = False,
) -> None:
    from ..workspace import inbox

    done = inbox.ingest(
        context.obj, files or [], unit=unit, mapping=mapping, exported_at=exported_at
    )
    if as_json:
        print_json([row.as_dict() for row in done])
    else:
        for row in done:
            for line in row.lines():
                typer.echo(line)
        typer.echo(inbox.summary(done))
    failed = [row.error for row in done if row.error is not None]
    if failed:
        raise SystemExit(failed[0].exit_code)


@command("map", help=say("cli.map"))
def map_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar=say("cli.file"))],
    output: Annotated[Path | None, typer.Option("--output", "-o", help=say("cli.output"))] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.force_map"))] = False,
) -> None:
    from ..workspace import inbox

    typer.echo(inbox.write_mapping(inbox.found(context.obj, file), output, force=force))


@command(help=say("cli.exports"))
def exports(context: typer.Context, unit: Unit = None, as_json: AsJson = False) -> None:
    from .. import office
    from ..workspace import inbox

    rows = inbox.listed(office.open(context.obj, unit).store)
    if as_json:
        print_json(rows)
        return
    for line in inbox.export_lines(rows):
        typer.echo(line)


@command(help=say("cli.withdraw"))
def withdraw(
    context: typer.Context,
    export: Annotated[str, typer.Argument(metavar=say("cli.export"))],
    reason: Annotated[str, typer.Option("--reason", help=say("cli.reason"))],
    unit: Unit = None,
) -> None:
    from .. import office

    gone = office.open(context.obj, unit).store.withdraw(export, reason)
    typer.echo(say("cli.withdrawn", file=gone.receipt.file, id=gone.id))


@command(help=say("cli.cause"))
def cause(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar=say("cli.code"))],
    cause: Annotated[str, typer.Argument(metavar=say("cli.a_cause"))],
    by: Annotated[str, typer.Option("--by", help=say("cli.by"))],
    note: Annotated[str, typer.Option("--note", help=say("cli.cause_note"))] = "",
    unit: Unit = None,
) -> None:
    from .. import office
    from ..causes import by_hand
    from ..words import label

    the_office = office.open(context.obj, unit)
    cause = by_hand.named(the_office, cause)
    by_hand.record(the_office, code, cause, by=by, note=note)
    typer.echo(say("causes.recorded", cause=label(f"cause.{cause}")))
