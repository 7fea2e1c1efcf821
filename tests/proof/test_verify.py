from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Refused, load_programme, read_dossier, with_others
from engine.assess.assess import assess_dossier
from engine.language import to_text
from engine.proof import verify
from engine.proof.container import open_report
from engine.proof.recompute import recompute
from engine.proof.unpacked import unpacked
from engine.report.enclosures import enclose
from engine.report.report import report_bytes
from tests.proof.made import SAMPLES, assessed, codes, document, first, repacked, report, saved, spelt, verified, with_file, with_page

ALL = sorted(path.stem for path in SAMPLES.glob("*.yaml"))


# --- what nobody touched ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_report_of_every_sample_is_identical(name: str) -> None:
    assert verified(report(name, "en" if len(name) % 2 else "zh")).differences == ()


def test_a_report_with_advice_is_computed_again_with_its_advice() -> None:
    found = verified(report(advice=True))
    assert found.identical and found.method == "bytes"


@pytest.mark.parametrize("basis", ["declared", "verified"])
def test_both_bases_are_verified(basis: str) -> None:
    assert verified(report("dyeing_mill", basis=basis)).identical


def test_a_closed_assessment_is_closed_again() -> None:
    _, dossier, programme = assessed("dyeing_mill")
    made = assess_dossier(programme, dossier, "verified", close=True)
    assert made.closed and verified(report_bytes(made, dossier, programme)[0]).identical


def test_a_dossier_read_from_a_workbook_is_verified_with_its_cells() -> None:
    dossier = read_dossier(SAMPLES / "workbooks" / "paper_mill.xlsx")
    _, _, programme = assessed("paper_mill")
    made = assess_dossier(programme, dossier)
    assert verified(report_bytes(made, dossier, programme)[0]).identical


def test_what_was_found_beside_other_dossiers_is_carried_along() -> None:
    _, dossier, programme = assessed("dyeing_mill")
    other = replace(dossier, id="JX-2017-099", applicant=replace(dossier.applicant, name="另一家", credit_code="913304020000090131"))
    cases = [(assess_dossier(programme, one), programme, one) for one in (dossier, other)]
    made = with_others(cases)[0]
    assert {found.form for found in made.checks if found.dossier} == {"copied", "same_document"}
    content = report_bytes(made, dossier, programme)[0]
    assert verified(content).identical
    assert recompute(open_report(content, "")).assessment.checks == made.checks


def test_a_scheme_given_by_its_file_is_verified(tmp_path: Path) -> None:
    folder = tmp_path / "own" / "schemes"
    folder.mkdir(parents=True)
    path = folder / "mine.yaml"
    path.write_text("scheme: mine\nextends: jiaxing_2017\nversion: '1.0'\ntitle: {zh: 自己的方案, en: Our own scheme}\n", encoding="utf-8")
    programme = load_programme(path, "green_factory")
    _, dossier, _ = assessed("dyeing_mill")
    content = report_bytes(assess_dossier(programme, dossier), dossier, programme)[0]
    path.unlink()
    assert verified(content).identical


def test_another_deflating_library_makes_no_difference() -> None:
    packed = repacked(report(), 9)
    assert packed != report()
    with document(packed) as opened:
        assert opened.check_pdf_syntax() == []
    found = verified(packed)
    assert (found.identical, found.method) == (True, "unpacked")


def test_a_wrong_offset_in_a_repacked_report_makes_one() -> None:
    packed = repacked(report(), 9)
    at = packed.rindex(b" 00000 n ") - 1
    assert first(packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :])[0] == "bytes"


# --- what somebody changed --------------------------------------------------------------------------------------------


def test_a_printed_number_that_was_changed_is_named_with_its_page_and_the_right_one() -> None:
    content = report("dyeing_mill", basis="verified")
    shown = to_text(assessed("dyeing_mill", "verified")[0].score.low, 2)
    wrong = "99" + shown[2:]
    changed = content
    for table in codes(content).values():
        if set(shown + wrong) <= table.keys():
            old, new = ("".join(table[char] for char in text).encode() for text in (shown, wrong))
            changed = with_page(changed, 1, lambda page, old=old, new=new: page.replace(b"<" + old + b">", b"<" + new + b">", 1))
    assert first(changed) == ("printed", {"page": "1", "found": wrong, "wanted": shown})


def test_a_page_that_was_taken_out_is_missed() -> None:
    def edit(opened: Any) -> None:
        del opened.pages[-1]

    code, params = first(saved(report(), edit))
    assert code in ("printed", "page_count") and params


def test_something_drawn_over_a_page_is_found() -> None:
    assert first(with_page(report(), 2, lambda page: page + b" 1 1 1 rg 0 0 600 800 re f")) == ("drawing", {"page": "2"})


