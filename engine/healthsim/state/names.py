"""Names that users give to what they keep."""

from healthsim.errors import InvalidInputError, Problem, rendered

LONGEST_NAME = 256


def check_names(**names: object) -> None:
    """Refuse names that are no texts, blank, too long, or hold characters that cannot be printed.

    Args:
        names: By the argument they came in; None where none came.

    Raises:
        InvalidInputError: One is such; lists every one.
    """
    problems = [
        Problem(f"$.{argument}", complaint, rendered(name))
        for argument, name in names.items()
        if name is not None and (complaint := _complaint(name))
    ]
    if problems:
        raise InvalidInputError(problems)


def _complaint(name: object) -> str | None:
    if not isinstance(name, str) or not name.strip():
        return "a name is a text that is not blank"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    return None if name.isprintable() else "a name has no control characters"
