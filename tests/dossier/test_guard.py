from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dossier import guard
from engine.dossier.guard import check_zip
from engine.problems import Problem, ProblemList

PARTS = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<r/>", "xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"<s/>"}


def make(path: Path, parts: dict[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in {**PARTS, **(parts or {})}.items():
            archive.writestr(name, content)
    return path


def problems_of(path: Path) -> list[Problem]:
    """The Problems of a file; each is at that file and renders, and any at all means no."""
    problems = ProblemList()
    allowed = check_zip(path, problems)
    assert allowed == (not problems.problems)
    for problem in problems:
        assert problem.where.file == str(path)
        for lang in ("zh", "en"):
            said = problem.what(lang) + problem.fix(lang)
            assert [name for name, _ in problem.params if f"{{{name}}}" in said] == []
    return problems.problems


def codes_of(path: Path) -> list[str]:
    return [problem.code for problem in problems_of(path)]


def params_of(path: Path) -> dict[str, str]:
    (problem,) = problems_of(path)
    return dict(problem.params)


def patch_directory(path: Path, name: str, at: int, value: bytes) -> None:
    """Overwrite bytes of one entry of the central directory (offsets by the zip specification, 4.3.12)."""
    raw = bytearray(path.read_bytes())
    start = raw.rindex(name.encode()) - 46
    assert raw[start : start + 4] == b"PK\x01\x02"
    raw[start + at : start + at + len(value)] = value
    path.write_bytes(raw)


def test_a_workbook_is_allowed(tmp_path: Path) -> None:
    assert codes_of(make(tmp_path / "a.xlsx", {"xl/media/image1.PNG": b"x", "xl/printerSettings/printerSettings1.bin": b"x"})) == []


def test_a_missing_file(tmp_path: Path) -> None:
    assert codes_of(tmp_path / "none.xlsx") == ["file_unreadable"]


def test_a_folder(tmp_path: Path) -> None:
    assert codes_of(tmp_path) == ["file_unreadable"]


def test_a_file_over_the_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(guard.MAX_FILE + 1)
    assert codes_of(path) == ["file_too_large"]
    assert params_of(path) == {"size": "20.0", "limit": "20"}


def test_a_file_of_exactly_the_size_limit_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(guard.MAX_FILE)
    assert codes_of(path) == ["workbook_not_zip"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"PK\x05\x06" + bytes(17)])
def test_a_file_that_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert codes_of(path) == ["workbook_not_zip"]


def test_an_old_or_password_protected_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    assert codes_of(path) == ["workbook_old_or_locked"]


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<d/>")
    assert codes_of(path) == ["workbook_parts"]
    assert params_of(path) == {"names": "[Content_Types].xml, xl/workbook.xml"}


def test_the_most_parts_are_allowed_and_one_more_is_not(tmp_path: Path) -> None:
    most = {f"xl/p{i}.xml": b"" for i in range(guard.MAX_ENTRIES - len(PARTS))}
    assert codes_of(make(tmp_path / "a.xlsx", most)) == []
    assert params_of(make(tmp_path / "b.xlsx", {**most, "xl/more.xml": b""})) == {"count": "201", "limit": "200"}


def test_too_much_unpacked(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")
    patch_directory(path, "xl/worksheets/sheet1.xml", 20, (2 * guard.MEBI).to_bytes(4, "little"))
    patch_directory(path, "xl/worksheets/sheet1.xml", 24, (101 * guard.MEBI).to_bytes(4, "little"))
    assert codes_of(path) == ["zip_unpacked"]


def test_a_part_that_unpacks_a_hundredfold(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", {"xl/bomb.xml": bytes(2 * guard.MEBI)})
    assert codes_of(path) == ["zip_ratio"]
    assert params_of(path) == {"name": "xl/bomb.xml", "size": "2.0", "limit": "100"}


def test_a_small_part_may_pack_well(tmp_path: Path) -> None:
    assert codes_of(make(tmp_path / "a.xlsx", {"xl/small.xml": bytes(guard.MEBI)})) == []


def test_an_encrypted_part(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")
    patch_directory(path, "xl/workbook.xml", 8, b"\x01\x00")
    assert codes_of(path) == ["zip_encrypted"]
    assert params_of(path) == {"name": "xl/workbook.xml"}


def test_a_part_packed_by_another_method(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", method=zipfile.ZIP_LZMA)
    assert set(codes_of(path)) == {"zip_method"}


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/evil.xml", "xl\\evil.xml", "C:evil.xml"])
def test_a_part_outside_the_workbook(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "a.xlsx", {name: b"x"})
    assert codes_of(path) == ["zip_path"]
    assert params_of(path) == {"name": name}


def test_a_name_with_a_nul(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", {"xl/a-b.xml": b"x"})
    path.write_bytes(path.read_bytes().replace(b"xl/a-b.xml", b"xl/a\0b.xml"))
    assert "zip_path" in codes_of(path)


def test_a_symbolic_link(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", {"xl/link.xml": b"/etc/passwd"})
    patch_directory(path, "xl/link.xml", 38, ((stat.S_IFLNK | 0o777) << 16).to_bytes(4, "little"))
    assert codes_of(path) == ["zip_path"]


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/embeddings/oleObject1.bin", "xl/embeddings/more.xlsx", "evil.exe", "a.zip"])
def test_what_is_no_part_of_a_sheet(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "a.xlsx", {name: b"x"})
    assert codes_of(path) == ["zip_foreign"]
    assert params_of(path) == {"name": name}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<other/>")
    assert codes_of(path) == ["zip_twice"]


def test_every_reason_at_once_and_again_on_a_second_call(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", {"../evil.exe": b"x", "xl/bomb.xml": bytes(2 * guard.MEBI)})
    problems = ProblemList()
    assert [check_zip(path, problems), check_zip(path, problems)] == [False, False]
    assert sorted(p.code for p in problems) == ["zip_foreign", "zip_path", "zip_ratio"]


SOUND = io.BytesIO()
with zipfile.ZipFile(SOUND, "w", zipfile.ZIP_DEFLATED) as _archive:
    for _name, _content in PARTS.items():
        _archive.writestr(_name, _content)


def test_a_name_that_a_zero_byte_leaves_empty_is_no_path(tmp_path: Path) -> None:
    raw = SOUND.getvalue()
    path = tmp_path / "a.xlsx"
    path.write_bytes(raw.replace(b"xl/workbook.xml", b"\0l/workbook.xml"))
    problems = ProblemList()
    assert not check_zip(path, problems)
    assert sorted(p.code for p in problems) == ["workbook_parts", "zip_foreign", "zip_path"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(SOUND.getvalue()) - 1), st.integers(0, 255)), max_size=6), st.integers(0, 40))
def test_a_damaged_workbook_never_raises(tmp_path: Path, changes: list[tuple[int, int]], cut: int) -> None:
    raw = bytearray(SOUND.getvalue())
    for at, value in changes:
        raw[at] = value
    path = tmp_path / "a.xlsx"
    path.write_bytes(raw[: len(raw) - cut])
    problems_of(path)
