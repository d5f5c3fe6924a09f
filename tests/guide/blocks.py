"""Blocks of the user's guide, found and run."""

import re
from typing import Any


def block(guide: str, heading: str) -> str:
    """Give the first Python block under a heading."""
    match = re.search(rf"^#+ (?:\d+\. )?{re.escape(heading)}\n.*?```python\n(.*?)```", guide, re.MULTILINE | re.DOTALL)
    assert match is not None, heading
    return match[1]


def run(text: str, **names: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the guide's earlier blocks made
    """Run a block, with the names of earlier blocks, and give all names it knows after."""
    known: dict[str, Any] = dict(names)
    exec(compile(text, "guide.md", "exec"), known)  # noqa: S102 - the guide's own code
    return known
