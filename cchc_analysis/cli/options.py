"""What the commands share: the options that many have, and how they print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from ..words import say
from . import log

__all__ = [
    "AsJson",
    "AsOf",
    "Audience",
    "Cut",
    "Unit",
    "app",
    "commands",
    "names_in",
    "office_of",
    "print_files",
    "print_json",
    "progress",
]

app = typer.Typer(
    name="cchc",
    help=say("cli.app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Unit = Annotated[str | None, typer.Option("--unit", help=say("cli.unit"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli.json"))]
Audience = Annotated[str, typer.Option("--audience", help=say("cli.audience"))]
Cut = Annotated[str, typer.Option("--cut", help=say("cli.cut"))]
AsOf = Annotated[str, typer.Option("--as-of", help=say("cli.as_of"))]


def commands(panel: str) -> Callable[..., Any]:
    """The decorator that adds a command to ``panel`` of the help."""
    return partial(app.command, rich_help_panel=say(f"cli.panel_{panel}"))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cchc {log.version()}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    workspace: Annotated[
        Path,
        typer.Option("--workspace", "-C", show_default=False, help=say("cli.workspace")),
    ] = Path(),
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help=say("cli.version"))
    ] = False,
) -> None:
    run, context.obj = context.obj, workspace
    if run and context.invoked_subcommand in log.CHANGING:
        run.workspace, run.command = workspace, context.invoked_subcommand


@contextmanager
def office_of(workspace: Path, unit: str | None, sample: bool) -> Iterator[Any]:
    """The office of a workspace, or that of the shipped sample."""
    if not sample:
        from .. import office

        yield office.open(workspace, unit)
        return
    from ..workspace import sample_office

    with sample_office(unit, progress) as found:
        yield found


def names_in(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def progress(line: str) -> None:
    typer.echo(line, err=True)


def print_files(files: Sequence[Path], as_json: bool) -> None:
    if as_json:
        print_json({"files": [str(path) for path in files]})
        return
    for path in files:
        typer.echo(str(path))


def print_json(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))
