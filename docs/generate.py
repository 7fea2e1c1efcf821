"""Keeps the generated parts of the documentation current: ``python docs/generate.py`` rewrites them, tests/docs compares them.

Generated are the blocks between ``<!-- generated: name -->`` and ``<!-- end -->``, the output under each ``$ greencert ...`` of a
README's console blocks, the coverage sheets, and the JSON Schemas. A console block may say which lines of its output it shows:
``<!-- lines: 1-5 9-12 -->`` before it; what is left out stands as an ellipsis. The pictures are drawn by ``--images`` only.
"""

from __future__ import annotations

import glob
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import typer  # noqa: E402
import yaml  # noqa: E402

import cli  # noqa: E402
from commands import frame  # noqa: E402
from engine import (  # noqa: E402
    coverage_sheet,
    figures_text,
    load_standard_alone,
    ruleset_json_schema,
    rulesets_root,
    say,
    standard_ids,
    with_clauses,
)
from engine.ruleset.clauses import VERDICTS, ClauseRow, why  # noqa: E402
from engine.ruleset.listing import listed_figures  # noqa: E402
from engine.ruleset.publish import FORMS  # noqa: E402
from engine.texts import catalogue  # noqa: E402

DOCS = ROOT / "docs"
COVERAGE = DOCS / "coverage"
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
SAMPLES = ROOT / "samples"
WIDTH = "104"
BASES = ("seen", "recalled", "inferred", "policy", "null")
PICTURES = {"report-page-1": ("dyeing_mill", 1), "report-scores": ("dyeing_mill", 7)}
"""Picture -> the sample whose report it shows, and the page."""

_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_CONSOLE = re.compile(r"(?:<!-- lines: ([\d -]+) -->\n)?```console\n(.*?)```", re.DOTALL)


# --- tables ---


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def both(entry: dict[str, str]) -> str:
    """A text in Chinese, and below it in English."""
    return "<br>".join(entry[lang].replace("*", "\\*").replace("<", "&lt;") for lang in ("zh", "en"))


def problems() -> str:
    """Every Problem code by section of its catalogue."""
    text = (ROOT / "engine" / "texts" / "problems.yaml").read_text(encoding="utf-8")
    entries = catalogue("problems")
    parts: list[str] = []
    for section in re.split(r"^# --- ", text, flags=re.MULTILINE)[1:]:
        title, body = section.split(" ---\n", 1)
        rows = [[f"`{code}`", both(entries[code]["what"]), both(entries[code]["fix"])] for code in yaml.safe_load(body) or ()]
        parts.append(f"## {title.strip().capitalize()}\n\n{table(['Code', 'What is wrong', 'How to fix it'], rows)}")
    return "\n".join(parts)


def reasons() -> str:
    """Every reason code with its sentence."""
    return table(["Code", "Sentence"], [[f"`{code}`", both(entry)] for code, entry in catalogue("reasons").items()])


def figures(lang: str) -> str:
    """How many figures of each standard are known how well."""
    heads = {"zh": ["标准", "数值总数"], "en": ["Standard", "Figures"]}[lang]
    rows = []
    for name in standard_ids(rulesets_root()):
        count = Counter(found.figure.basis for found in listed_figures(load_standard_alone(name)))
        rows.append([f"`{name}`", str(count.total()), *(str(count[basis]) for basis in BASES)])
    return table([*heads, *(say(f"statuses.figure_basis.{basis}", lang) for basis in BASES)], rows)


# --- the command line ---


def walk_commands(command: Any, path: tuple[str, ...] = ("greencert",)) -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups before their members."""
    yield " ".join(path), command
    for name, child in getattr(command, "commands", {}).items():
        yield from walk_commands(child, (*path, name))


def shown_params(command: Any) -> list[Any]:
    """The arguments and options that a command's help shows."""
    return [param for param in command.params if not getattr(param, "hidden", False)]


def param_name(param: Any) -> str:
    """An argument or option as it is typed."""
    if param.param_type_name == "argument":
        return "|".join(map(str, param.type_descriptor.choices or ())) or str(param.metavar)
    return ", ".join(param.opts) + (f" {param.metavar}" if param.metavar and not param.is_flag else "")


