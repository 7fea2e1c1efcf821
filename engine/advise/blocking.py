"""Why there is no way: the smallest set of gates and criteria that makes it so.

An item outside the set is taken to be met in full; if the target is out of reach even then, the set is a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from engine.advise.blocks import Block, Option
from engine.advise.goal import Goal
from engine.advise.scene import judged

MAX_TOGETHER = 8
"""In a block with more items than this only those that fall short by themselves are weighed against each other."""

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Blocking:
    """What stands in the way: items of which ``each`` does so alone or all do together, conditions of the table, veto rules.

    ``reachable`` is the most that the score can be brought to, None where no plan leaves the items standing.
    """

    items: tuple[str, ...] = ()
    each: bool = True
    conditions: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    reachable: Fraction | None = None


def blocking(goal: Goal, blocks: Sequence[Block], base: Fraction, need: Fraction | None) -> Blocking:
    """The smallest set of items that no combination of changes brings to the target."""
    most = {name: goal.most(result) for name, result in judged(goal.now).items()}
    slack = None if need is None else base + sum((_full(block, most) for block in blocks), ZERO) - need
    if slack is not None and slack < 0:
        return Blocking(conditions=("beyond_full",))
    alone = [item for block in blocks for item in block.items if _best(block, frozenset({item}), most) is None]
    if alone:
        return Blocking(tuple(alone))
    bests = [_best(block, frozenset(block.items), most) for block in blocks]
    reachable = None if None in bests else base + sum((best for best in bests if best is not None), ZERO)
    tables = [_losses(block, most) for block in blocks]
    return Blocking(_smallest(tables, slack), each=False, reachable=reachable)


def _full(block: Block, most: Mapping[str, Fraction]) -> Fraction:
    best = _best(block, frozenset(), most)
    assert best is not None
    return best


def _best(block: Block, held: frozenset[str], most: Mapping[str, Fraction]) -> Fraction | None:
    """The most that a block can earn with some items as they can be and the rest in full; None where those items never all stand."""
    return _best_of(block.options, held, most)


def _best_of(options: Iterable[Option], held: frozenset[str], most: Mapping[str, Fraction]) -> Fraction | None:
    found = [worth for option in options if (worth := _worth(option, held, most)) is not None]
    return max(found, default=None)


def _worth(option: Option, held: frozenset[str], most: Mapping[str, Fraction]) -> Fraction | None:
    if option.failing & held:
        return None
    parts = [_best_of(part, held, most) for part in option.parts]
    if None in parts:
        return None
    own = sum((option.worths[item] if item in held else max(most[item], option.worths[item]) for item in option.worths), ZERO)
    return own + sum((part for part in parts if part is not None), ZERO)


@dataclass(frozen=True, slots=True)
class _Loss:
    """How much is lost by so many items of a block, at most (None: everything), and which these are."""

    items: tuple[str, ...]
    lost: Fraction | None


def _losses(block: Block, most: Mapping[str, Fraction]) -> list[_Loss]:
    """By number of items the set of them that costs most; only sizes at which more is lost than before."""
    full = _full(block, most)
    items: Sequence[str] = block.items
    if len(items) > MAX_TOGETHER:
        items = [item for item in items if _lost(block, (item,), most, full).lost != 0][:MAX_TOGETHER]
    found = [_Loss((), ZERO)]
    for size in range(1, len(items) + 1):
        worst = max((_lost(block, chosen, most, full) for chosen in combinations(items, size)), key=_weight)
        if _weight(worst) > _weight(found[-1]):
            found.append(worst)
        if worst.lost is None:
            break
    return found


def _lost(block: Block, items: tuple[str, ...], most: Mapping[str, Fraction], full: Fraction) -> _Loss:
    best = _best(block, frozenset(items), most)
    return _Loss(items, None if best is None else full - best)


def _weight(loss: _Loss) -> tuple[bool, Fraction]:
    return (loss.lost is None, loss.lost or ZERO)


def _smallest(tables: Sequence[Sequence[_Loss]], slack: Fraction | None) -> tuple[str, ...]:
    """The fewest items over all blocks whose losses are more than the slack."""
    total: dict[int, tuple[Fraction, tuple[str, ...]]] = {0: (ZERO, ())}
    certain: tuple[str, ...] | None = None
    for table in tables:
        after = dict(total)
        for loss in table[1:]:
            if loss.lost is None:
                certain = loss.items if certain is None or len(loss.items) < len(certain) else certain
                continue
            for count, (lost, items) in total.items():
                size, sum_ = count + len(loss.items), lost + loss.lost
                if size not in after or after[size][0] < sum_:
                    after[size] = (sum_, (*items, *loss.items))
        total = after
    enough = [items for _, (lost, items) in sorted(total.items()) if slack is not None and lost > slack]
    candidates = [*enough[:1], *([certain] if certain is not None else [])]
    return min(candidates, key=len, default=())
