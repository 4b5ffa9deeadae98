"""The PDF as poppler and a screen reader find it: order, tags, fonts, bookmarks, whole figures."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.briefs import pdf, run, typesetting
from cchc_analysis.briefs.document import blocks

from ..documents import notebook

pytestmark = pytest.mark.pdf
SPACES = re.compile("[\\s\u200b\u00ad]+")


def tool(*arguments: str | Path) -> str:
    return subprocess.run(arguments, capture_output=True, check=True).stdout.decode(
        errors="replace"
    )


def squeezed(text: str) -> str:
    """Without the spaces and line ends that a page puts between and within words."""
    return SPACES.sub("", text)


@pytest.fixture(scope="module")
def brief(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> run.Brief:
    made = tmp_path_factory.mktemp("made")
    return run.make(office.open(sample_workspace), "2024-Q4", into=made)


@pytest.fixture(scope="module")
def said(brief: run.Brief) -> list[dict[str, Any]]:
    import nbformat

    made = sorted((brief.folder / "notebooks").glob("*.ipynb"))
    return blocks([nbformat.read(path, as_version=4) for path in made])


def test_text_copies_out_in_reading_order(brief: run.Brief, said: list[dict[str, Any]]) -> None:
    """Headings, sentences, captions and the rows of tables, each behind the one before."""
    pages = tool("pdftotext", "-raw", brief.pdf, "-").split("\f")
    # The page number and the repeated table head stand between what a page break parts.
    text = "".join(squeezed(re.sub(rf"^{n}\n", "", page)) for n, page in enumerate(pages, 1))
    place, checked = 0, 0
    for piece in spoken(said):
        found = text.find(piece, place)
        assert found >= 0, f"{piece[:80]} does not follow {text[place - 60 : place]}"
        place, checked = found + len(piece), checked + 1
    assert checked > 300


def spoken(said: list[dict[str, Any]]) -> list[str]:
    """What the document says, piece by piece, as the PDF writes it."""
    found: list[str] = []
    for block in said:
        kind = block["kind"]
        if kind == "heading":
            found.append(block["text"].upper() if block["level"] == 2 else block["text"])
        elif kind == "paragraph":
            found.append("".join(span["text"] for span in block["spans"]))
        elif kind in ("headline", "to_do"):
            found += block["items"]
        elif kind == "note":
            found.append(block["text"])
        elif kind == "table":
            found.append(block["caption"])
            found += [row[0] for row in block["rows"]]
            found += block["notes"]
        elif kind == "figure":
            found.append(block["caption"])
    return [squeezed(typesetting._drawable(text)) for text in found if text.strip()]


def test_it_is_tagged_and_named_for_a_screen_reader(brief: run.Brief) -> None:
    info = tool("pdfinfo", brief.pdf)
    assert re.search(r"Tagged:\s+yes", info) and re.search(r"Page size:.*A4", info)
    assert re.search(r"Title:\s+\S", info)
    whole = brief.pdf.read_bytes()
    assert re.search(rb"/Lang\s*\(vi(-VN)?\)", whole)
    assert b"pdfuaid:part" in tool("pdfinfo", "-meta", brief.pdf).encode()
    assert b"/Outlines" in whole and b"/DisplayDocTitle true" in whole


def test_tags_hold_headings_tables_and_figures(
    brief: run.Brief, said: list[dict[str, Any]]
) -> None:
    """As many of each as the brief has, each figure with its words."""
    tags = tool("pdfinfo", "-struct", brief.pdf)
    kinds = [block["kind"] for block in said]
    top = sum(b["kind"] == "heading" and b["level"] == 2 for b in said)
    assert len(re.findall(r"^\s*H1\b", tags, re.MULTILINE)) == top
    assert len(re.findall(r"^\s*Table\b", tags, re.MULTILINE)) >= kinds.count("table")
    assert len(re.findall(r"^\s*Figure\b", tags, re.MULTILINE)) == kinds.count("figure")
    assert len(re.findall(rb"/Alt\b", brief.pdf.read_bytes())) >= kinds.count("figure")
    assert len(re.findall(r"^\s*TH\b", tags, re.MULTILINE)) > kinds.count("table")


def test_bookmarks_lead_to_every_heading(brief: run.Brief, said: list[dict[str, Any]]) -> None:
    names = {
        bytes.fromhex(found.decode()).decode("utf-16")
        for found in re.findall(rb"/Title\s*<([0-9A-Fa-f]+)>", brief.pdf.read_bytes())
    } | {
        _literal(found)
        for found in re.findall(rb"/Title\s*\(((?:\\.|[^\\)])*)\)", brief.pdf.read_bytes(), re.S)
    }
    heads = {typesetting._drawable(b["text"]) for b in said if b["kind"] == "heading"}
    assert {squeezed(h) for h in heads} <= {squeezed(n) for n in names}


def _literal(raw: bytes) -> str:
    escaped = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def plain(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8)]) if code.isdigit() else escaped.get(code, code)

    text = re.sub(rb"\\([0-7]{1,3}|.)", plain, raw, flags=re.S)
    return text.decode("utf-16" if text[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1")


def test_all_fonts_are_the_shipped_one_and_embedded(brief: run.Brief) -> None:
    lines = tool("pdffonts", brief.pdf).splitlines()[2:]
    assert lines and all("Tinos" in line for line in lines)
    assert all(re.search(r"\byes\s+(yes|no)\s+yes\b", line) for line in lines), lines


def test_no_figure_is_cut_and_each_has_its_caption(
    brief: run.Brief, said: list[dict[str, Any]]
) -> None:
    """The words of a drawing stand on the page of its caption, all of them."""
    pages = [squeezed(page) for page in tool("pdftotext", "-raw", brief.pdf, "-").split("\f")]
    for block in (b for b in said if b["kind"] == "figure"):
        words = [squeezed(w) for w in re.findall(r">([^<>\n]{4,})</text>", block["svg"])]
        caption = squeezed(block["caption"])
        assert any(caption in page and all(w in page for w in words) for page in pages), caption


def test_difficult_text_copies_out_too(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.render(blocks([notebook("Đất đai")])))
    text = tool("pdftotext", path, "-")
    places = [text.index(t) for t in ("Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Đất đai 0")]
    assert places == sorted(places)
