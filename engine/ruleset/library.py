"""Where rulesets lie, and reading them: standards, schemes, and the common files they use, each with its content hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from engine.located import Key, Located, read
from engine.problems import ProblemList, Where
from engine.ruleset.attestations import Attestations, LoadedAttestations, attestations_path
from engine.ruleset.load import load_model, validate
from engine.ruleset.schema import Common, Reference, Scheme, Standard


class RuleFile(NamedTuple):
    """A file that took part: where it lay, its name (``inside`` the library with its folders), and its bytes."""

    path: Path
    name: str
    inside: bool
    content: bytes


@dataclass(frozen=True, slots=True)
class LoadedCommon:
    """A common file, located for Problems."""

    common: Common
    located: Located


@dataclass(frozen=True, slots=True)
class LoadedStandard:
    """A standard with its common files, located for Problems, and the hash of everything that takes part."""

    standard: Standard
    located: Located
    common: tuple[LoadedCommon, ...]
    files: tuple[RuleFile, ...]

    @property
    def sha256(self) -> str:
        """The hash of its files."""
        return hash_of(self.files)


@dataclass(frozen=True, slots=True)
class LoadedScheme:
    """A scheme with what it extends merged in, located for Problems, its attestations, and the hash of all files that took part.

    Of the ``files`` its own comes first; the scheme under which a standard stands by itself has none.
    """

    scheme: Scheme
    located: Located
    sha256: str
    files: tuple[RuleFile, ...] = ()
    attestations: LoadedAttestations | None = None


def rulesets_root() -> Path:
    """The folder of the rulesets: ``GREENCERT_RULESETS`` where set, otherwise the one delivered with the engine."""
    override = os.environ.get("GREENCERT_RULESETS")
    return Path(override) if override else Path(__file__).resolve().parents[2] / "rulesets"


def standard_ids(root: Path) -> list[str]:
    """The ids of every standard in the library, sorted."""
    return sorted(path.parent.relative_to(root).as_posix() for path in root.glob("*/*/ruleset.yaml"))


def scheme_ids(root: Path) -> list[str]:
    """The ids of every scheme in the library, sorted."""
    return sorted(path.stem for path in (root / "schemes").glob("*.yaml"))


def is_file_name(name: str | Path) -> bool:
    """Whether a ruleset is named by its file rather than by its id."""
    return Path(name).suffix in (".yaml", ".yml")


def names_standard(name: str | Path) -> bool:
    """Whether an id or a file is that of a standard rather than of a scheme. Raises Refused for a file that cannot be read."""
    if not is_file_name(name):
        return "/" in str(name)
    problems = ProblemList()
    located = read(Path(name), problems)
    problems.refuse_if_errors()
    return isinstance(located.data, dict) and "ruleset" in located.data


def load_standard(name: str | Path, root: Path, problems: ProblemList, named_at: Where | None = None) -> LoadedStandard | None:
    """Read a standard by its id such as ``green_factory/miit_2016_586`` or by its file; None where it has errors.

    ``named_at`` is where a scheme names it.
    """
    path = standard_path(name, root)
    if not os.path.isfile(path):
        problems.error("standard_unknown", named_at or Where(path=str(name)), name=name, known=", ".join(standard_ids(root)) or "—")
        return None
    standard, located = load_model(path, Standard, problems, shown_path(path, root))
    if standard is None:
        return None
    if standard.ruleset != name and not is_file_name(name):
        problems.error("ruleset_id_differs", located.where(("ruleset",)), stated=standard.ruleset, folder=name)
    tables = sorted((path.parent / "tables").glob("*.yaml"))
    used = [_used(common, root, problems, located.where(("uses", i))) for i, common in enumerate(standard.uses)]
    files = [path, *tables, *(p for p in used if p)]
    common = _load_common(files[1:], root, problems)
    return LoadedStandard(standard, located, common, _taken(files, root))


def load_common(names: Iterable[str], root: Path, located: Located, at: tuple[Key, ...], problems: ProblemList) -> tuple[LoadedCommon, ...]:
    """The common files that a scheme's programme, which stands at ``at``, uses."""
    used = [_used(name, root, problems, located.where((*at, "uses", i))) for i, name in enumerate(names)]
    return _load_common([path for path in used if path], root, problems)


