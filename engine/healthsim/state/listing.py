"""Pages of lists: which part of a list is asked for."""

from healthsim.errors import InvalidInputError, Problem, rendered

MOST_LISTED = 1_000_000


def check_page(limit: object, offset: object = 0) -> None:
    """Refuse a page that is none.

    Raises:
        InvalidInputError: The limit is not positive, or the offset negative.
    """
    bounds = (("$.limit", limit, 1), ("$.offset", offset, 0))
    problems = [
        Problem(path, f"must be at least {low}, at most {MOST_LISTED:,}", rendered(value))
        for path, value, low in bounds
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= MOST_LISTED
    ]
    if problems:
        raise InvalidInputError(problems)
