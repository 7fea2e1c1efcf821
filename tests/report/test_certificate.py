"""A certificate is one page; it is refused while anything stands against it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.assess.results import Assessment
from engine.problems import Refused
from engine.report.certificate import Certificate, certificate_bytes
from engine.report.signatures import check_signatures
from engine.report.signing import sign_report
from tests.report.reading import Read, read
from tests.report.signers import NOW, key
from tests.samples.results import assess, dossier, own_programme

GIVEN = Certificate("JX-CP-2017-0012", "2017-12-01", "2020-11-30", "嘉兴示例办公室")
NAME = "electroplating_cp"


def final(name: str = NAME, **changes: object) -> Assessment:
    """The sample as if somebody had attested all figures."""
    made = assess(name, "verified")
    return replace(made, determination=replace(made.determination, **{"provisional": False, **changes}))  # type: ignore[arg-type]


def certificate(made: Assessment, given: Certificate = GIVEN, lang: str = "zh", name: str = NAME) -> Read:
    return read(certificate_bytes(made, dossier(name), own_programme(name), given, lang)[0])


def refused(made: Assessment, given: Certificate = GIVEN) -> list[str]:
    with pytest.raises(Refused) as caught:
        certificate(made, given)
    return [problem.code for problem in caught.value.problems]


def test_it_says_who_meets_what_by_which_number_how_long_and_who_issued_it() -> None:
    found = certificate(final())
    assert len(found.pages) == 1
    for words in (
        "清洁生产证书",
        "JX-CP-2017-0012",
        "嘉善示例表面处理有限公司（虚构）",
        "2017年12月1日至2020年11月30日",
        "嘉兴示例办公室",
        "II级",
    ):
        assert words in found.run, words
    assert "盖章处" in found.run


def test_it_is_complete_in_english() -> None:
    text = certificate(final(), lang="en").text.replace("\n", " ")
    assert "Cleaner Production Certificate" in text and "from 2017-12-01 to 2020-11-30" in text


def test_equal_input_gives_equal_bytes() -> None:
    first, second = (certificate_bytes(final(), dossier(NAME), own_programme(NAME), GIVEN)[0] for _ in range(2))
    assert first == second


def test_one_that_does_not_end_says_so() -> None:
    assert "2017年12月1日至长期" in certificate(final(), replace(GIVEN, until="")).run


def test_it_is_refused_while_the_result_is_provisional() -> None:
    assert refused(assess(NAME, "verified")) == ["certificate_provisional"]


@pytest.mark.parametrize("changes", [{"outcome": "fails"}, {"outcome": "not_eligible"}, {"outcome": "incomplete"}, {"settled": False}])
def test_it_is_refused_where_the_outcome_is_none_that_carries_it(changes: dict[str, object]) -> None:
    assert refused(final(**changes)) == ["certificate_outcome"]


def test_it_is_refused_on_the_word_of_the_applicant() -> None:
    made = assess(NAME, "declared")
    settled = replace(made.determination, provisional=False, settled=True, outcome="eligible")
    assert refused(replace(made, determination=settled)) == ["certificate_declared"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"number": " "}, ["certificate_field_missing"]),
        ({"issuer": ""}, ["certificate_field_missing"]),
        ({"issued": ""}, ["certificate_day"]),
        ({"issued": "2017-13-01"}, ["certificate_day"]),
        ({"until": "2017-11-30"}, ["certificate_days_reversed"]),
    ],
)
def test_what_the_office_states_must_make_sense(changes: dict[str, str], codes: list[str]) -> None:
    assert refused(final(), replace(GIVEN, **changes)) == codes  # type: ignore[arg-type]


def test_names_print_as_typed_and_a_character_that_the_fonts_lack_raises_a_problem() -> None:
    odd = dossier(NAME)
    odd = replace(odd, applicant=replace(odd.applicant, name="<b>甲</b>&\U0001f600"))
    content, problems = certificate_bytes(final(), odd, own_programme(NAME), GIVEN)
    assert "<b>甲</b>&" in read(content).run
    assert [problem.code for problem in problems] == ["glyph_missing"]


def test_the_office_can_seal_it_electronically() -> None:
    content = certificate_bytes(final(), dossier(NAME), own_programme(NAME), GIVEN)[0]
    sealed = sign_report(content, key("body"), "body", now=NOW)[0]
    (status,) = check_signatures(sealed)
    assert (status.role, status.intact, status.covers) == ("body", True, "file")
