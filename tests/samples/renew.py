"""Writes the golden files and the sample workbooks anew: ``python -m tests.samples.renew --golden --workbooks``.

Only what is asked for is written, so that a changed result is never accepted by accident.
"""

from __future__ import annotations

import argparse

import engine
from tests.samples.results import GOLDEN, IN_WORKBOOKS, NAMES, SAMPLES, dossier, golden_text, own_programme


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", action="store_true", help="tests/samples/golden/*.json")
    parser.add_argument("--workbooks", action="store_true", help="samples/workbooks/*.xlsx")
    wanted = parser.parse_args()
    if not (wanted.golden or wanted.workbooks):
        parser.error("say what to write: --golden, --workbooks")
    if wanted.golden:
        for name in NAMES:
            (GOLDEN / f"{name}.json").write_text(golden_text(name), encoding="utf-8")
    if wanted.workbooks:
        for name in IN_WORKBOOKS:
            engine.write_workbook(own_programme(name), SAMPLES / "workbooks" / f"{name}.xlsx", dossier=dossier(name))


if __name__ == "__main__":
    main()
