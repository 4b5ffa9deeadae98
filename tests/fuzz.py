"""Feeds spoilt input to every reader and parser and counts what comes of it.

``python -m tests.fuzz --inputs 100000`` (from the repository's root) spreads that many inputs over
the parsers: values of cells, whole files of every format, mappings, plan files, questionnaires.
Each input is a good one that was spoilt: bytes flipped, cut out, doubled or put in from another
file, parts of a workbook spoilt before they are packed again, cells changed to what nobody expects.
An input may be refused by an error of ``cchc_analysis.errors`` whose message is one line, and
nothing else; it may not take longer than ``SECONDS``. Whatever breaks that is printed with the seed
and the number that make the same input again: ``--only NAME --seed S --first N --inputs 1``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import faulthandler
import io
import random
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cchc_analysis import plan as plans
from cchc_analysis import shipped
from cchc_analysis.errors import CchcError

from .sheets import HEADER, Unit, Weekdays, csv_of, html_file, line, ods_file, xlsx_file

SECONDS = 10.0
DEAD = 300.0  # a hang inside a library written in C cannot be interrupted, only ended


@dataclass
class Parser:
    """``make`` gives input number n from a generator, ``read`` is what must bear it."""

    name: str
    weight: int  # its share of all inputs
    make: Callable[[random.Random], Any]
    read: Callable[[Any], object]


@dataclass
class Count:
    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    found: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


# -- spoiling -------------------------------------------------------------------------------------

ODD = [
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\r", b"\n", b"\t", b";", b"<", b">", b"&",
    b"&#x0;", b"&#99999999999;", b"&lol;", b"]]>", b"<!--", b"<![CDATA[", b"9" * 30, b"-1",
    b"1e999", b"nan", b"=1+1", b"=HYPERLINK(\"http://x\")", b"[[", b"[", b"]", b"{}", b"\\", b"\\u",
    b"../../", b"31/02/2024", b"00/00/0000", b"32/13/99999", "Ngày".encode(), "\u0301".encode() * 5,
    b"\xf0\x9f\x98\x80", b"A" * 4000, b"\x1a", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"XFD1048576",
    b'r="ZZZZ99999999"', b'colspan="1000"', b'rowspan="999"', b'ss:Index="99999999"', b"true",
    b'table:number-rows-repeated="4000000000"', b'date1904="1"', b"sep=", b"e-mail@a.b",
]  # fmt: skip


def spoilt(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """``data`` with one to six faults, mostly one."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + rng.choice((1, 2, 8, 64, 512)))
        match rng.randrange(8):
            case 0 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = made[at:end] * rng.randint(1, 4)
            case 3 | 4:
                made[at:at] = rng.choice(ODD)
            case 5:
                other = rng.choice(others)
                begin = rng.randrange(len(other) + 1)
                made[at:end] = other[begin : begin + rng.choice((4, 40, 400))]
            case 6:
                made[at:end] = rng.choice(ODD)
            case 7 if rng.random() < 0.3:
                del made[at:]
    return bytes(made)


