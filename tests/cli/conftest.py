from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import demo


@pytest.fixture(scope="session")
def demo_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.build_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(autouse=True)
def surroundings(demo_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo library, and nothing else of the environment that changes what is drawn."""
    monkeypatch.setenv("GREENCERT_RULESETS", str(demo_library))
    for name in ("GREENCERT_LANG", "FORCE_COLOR", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> demo.Run:
    def ran(*args: object) -> demo.Ran:
        code = demo.main(*args)
        captured = capsys.readouterr()
        return demo.Ran(code, captured.out, captured.err)

    return ran


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A colour terminal of 80 columns."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
