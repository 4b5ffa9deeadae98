"""What the command line says of itself, in Vietnamese: help, panels and wrong arguments.

The parser (click, through typer) has English words of its own. The few that people meet are
replaced here by those of the catalogue; an argument that it refuses becomes one line, with a near
match where there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import typer

from ..planfile import near
from ..words import has_message, say

__all__ = ["command_of", "explain"]


def command_of(app: typer.Typer) -> Any:
    """The parser, with the few words of its own that can be given in Vietnamese."""
    command: Any = typer.main.get_command(app)
    for each in (command, *command.commands.values()):
        each.get_help_option = _helped(each.get_help_option)
        each.get_usage = partial(_usage, each)
        each.options_metavar = say("cli.options_metavar")
        for param in each.params:
            _typed(param)
        if has_message(example := f"examples.{each.name}"):
            each.epilog = say("cli.example", line=say(example))
    command.subcommand_metavar = say("cli.subcommand_metavar")
    if not sys.argv[1:] or "--help" in sys.argv:
        from typer import rich_utils

        for name in ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE",
                     "REQUIRED_LONG_STRING", "DEFAULT_STRING"):  # fmt: skip
            setattr(rich_utils, name, say(f"cli.{name}", value="{}"))
    return command


def _usage(command: Any, context: Any) -> str:
    return say(
        "cli.usage", line=" ".join((context.command_path, *command.collect_usage_pieces(context)))
    )


def _helped(original: Any) -> Any:
    def get_help_option(context: Any) -> Any:
        option = original(context)
        if option is not None:
            option.help = say("cli.help")
            _typed(option)
        return option

    return get_help_option


def _typed(param: Any) -> None:
    """A word for what follows an option, in the place of the parser's ``<str>`` and ``<bool>``."""
    if param.param_type_name == "option":
        param.metavar = "" if param.is_flag else say("cli.value")
    elif hasattr(param, "display_type_rich"):  # an argument has its own name
        param.display_type_rich = lambda ctx: None


def explain(error: Any, app: typer.Typer) -> None:
    """Prints one line on an argument that the parser refuses."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":  # the help was printed when the error was made
        return
    path = error.ctx.command_path if getattr(error, "ctx", None) else "cchc"
    param = getattr(error, "param", None)
    options = [o for o in getattr(param, "opts", ()) if o.startswith("-")]
    name = options[0] if options else getattr(param, "metavar", None) or ""
    if kind == "MissingParameter":
        said = say("cli.missing", name=name)
    elif kind == "NoSuchOption":
        said = _no_option(error.option_name, getattr(error, "possibilities", None) or (), error.ctx)
    elif kind == "BadParameter":
        said = say("cli.bad_value", name=name)
    elif "command" in error.format_message().lower():
        said = _no_command(error.format_message(), sorted(command_of(app).commands))
    else:
        said = say("cli.bad_usage")
    typer.echo(say("cli.error", message=f"{said} {say('cli.see_help', path=path)}"), err=True)


def _no_option(name: str, possible: Sequence[str], context: Any) -> str:
    """An option that this command has not: ``cchc`` has it, or Jupyter, or it is misspelt."""
    command, root = context.command.name, context.find_root()
    if context is not root and any(name in param.opts for param in root.command.params):
        return say("cli.option_before", name=name, command=command)
    if possible:
        return f"{say('cli.no_such_option', name=name)} {say('cli.near', near=', '.join(possible))}"
    key = "cli.option_of_jupyter" if command == "lab" else "cli.no_such_option"
    return say(key, name=name)


def _no_command(message: str, known: Sequence[str]) -> str:
    """The nearest command first; ``message`` is the parser's, which quotes what was given."""
    given = re.search(r"'([^']+)'", message)
    close = near(given[1], known) if given else None
    said = say("cli.no_such_command", commands=", ".join(known))
    return f"{say('cli.near', near=close)} {said}" if close else said
