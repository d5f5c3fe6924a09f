"""Where cohorts are exported to: below one folder, whatever a caller names."""

from pathlib import Path

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.settings import Settings


def export_folder(settings: Settings, workspace: Path, named: str) -> Path:
    """Give the folder that a caller named, below the one that exports go to.

    Args:
        settings: Of the server.
        workspace: Path of the workspace database.
        named: A name or relative path, or the path of a folder that lies there.

    Raises:
        InvalidInputError: It lies elsewhere, as by `..` or a link, or cannot be a folder, or has characters in its name
            that nobody sees.
    """
    if not named.isprintable():
        message = "the name of a folder has no control characters"
        raise InvalidInputError([Problem("$.directory", message, rendered(named))])
    home = Path(settings.exports) if settings.exports else workspace.with_name(f"{workspace.stem}.exports")
    try:
        home = home.expanduser().resolve()
        folder = (home / named).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise InvalidInputError([Problem("$.directory", "cannot be a folder", rendered(named))]) from error
    if folder == home or not folder.is_relative_to(home):
        message, hint = "must be a folder below the server's folder of exports", "name a new one, such as harris"
        raise InvalidInputError([Problem("$.directory", message, rendered(named), hint)])
    return folder
