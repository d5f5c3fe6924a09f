"""Where the skills, journeys and schemas lie: inside the installed package, or at the root of a checkout."""

import os
from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("healthsim")))
_INSTALLED = _PACKAGE / "_content"

OWN_SKILLS = "HEALTHSIM_SKILLS"
"""Environment variable that names the user's own folders of skills, one or more, separated as in `PATH`."""


def content_directory(kind: str) -> Path:
    """Give a folder of content.

    Args:
        kind: The folder's name, `skills`, `journeys`, `benefits`, `protocols` or `schemas`.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent.parent
    return root / kind


def own_skill_directories() -> tuple[Path, ...]:
    """Give the user's own folders of skills, in their order."""
    named = os.environ.get(OWN_SKILLS, "").split(os.pathsep)
    return tuple(Path(text).expanduser() for text in named if text.strip())


def skill_names() -> list[str]:
    """Name the skills of the package and of the user's own folders, unread."""
    directories = (content_directory("skills"), *own_skill_directories())
    files = (path for directory in directories for path in directory.glob("*/skill.json") if path.is_file())
    return sorted({path.parent.name for path in files})
