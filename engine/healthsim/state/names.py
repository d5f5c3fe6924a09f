"""Names, tags and descriptions that users give to what they keep."""

from collections.abc import Iterator, Sequence

from healthsim.errors import InvalidInputError, Problem, rendered

LONGEST_NAME = 256
_LONGEST_DESCRIPTION = 10_000
_MOST_TAGS = 50


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


def check_given_name(name: object) -> None:
    """Refuse a name that is needed and is none.

    Raises:
        InvalidInputError: It is none.
    """
    check_names(name="" if name is None else name)


def check_tags(**tags: object) -> None:
    """Refuse tags that are none.

    Args:
        tags: By the argument they came in; None where none came.

    Raises:
        InvalidInputError: Some are such; lists every one.
    """
    problems = [
        problem
        for argument, listed in tags.items()
        if listed is not None
        for problem in tag_problems(listed, f"$.{argument}")
    ]
    if problems:
        raise InvalidInputError(problems)


def name_problems(name: object) -> Iterator[Problem]:
    """Find what is wrong with the name of something that is also found by its number."""
    complaint = _complaint(name)
    if complaint is None and str(name).strip().isdigit():
        complaint = "a name is more than a number, which would be taken for an identifier"
    if complaint is not None:
        yield Problem("$.name", complaint, rendered(name))


def tag_problems(tags: object, path: str = "$.tags") -> Iterator[Problem]:
    """Find what is wrong with tags: they are a list of short texts."""
    if not isinstance(tags, Sequence) or isinstance(tags, str | bytes):
        yield Problem(path, "tags are a list of texts", rendered(tags), "such as ['diabetes', 'texas']")
        return
    if len(tags) > _MOST_TAGS:
        yield Problem(path, f"at most {_MOST_TAGS} tags", f"{len(tags):,} tags")
        return
    for index, tag in enumerate(tags):
        complaint = _complaint(tag)
        if complaint is not None:
            yield Problem(f"{path}[{index}]", complaint.replace("a name", "a tag"), rendered(tag))


def description_problems(description: object) -> Iterator[Problem]:
    """Find what is wrong with a description: it is a text."""
    path = "$.description"
    if not isinstance(description, str):
        yield Problem(path, "a description is a text", rendered(description))
    elif len(description) > _LONGEST_DESCRIPTION:
        yield Problem(path, f"at most {_LONGEST_DESCRIPTION:,} characters", f"{len(description):,} characters")
    elif any("\ud800" <= character <= "\udfff" or character == "\0" for character in description):
        yield Problem(path, "a text without NUL and lone surrogates", rendered(description))


def as_text(value: object) -> str:
    """Give a text that a database takes: what is no Unicode is replaced."""
    text = value if isinstance(value, str) else rendered(value)
    return text.encode(errors="replace").decode()


def unique_tags(tags: Sequence[str]) -> list[str]:
    """Give tags without repetitions, upper and lower case being the same, in their order."""
    by_folded: dict[str, str] = {}
    for tag in tags:
        by_folded.setdefault(tag.strip().casefold(), tag.strip())
    return list(by_folded.values())


def _complaint(name: object) -> str | None:
    if not isinstance(name, str) or not name.strip():
        return "a name is a text that is not blank"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    return None if name.isprintable() else "a name has no control characters"
