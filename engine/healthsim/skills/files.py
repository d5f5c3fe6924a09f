"""Folders of skills, as they are read from disk."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthsim.errors import Problem

DOCUMENT, TEXT = "skill.json", "SKILL.md"


@dataclass(frozen=True, slots=True)
class SkillFile:
    """The files of a skill.

    Attributes:
        name: The folder's name.
        document: Its `skill.json`; empty where that cannot be read.
        text: Its `SKILL.md`; empty where there is none.
        contents: All its files, by their paths from the folder of folders.
        problem: Why `skill.json` cannot be read; None where it can.
    """

    name: str
    document: Mapping[str, Any]
    text: str
    contents: Mapping[str, bytes]
    problem: Problem | None = None


def skill_files(directory: Path) -> dict[str, SkillFile]:
    """Read the skills of a folder, by name; folders without a `skill.json` are none."""
    return {folder.name: _read(folder) for folder in skill_folders(directory)}


def skill_folders(directory: Path) -> list[Path]:
    """Name the folders of a folder that are skills, in alphabetical order; what is no file is no `skill.json`."""
    return sorted(path.parent for path in directory.glob(f"*/{DOCUMENT}") if path.is_file())


def at(skill: str, path: str = "$") -> str:
    """Name a place in a skill's `skill.json`."""
    return f"{skill}/{DOCUMENT} {path}"


def _read(folder: Path) -> SkillFile:
    try:
        contents = dict(_contents(folder))
    except OSError as error:
        problem = Problem(f"{folder.name}/", f"cannot be read: {error.strerror}")
        return SkillFile(folder.name, {}, "", {}, problem)
    text = contents.get(f"{folder.name}/{TEXT}", b"").decode("utf-8", errors="replace")
    try:
        document = json.loads(contents[f"{folder.name}/{DOCUMENT}"], object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        problem = Problem(at(folder.name), f"cannot be read: {error}")
        return SkillFile(folder.name, {}, text, contents, problem)
    if not isinstance(document, Mapping):
        problem = Problem(at(folder.name), "is not a JSON object")
        return SkillFile(folder.name, {}, text, contents, problem)
    return SkillFile(folder.name, document, text, contents)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object whose keys are each written once: of two, one would go unseen."""
    written = dict(pairs)
    if len(written) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice} is written twice in one object")
    return written


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder.parent).as_posix(), path.read_bytes()
