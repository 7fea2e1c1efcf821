from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp

from commands import signing
from engine.report.signatures import check_signatures
from tests.cli import demo
from tests.cli.demo import Ran, Run
from tests.report import signers

ENDS = signers.LATER
"""The command signs by the clock: its keys have not ended yet."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (signing.PASSWORD, signing.TSA):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def unsigned(demo_library: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A report on the verified basis."""
    folder = tmp_path_factory.mktemp("unsigned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GREENCERT_RULESETS", str(demo_library))
        assert demo.main("assess", demo.put(folder), "-o", folder, "--basis", "verified", "--no-advice") == 0
    return (folder / "T-1.pdf").read_bytes()


@pytest.fixture
def report(unsigned: bytes, tmp_path: Path) -> Path:
    """That report, with a key beside it for every role and one without a password."""
    for role in signers.NAMES:
        (tmp_path / f"{role}.p12").write_bytes(signers.packed(role, ends=ENDS))
    (tmp_path / "open.p12").write_bytes(signers.packed(password="", ends=ENDS))
    path = tmp_path / "report.pdf"
    path.write_bytes(unsigned)
    return path


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.PASSWORD, signers.PASSWORD)


def sign(run: Run, report: Path, role: str = "assessor", *words: object, key: str = "") -> Ran:
    return run("sign", report, "--key", report.parent / (key or f"{role}.p12"), "--role", role, *words)


def untouched(report: Path) -> bool:
    return b"/ByteRange" not in report.read_bytes()


def roles_in(path: Path) -> list[str]:
    statuses = check_signatures(path.read_bytes())
    assert [status for status in statuses if not status.intact] == []
    return [status.role for status in statuses]


@pytest.mark.usefixtures("password")
def test_a_report_is_signed_in_place_role_by_role(run: Run, report: Path, unsigned: bytes) -> None:
    for count, role in enumerate(("assessor", "reviewer", "body"), 1):
        ran = sign(run, report, role)
        assert ran.code == 0
        assert ran.out.count("签名有效") == count
    assert roles_in(report) == ["assessor", "reviewer", "body"]
    assert report.read_bytes().startswith(unsigned)


@pytest.mark.usefixtures("password")
def test_a_signed_report_can_go_elsewhere(run: Run, report: Path) -> None:
    out = report.parent / "signed" / "report.pdf"
    assert sign(run, report, "assessor", "-o", out).code == 0
    assert (roles_in(out), untouched(report)) == (["assessor"], True)


@pytest.mark.usefixtures("password")
def test_another_file_is_not_overwritten_unless_asked(run: Run, report: Path) -> None:
    out = report.parent / "other.pdf"
    out.write_bytes(b"mine")
    ran = sign(run, report, "assessor", "-o", out)
    assert (ran.code, out.read_bytes(), "file_exists" in ran.err) == (2, b"mine", True)
    assert sign(run, report, "assessor", "-o", out, "--force").code == 0
    assert roles_in(out) == ["assessor"]


@pytest.mark.usefixtures("password")
def test_what_is_refused_leaves_the_report_as_it_was(run: Run, report: Path) -> None:
    ran = sign(run, report, "body")
    assert (ran.code, ran.err.count("sign_order")) == (2, 2)
    assert untouched(report)


# --- verification ---


@pytest.mark.usefixtures("password")
def test_a_signed_report_is_identical_and_its_signatures_are_told(run: Run, report: Path) -> None:
    for role in ("assessor", "reviewer", "body"):
        assert sign(run, report, role).code == 0
    ran = run("verify", report)
    assert (ran.code, ran.err, ran.out.count("签名有效；未核对证书")) == (0, "", 3)


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(("name", "expected"), [(signers.ROOT, "证书可信"), ("另一个根 CA", "证书不受信任")])
def test_verification_says_whether_signers_are_trusted(run: Run, report: Path, name: str, expected: str) -> None:
    assert sign(run, report).code == 0
    trust = report.parent / "trust.pem"
    trust.write_bytes(signers.authority(name).pem)
    ran = run("verify", report, "--trust", trust)
    assert (ran.code, expected in ran.out) == (0, True)


@pytest.mark.usefixtures("password")
def test_a_broken_signature_is_named(run: Run, report: Path) -> None:
    assert sign(run, report).code == 0
    report.write_bytes(report.read_bytes().replace(b"/Reason", b"/Reasom"))
    ran = run("verify", report)
    assert (ran.code, "文件内容在签名后被改动" in ran.out) == (1, True)


