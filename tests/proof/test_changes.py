"""What somebody changed is named for what it is and where it is, whatever else the program that saved the file renewed."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject, pdf_name

from engine import Refused
from engine.proof import verify
from engine.proof.container import open_report
from engine.report.signing import sign_report
from tests.proof.made import changed_after, first, report, saved, verified, with_file
from tests.report import signers


def resaved(change: Callable[[Any], None], content: bytes = b"") -> bytes:
    """A report that somebody changed with a program that renews the metadata as it saves."""
    with pikepdf.open(BytesIO(content or report())) as opened:
        change(opened)
        target = BytesIO()
        opened.save(target)
        return target.getvalue()


def turned(opened: Any) -> None:
    opened.pages[2].obj.Rotate = 90


def commented(opened: Any) -> None:
    note = opened.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[50, 50, 200, 90], Contents="99.99"))
    opened.pages[3].obj.Annots = Array([note])


def painted(opened: Any) -> None:
    stream = opened.pages[2].obj.Contents
    stream.write(stream.read_bytes() + b" 0 0 1 rg 100 100 50 50 re f")


def link(opened: Any) -> Any:
    return next(each for page in opened.pages for each in page.obj.get("/Annots", []) if "/Dest" in each)


def led_elsewhere(opened: Any) -> None:
    link(opened).Dest = Array([opened.pages[-1].obj, *list(link(opened).Dest)[1:]])


def led_out(opened: Any) -> None:
    link(opened).A = Dictionary(S=Name.URI, URI=pikepdf.String("https://example.com/"))


def scripted(opened: Any) -> None:
    opened.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))


def retitled(opened: Any) -> None:
    opened.Root.Outlines.First.Title = "别的书签"


def aimed(opened: Any) -> None:
    opened.Root.Outlines.First.Dest = Array([opened.pages[-1].obj, Name.Fit])


def renamed_place(opened: Any) -> None:
    opened.Root.AcroForm.Fields[0].T = "boss"


@pytest.mark.parametrize(
    ("change", "code", "params"),
    [
        (turned, "drawing", {"page": "3"}),
        (commented, "links", {"page": "4"}),
        (painted, "drawing", {"page": "3"}),
        (led_elsewhere, "links", {"page": "2"}),
        (led_out, "links", {"page": "2"}),
        (scripted, "structure", {"path": "/Page[1]/AA"}),
        (retitled, "bookmarks", {}),
        (aimed, "bookmarks", {}),
        (renamed_place, "fields", {}),
    ],
)
def test_a_change_is_named_with_its_own_page_before_what_saving_renewed(change: Any, code: str, params: dict[str, str]) -> None:
    content = report(basis="verified")
    assert first(resaved(change, content)) == (code, params)


def test_every_part_that_was_changed_is_named() -> None:
    def change(opened: Any) -> None:
        painted(opened)
        retitled(opened)

    assert [each.code for each in verified(saved(report(), change)).differences] == ["drawing", "bookmarks", "identifier"]


# --- places to sign at ------------------------------------------------------------------------------------------------


def with_picture(role: str) -> Callable[[Any], None]:
    """Draws something at the place of a role, as if it had signed."""

    def change(writer: Any) -> None:
        fields = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
        field = next(each for each in fields if each["/T"] == role)
        picture = StreamObject(stream_data=b"1 0 0 rg 0 0 50 20 re f")
        picture[pdf_name("/Type")], picture[pdf_name("/Subtype")] = pdf_name("/XObject"), pdf_name("/Form")
        picture[pdf_name("/BBox")] = ArrayObject(NumberObject(each) for each in (0, 0, 100, 40))
        field[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): writer.add_object(picture)})
        writer.update_container(field)

    return change


def test_a_signature_drawn_for_somebody_who_did_not_sign_is_found() -> None:
    """The one who signs first could draw the others' signatures in the same breath: his own covers them."""
    content = changed_after(report(basis="verified"), with_picture("reviewer"))
    found = verified(sign_report(content, signers.key("assessor"), "assessor", now=signers.NOW)[0])
    assert [status.intact for status in found.signatures] == [True]
    assert [each.code for each in found.differences] == ["fields"]


# --- the manifest -----------------------------------------------------------------------------------------------------


def test_a_manifest_by_which_nothing_can_be_computed_is_named() -> None:
    def change(raw: bytes) -> bytes:
        plain = json.loads(raw)
        plain["rules"]["file"] = "rulesets/schemes/none.yaml"
        return json.dumps(plain).encode()

    found = verified(with_file(report(), "manifest.json", change))
    assert [each.code for each in found.differences] == ["not_recomputed", "manifest_alone"]


def test_the_outcome_that_a_manifest_of_another_version_states_is_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes the identifier with the manifest is still held to the recomputation."""

    def change(opened: Any) -> None:
        stream = dict(pikepdf.NameTree(opened.Root.Names.EmbeddedFiles).items())["manifest.json"].EF.F
        stream.write(stream.read_bytes().replace(b'"outcome": "', b'"outcome": "not_', 1))

    content = saved(report(), change)
    old, new = (open_report(each, "").manifest_sha256[:32] for each in (report(), content))
    content = content.replace(bytes.fromhex(old), bytes.fromhex(new)).replace(old.encode(), new.encode())
    monkeypatch.setattr(verify, "VERSION", "9.9.9")
    assert open_report(content, "").manifest_is_witnessed
    code, params = first(content)
    assert (code, params["path"]) == ("manifest", "determination.outcome")


# --- files that cannot be opened --------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_report_is_refused_as_such(user: str) -> None:
    target = BytesIO()
    with pikepdf.open(BytesIO(report())) as opened:
        opened.save(target, encryption=pikepdf.Encryption(owner="owner", user=user))
    with pytest.raises(Refused) as refused:
        verified(target.getvalue())
    assert [problem.code for problem in refused.value.problems] == ["report_encrypted"]


@pytest.mark.parametrize(("content", "zh", "en"), [(b"", "空的", "empty"), (b"hello", "不是 PDF", "no PDF")])
def test_why_a_file_is_no_pdf_is_said_in_words(content: bytes, zh: str, en: str) -> None:
    with pytest.raises(Refused) as refused:
        verified(content)
    (problem,) = refused.value.problems
    assert (problem.code, zh in problem.what("zh"), en in problem.what("en")) == ("report_unreadable", True, True)


@pytest.mark.parametrize("part", [0.05, 0.6, 0.9])
def test_a_report_that_was_cut_off_is_said_to_be_incomplete(part: float) -> None:
    content = report()
    with pytest.raises(Refused) as refused:
        verified(content[: int(len(content) * part)])
    assert [problem.code for problem in refused.value.problems] == ["report_cut"]


def test_a_report_that_lost_its_last_bytes_only_is_said_to_end_early() -> None:
    content = report()
    assert first(content[:-20]) == ("cut", {"at": str(len(content) - 20), "of": str(len(content))})
