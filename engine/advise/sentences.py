"""Changes and obstacles in words, from templates only."""

from __future__ import annotations

from engine.advise.blocking import Blocking
from engine.advise.changes import Change
from engine.advise.lifted import AtBest
from engine.advise.supplies import Supply
from engine.assess.sentences import number_text, title
from engine.dossier.bind import named_members
from engine.dossier.schema import Dossier
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme
from engine.ruleset.schema import InputType
from engine.texts import catalogue, say

ITEMS_NAMED = 3
"""So many items that wait for one thing are named."""


def change_title(change: Change, programme: Programme, dossier: Dossier, lang: str) -> tuple[str, str]:
    """The printed number and the title of what is changed: a document goes by its id."""
    documents = {document.id: document.title for document in dossier.evidence}
    if change.kind == "renewal":
        return change.item, documents[change.item]
    demand = programme.gates.get(change.item) or programme.criteria.get(change.item)
    return (demand.number or "" if demand else ""), programme.title(change.item, lang)


def change_sentence(change: Change, programme: Programme, dossier: Dossier, lang: str) -> str:
    """What is to be done."""
    if change.kind == "renewal":
        until = next(document.valid_until for document in dossier.evidence if document.id == change.item)
        return say("advise.change.renewal", lang, until=until or "—")
    after, before = (shown_text(text, change, programme, lang) for text in (change.text, change.before))
    least, most = change.span[:2] if change.span else ("", "")
    done = say(f"advise.change.{_key(change)}", lang, after=after, before=before, least=least, most=most)
    if not change.brings:
        return done
    demand = programme.gates.get(change.item) or programme.criteria.get(change.item)
    papers = say("cli.comma", lang).join(words.in_(lang) for words in demand.evidence) if demand else ""
    brought = say("advise.change.brings", lang, papers=papers) if papers else say("advise.change.brings_any", lang)
    return done + say("cli.separator", lang) + brought


def _key(change: Change) -> str:
    """Which sentence says what is to be done."""
    if change.kind == "value" and not change.before:
        return "value_new"
    if change.kind != "state":
        return change.kind
    if change.before:
        return "state_verify"
    if change.span is None:
        return "state_only"
    if change.span.least and change.span.most:
        return "state_between"
    return "state_least" if change.span.least else "state_most" if change.span.most else "state"


def supply_title(supply: Supply, programme: Programme, lang: str) -> str:
    """What is to be supplied: an input, a cell or rows of a table, or a table with the columns that are needed; earlier years by number."""
    name = title(supply.name, programme, lang)
    if supply.columns:
        columns = say("cli.comma", lang).join(programme.title(f"{supply.name}.{column}", lang) for column in supply.columns)
        name = say("advise.supply.whole", lang, title=name, columns=columns)
    return name if supply.year is None else say("advise.supply.of_year", lang, name=name, year=supply.year)


def supply_sentence(supply: Supply, programme: Programme, lang: str) -> str:
    """The same with why it is missing."""
    return say(f"reasons.{supply.code}", lang, names=supply_title(supply, programme, lang))


def supply_items(supply: Supply, programme: Programme, lang: str) -> str:
    """What waits for it."""
    demands = {**programme.gates, **programme.criteria}
    named = [f"{demands[item].number or ''} {programme.title(item, lang)}".strip() for item in supply.items]
    more = [say("advise.supply.more", lang, count=len(named) - ITEMS_NAMED)] if len(named) > ITEMS_NAMED else []
    return say("cli.comma", lang).join((*named[:ITEMS_NAMED], *more))


def at_best_lines(best: AtBest, unit: str, lang: str) -> list[str]:
    """What the rest would still need, and how far that can be trusted."""
    if best.cost is None:
        return [say("advise.at_best.none", lang)]
    if not best.changes:
        first = say("advise.at_best.nothing", lang)
    else:
        first = say("advise.at_best.title", lang, count=len(best.changes), cost=number_text(best.cost), unit=unit)
    score = [] if best.score is None else [say("advise.at_best.score", lang, score=number_text(best.score, 2))]
    return [first, say("advise.at_best.caution", lang), *score]


def shown_text(text: str, change: Change, programme: Programme, lang: str) -> str:
    """An answer's or value's text as people read it."""
    definition = programme.inputs.get(change.item)
    if definition is not None and definition.type is InputType.YES_NO and text in ("yes", "no"):
        return say(f"statuses.{text}", lang)
    if definition is not None and text in definition.choices:
        return definition.choices[text].in_(lang)
    criterion = programme.criteria.get(change.item)
    if criterion is not None and isinstance(criterion.method, Choose):
        members = named_members(text, criterion.method, programme)
        return say("cli.comma", lang).join(programme.title(member, lang) for member in members)
    return text


def condition_sentences(blocking: Blocking, lang: str) -> tuple[str, ...]:
    """The conditions of the determination table that stand in the way."""
    known = catalogue("advise")["condition"]
    return tuple(
        say(f"advise.condition.{code}", lang) if code in known else say("advise.condition.other", lang, code=code)
        for code in blocking.conditions
    )