def commands() -> str:
    """Every command with its arguments and options."""
    parts = []
    for name, command in walk_commands(typer.main.get_command(cli.app)):
        rows = [[f"`{param_name(param)}`", say(param.help, "zh"), say(param.help, "en")] for param in shown_params(command)]
        help_text = "\n\n".join(say(command.help, lang).strip() for lang in ("zh", "en"))
        options = f"\n{table(['', '说明', 'Meaning'], rows)}" if rows else ""
        parts.append(f"## {name}\n\n{help_text}\n{options}")
    return "\n".join(parts)


# --- coverage sheets ---


def sheet_name(name: str) -> str:
    """The file of a ruleset's coverage sheet."""
    return f"{name.replace('/', '-')}.md"


def coverage_summary() -> str:
    """How many clauses of each text are judged by whom."""
    heads = ["规则集 Ruleset", "条款 Clauses", *(said(f"coverage.by.{by}") for by in VERDICTS), "清单完整 Whole"]
    rows = []
    for name in with_clauses(rulesets_root()):
        sheet = coverage_sheet(name)
        whole = said("statuses.yes" if sheet.text.complete else "statuses.no")
        link = f"[{name}](coverage/{sheet_name(name)})"
        rows.append([link, str(len(sheet.rows)), *(str(count) for count in sheet.counts.values()), whole])
    return table(heads, rows)


def coverage_page(name: str) -> str:
    """The coverage sheet of one ruleset."""
    sheet = coverage_sheet(name)
    text = sheet.text
    lines = [
        f"# {name}",
        "",
        both(sheet.title.model_dump()),
        "",
        f"{text.document} · {name} {sheet.version}",
        "",
        both(text.note.model_dump()),
        "",
    ]
    lines += [say("coverage.counts", lang, count=len(sheet.rows), **sheet.counts) + "  " for lang in ("zh", "en")]
    lines += [said(f"coverage.{'whole' if text.complete else 'partial'}"), ""]
    heads = ["条款 Clause", "内容 Content", "判定 Judged", "规则或原因 Rules, or why not"]
    return "\n".join(lines) + "\n" + table(heads, [coverage_row(row) for row in sheet.rows])


def coverage_row(row: ClauseRow) -> list[str]:
    """One clause, with its figures, and what judges it or why nothing does."""
    clause = row.clause
    figures = [figures_text(clause, lang) for lang in ("zh", "en") if clause.figures]
    content = "<br>".join([both(clause.title.model_dump()), *(f"<sub>{figure}</sub>" for figure in figures)])
    names = dict.fromkeys(cites.id for cites in row.cited_by if cites.by != "none")
    judges = [" ".join(f"`{name}`" for name in names), why(row, "zh"), why(row, "en")]
    return [clause.clause, content, said(f"coverage.by.{row.by}"), "<br>".join(filter(None, judges))]


def said(key: str) -> str:
    """A word in both languages."""
    return " ".join(say(key, lang) for lang in ("zh", "en"))


GENERATORS: dict[str, Callable[[], str]] = {
    "problems": problems,
    "reasons": reasons,
    "commands": commands,
    "figures-zh": lambda: figures("zh"),
    "figures-en": lambda: figures("en"),
    "coverage": coverage_summary,
}


def with_blocks(text: str) -> str:
    """A document with its generated blocks made anew."""
    return _BLOCK.sub(lambda match: f"{match[1]}\n{GENERATORS[match[2]]()}\n{match[3]}", text)


# --- console blocks ---


@contextmanager
def reader(lang: str) -> Iterator[None]:
    """The surroundings of somebody who follows a README: a folder with the samples, and the language they chose."""
    wanted = {"COLUMNS": WIDTH, "GREENCERT_LANG": lang}
    before, cwd = dict(os.environ), Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SAMPLES, Path(folder) / "samples")
        os.environ.pop("FORCE_COLOR", None)
        os.environ.update(wanted)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(cwd)
            os.environ.clear()
            os.environ.update(before)


