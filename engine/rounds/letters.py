"""The letters of a round: what each applicant is told, with the reasons, from the book alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.language import to_json_number
from engine.problems import Problem, Severity
from engine.report.letter import Letter, LetterColumn, LetterTable
from engine.report.office import long_day
from engine.report.text import Rich, Span
from engine.rounds.book import (
    CERTIFY,
    DUPLICATE,
    REFUSED,
    REPLACED,
    RESERVE,
    WITHDRAWN,
    Application,
    Issued,
    Recheck,
    RoundBook,
    Submission,
)
from engine.rounds.life import CLOSED, ISSUED
from engine.rounds.names import Names, kind_name
from engine.rounds.reading import (
    Item,
    earned,
    mark_of,
    most_of,
    not_met,
    reasons,
    ruleset_of,
    score_of,
    severe,
    still_open,
    value_word,
)
from engine.rounds.sender import Sender
from engine.texts import say

_NOT_PASSED = {"fails", "not_eligible"}
_WITH_REASONS = {"not_met": not_met, "incomplete": still_open, "unfinished": still_open}
"""The letters that give reasons, with the items they list."""
_HASH_SHOWN = 8
UNSAFE = re.compile(r"[^\w.-]+")
"""What has no place in the name of a file."""


@dataclass(frozen=True, slots=True)
class NamedLetter:
    """A letter and the name of its file, without the ending; ``number`` is the application's, empty where there is none."""

    name: str
    number: str
    letter: Letter


def round_letters(book: RoundBook, names: Names, sender: Sender, lang: str = "zh") -> tuple[NamedLetter, ...]:
    """Every letter that the round as it stands gives cause to: on files handed in, then by application on its result and certificate."""
    found = [*_on_submissions(book, sender, lang), *_on_applications(book, names, sender, lang)]
    taken: dict[str, int] = {}
    named = []
    for kind, number, letter in found:
        name = UNSAFE.sub("_", f"{number}_{kind}")
        taken[name] = taken.get(name, 0) + 1
        named.append(NamedLetter(name if taken[name] == 1 else f"{name}_{taken[name]}", number, letter))
    return tuple(named)


def _on_submissions(book: RoundBook, sender: Sender, lang: str) -> Iterator[tuple[str, str, Letter]]:
    for submission in book.submissions:
        if submission.outcome == REFUSED:
            yield "refused", _number(submission), refusal_letter(book, submission, sender, lang)
        elif submission.outcome in (DUPLICATE, REPLACED):
            yield submission.outcome, _number(submission), again_letter(book, submission, sender, lang)


def _on_applications(book: RoundBook, names: Names, sender: Sender, lang: str) -> Iterator[tuple[str, str, Letter]]:
    for application in sorted(book.applications, key=lambda one: one.number):
        letter = result_letter(book, application, names, sender, lang)
        if letter is not None:
            yield "result", application.number, letter
        if application.certificate is not None:
            yield "certificate", application.number, certificate_letter(book, application, application.certificate, names, sender, lang)


def _number(submission: Submission) -> str:
    return submission.number or submission.sha256[:_HASH_SHOWN]


# --- on files handed in -----------------------------------------------------------------------------------------------


def refusal_letter(book: RoundBook, submission: Submission, sender: Sender, lang: str = "zh") -> Letter:
    """Why a file was sent back: each Problem with its place, what is wrong and what to do, the errors first."""
    problems = sorted(submission.problems, key=lambda problem: problem.severity is not Severity.ERROR)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    facts = _file_facts(submission, lang)
    said = say("letters.refused.body", lang, day=long_day(submission.day, lang), count=errors)
    columns = _columns(lang, ("order", 0.5, "right"), ("where", 2), ("what", 4), ("fix", 4))
    rows = tuple(_problem_row(number, problem, lang) for number, problem in enumerate(problems, 1))
    tables = (LetterTable(say("letters.refused.table", lang), columns, rows),) if rows else ()
    closing = (say("letters.refused.closing", lang), *sender.again(lang), *sender.routes(lang))
    return _letter(book, "refused", _addressee(submission, lang), _number(submission), sender, lang, (said,), facts, tables, closing)


def again_letter(book: RoundBook, submission: Submission, sender: Sender, lang: str = "zh") -> Letter:
    """That a file was handed in before, or takes the place of an earlier version."""
    kind = submission.outcome
    said = say(f"letters.{kind}.body", lang, day=long_day(submission.day, lang), number=submission.number, version=submission.version)
    closing = (say(f"letters.{kind}.closing", lang),)
    facts = _file_facts(submission, lang)
    return _letter(book, kind, _addressee(submission, lang), _number(submission), sender, lang, (said,), facts, (), closing)


