"""What is installed is all that is needed: the built package runs where the project is not."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import copytree, ignore_patterns

ROOT = Path(__file__).resolve().parents[1]


def test_the_built_package_assesses_a_sample_and_writes_its_report(tmp_path: Path) -> None:
    source = copytree(ROOT, tmp_path / "source", ignore=ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "docs", "tests"))
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("greencert-*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    run = [sys.executable, "-c", "from cli import main; main()", "assess", str(ROOT / "samples/garment.yaml"), "-o", str(tmp_path / "out")]
    surroundings = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    ran = subprocess.run(run, check=False, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, env=surroundings)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [path.name for path in (tmp_path / "out").glob("*.pdf")] == ["JX-2018-008.pdf"]