@pytest.mark.usefixtures("password")
def test_a_report_that_is_not_what_it_says_is_not_signed(run: Run, report: Path) -> None:
    report.write_bytes(report.read_bytes() + b"% more\n")
    ran = sign(run, report)
    assert (ran.code, "sign_unproven" in ran.err) == (2, True)
    assert untouched(report)


@pytest.mark.usefixtures("password")
def test_what_is_no_report_is_not_signed(run: Run, report: Path) -> None:
    report.write_bytes(signers.unsigned())
    assert sign(run, report).code == 2
    assert report.read_bytes() == signers.unsigned()


# --- passwords ---


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n第二行"])
def test_a_password_is_the_first_line_of_a_file(run: Run, report: Path, ending: str) -> None:
    path = report.parent / "password.txt"
    path.write_bytes((signers.PASSWORD + ending).encode())
    assert sign(run, report, "assessor", "--password-file", path).code == 0


def test_a_file_goes_before_the_environment(run: Run, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.PASSWORD, "wrong")
    path = report.parent / "password.txt"
    path.write_text(signers.PASSWORD, encoding="utf-8")
    assert sign(run, report, "assessor", "--password-file", path).code == 0


def test_a_password_is_asked_for_at_a_terminal(run: Run, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(signing, "getpass", lambda prompt: asked.append(prompt) or signers.PASSWORD)
    assert sign(run, report).code == 0
    assert asked == ["assessor.p12 的密码："]


def test_a_key_without_a_password_is_not_asked_for_one(run: Run, report: Path) -> None:
    assert sign(run, report, key="open.p12").code == 0


def test_no_option_takes_a_password(run: Run) -> None:
    assert "--password " not in run("sign", "--help").out


def test_a_password_is_never_shown(run: Run, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.PASSWORD, "hunter2-is-wrong")
    ran = sign(run, report)
    assert (ran.code, "key_password" in ran.err, "hunter2" in ran.out + ran.err) == (2, True, False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "password_missing"),
        (("--password-file", "nothing.txt"), "file_unreadable"),
        (("--password-file", "latin.txt"), "password_unreadable"),
        (("--tsa", "ftp://example.org"), "tsa_address"),
        (("--key", "nothing.p12"), "file_unreadable"),
        (("--key", "latin.txt"), "key_unreadable"),
        (("--role", "friend"), "assessor, reviewer, body"),
    ],
)
def test_wrong_input_is_refused(run: Run, report: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str) -> None:
    monkeypatch.chdir(report.parent)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    (report.parent / "latin.txt").write_bytes("geheim\xe4".encode("latin-1"))
    ran = sign(run, report, "assessor", *words)
    assert (ran.code, code in ran.err, untouched(report)) == (2, True, True)


# --- time stamps ---


class _Authority(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        broken = self.path == "/broken"
        answer = b"\x30\x00" if broken else signers.stamper_of().request_tsa_response(request).dump()
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def stamps() -> Iterator[str]:
    """The address of a time-stamp authority on this machine."""
    server = HTTPServer(("127.0.0.1", 0), _Authority)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_time_stamp_is_fetched_where_an_authority_is_named(
    run: Run, report: Path, stamps: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--tsa", stamps) if by == "option" else ()
    if by == "environment":
        monkeypatch.setenv(signing.TSA, stamps)
    ran = sign(run, report, "assessor", *words)
    assert (ran.code, "时间戳 2026-11-23 01:30:08" in ran.out) == (0, True)


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("path", ["/busy", "/broken"])
def test_without_its_time_stamp_nothing_is_signed(run: Run, report: Path, stamps: str, path: str) -> None:
    ran = sign(run, report, "assessor", "--tsa", stamps + path)
    assert (ran.code, "stamp_refused" in ran.err, untouched(report)) == (2, True, True)


@pytest.mark.usefixtures("password")
def test_an_authority_that_is_not_there_is_told(run: Run, report: Path) -> None:
    ran = sign(run, report, "assessor", "--tsa", "http://127.0.0.1:9/")
    assert (ran.code, "stamp_refused" in ran.err, os.listdir(report.parent).count("report.pdf")) == (2, True, 1)