def _problem_row(number: int, problem: Problem, lang: str) -> tuple[Rich, ...]:
    what = problem.what(lang)
    if problem.severity is not Severity.ERROR:
        what = say("letters.not_grave", lang, what=what)
    return (str(number), str(problem.where.short()) or "—", what, problem.fix(lang))


def _file_facts(submission: Submission, lang: str) -> tuple[tuple[str, str], ...]:
    facts = (("file", submission.file), ("number", submission.number), ("sha256", submission.sha256))
    return _facts(facts, lang)


def _addressee(submission: Submission, lang: str) -> str:
    return submission.applicant or submission.credit_code or say("letters.unknown_applicant", lang)


# --- on results -------------------------------------------------------------------------------------------------------


def result_letter(book: RoundBook, application: Application, names: Names, sender: Sender, lang: str = "zh") -> Letter | None:
    """What came out and why: what is incomplete at once, everything else when the round is decided for good."""
    variant = variant_of(application, final=book.state in (ISSUED, CLOSED))
    if not variant:
        return None
    kind = kind_name(application.kind, lang)
    said = [say(f"letters.{variant}.body", lang, kind=kind, round=book.round, rank=application.rank, office=sender.office)]
    if variant in _WITH_REASONS:
        said += [_sentence(reason, lang) for reason in reasons(application, lang)]
    elif application.reason:
        said.append(say("letters.reason", lang, reason=application.reason))
    if application.provisional:
        said.append(say("letters.provisional", lang))
    closing = [say(f"letters.{variant}.closing", lang), *(sender.again(lang) if variant == "incomplete" else ()), *sender.routes(lang)]
    facts, tables = _result_facts(book, application, names, lang), _result_tables(application, variant, names, lang)
    subject = say("letters.result.subject", lang, kind=kind)
    return _letter(
        book, "result", application.name, application.number, sender, lang, tuple(said), facts, tables, tuple(closing), subject=subject
    )


def variant_of(application: Application, *, final: bool) -> str:
    """Which letter an application's result gives cause to; empty for none yet.

    Only an incomplete one is told before the round is decided for good: it can still be supplied.
    """
    if application.state == WITHDRAWN:
        return ""
    if not final:
        return "incomplete" if application.outcome == "incomplete" else ""
    if application.decision == CERTIFY:
        return "certified"
    if application.outcome in _NOT_PASSED:
        return "not_met"
    if application.outcome == "incomplete":
        return "unfinished"
    if not application.decision or application.result is None:
        return ""
    return "reserve" if application.place == RESERVE and application.rank is not None else "declined"


def _result_facts(book: RoundBook, application: Application, names: Names, lang: str) -> tuple[tuple[str, str], ...]:
    ruleset = ruleset_of(application)
    outcome = say(f"statuses.outcome.{application.outcome}", lang)
    tier = names.tier(ruleset, application.tier, lang)
    facts = [
        ("number", application.number),
        ("credit_code", application.credit_code),
        ("kind", kind_name(application.kind, lang)),
        ("standard", names.standard(ruleset, lang)),
        ("district", names.district(application.district, lang)),
        ("outcome", say("letters.with_tier", lang, outcome=outcome, tier=tier) if tier else outcome),
    ]
    if most_of(application):
        facts.append(("score", _score_sentence(application, lang)))
    if application.rank is not None:
        facts.append(("rank", say("letters.rank", lang, rank=application.rank)))
        places = _places(book, application)
        facts.append(("places", "" if places is None else str(places)))
        facts.append(("ranked_by", names.tie(application.ranked_by, lang)))
    return _facts(facts, lang)


def _score_sentence(application: Application, lang: str) -> str:
    score, mark = score_of(application, lang), mark_of(application)
    if mark is None:
        return say("letters.score", lang, score=score, max=to_json_number(most_of(application)))
    return say("letters.score_mark", lang, score=score, max=to_json_number(most_of(application)), mark=to_json_number(mark))


def _places(book: RoundBook, application: Application) -> int | None:
    return next((quota.places for quota in book.quotas if (quota.kind, quota.district) == (application.kind, application.district)), None)


