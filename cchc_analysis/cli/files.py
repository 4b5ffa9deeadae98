"""Commands that set up a workspace and fill its store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..words import say
from .options import AsJson, Unit, commands, print_json, progress

command = commands("files")


@command(help=say("cli.init"))
def init(
    folder: Annotated[Path, typer.Argument(metavar=say("cli.folder"))],
    unit: Annotated[str, typer.Option("--unit", help=say("cli.new_unit"))],
    name: Annotated[str, typer.Option("--name", help=say("cli.new_name"))],
    plan: Annotated[Path | None, typer.Option("--plan", help=say("cli.new_plan"))] = None,
) -> None:
    from ..workspace import is_too_deep, lay_out

    made = lay_out(folder, unit=unit, name=name, plan=plan)
    if is_too_deep(made, unit):
        progress(say("workspace.too_deep", folder=made))
    typer.echo(say("cli.init_done", folder=made, unit=unit))


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

    typer.echo(inbox.write_mapping(file, output, force=force))


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

    by_hand.record(office.open(context.obj, unit), code, cause, by=by, note=note)
    typer.echo(say("causes.recorded", cause=label(f"cause.{cause}")))
