"""Where the skills, journeys and schemas lie: inside the installed package, or at the root of a checkout."""

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("healthsim")))
_INSTALLED = _PACKAGE / "_content"


def content_directory(kind: str) -> Path:
    """Give a folder of content.

    Args:
        kind: The folder's name, `skills`, `journeys` or `schemas`.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent.parent
    return root / kind