def _result_tables(application: Application, variant: str, names: Names, lang: str) -> tuple[LetterTable, ...]:
    tables = []
    found = _WITH_REASONS.get(variant)
    if found is not None and (listed := found(application)):
        columns = _columns(lang, ("item", 2.4), ("asked", 3.6), ("found", 3.6), ("points", 1.5, "right"))
        rows = tuple(_item_row(application, item, names, lang) for item in listed)
        tables.append(LetterTable(say(f"letters.{variant}.table", lang), columns, rows))
    if variant == "not_met" and (findings := severe(application)):
        columns = _columns(lang, ("severity", 1.6), ("clause", 1.4), ("finding", 6))
        rows = tuple((_word(f"statuses.severity.{one['severity']}", lang), one["clause"] or "—", one["text"][lang]) for one in findings)
        tables.append(LetterTable(say("letters.findings", lang), columns, rows))
    if application.rechecks:
        columns = _columns(lang, ("item", 2.4), ("before", 1.8), ("after", 1.8), ("why", 3.4))
        changed = (
            (_rechecked(application, one, names, lang), value_word(one.before, lang), value_word(one.after, lang), one.reason)
            for one in application.rechecks
        )
        tables.append(LetterTable(say("letters.rechecks", lang), columns, tuple(changed)))
    return tuple(tables)


def _rechecked(application: Application, found: Recheck, names: Names, lang: str) -> str:
    title = names.title(ruleset_of(application), found.name, lang)
    return say("letters.rechecked", lang, title=title, field=found.field) if found.field else title


def _item_row(application: Application, item: Item, names: Names, lang: str) -> tuple[Rich, ...]:
    title = f"{item['number']} {item['title'][lang]}".strip()
    asked = names.requirement(ruleset_of(application), item["id"], lang) or "—"
    return (Span(title, bold=True), asked, item["sentence"][lang], earned(item, lang))


# --- certificates --------------------------------------------------------------------------------------------------


def certificate_letter(book: RoundBook, application: Application, issued: Issued, names: Names, sender: Sender, lang: str = "zh") -> Letter:
    """The letter with which a certificate goes out."""
    kind = kind_name(application.kind, lang)
    until = long_day(issued.valid_until, lang) if issued.valid_until else say("report.certificate.no_end", lang)
    facts = (
        ("certificate", issued.number),
        ("issued_on", long_day(issued.issued_on, lang)),
        ("valid_until", until),
        ("number", application.number),
        ("standard", names.standard(ruleset_of(application), lang)),
    )
    said = say("letters.certificate.body", lang, kind=kind, round=book.round)
    closing = (say("letters.certificate.closing", lang),)
    subject = say("letters.certificate.subject", lang, kind=kind)
    enclosed = (say("letters.certificate.enclosure", lang, kind=kind, number=issued.number),)
    filled = _facts(facts, lang)
    return _letter(
        book, "certificate", application.name, application.number, sender, lang, (said,), filled, (), closing, enclosed, subject=subject
    )


# --- parts ------------------------------------------------------------------------------------------------------------


def _letter(
    book: RoundBook,
    kind: str,
    addressee: str,
    number: str,
    sender: Sender,
    lang: str,
    body: tuple[str, ...],
    facts: tuple[tuple[str, str], ...],
    tables: tuple[LetterTable, ...],
    closing: tuple[str, ...],
    enclosures: tuple[str, ...] = (),
    subject: str = "",
) -> Letter:
    return Letter(
        office=sender.office,
        reference=sender.reference_of(book.round, number, kind),
        addressee=addressee,
        subject=subject or say(f"letters.{kind}.subject", lang),
        body=body,
        day=sender.day,
        facts=facts,
        tables=tables,
        closing=closing,
        enclosures=enclosures,
        place=sender.place,
        contact=sender.contact,
    )


def _facts(facts: Sequence[tuple[str, str]], lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((say(f"letters.fact.{name}", lang), value) for name, value in facts if value)


def _columns(lang: str, *columns: tuple[str, float] | tuple[str, float, str]) -> tuple[LetterColumn, ...]:
    return tuple(LetterColumn(say(f"letters.column.{name}", lang), share, *align) for name, share, *align in columns)


def _word(key: str, lang: str) -> str:
    word = say(key, lang)
    return word[:1].upper() + word[1:]


def _sentence(text: str, lang: str) -> str:
    stop = say("report.full_stop", lang)
    return text if text.endswith((stop, "!", "?", "！", "？")) else text[:1].upper() + text[1:] + stop