def test_a_font_that_shows_another_glyph_is_found() -> None:
    def edit(opened: Any) -> None:
        font = next(iter(opened.pages[0].obj.Resources.Font.values()))
        table = bytearray(font.DescendantFonts[0].CIDToGIDMap.read_bytes())
        one, nine = 2 * ord("1"), 2 * ord("9")
        table[one : one + 2], table[nine : nine + 2] = table[nine : nine + 2], table[one : one + 2]
        font.DescendantFonts[0].CIDToGIDMap.write(bytes(table))

    assert first(saved(report(), edit))[0] == "fonts"


def test_a_note_stuck_on_a_page_is_found() -> None:
    def edit(opened: Any) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="改")
        opened.pages[1].obj.Annots = pikepdf.Array([opened.make_indirect(note)])

    assert first(saved(report(), edit)) == ("links", {"page": "2"})


def test_another_title_is_found() -> None:
    def edit(opened: Any) -> None:
        opened.docinfo["/Title"] = "别的标题"

    assert first(saved(report(), edit))[0] == "metadata"


def test_another_bookmark_is_found() -> None:
    def edit(opened: Any) -> None:
        opened.Root.Outlines.First.Title = "别的书签"

    assert first(saved(report(), edit))[0] == "bookmarks"


def test_a_report_that_was_only_saved_again_is_not_the_same_file() -> None:
    assert first(saved(report(), lambda _: None))[0] == "identifier"


def test_something_appended_is_found() -> None:
    assert first(report() + b"% more\n")[0] == "appended"


@pytest.mark.parametrize("name", ["dossier.json", "places.json", "rules.zip", "assessment.json"])
def test_a_changed_attachment_is_named(name: str) -> None:
    changed = with_file(report(), name, lambda content: content.replace(b"e", b"E", 1))
    assert first(changed) == ("enclosure", {"name": name})


@pytest.mark.parametrize("name", ["dossier.json", "places.json", "rules.zip", "assessment.json"])
def test_a_missing_attachment_is_named(name: str) -> None:
    def edit(opened: Any) -> None:
        del opened.attachments[name]

    assert first(saved(report(), edit)) == ("enclosure_missing", {"name": name})


def test_an_attachment_more_is_named() -> None:
    def edit(opened: Any) -> None:
        opened.attachments["more.txt"] = b"?"

    assert first(saved(report(), edit)) == ("enclosure_unlisted", {"name": "more.txt"})


def forged(content: bytes, name: str, change: Any) -> bytes:
    """An attachment changed, with its hash in the manifest."""
    new = change(open_report(content, "").files[name])

    def manifest(raw: bytes) -> bytes:
        plain = json.loads(raw)
        for entry in plain["files"]:
            if entry["name"] == name:
                entry["sha256"], entry["size"] = hashlib.sha256(new).hexdigest(), len(new)
        return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()

    return with_file(with_file(content, name, lambda _: new), "manifest.json", manifest)


def test_a_manifest_whose_hash_was_changed_is_told_from_a_changed_attachment() -> None:
    changed = with_file(report(), "manifest.json", lambda raw: raw.replace(b'"sha256": "', b'"sha256": "0'))
    assert first(changed)[0] == "enclosure_or_manifest"


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [(b'"outcome": "', b'"outcome": "not_', "determination.outcome"), (b'"low": "', b'"low": "1', "score.low")],
)
def test_a_changed_entry_of_the_manifest_is_named(before: bytes, after: bytes, path: str) -> None:
    code, params = first(with_file(report("dyeing_mill"), "manifest.json", lambda raw: raw.replace(before, after, 1)))
    assert (code, params["path"]) == ("manifest", path)


def test_a_result_that_was_changed_together_with_its_hash_is_computed_again() -> None:
    def change(raw: bytes) -> bytes:
        plain = json.loads(raw)
        plain["criteria"][0]["points"]["low"] = "77"
        return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()

    content = report("dyeing_mill")
    criterion = json.loads(open_report(content, "").files["assessment.json"])["criteria"][0]
    code, params = first(forged(content, "assessment.json", change))
    assert code == "value"
    assert params == {"path": f"criteria[{criterion['id']}].points.low", "found": "77", "wanted": criterion["points"]["low"]}


def test_a_figure_of_the_dossier_changed_together_with_its_hash_is_computed_again() -> None:
    changed = forged(report("dyeing_mill"), "dossier.json", lambda raw: raw.replace(b"2016-01", b"2016-02", 1))
    found = verified(changed)
    assert not found.identical and found.differences[0].code in ("value", "not_recomputed")


def test_rules_changed_together_with_their_hash_are_computed_again() -> None:
    def change(raw: bytes) -> bytes:
        target = BytesIO()
        with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b"mark:", b"mark: "))
        return target.getvalue()

    code, params = first(forged(report("dyeing_mill"), "rules.zip", change))
    assert code == "value" and params["path"].endswith("sha256")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda _: b"no archive",
        lambda raw: raw[:1000],
        lambda raw: raw.replace(b"schemes/", b"../hemes/"),
    ],
)
def test_rules_that_are_none_are_refused_with_a_problem(change: Any) -> None:
    found = verified(forged(report(), "rules.zip", change))
    assert found.differences[0].code == "not_recomputed" and found.problems


