"""What stands in a page of the documentation: blocks of code, parts made by a program, links.

Above a block of code comments may say what a test does with it:

    <!-- not run: why -->     the lines are only parsed
    <!-- exits: 8 -->         the last command ends with this code
    <!-- edit: a.toml -->     the keys of the block replace those of the file
    <!-- write: a.toml -->    the block becomes the file
    <!-- by hand: a.docx -->  (without a block) somebody works on the file in another program

A ``text`` block right below a ``sh`` block is what the commands print, ``...`` standing for
anything. Between ``<!-- made: NAME -->`` and ``<!-- end -->`` stands what :mod:`.made` makes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "ROOT", "Block", "blocks", "commands_in", "links", "rendered"]

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)$")
MARK = re.compile(r"^<!-- (not run|exits|edit|write|by hand): (.+) -->$")
CALL = re.compile(r'(?:(?:\S*[/\\])?cchc(?:\.exe)?|"%CCHC%")[ \t]+([^;&|\n]*)')
MADE = re.compile(r"(?ms)^<!-- made: (.+?) -->\n.*?^<!-- end -->$")


@dataclass(frozen=True)
class Block:
    """A fenced block; ``marks`` from the comments above it, ``printed`` from the block below."""

    page: Path
    line: int
    language: str
    text: str
    marks: dict[str, str]
    printed: str | None = None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found: list[Block] = []
    marks: dict[str, str] = {}
    n, last = 0, -1  # ``last``: the line below the block before, as long as nothing else came
    while n < len(lines):
        if (fence := FENCE.match(lines[n])) is None:
            mark = MARK.match(lines[n])
            if mark and mark[1] == "by hand":
                found.append(Block(page, n + 1, "", "", {mark[1]: mark[2]}))
            elif mark:
                marks[mark[1]] = mark[2]
            elif lines[n].strip():
                marks, last = {}, -1
            n += 1
            continue
        end = lines.index("```", n + 1)
        text = "\n".join(lines[n + 1 : end]) + "\n"
        if fence[1] == "text" and last >= 0 and found[-1].language == "sh":
            before = found.pop()
            found.append(Block(page, before.line, "sh", before.text, before.marks, text))
        else:
            found.append(Block(page, n + 1, fence[1], text, marks))
        marks, last, n = {}, end, end + 1
    return found


def commands_in(text: str) -> list[list[str]]:
    """The arguments of each call of ``cchc``, in a block of a shell or of a scheduler."""
    lines = [re.split(r"(?<!\S)#", line)[0] for line in text.splitlines()]
    calls = [call for line in lines for call in CALL.findall(line)]
    return [shlex.split(re.split(r"\s\d?>", call)[0].replace("\\", "/")) for call in calls]


def rendered(text: str, make: Callable[[str], str]) -> str:
    """A page's text with each part ``name`` that a program makes replaced by ``make(name)``."""

    def made(found: re.Match[str]) -> str:
        return f"<!-- made: {found[1]} -->\n{make(found[1]).strip()}\n<!-- end -->"

    return MADE.sub(made, text)


def links(page: Path) -> list[str]:
    """Where the page's links and pictures lead, outside of code."""
    text = re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    return re.findall(r"\]\(([^)\s]+)\)", text)
