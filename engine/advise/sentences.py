"""Changes and obstacles in words, from templates only."""

from __future__ import annotations

from engine.advise.blocking import Blocking
from engine.advise.changes import Change
from engine.dossier.bind import named_members
from engine.dossier.schema import Dossier
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme
from engine.ruleset.schema import InputType
from engine.texts import catalogue, say


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
    key = "value_new" if change.kind == "value" and not change.before else change.kind
    after, before = (shown_text(text, change, programme, lang) for text in (change.text, change.before))
    done = say(f"advise.change.{key}", lang, after=after, before=before)
    if not change.brings:
        return done
    demand = programme.gates.get(change.item) or programme.criteria.get(change.item)
    papers = say("cli.comma", lang).join(words.in_(lang) for words in demand.evidence) if demand else ""
    brought = say("advise.change.brings", lang, papers=papers) if papers else say("advise.change.brings_any", lang)
    return done + say("cli.separator", lang) + brought


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