def repacked(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """A workbook with one or two of its parts spoilt, packed as if nothing were wrong."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = {rng.choice(names) for _ in range(2)}
        if rng.random() < 0.7:  # where most of the meaning is
            chosen = {n for n in names if "sheet1" in n or n == "content.xml"}
        for name in names:
            content = old.read(name)
            if name in chosen:
                if rng.random() < 0.05:
                    continue
                content = spoilt(rng, content, [*others, content])
            new.writestr(name, content, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    return out.getvalue()


CELLS: list[Any] = [
    "", " ", None, 0, -1, 1e308, float("nan"), float("inf"), 45000.5, 2958466, 10**25, True, False,
    dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59), dt.date(1900, 2, 29 - 1),
    dt.time(23, 59), dt.timedelta(days=10**6), dt.timedelta(days=-1), "31/02/2024", "29/02/2023",
    "2024-02-30", "Trong ngày", "trong ngay", "#REF!", "#N/A", "=1+1", "12/2024", "T7/2024", "Q9",
    "24:00", "08:61 01/01/2024", "1/1/24", "0/0/0", "2024-01-01T00:00:00+25:00", "٣/٤/٢٠٢٤",
    "２０２４年", "1.000.000,5", "1,000,000.5", "99,9%", "−5", "1e5", "½", "x" * 5000, "1" * 5000,
    "000.17.31.H56-240102-0001", "000.17.31.H56-999999-0001", "H56", "\u200b", "\ud83d\ude00",
    "Từ ngày 01/01/2024 đến ngày 31/03/2024", "Từ ngày 31/02/2024 đến ngày 01/01/0000",
    "Ngày xuất: 05/04/2024 08:00", "Quý 5 năm 2024", "So_Q4_2024", "Tháng 13/2024", "UBND XÃ X",
    "a@b.c", "0912345678", "a" * 3000 + "@", "Rất hài lòng", "5 - ", "không biết", "((((", "]]]",
]  # fmt: skip
SIGNS = "0123456789/-.:, đĐáạ\u0301TtQqxX%+()[]{}\\\"'=@#\n\t\0IVĩngàythqúy"


def cell(rng: random.Random) -> Any:
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(CELLS)
    if kind == 1:
        return "".join(rng.choice(SIGNS) for _ in range(rng.randint(1, 24)))
    one, other = str(rng.choice(CELLS))[:60], str(rng.choice(CELLS))[:60]
    at = rng.randrange(len(one) + 1)
    if kind == 2:
        return one[:at] + other + one[at:]
    return one[:at] + chr(rng.randrange(1, 0xD800)) + one[at + 1 :]


# -- what is read --------------------------------------------------------------------------------


def values(given: Any) -> None:
    """Everything that reads one cell or one text."""
    from cchc_analysis import freetext, privacy, words
    from cchc_analysis.sources import titles, vocabulary
    from cchc_analysis.sources import values as of

    for dayfirst in (True, False):
        of.moment(given, dayfirst=dayfirst)
    titles.lines([[given]])
    titles.exported_at([[given]])
    text = str(given)
    of.national_day(text)
    titles.window([text]), titles.named_period(text), titles.other_unit([text], ["xã X"])
    vocabulary.choice("status", text), vocabulary.flag(text)
    privacy.redact(text), privacy.scan(text), freetext.harmless(text), words.fold(text)


def settings(given: Any) -> None:
    """What a person types behind a command."""
    from cchc_analysis.period import Period, parse_day
    from cchc_analysis.workspace import inbox

    text = str(given)
    for read in (Period.parse, parse_day, inbox._moment):
        try:
            read(text)  # type: ignore[operator]
        except CchcError as error:
            _one_line(error)


class Files:
    """Files of every format, written once, and a folder to put spoilt ones in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rows = [
            ["UBND XÃ THIỆU VÂN"], ["Từ ngày 01/01/2024 đến ngày 31/03/2024"],
            ["Ngày xuất: 05/04/2024 08:00"], HEADER,
            *(line(n, received=f"{n:02}/01/2024") for n in range(2, 9)), ["Tổng số: 7"],
        ]  # fmt: skip
        book = xlsx_file(folder / "a.xlsx", {"So": rows, "Khác": [["x", 1]]}).read_bytes()
        self.zips = [book, ods_file(folder / "a.ods", rows).read_bytes()]
        survey = (shipped.path("data", "sample") / "KhaoSatHaiLong_Q4_2024.csv").read_text("utf-8")
        log = (shipped.path("data", "sample") / "NhatKyXuLy_Q4_2024.csv").read_text("utf-8")
        self.texts = [
            csv_of(rows).encode(), csv_of(rows, ";").encode("utf-16"),
            csv_of(rows, "\t").encode("utf-8-sig"),
            "\n".join(survey.splitlines()[:12]).encode(), "\n".join(log.splitlines()[:12]).encode(),
        ]  # fmt: skip
        page = html_file(folder / "a.html", rows).read_bytes()
        cells = "".join(
            "<Row>" + "".join(f"<Cell><Data ss:Type='String'>{c}</Data></Cell>" for c in row)
            + "</Row>" for row in rows
        )  # fmt: skip
        xml = f"<?xml version='1.0'?><Workbook><Worksheet ss:Name='So'><Table>{cells}</Table>"
        mail = b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + page
        self.pages = [page, (xml + "</Worksheet></Workbook>").encode(), mail]
        self.mapping = (
            'table = "dossiers"\ntimezone = "Asia/Ho_Chi_Minh"\ndayfirst = true\n'
            'header_row = 4\nencoding = "utf-8"\ndelimiter = ","\nperson = "Người nộp"\n[columns]\n'
            'code = "Mã hồ sơ"\nreceived_at = "Ngày tiếp nhận"\n[values.status]\n"Xong" ='
            ' "resolved"\n'
        ).encode()
        self.plan = folder / "w" / "data" / "plans" / "thieu-van"
        shutil.copytree(shipped.path("data", "plans", "thieu-van"), self.plan)
        self.plans = {p: p.read_bytes() for p in sorted(self.plan.rglob("*")) if p.is_file()}
        self.own = folder / "w" / "data" / "reference"
        shutil.copytree(shipped.path("data", "reference"), self.own)
        self.references = {
            p: p.read_bytes() for p in sorted(self.own.rglob("*"))
            if p.is_file() and p.name != "procedures.csv"
        }  # fmt: skip
        self.questionnaire = (
            "item,factor,wording,reverse,scale,dont_know\n"
            "Q1,waiting,Thời gian chờ,no,5,0\nQ2,staff,Thái độ,yes,1-5,9\n"
        ).encode()

    def workbook(self, rng: random.Random) -> bytes:
        """Mostly XLSX: what only the library can measure costs a process each."""
        data = self.zips[rng.random() < 0.02]
        if rng.random() < 0.2:
            return spoilt(rng, data, self.zips[:1])
        return repacked(rng, data, self.texts)

    def text(self, rng: random.Random) -> bytes:
        return spoilt(rng, rng.choice(self.texts), [*self.texts, *self.pages])

    def page(self, rng: random.Random) -> bytes:
        return spoilt(rng, rng.choice(self.pages), [*self.texts, *self.pages])

    def rows(self, rng: random.Random) -> bytes:
        """A register whose cells are odd, but whose form is right."""
        import csv

        out = io.StringIO()
        made = [list(map(str, line(n))) for n in range(rng.randint(1, 4))]
        for _ in range(rng.randint(1, 6)):
            rng.choice(made)[rng.randrange(len(HEADER))] = str(cell(rng))
        header = list(HEADER)
        if rng.random() < 0.2:
            header[rng.randrange(len(header))] = str(cell(rng))
        csv.writer(out).writerows([header, *made])
        return out.getvalue().encode("utf-8", "surrogatepass")

    def read(self, data: bytes) -> None:
        """A file taken in, and read for names, and a first mapping written for it."""
        from cchc_analysis.sources import read, starter_mapping
        from cchc_analysis.sources.people import people

        path = self.folder / "So_Q1_2024.csv"
        path.write_bytes(data)
        for way in (
            lambda: read(path, unit=Unit(), calendar=Weekdays()),
            lambda: people(path),
            lambda: starter_mapping(path),
        ):
            try:
                way()
            except CchcError as error:
                _one_line(error)

    def read_once(self, data: bytes) -> None:
        from cchc_analysis.sources import read

        path = self.folder / "So_Q1_2024.csv"
        path.write_bytes(data)
        read(path, unit=Unit(), calendar=Weekdays())

    def read_mapping(self, data: bytes) -> None:
        from cchc_analysis.sources import Mapping, read

        path = self.folder / "m.toml"
        path.write_bytes(data)
        mapping = Mapping.load(path)
        assert Mapping.parse(mapping.dumps()).columns == mapping.columns
        register = self.folder / "So_Q1_2024.csv"
        register.write_bytes(self.texts[0])
        read(register, unit=Unit(), calendar=Weekdays(), mapping=mapping)

    def one_of(self, rng: random.Random, files: dict[Path, bytes]) -> tuple[Path, bytes]:
        path = rng.choice(list(files))
        return path, spoilt(rng, files[path], [*files.values(), self.mapping])

    def read_plan(self, given: tuple[Path, bytes]) -> None:
        path, data = given
        path.write_bytes(data)
        try:
            plans.load(self.folder / "w", "thieu-van", 2024)
        finally:
            path.write_bytes(self.plans[path])

    def read_reference(self, given: tuple[Path, bytes]) -> None:
        """The tables of ``data/reference``, each by what uses it."""
        path, data = given
        path.write_bytes(data)
        try:
            references(self.folder / "w", path.name)
        finally:
            path.write_bytes(self.references[path])

    def read_questionnaire(self, data: bytes) -> None:
        from cchc_analysis import questionnaire

        (self.plan / "questionnaire.csv").write_bytes(data)
        try:
            questionnaire.load(self.folder / "w", "thieu-van")
        finally:
            (self.plan / "questionnaire.csv").unlink()

    def ledger(self, data: bytes) -> None:
        """What the program itself wrote and somebody spoilt."""
        from cchc_analysis import published
        from cchc_analysis.briefs import folders
        from cchc_analysis.causes import by_hand

        file = self.folder / "w" / "internal" / "published" / "thieu-van.jsonl"
        causes = by_hand.path(self.folder / "w", "thieu-van")
        for path in (file, causes):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        folders.outputs_of(file)
        for way in (
            lambda: published._read(file.read_bytes(), file),
            lambda: by_hand.load(self.folder / "w", "thieu-van"),
        ):
            try:
                way()
            except CchcError as error:
                _one_line(error)


def references(workspace: Path, name: str) -> None:
    """Reads the table ``name`` of ``data/reference`` as the program does."""
    from cchc_analysis import privacy, stages, themes, workdays
    from cchc_analysis.papers import forms
    from cchc_analysis.workspace import own_tables

    for kept in (privacy.sensitive_words, stages._read, themes._read, workdays._calendar,
                 forms._content):  # fmt: skip
        kept.cache_clear()
    folder = "service_quality/" if name == "2022-06-23.toml" else ""
    own_tables.read(folder + name, workspace, plans.load_unit(workspace, "thieu-van"))


def parsers(folder: Path) -> list[Parser]:
    files = Files(folder)
    ledger = (
        b'{"paper": "period", "from": "2024-01-01", "to": "2024-03-31", "by": "field", "keys": '
        b'["a"], "period": "2024-Q1", "cut": "calendar"}\n'
    ) * 3
    causes = b"code,cause,by,at,note\nA,overload,An,2024-01-01 08:00:00,\n"
    return [
        Parser("values", 500, cell, values),
        Parser("settings", 350, cell, settings),
        Parser("rows", 30, files.rows, files.read_once),
        Parser("texts", 20, files.text, files.read),
        Parser("pages", 30, files.page, files.read_once),
        Parser("workbooks", 40, files.workbook, files.read_once),
        Parser("mappings", 40, lambda r: spoilt(r, files.mapping, files.texts), files.read_mapping),
        Parser("plans", 12, lambda r: files.one_of(r, files.plans), files.read_plan),
        Parser("references", 4, lambda r: files.one_of(r, files.references), files.read_reference),
        Parser("questionnaires", 8, lambda r: spoilt(r, files.questionnaire, files.texts),
               files.read_questionnaire),
        Parser("ledgers", 8, lambda r: spoilt(r, r.choice((ledger, causes)), files.texts),
               files.ledger),
    ]  # fmt: skip


# -- the run --------------------------------------------------------------------------------------


class Unlabelled(Exception):
    """A refusal that is not one line for people."""


def _one_line(error: CchcError) -> None:
    if not str(error).strip() or "\n" in str(error) or len(str(error)) > 5000:
        raise Unlabelled(repr(str(error))[:200])


def feed(parser: Parser, inputs: int, *, seed: int, first: int = 0) -> Count:
    """Runs ``inputs`` inputs through a parser."""
    count = Count()
    for n in range(first, first + inputs):
        given = parser.make(random.Random(f"{seed}/{parser.name}/{n}"))
        if n % 50 == 0:
            faulthandler.dump_traceback_later(DEAD, exit=True)
        began = time.perf_counter()
        try:
            parser.read(given)
        except CchcError as error:
            count.refused += 1
            count.kinds[type(error).__name__] += 1
            if not str(error).strip() or "\n" in str(error) or len(str(error)) > 5000:
                count.found.append(f"{parser.name} {n}: not one line: {str(error)[:200]!r}")
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            ours = [f for f in traceback.extract_tb(error.__traceback__) if "cchc_an" in f.filename]
            at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else where.name
            count.found.append(f"{parser.name} {n}: {type(error).__name__} at {at}: {error!s:.100}")
        took = time.perf_counter() - began
        count.slowest = max(count.slowest, took)
        if took > SECONDS:
            count.found.append(f"{parser.name} {n}: took {took:.0f} s")
        count.inputs += 1
    faulthandler.cancel_dump_traceback_later()
    return count


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--only", default="")
    asked = options.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        chosen = [p for p in parsers(Path(temporary)) if asked.only in ("", p.name)]
        whole = sum(parser.weight for parser in chosen)
        print(f"{'parser':<16}{'inputs':>8}{'refused':>9}{'found':>7}{'slowest':>9}{'seconds':>9}")
        total = 0
        for parser in chosen:
            began = time.perf_counter()
            inputs = -(-asked.inputs * parser.weight // whole)
            count = feed(parser, inputs, seed=asked.seed, first=asked.first)
            seconds = time.perf_counter() - began
            print(
                f"{parser.name:<16}{count.inputs:>8}{count.refused:>9}{len(count.found):>7}"
                f"{count.slowest:>8.2f}s{seconds:>8.0f}s",
                flush=True,
            )
            seen: set[str] = set()
            for said in count.found:
                kind = said.partition(": ")[2].rpartition(":")[0] or said
                if kind not in seen:
                    print("  ", said, flush=True)
                seen.add(kind)
            failed += len(count.found)
            total += count.inputs
        print(f"{total} inputs, {failed} found")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
