"""The checks of a programme in its handbook: what is held against what, the tolerance and where it comes from, suspected slips."""

from __future__ import annotations

from collections.abc import Iterable

from engine.assess.physics.words import document_text
from engine.report.handbook_model import Block, Column, Grid, Paragraph, Row, Run, Text, plain
from engine.report.handbook_words import Words
from engine.ruleset.checks import AnyForm, Copied, Repeated, Said
from engine.ruleset.compile_checks import ReadyCheck, ready_checks
from engine.ruleset.schema import Slip
from engine.texts import say


def checks(words: Words) -> tuple[Block, ...]:
    """Every check that takes part, in the order in which a dossier is checked."""
    ready = ready_checks(words.ready)
    if not ready:
        return ()
    used = {name for one in ready for name in one.slips}
    slips = [_slip(words, slip) for name, slip in words.programme.slips.items() if name in used]
    head = [Paragraph(plain(words.say("checks.intro")))]
    head += [Paragraph(plain(words.say("checks.slips", slips=words.describer.listed(slips))), small=True)] if slips else []
    keys = (("check", 25), ("held", 37), ("limits", 28), ("slips", 10))
    columns = tuple(Column(words.say(f"checks.column.{key}"), share) for key, share in keys)
    return (*head, Grid(columns, tuple(_row(words, one) for one in ready)))


def _slip(words: Words, slip: Slip) -> str:
    return words.bracket(words.say("checks.factor", factor=slip.factor), slip.title.in_(words.lang))


def _row(words: Words, ready: ReadyCheck) -> Row:
    check, lang = ready.check, words.lang
    severity = say(f"checks.severity.{check.severity}", lang)
    named = (Run(check.title.in_(lang), "strong"), Run(f"\n{check.check}", "code"), Run(f" · {severity}", "muted"))
    held = [words.say(f"checks.form.{check.test.form}", **_operands(words, ready))]
    if check.applies_when is not None:
        held.append(words.say("checks.applies", when=words.describer.formula(check.applies_when)))
    told = (*plain(words.sentences(held)), Run("\n" + check.advice.in_(lang), "muted"))
    factors = (f"×{words.programme.slips[name].factor}" for name in ready.slips)
    return Row((named, told, _limits(words, ready), plain(words.joined(factors))))


def _operands(words: Words, ready: ReadyCheck) -> dict[str, str]:
    """What a form holds against each other, in words."""
    form, programme, lang = ready.form, words.programme, words.lang
    texts = {place: words.describer.formula(text) for place, text in form.operands().items()}
    texts["items"] = words.joined(programme.title(name, lang) for name in ready.items)
    texts["table"] = programme.title(form.table, lang) if form.table else ""
    texts["by"] = _columns(words, form, [named] if (named := getattr(form, "by", None)) else ())
    texts["group"] = _columns(words, form, getattr(form, "group", ()))
    rows = words.say("checks.each_row", table=texts["table"]) if form.table and not isinstance(form, Said) else ""
    return {
        **dict.fromkeys(("before", "where"), ""),
        **texts,
        "rows": rows,
        "against": texts.get("before") or words.say("checks.row_before"),
        "among": words.say("checks.among", group=texts["group"]) if texts["group"] else "",
        "says": words.joined(form.says) if isinstance(form, Said) else "",
        "digits": str(form.digits) if isinstance(form, Copied | Repeated) else "",
    }


def _columns(words: Words, form: AnyForm, names: Iterable[str]) -> str:
    """Columns of a form's table by their titles."""
    return words.joined(words.programme.title(f"{form.table}.{name}", words.lang) for name in names)


def _limits(words: Words, ready: ReadyCheck) -> Text:
    """What a check holds to, a line each: the figure, how it is known, and the document it comes from."""
    told: list[Text] = []
    for place, figure in ready.figures.items():
        parameter = words.programme.parameters.get(ready.check.test.operands()[place].strip())
        if parameter is None:
            value = words.describer.figure_value(figure)
        elif figure.text is None:
            value = words.say("checks.unset")
        else:
            unit = "" if parameter.unit == "1" else words.describer.unit(parameter.unit)
            value = f"{figure.text}{'%' if unit == '%' else f' {unit}' if unit else ''}"
        label = words.say(f"checks.place.{place}")
        source = " ".join(filter(None, (document_text(figure.document, words.lang), figure.clause)))
        told.append((Run(f"{label} {value} "), *words.marked(figure), Run(f" {source}", "muted")))
    return words.listed(told, "\n")
