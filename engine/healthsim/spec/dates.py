"""Dates of a profile, as texts."""


def no_number(value: object) -> object:
    """Refuse numbers, which would be taken for seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError("a date is written as 2025-01-31")  # noqa: TRY004 - pydantic turns it into a problem
    return value
