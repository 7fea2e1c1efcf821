"""Beside a block: what the rest would still need at best, if what bars the way were met in full.

This is a bound from below and no plan: what is missing may turn out otherwise. Taken as met in full are the items that bar the way,
every other item that rests on the same missing data, and the groups that they are in; vetoes that look at one of them are taken not
to fire. Everything else is as in a plan: the changes are made, and what they bring is assessed for real.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.blocks import Block, Option
from engine.advise.changes import Change
from engine.advise.supplies import Supply


@dataclass(frozen=True, slots=True)
class Lifted:
    """What is taken not to stand in the way: items, and veto rules."""

    items: frozenset[str] = frozenset()
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AtBest:
    """What is to be supplied, and what is still needed at best once ``items`` (with ``vetoes``) no longer bar the way.

    ``cost`` is a bound from below and ``score`` one from above, both None where even then nothing was found.
    """

    items: tuple[str, ...]
    vetoes: tuple[str, ...]
    supplies: tuple[Supply, ...]
    changes: tuple[Change, ...] = ()
    cost: Fraction | None = None
    score: Fraction | None = None


def lift(blocks: Sequence[Block], items: frozenset[str], most: Mapping[str, Fraction]) -> tuple[Block, ...]:
    """Blocks in which some items are met in full whatever is done."""
    return tuple(replace(block, options=tuple(_lifted(option, items, most) for option in block.options)) for block in blocks)


def _lifted(option: Option, items: frozenset[str], most: Mapping[str, Fraction]) -> Option:
    return replace(
        option,
        worths={item: max(worth, most[item]) if item in items else worth for item, worth in option.worths.items()},
        failing=option.failing - items,
        parts=tuple(tuple(_lifted(each, items, most) for each in part) for part in option.parts),
    )
