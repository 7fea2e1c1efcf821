"""Letters say what the book says, to the last Problem and point, and nothing of law that the office did not give."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.report.letter import Letter, letter_bytes
from engine.report.signatures import check_signatures
from engine.report.signing import sign_report
from engine.rounds.book import RESERVE, Application, Recheck, Submission
from engine.rounds.letters import again_letter, refusal_letter, result_letter, round_letters, variant_of
from engine.rounds.names import Names
from engine.rounds.sender import Route, Sender
from tests.report.reading import Read, read
from tests.report.signers import NOW, key
from tests.rounds.books import EMPTY, LONG, SENDER, application, book, many_problems, names

PLAIN = Sender(office="示例办公室", day="2017-12-01")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed(letter: Letter, lang: str = "zh") -> Read:
    return read(letter_bytes(letter, lang)[0])


def result(found: Application, sender: Sender = SENDER, lang: str = "zh") -> Letter:
    letter = result_letter(book(), found, names(), sender, lang)
    assert letter is not None
    return letter


def submission(file: str) -> Submission:
    return next(found for found in book().submissions if found.file == file)


# --- files sent back and handed in again ---


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_names_the_place_mistake_and_remedy_of_every_problem(lang: str) -> None:
    sent_back = submission("申报.yaml")
    run = printed(refusal_letter(book(), sent_back, SENDER, lang), lang).run
    for problem in sent_back.problems[:2]:
        for said in (str(problem.where), problem.what(lang), problem.fix(lang)):
            assert squeezed(said) in run, said


def test_a_refusal_counts_errors_only_and_puts_them_before_notes() -> None:
    sent_back = submission("申报.yaml")
    mixed = replace(sent_back, problems=sent_back.problems[::-1])
    letter = refusal_letter(book(), mixed, SENDER)
    assert "有 2 处错误" in letter.body[0]
    rows = letter.tables[0].rows
    assert [row[0] for row in rows] == ["1", "2", "3"] and str(rows[2][2]).startswith("（提示，不影响受理）")


def test_thirty_problems_have_thirty_rows_over_several_pages_with_the_head_on_each() -> None:
    found = printed(refusal_letter(book(), submission("=cmd.xlsx"), SENDER))
    assert all(f"申报.yaml:{i}(inputs.x{i})" in found.run for i in range(1, 31))
    assert len(found.pages) > 1 and all("怎样改" in page for page in found.pages[:-1])


def test_a_file_that_does_not_say_whose_it_is_goes_to_the_applicant() -> None:
    assert refusal_letter(book(), submission("=cmd.xlsx"), SENDER).addressee == "申报单位"


def test_who_handed_in_the_same_again_learns_which_application_it_is() -> None:
    run = printed(again_letter(book(), submission("a (2).zip"), SENDER)).run
    assert "2017年9月21日" in run and "第JX-DYEING号申报（第1版）内容完全相同" in run


def test_who_handed_in_a_new_version_learns_that_it_counts() -> None:
    run = printed(again_letter(book(), submission("a v2.zip"), SENDER)).run
    assert "作为第JX-DYEING号申报的第2版" in run


# --- results ---


@pytest.mark.parametrize(
    ("number", "variant"),
    [
        ("DYEING", "certified"),
        ("POLYES", "reserve"),
        ("LEATHE", "not_met"),
        ("PAPER_", "unfinished"),
        ("SILK_D", "not_met"),
        ("WAIT", ""),
    ],
)
def test_each_result_has_its_letter(number: str, variant: str) -> None:
    assert variant_of(application(number), final=True) == variant


def test_nobody_who_passes_is_told_before_a_decision() -> None:
    assert variant_of(replace(application("DYEING"), decision=""), final=True) == ""


@pytest.mark.parametrize(("number", "variant"), [("DYEING", ""), ("POLYES", ""), ("LEATHE", ""), ("PAPER_", "incomplete")])
def test_only_who_is_incomplete_is_told_before_the_round_is_decided_for_good(number: str, variant: str) -> None:
    assert variant_of(application(number), final=False) == variant
    letters = round_letters(replace(book(), state="published"), names(), SENDER)
    assert [one.name for one in letters if one.name.endswith("_result")] == ["JX-PAPER__result"]


def test_nobody_is_told_of_an_application_that_was_taken_back() -> None:
    assert variant_of(replace(application("LEATHE"), state="withdrawn"), final=True) == ""


def test_who_is_declined_without_a_rank_is_told_so_with_the_reason() -> None:
    declined = replace(application("POLYES"), rank=None, place=RESERVE)
    assert variant_of(declined, final=True) == "declined"
    assert "理由：名额已用完" in printed(result(declined)).run


def test_who_is_not_within_the_quota_reads_rank_places_and_score() -> None:
    run = printed(result(application("POLYES"))).run
    assert "排名第2位" in run and "本批次名额0" in run and "81.50分（满分100分）" in run and "理由：名额已用完" in run


def test_both_values_of_a_recheck_are_printed() -> None:
    assert "能源管理体系认证是否证书已过期" in printed(result(application("POLYES"))).run


def test_a_recheck_of_an_input_goes_by_its_title_and_says_what_of_it() -> None:
    found = Recheck("land_area", "remark", "402150 m2", "402000 m2", "复测", "李示例", "2017-11-20")
    assert "用地面积（remark）402150m2402000m2复测" in printed(result(replace(application("POLYES"), rechecks=(found,)))).run


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_does_not_meet_reads_every_item_with_what_was_asked_found_and_its_points(lang: str) -> None:
    found = application("LEATHE")
    assert found.result is not None
    run = printed(result(found, lang=lang), lang).run
    missed = [item for item in (*found.result["gates"], *found.result["criteria"]) if item["status"] == "not_met"]
    assert len(missed) == 10
    for item in missed:
        asked = names().requirement("green_factory/miit_2016_586", item["id"], lang)
        assert asked
        for said in (item["title"][lang], asked, item["sentence"][lang]):
            assert squeezed(said) in run, said
    assert run.count("0.00/10.00") == 4 and "0.00/20.00" in run


def test_the_determinations_reasons_and_the_nonconformities_are_told() -> None:
    run = printed(result(application("LEATHE"))).run
    assert "基本要求不符合1项：淘汰落后产能、工艺和设备。" in run
    assert "严重不符合三(一)2" in run


def test_who_misses_the_mark_reads_where_points_were_lost() -> None:
    found = application("SILK_D")
    assert found.result is not None
    lost = {**found.result["criteria"][0], "status": "scored", "points": {"low": "1", "high": "1", "max": "3"}}
    below = [{"code": "below_mark", "zh": "得分至多 1，低于通过线 2", "en": "x"}]
    determination = {**found.result["determination"], "reasons": below}
    short = replace(found, result={**found.result, "criteria": [lost], "determination": determination})
    assert "1.00/3.00" in printed(result(short)).run


def test_who_is_incomplete_reads_every_open_item_and_until_when_to_supply_it() -> None:
    found = application("PAPER_")
    assert found.result is not None
    early = replace(book(), state="assessed")
    letter = result_letter(early, found, names(), SENDER.model_copy(update={"resubmit_until": "2018-01-15"}))
    assert letter is not None
    run = printed(letter).run
    still_open = [item for item in (*found.result["gates"], *found.result["criteria"]) if item["status"] == "undetermined"]
    assert len(still_open) > 20
    assert all(squeezed(item["title"]["zh"]) in run for item in still_open)
    assert "重新提交的截止日期为2018年1月15日" in run


def test_who_was_still_incomplete_when_the_round_was_decided_is_not_asked_for_more() -> None:
    run = printed(result(application("PAPER_"), SENDER.model_copy(update={"resubmit_until": "2018-01-15"}))).run
    assert "到本批次评定结束时材料仍不完整，本批次不予认定" in run
    assert "截止日期" not in run


def test_a_provisional_result_says_so() -> None:
    assert "结论为暂定" in printed(result(application("LEATHE"))).run
    assert "暂定" not in printed(result(replace(application("LEATHE"), provisional=False))).run


def test_objection_and_appeal_are_as_the_office_gives_them() -> None:
    run = printed(result(application("LEATHE"))).run
    assert "可依据《示例管理办法》第九条在收到通知之日起15日内向示例办公室书面提出" in run
    assert "可在收到通知之日起30日内向示例领导小组申诉" in run


def test_nothing_is_said_of_objections_and_periods_that_nobody_gave() -> None:
    run = printed(result(application("LEATHE"), PLAIN)).run
    assert "异议" not in run and "申诉" not in run and "日内" not in run
    bare = printed(result(application("LEATHE"), PLAIN.model_copy(update={"objection": Route(to="某处")}))).run
    assert "有异议的，可向某处书面提出" in bare and "日内" not in bare


def test_a_product_without_a_score_prints_none() -> None:
    letter = result(application("BABY_W"))
    assert "得分" not in dict(letter.facts)


# --- certificates ---


def test_a_certificate_goes_out_with_its_number_days_and_enclosure() -> None:
    (letter,) = (one.letter for one in round_letters(book(), names(), SENDER) if one.name == "JX-DYEING_certificate")
    run = printed(letter).run
    assert "JX-GF-2017-0001" in run and "2017年12月15日" in run and "2020年12月14日" in run
    assert letter.enclosures == ("绿色工厂证书（JX-GF-2017-0001）",) and "附件绿色工厂证书（JX-GF-2017-0001）1." in run


def test_a_certificate_without_an_end_says_so() -> None:
    (letter,) = (one.letter for one in round_letters(book(), names(), SENDER) if one.name == "JX-ELECTR_certificate")
    assert "有效期至长期" in printed(letter).run


# --- all of them ---


def test_every_letter_has_a_name_and_a_reference_of_its_own() -> None:
    made = round_letters(book(), names(), SENDER)
    assert len(made) == 17
    assert len({one.name for one in made}) == len({one.letter.reference for one in made}) == 17
    assert all(re.fullmatch(r"[\w.-]+", one.name) for one in made)


def test_the_same_file_sent_back_twice_makes_two_letters() -> None:
    twice = replace(EMPTY, submissions=(submission("申报.yaml"), submission("申报.yaml")))
    assert [one.name for one in round_letters(twice, Names(), SENDER)] == ["33333333_refused", "33333333_refused_2"]


def test_the_office_words_its_own_references() -> None:
    sender = SENDER.model_copy(update={"reference": "嘉绿评〔2017〕{number}号"})
    assert result(application("LEATHE"), sender).reference == "嘉绿评〔2017〕JX-LEATHE号"


def test_the_order_of_applications_does_not_matter() -> None:
    turned = replace(book(), applications=book().applications[::-1])
    assert round_letters(turned, names(), SENDER) == round_letters(book(), names(), SENDER)


def test_an_empty_round_writes_to_nobody() -> None:
    assert round_letters(EMPTY, Names(), SENDER) == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_letters_are_equal_bytes_without_problems(lang: str) -> None:
    letter = result(application("LEATHE"), lang=lang)
    first, problems = letter_bytes(letter, lang)
    assert problems == [] and letter_bytes(letter, lang)[0] == first


def test_long_names_and_markup_print_whole_as_typed() -> None:
    odd = replace(application("SILK_D"), name=f"<b>{LONG}</b>&amp;")
    assert squeezed(f"<b>{LONG}</b>&amp;") in printed(result(odd)).run


def test_a_character_that_the_fonts_lack_raises_a_problem() -> None:
    odd = replace(application("SILK_D"), name="甲\U0001f600")
    assert [problem.code for problem in letter_bytes(result(odd))[1]] == ["glyph_missing"]


def test_a_usual_result_fits_one_page() -> None:
    for number in ("DYEING", "POLYES", "SILK_D", "BABY_W"):
        assert len(printed(result(application(number))).pages) == 1, number


def test_no_table_is_parted_from_its_sentence() -> None:
    for count in range(18, 34):
        letter = refusal_letter(book(), replace(submission("申报.yaml"), problems=many_problems(count)), SENDER)
        twice = replace(letter, tables=(letter.tables[0], replace(letter.tables[0], intro="第二张表。")))
        (page,) = (page for page in printed(twice).pages if "第二张表。" in page)
        assert "怎样改" in page[page.index("第二张表。") :], count


def test_the_place_of_the_seal_never_stands_on_a_page_alone() -> None:
    for count in range(1, 34):
        pages = printed(refusal_letter(book(), replace(submission("申报.yaml"), problems=many_problems(count)), SENDER)).pages
        assert "盖章处" in pages[-1] and "申诉" in pages[-1], count


def test_the_office_can_seal_a_letter_electronically() -> None:
    content = letter_bytes(result(application("LEATHE")))[0]
    (status,) = check_signatures(sign_report(content, key("body"), "body", now=NOW)[0])
    assert (status.role, status.intact, status.covers) == ("body", True, "file")
