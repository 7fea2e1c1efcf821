"""How fast reports are laid out: against a peer on the same content in the same run, and a full factory report by itself.

    python benchmarks/bench_report.py              # a sample's full report: reports a second on one core
    python benchmarks/bench_report.py --peers DIR  # also against typst; DIR holds the peers' program pdf_peers.py, typst is installed
    python benchmarks/bench_report.py --many 1000  # so many reports in two processes: seconds, and how far memory grew

Every report has its own text, so that nothing is answered from what was laid out before. Against a peer the ratio counts, not the
milliseconds: a machine that is busy slows both.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine import Dossier

ROOT = Path(__file__).parents[1]
SAMPLES = [ROOT / "samples" / f"{name}.yaml" for name in ("dyeing_mill", "pv_glass_2025")]
"""A factory by the standard of 2018, and one by the list of 2025: 27 and 22 pages."""
Section = tuple[str, str, list[tuple[str, ...]]]


def ours(sections: Sequence[Section], head: Sequence[str], widths: Sequence[float]) -> bytes:
    """The peers' content as greencert lays it out: same sections, same tables, same fonts."""
    from engine.report.document import Furniture, build
    from engine.report.flow import Heading, Para
    from engine.report.tables import Column, HeavyTable, Row

    columns = [Column(title, width) for title, width in zip(head, widths, strict=True)]
    story: list[Any] = []
    for title, text, rows in sections:
        story += [Heading(title), Para(text), HeavyTable(columns, [Row(row) for row in rows])]
    return build(story, Furniture("zh", "T", "A", "S", "K", "C", "L", "R", "", "F"))[0]


def median_ms(renders: dict[str, Callable[[Any], bytes]], contents: Sequence[Any]) -> dict[str, float]:
    """The median milliseconds of each renderer; they take turns, so that a busy moment hits all of them."""
    for render in renders.values():
        render(contents[0])
    times: dict[str, list[float]] = {name: [] for name in renders}
    for content in contents[1:]:
        for name, render in renders.items():
            start = time.process_time()
            render(content)
            times[name].append(time.process_time() - start)
    return {name: sorted(taken)[len(taken) // 2] * 1e3 for name, taken in times.items()}


def against_peers(folder: Path) -> None:
    """Print the ratio to typst of the same content."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    spec = importlib.util.spec_from_file_location("pdf_peers", folder / "pdf_peers.py")
    assert spec and spec.loader
    peers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peers)
    fonts = ROOT / "engine" / "report" / "fonts"
    for name, file in (("R", "NotoSansSC-Regular.ttf"), ("B", "NotoSansSC-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, fonts / file))
    with tempfile.TemporaryDirectory() as place:
        compiler = peers.typst.Compiler(root=place, font_paths=[str(fonts)], ignore_system_fonts=True)
        source = Path(place) / "report.typ"

        def by_typst(sections: Any) -> bytes:
            source.write_text(peers.typst_source(sections), encoding="utf-8")
            return bytes(compiler.compile(str(source)))

        renders: dict[str, Callable[[Any], bytes]] = {
            "greencert": lambda content: ours(content, peers.HEAD, peers.WIDTHS),
            "typst": by_typst,
            "platypus": lambda content: bytes(peers.platypus(content, fonts)),
        }
        found = median_ms(renders, [peers.content(seed) for seed in range(14)])
    for name, ms in found.items():
        print(f"{name:10} {ms:6.1f} ms of one core a report, {ms / found['typst']:.2f} of typst")


def full_reports(sample: Path, count: int, first: int = 0) -> list[float]:
    """Lay out so many full reports of a sample, each with texts of its own, and return the seconds of one core that each took."""
    from engine import assess_dossier, load_programme, read_dossier
    from engine.report.report import report_bytes

    dossier = read_dossier(sample)
    programme = load_programme(dossier.scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    taken = []
    for number in range(first, first + count):
        one = varied(dossier, number)
        assessment = assess_dossier(programme, one, "verified")
        start = time.process_time()
        report_bytes(assessment, one, programme)
        taken.append(time.process_time() - start)
    return taken


def varied(dossier: Dossier, number: int) -> Dossier:
    """The same dossier of another applicant: its name, its remarks and the titles of its documents are texts of their own."""
    mark = f"{number:05d}"
    answers = tuple((name, replace(entry, remark=f"{entry.remark}（{mark}）")) for name, entry in dossier.answers)
    evidence = tuple(replace(document, title=f"{document.title}（{mark}）") for document in dossier.evidence)
    applicant = replace(dossier.applicant, name=f"{dossier.applicant.name} {mark}")
    return replace(dossier, id=f"BENCH-{mark}", applicant=applicant, answers=answers, evidence=evidence)


def _share(span: tuple[int, int]) -> tuple[int, int]:
    """Lay out a share of the reports in a process of its own; its memory when half of them are done and at the end, in kB."""
    first, count = span
    full_reports(SAMPLES[0], 1, first)
    gc.collect()
    gc.freeze()  # rules and texts stay: to look through them for garbage again and again takes a tenth of the time
    full_reports(SAMPLES[0], count // 2, first)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    full_reports(SAMPLES[0], count - count // 2, first + count // 2)
    return before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def many(count: int) -> None:
    """So many reports, assessment and all, in two processes."""
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        memory = pool.map(_share, [(0, count // 2), (count // 2, count - count // 2)], chunksize=1)
    print(f"{count} reports in two processes: {time.perf_counter() - start:.1f} s; memory {max(m[1] for m in memory) / 1024:.0f} MB each,")
    print(f"grown by {max(after - before for before, after in memory) / 1024:.1f} MB over the second half")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, metavar="DIR")
    parser.add_argument("--many", type=int, metavar="COUNT", default=0)
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if asked.peers:
        against_peers(asked.peers)
    for sample in SAMPLES:
        taken = sorted(full_reports(sample, 41)[1:])
        middle = taken[len(taken) // 2]
        print(f"a full factory report ({sample.stem}): {middle * 1e3:.1f} ms of one core, {1 / middle:.1f} a second")
    if asked.many:
        many(asked.many)


if __name__ == "__main__":
    main()
