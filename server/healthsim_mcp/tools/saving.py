"""Tools that save profiles and journeys under names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError
from healthsim_mcp.call import Call
from healthsim_mcp.tools.tool import Tool


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where something is saved.

    Attributes:
        argument: What its documents are called.
        load: Gives what has a name.
        save: Saves under a new name, and gives its number.
        update: Saves the next version.
    """

    argument: str
    load: Callable[..., Any]
    save: Callable[..., int]
    update: Callable[..., Any]


def save_profile(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Save a profile: a new one, the same one again, or a new version of the one that has the name."""
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    shelf = get_manager(call.settings.db).profiles
    return _saved(arguments, _Shelf("profile", shelf.load_profile, shelf.save_profile, shelf.update_profile))


def save_journey(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Save a journey, likewise."""
    from healthsim import get_manager  # noqa: PLC0415 - as above

    shelf = get_manager(call.settings.db).journeys
    return _saved(arguments, _Shelf("journey", shelf.load_journey, shelf.save_journey, shelf.update_journey))


def _saved(arguments: Mapping[str, Any], shelf: _Shelf) -> Mapping[str, Any]:
    name, document = arguments["name"], arguments[shelf.argument]
    labels = {key: arguments[key] for key in ("description", "tags") if key in arguments}
    try:
        number = _number(name, shelf)
        saved = (
            shelf.load(shelf.save(name, document, **labels))
            if number is None
            else shelf.update(number, document, **labels)
        )
    except InvalidInputError as error:
        told, meant = f".{shelf.argument}_spec", f".{shelf.argument}"
        problems = [replace(each, path=each.path.replace(told, meant, 1)) for each in error.problems]
        raise type(error)(problems) from error
    return {"id": saved.id, "name": saved.name, "version": saved.version, "products": list(saved.products)}


def _number(name: str, shelf: _Shelf) -> int | None:
    """Give the number of what has a name; None if nothing has, or only a number like it."""
    try:
        known = shelf.load(name)
    except NotFoundError:
        return None
    return known.id if known.name == name else None


SAVE_PROFILE = Tool("save_profile", save_profile, is_read_only=False)
SAVE_JOURNEY = Tool("save_journey", save_journey, is_read_only=False)
