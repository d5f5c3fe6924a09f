"""What an error says, as the lines a reply is made of."""

from healthsim.errors import HealthSimError, InvalidInputError


def problems_of(error: HealthSimError) -> tuple[str, ...]:
    """Give what an error says, problem by problem."""
    if isinstance(error, InvalidInputError):
        return tuple(str(problem) for problem in error.problems)
    return (str(error),)