def run(words: list[str]) -> tuple[int, str]:
    """Exit code and output (both streams) of a greencert command."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out), redirect_stderr(out):
        code = cli.main(words)
    out.flush()
    return code, out.buffer.getvalue().decode()


class Shell:
    """Just as much of a shell as the READMEs use: greencert with wildcards, and the exit code of the last command."""

    def __init__(self) -> None:
        self.code = 0

    def output(self, line: str) -> str:
        """The output of one line. Raises ValueError for a line that is neither, and where the command's input is refused."""
        if line == "echo $?":
            return f"{self.code}\n"
        name, *words = shlex.split(line)
        if name != "greencert":
            raise ValueError(f"not a command that a README may show in a console block: {line}")
        expanded = [path for word in words for path in (sorted(glob.glob(word)) if "*" in word else [word])]
        self.code, text = run(expanded)
        if self.code > frame.NOT_PASSED:
            raise ValueError(f"{line}: exit code {self.code}\n{text}")
        return text


def excerpt(text: str, ranges: str) -> str:
    """The wanted lines of an output, with an ellipsis for each gap."""
    lines = text.splitlines()
    wanted = [tuple(map(int, part.split("-"))) for part in ranges.split()]
    shown: list[str] = []
    last = 0
    for first, end in wanted:
        shown += ["…"] * (first > last + 1) + lines[first - 1 : end]
        last = end
    return "\n".join(shown + ["…"] * (last < len(lines))) + "\n"


def with_output(text: str, lang: str) -> str:
    """A README with the output of every command in its console blocks made anew, run in order."""
    shell = Shell()

    def block(match: re.Match[str]) -> str:
        ranges, body = match[1], match[2]
        lines = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        outputs = [shell.output(line) for line in lines]
        shown = [excerpt(output, ranges) if ranges else output for output in outputs]
        inside = "".join(f"$ {line}\n{output}" for line, output in zip(lines, shown, strict=True))
        return (f"<!-- lines: {ranges} -->\n" if ranges else "") + f"```console\n{inside}```"

    with reader(lang):
        return _CONSOLE.sub(block, text)


# --- everything ---


def documents() -> list[Path]:
    """Every file with generated parts."""
    sheets = [COVERAGE / sheet_name(name) for name in with_clauses(rulesets_root())]
    return [*READMES.values(), *sorted(DOCS.glob("*.md")), *sheets, *(DOCS / "schema" / f"{form}.json" for form in FORMS)]


def made_anew(path: Path) -> str:
    """A document as it should be now."""
    if path.suffix == ".json":
        return ruleset_json_schema(path.stem)
    if path.parent == COVERAGE:
        return coverage_page(next(name for name in with_clauses(rulesets_root()) if sheet_name(name) == path.name))
    text = with_blocks(path.read_text(encoding="utf-8"))
    lang = next((lang for lang, readme in READMES.items() if readme == path), "")
    return with_output(text, lang) if lang else text


def draw_images() -> None:
    """Pages of sample reports as pictures; needs pdftoppm and Pillow."""
    from PIL import Image

    for name, (sample, page) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            code, text = run(["assess", str(SAMPLES / f"{sample}.yaml"), "-o", folder, "--lang", "zh"])
            if code:
                raise SystemExit(text)
            pdf = next(Path(folder).glob("*.pdf"))
            picture = Path(folder) / name
            subprocess.run(
                ["pdftoppm", "-png", "-r", "110", "-f", str(page), "-l", str(page), "-singlefile", str(pdf), str(picture)], check=True
            )
            image = Image.open(picture.with_suffix(".png")).convert("RGB")
            image.quantize(48, dither=Image.Dither.NONE).save(DOCS / "images" / f"{name}.png", optimize=True)


def main() -> None:
    """Rewrite what is not current."""
    if "--images" in sys.argv[1:]:
        draw_images()
    for path in set(COVERAGE.glob("*.md")) - set(documents()):
        path.unlink()
    for path in documents():
        text = made_anew(path)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
