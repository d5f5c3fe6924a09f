"""What is wrong with what users write on a specification, beside what is wrong with the specification itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from healthsim.errors import InvalidInputError, Problem
from healthsim.state.names import description_problems, name_problems, tag_problems
from healthsim.state.specification import Labels


def label_problems(labels: Labels) -> Iterator[Problem]:
    """Find what is wrong with a name, a description and tags, as far as they are given."""
    if labels.name is not None:
        yield from name_problems(labels.name)
    if labels.description is not None:
        yield from description_problems(labels.description)
    if labels.tags is not None:
        yield from tag_problems(labels.tags)


def within(problems: Iterable[Problem], path: str) -> list[Problem]:
    """Give problems of a document with the path of the argument it came in."""
    return [replace(problem, path=f"{path}{problem.path.removeprefix('$')}") for problem in problems]


def raise_if_any(problems: Sequence[Problem]) -> None:
    """Raise problems, if there are any.

    Raises:
        InvalidInputError: There are.
    """
    if problems:
        raise InvalidInputError(problems)