def test_an_archive_that_grows_when_it_is_unpacked_is_refused() -> None:
    def bomb(_: bytes) -> bytes:
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("rulesets/common/units.yaml", b"a" * 60_000_000)
        return target.getvalue()

    assert verified(forged(report(), "rules.zip", bomb)).problems[0].code == "rules_too_large"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"entries": []}', b'{"entries": [1], "head": [], "warnings": []}', b"[" * 10_000])
def test_places_that_do_not_belong_to_the_dossier_are_refused(raw: bytes) -> None:
    found = verified(forged(report(), "places.json", lambda _: raw))
    assert [problem.code for problem in found.problems] == ["places_malformed"]


@pytest.mark.parametrize("raw", [b"{}", b"[1]", b"[", b'{"format": "greencert-manifest/1"}', b'{"format": "greencert-manifest/9"}'])
def test_a_manifest_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused) as refused:
        verified(with_file(report(), "manifest.json", lambda _: raw))
    assert refused.value.problems[0].code in ("manifest_unknown", "manifest_malformed")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF\n", b"not a PDF", bytes(1000)])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        verified(content)
    assert refused.value.problems[0].code == "report_unreadable"


def test_a_pdf_without_a_manifest_is_refused() -> None:
    target = BytesIO()
    empty = pikepdf.new()
    empty.add_blank_page()
    empty.save(target)
    with pytest.raises(Refused) as refused:
        verified(target.getvalue())
    assert refused.value.problems[0].code == "report_without_manifest"


# --- any byte ---------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed_and_none_ends_in_a_fault(place: float, mask: int) -> None:
    """Every byte counts, also those that a reader of PDFs skips (blanks, cross-references).

    The one thing that makes no difference is how a stream is packed: a run of equal bytes can be written in several ways.
    """
    content = report()
    at = int(place * len(content))
    flipped = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
    try:
        found = verified(flipped)
    except Refused as refused:
        assert refused.problems
    else:
        assert not found.identical or (found.method == "unpacked" and unpacked(flipped) == unpacked(content))
        assert all(difference.text(lang) for difference in found.differences for lang in ("zh", "en"))


def test_a_truncated_file_is_never_identical() -> None:
    content = report()
    for length in range(0, len(content), len(content) // 12):
        cut = content[:length]
        try:
            assert not verified(cut).identical
        except Refused as refused:
            assert refused.problems


# --- another version of the engine ------------------------------------------------------------------------------------


def test_a_report_of_another_version_is_compared_by_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    content = report("dyeing_mill")
    monkeypatch.setattr(verify, "VERSION", "9.9.9")
    found = verified(content)
    assert found.identical and found.method == "values" and found.engine == "0.1.0"


def test_another_version_in_the_manifest_alone_is_no_way_round_the_bytes() -> None:
    changed = with_file(report(), "manifest.json", lambda raw: raw.replace(b'"engine": "0.1.0"', b'"engine": "0.1.1"'))
    assert first(changed)[0] == "manifest_alone"


def test_a_number_that_another_version_cannot_have_printed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    content = report("dyeing_mill")
    monkeypatch.setattr(verify, "VERSION", "9.9.9")
    name, number = spelt(content, "987654321")
    changed = with_page(content, 2, lambda page: page + f" BT {name} 9 Tf <{number}> Tj ET".encode())
    assert first(changed) == ("number", {"page": "2", "found": "987654321"})


# --- the code of page one ---------------------------------------------------------------------------------------------


def code_of(name: str = "zero_carbon_park") -> str:
    assessment, dossier, programme = assessed(name)
    return enclose(assessment, dossier, programme, "zh", options={"advice": False}).code


def test_the_code_of_a_report_agrees_with_it() -> None:
    assert verified(report(), code_of()).identical


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("greencert:1:", "greencert:1:not_"), "code_outcome"),
        (lambda text: text[:-1] + "X", "code_id"),
        (lambda text: text.replace(":1:", ":2:"), "code_foreign"),
        (lambda _: "https://example.com/", "code_foreign"),
        (lambda _: code_of("dyeing_mill"), "code_outcome"),
    ],
)
def test_a_code_that_is_not_of_this_file_is_found(change: Any, code: str) -> None:
    found = verified(report(), change(code_of()))
    assert code in [difference.code for difference in found.differences]


def test_a_code_with_another_hash_is_that_of_another_report() -> None:
    head, outcome, hashed, name = code_of().replace("greencert:1", "greencert-1").split(":", 3)
    wrong = f"greencert:1:{outcome}:{hashed[::-1]}:{name}"
    assert head == "greencert-1" and first(report(), wrong)[0] == "code_hash"