def load_scheme(name: str | Path, root: Path, problems: ProblemList) -> LoadedScheme | None:
    """Read a scheme by id or by file; what it ``extends`` is merged under it. What others have attested of that is not its own."""
    files: list[Path] = []
    located = _merged(scheme_path(name, root), root, problems, files, None)
    if located is None:
        return None
    scheme = validate(located, Scheme, problems)
    if scheme is None:
        return None
    names = dict.fromkeys(name for programme in scheme.programmes for name in programme.uses)
    used = [path for name in names if (path := root / f"{name}.yaml").is_file()]
    beside = attestations_path(scheme_path(name, root))
    attested = [beside] if beside.is_file() else []
    taken = _taken([*files, *used, *attested], root)
    return LoadedScheme(scheme, located, hash_of(taken), taken, _attestations(attested, scheme, root, problems))


def _attestations(files: list[Path], scheme: Scheme, root: Path, problems: ProblemList) -> LoadedAttestations | None:
    """A scheme's attestations, which must name it, and of its programmes the standards."""
    for path in files:
        attestations, located = load_model(path, Attestations, problems, shown_path(path, root))
        if attestations is None:
            continue
        if attestations.attestations != scheme.scheme:
            problems.error(
                "attestations_of_another", located.where(("attestations",)), stated=attestations.attestations, scheme=scheme.scheme
            )
        known = [programme.standard for programme in scheme.programmes]
        for i, record in enumerate(attestations.records):
            if record.standard not in known:
                where = located.where(("records", i, "standard"))
                problems.warning("attestation_standard", where, standard=record.standard, known=", ".join(known))
        return LoadedAttestations(attestations, located)
    return None


def standard_path(name: str | Path, root: Path) -> Path:
    """The file of a standard that is named by its id or by its file."""
    return Path(name) if is_file_name(name) else root / name / "ruleset.yaml"


def scheme_path(name: str | Path, root: Path) -> Path:
    """The file of a scheme that is named by its id or by its file."""
    return Path(name) if is_file_name(name) else root / "schemes" / f"{name}.yaml"


def examples_folder(name: str | Path, root: Path) -> Path:
    """Where the examples of a standard or scheme lie, by its id or its file. Raises Refused for a file that cannot be read."""
    if names_standard(name):
        return standard_path(name, root).parent / "examples"
    path = scheme_path(name, root)
    return path.parent / "examples" / path.stem


def _merged(path: Path, root: Path, problems: ProblemList, files: list[Path], named_at: Where | None) -> Located | None:
    """A scheme's data over that of what it extends; ``named_at`` is where another scheme extends it."""
    if path in files:
        problems.error("scheme_extends_itself", Where(file=shown_path(path, root)), name=path.stem)
        return None
    if not os.path.isfile(path):
        inside = path.is_relative_to(root / "schemes")
        name = path.relative_to(root / "schemes").with_suffix("").as_posix() if inside else str(path)
        problems.error("scheme_unknown", named_at or Where(path=name), name=name, known=", ".join(scheme_ids(root)) or "—")
        return None
    files.append(path)
    located = read(path, problems, shown_path(path, root))
    parent_name = located.data.get("extends") if isinstance(located.data, dict) else None
    if not isinstance(parent_name, str):
        return located
    # A file is looked for from the file that names it, wherever the command is run.
    parent_path = path.parent / parent_name if is_file_name(parent_name) else scheme_path(parent_name, root)
    parent = _merged(parent_path, root, problems, files, located.where(("extends",)))
    return None if parent is None else _overlay(parent, located)


def _overlay(parent: Located, child: Located) -> Located:
    """The child's keys over the parent's: mappings merge, lists of named elements replace by name and append, the rest replaces."""
    merged = Located(child.file)
    merged.data = _merge(parent, (), child, (), merged, ())
    return merged


_NAMES = (
    "programme",
    "input",
    "table",
    "parameter",
    "reference",
    "indicator",
    "gate",
    "criterion",
    "dimension",
    "rule",
    "slip",
    "check",
    "tier",
)
"""The keys that name an element, those before others that also stand in it: a criterion names its dimension."""


def _name_of(item: Any) -> str | None:
    return next((f"{key}={item[key]}" for key in _NAMES if key in item), None) if isinstance(item, dict) else None


