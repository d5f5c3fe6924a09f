"""What saved profiles and saved journeys have in common: how they are checked, kept in versions and compared."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from healthsim.errors import Problem
from healthsim.state.differences import Difference, differences
from healthsim.state.labels import label_problems, raise_if_any
from healthsim.state.library import Library, SavedEntry
from healthsim.state.names import check_tags, name_problems
from healthsim.state.specification import Labels, Specification

Source = TypeVar("Source")


class SavedSpecifications(ABC, Generic[SavedEntry, Source]):
    """Saves specifications of one kind under names, and finds them again.

    Args:
        library: Where they are saved.
    """

    def __init__(self, library: Library[SavedEntry]) -> None:
        self._library = library

    @abstractmethod
    def _checked(self, source: Source, around: Sequence[Problem]) -> Specification:
        """Give a specification that could be executed, or raise everything that is wrong with it and around it."""

    @abstractmethod
    def _in_full(self, spec: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give a specification with every default, so that two ways of writing the same are the same."""

    def versions(self, named: str | int) -> list[SavedEntry]:
        """Give all versions of one, the first first.

        Args:
            named: Its name or number.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        return self._library.versions(named)

    def diff(self, named: str | int, before: int | None = None, after: int | None = None) -> list[Difference]:
        """Tell what differs in meaning between two versions of one.

        Args:
            named: Its name or number.
            before: The first version; the one before the second if left out.
            after: The second version; the latest if left out.

        Raises:
            NotFoundError: There is none, or no such version.
        """
        second = self._library.load(named, after)
        first = self._library.load(second.id, max(second.version - 1, 1) if before is None else before)
        earlier, later = (self._in_full(each.spec) for each in (first, second))
        return list(differences(earlier, later))

    def _reserved(self, _name: str) -> list[Problem]:
        """Find that a name may not be given to a specification."""
        return []

    def _save(self, name: str, source: Source, description: str | None, tags: Sequence[str] | None) -> int:
        around = [*name_problems(name), *self._reserved(name), *label_problems(Labels(None, description, tags))]
        spec = self._checked(source, around)
        return self._library.save(name, spec, description=description, tags=tags).id

    def _update(self, named: str | int, source: Source | None, labels: Labels) -> SavedEntry:
        around = [*label_problems(labels), *([] if labels.name is None else self._reserved(labels.name))]
        saved = self._library.load(named)
        raise_if_any(around if source is None else [])
        spec = None if source is None else self._checked(source, around)
        return self._library.update(saved.id, spec, labels)

    def _listed(
        self, search: str | None, tags: Sequence[str] | None, product: str | None, limit: int, offset: int
    ) -> list[SavedEntry]:
        check_tags(tags=tags)
        return self._library.listed(search=search, tags=tags or (), product=product, limit=limit, offset=offset)