def _merge(parent: Located, at: tuple[Any, ...], child: Located, to: tuple[Any, ...], out: Located, path: tuple[Any, ...]) -> Any:
    above, below = _get(parent.data, at), _get(child.data, to)
    if isinstance(above, dict) and isinstance(below, dict):
        _note(child, to, out, path)
        merged: dict[str, Any] = {}
        for key in [*above, *(key for key in below if key not in above)]:
            if key not in below:
                merged[key] = _copy(parent, (*at, key), out, (*path, key))
            elif key not in above:
                merged[key] = _copy(child, (*to, key), out, (*path, key))
            else:
                merged[key] = _merge(parent, (*at, key), child, (*to, key), out, (*path, key))
        return merged
    if isinstance(above, list) and isinstance(below, list) and below and all(_name_of(item) for item in below):
        _note(child, to, out, path)
        names = {_name_of(item): i for i, item in enumerate(below)}
        items: list[Any] = []
        for i, item in enumerate(above):
            j = names.pop(_name_of(item), None)
            here = (*path, len(items))
            if j is None:
                items.append(_copy(parent, (*at, i), out, here))
            elif str(_name_of(item)).startswith("programme="):
                items.append(_merge(parent, (*at, i), child, (*to, j), out, here))
            else:
                items.append(_copy(child, (*to, j), out, here))
        for j in names.values():
            items.append(_copy(child, (*to, j), out, (*path, len(items))))
        return items
    return _copy(child, to, out, path)


def _copy(source: Located, at: tuple[Any, ...], out: Located, path: tuple[Any, ...]) -> Any:
    _note(source, at, out, path)
    value = _get(source.data, at)
    if isinstance(value, dict):
        return {key: _copy(source, (*at, key), out, (*path, key)) for key in value}
    if isinstance(value, list):
        return [_copy(source, (*at, i), out, (*path, i)) for i in range(len(value))]
    return value


def _note(source: Located, at: tuple[Any, ...], out: Located, path: tuple[Any, ...]) -> None:
    if at in source.lines:
        out.lines[path] = source.lines[at]
        out.origin[path] = source.origin.get(at, source.file)
    if at in source.bare_floats:
        out.bare_floats.append(path)


def _get(data: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        data = data[part]
    return data


def _used(name: str, root: Path, problems: ProblemList, where: Where) -> Path | None:
    path = root / f"{name}.yaml"
    if os.path.isfile(path):
        return path
    problems.error("common_unknown", where, name=name)
    return None


def _load_common(files: Iterable[Path], root: Path, problems: ProblemList) -> tuple[LoadedCommon, ...]:
    loaded = [load_model(path, Common, problems, shown_path(path, root)) for path in files]
    return tuple(LoadedCommon(common, located) for common, located in loaded if common is not None)


def common_reference(name: str, root: Path) -> Reference | None:
    """The reference table of that name in the common files of a library; None where there is none that can be read."""
    for path in sorted((root / "common").glob("*.yaml")):
        common, _ = load_model(path, Common, ProblemList())
        for reference in common.references if common else ():
            if reference.reference == name:
                return reference
    return None


def shown_path(path: Path, root: Path) -> str:
    """A path as the user knows it: inside the library from ``rulesets`` on, elsewhere as it was given."""
    return f"{root.name}/{path.relative_to(root).as_posix()}" if path.is_relative_to(root) else str(path)


def _taken(files: Iterable[Path], root: Path) -> tuple[RuleFile, ...]:
    return tuple(_rule_file(path, path.is_relative_to(root), root) for path in files)


def _rule_file(path: Path, inside: bool, root: Path) -> RuleFile:
    name = path.relative_to(root).as_posix() if inside else path.name
    return RuleFile(path, name, inside, _kept(path.read_bytes()))


@lru_cache(maxsize=256)
def _kept(content: bytes) -> bytes:
    """The same bytes as one object: many programmes use the same common files."""
    return content


def hash_of(files: Iterable[RuleFile]) -> str:
    """The hash of files by their names inside the library and their bytes, wherever the library lies."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(b"\0")
        digest.update(file.content)
        digest.update(b"\0")
    return digest.hexdigest()
