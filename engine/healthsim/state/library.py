"""Specifications under names: each with its versions, a description and tags."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import duckdb

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim.state.listing import check_page
from healthsim.state.names import as_text, unique_tags
from healthsim.state.specification import Entry, Kind, Labels, Specification
from healthsim.state.store import Workspace

_NEAR = 20
"""Names that are looked at for the nearest to one that is not there."""


SavedEntry = TypeVar("SavedEntry", bound=Entry)


class Library(Generic[SavedEntry]):
    """Named specifications of one kind in a workspace.

    Args:
        workspace: The workspace.
        kind: What they are.
        entry: Makes an entry of the values of `Entry`.
    """

    def __init__(self, workspace: Workspace, kind: Kind, entry: Callable[..., SavedEntry]) -> None:
        self._workspace = workspace
        self._kind = kind
        self._entry = entry
        self._entries = f"state.{kind}s"
        self._versions = f"state.{kind}_versions"
        self._select = (
            f"SELECT e.id, e.name, v.version, v.spec, e.description, e.tags, v.products, e.created_at, v.created_at"  # noqa: S608 - our own tables
            f" FROM {self._entries} e JOIN {self._versions} v USING (id)"
        )

    def save(
        self, name: str, spec: Specification, *, description: str | None, tags: Sequence[str] | None
    ) -> SavedEntry:
        """Save a specification under a new name; under its own name again it is the entry that is there.

        Raises:
            InvalidInputError: The name belongs to another specification.
        """
        with self._workspace.changing() as connection:
            found = self._latest(connection, "e.name = ?", [name])
            if found is None:
                return self._added(connection, name, spec, description or "", tags or ())
            if self._digest(connection, found) != spec.digest:
                message = f"the name belongs to {self._kind} {found.id}, which is another"
                hint = f"choose another, or update that {self._kind} to add a version"
                raise InvalidInputError([Problem("$.name", message, rendered(name), hint)])
            self._label(connection, found.id, Labels(None, description, tags))
            return self._get(connection, found.id)

    def update(self, named: str | int, spec: Specification | None, labels: Labels) -> SavedEntry:
        """Add a version, unless it equals the latest, and change what is written on it.

        Raises:
            NotFoundError: There is none.
            InvalidInputError: The new name belongs to another.
        """
        with self._workspace.changing() as connection:
            found = self._found(connection, named)
            if spec is not None and self._digest(connection, found) != spec.digest:
                self._add_version(connection, found.id, found.version + 1, spec)
            self._label(connection, found.id, labels)
            return self._get(connection, found.id)

    def load(self, named: str | int, version: int | None = None) -> SavedEntry:
        """Give an entry by its name or number, in its latest version or the one asked for.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        with self._workspace.reading() as connection:
            found = self._found(connection, named)
            if version is None or version == found.version:
                return found
            versions = self._rows(connection, "e.id = ? ORDER BY v.version", [found.id])
        for each in versions:
            if each.version == version:
                return each
        valid = [str(each.version) for each in versions]
        raise NotFoundError(f"version of {self._kind} {found.name}", str(version), valid, path="$.version")

    def versions(self, named: str | int) -> list[SavedEntry]:
        """Give all versions of an entry, the first first.

        Raises:
            NotFoundError: There is none.
        """
        with self._workspace.reading() as connection:
            return self._rows(connection, "e.id = ? ORDER BY v.version", [self._found(connection, named).id])

    def listed(
        self, *, search: str | None, tags: Sequence[str], product: str | None, limit: int, offset: int
    ) -> list[SavedEntry]:
        """List entries in their latest version, the last saved first.

        Args:
            search: Text in name or description, whatever its case.
            tags: Tags they all have.
            product: Product they are of.
            limit: Most entries.
            offset: Entries to leave out before.
        """
        check_page(limit, offset)
        conditions, values = ["v.version = e.latest"], list[object]()
        if search:
            conditions.append("(contains(lower(e.name), lower(?)) OR contains(lower(e.description), lower(?)))")
            values += [as_text(search)] * 2
        for tag in tags:
            conditions.append("list_contains(list_transform(e.tags, lambda t: lower(t)), lower(?))")
            values.append(as_text(tag).strip())
        if product is not None:
            conditions.append("list_contains(v.products, lower(?))")
            values.append(as_text(product))
        clause = f"{' AND '.join(conditions)} ORDER BY v.created_at DESC, e.id DESC LIMIT ? OFFSET ?"
        with self._workspace.reading() as connection:
            return self._rows(connection, clause, [*values, limit, offset])

    def delete(self, named: str | int) -> SavedEntry:
        """Remove an entry with all its versions.

        Raises:
            NotFoundError: There is none.
        """
        with self._workspace.changing() as connection:
            found = self._found(connection, named)
            connection.execute(f"DELETE FROM {self._versions} WHERE id = ?", [found.id])  # noqa: S608 - our own table
            connection.execute(f"DELETE FROM {self._entries} WHERE id = ?", [found.id])  # noqa: S608 - as above
        return found

    def _added(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        spec: Specification,
        description: str,
        tags: Iterable[str],
    ) -> SavedEntry:
        (number,) = connection.execute(
            f"INSERT INTO {self._entries} (name, description, tags, latest) VALUES (?, ?, ?, 1) RETURNING id",  # noqa: S608 - our own table
            [name, description, unique_tags(list(tags))],
        ).fetchone() or (0,)
        self._add_version(connection, number, 1, spec)
        return self._get(connection, number)

    def _add_version(
        self, connection: duckdb.DuckDBPyConnection, number: int, version: int, spec: Specification
    ) -> None:
        connection.execute(
            f"INSERT INTO {self._versions} (id, version, spec, products, digest) VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - our own table
            [number, version, json.dumps(spec.written), list(spec.products), spec.digest],
        )
        connection.execute(f"UPDATE {self._entries} SET latest = ? WHERE id = ?", [version, number])  # noqa: S608 - as above

    def _label(self, connection: duckdb.DuckDBPyConnection, number: int, labels: Labels) -> None:
        if labels.name is not None:
            owner = self._latest(connection, "e.name = ?", [labels.name])
            if owner is not None and owner.id != number:
                message = f"the name belongs to {self._kind} {owner.id}"
                raise InvalidInputError([Problem("$.name", message, rendered(labels.name), "choose another")])
        tags = None if labels.tags is None else unique_tags(labels.tags)
        for column, value in (("name", labels.name), ("description", labels.description), ("tags", tags)):
            if value is not None:
                connection.execute(f"UPDATE {self._entries} SET {column} = ? WHERE id = ?", [value, number])  # noqa: S608 - as above

    def _found(self, connection: duckdb.DuckDBPyConnection, named: str | int) -> SavedEntry:
        """Find an entry: a text is a name, else a number."""
        text = as_text(named)
        found = None if isinstance(named, int) else self._latest(connection, "e.name = ?", [text])
        if found is None and text.isdecimal():
            found = self._latest(connection, "e.id = TRY_CAST(? AS BIGINT)", [text])
        if found is not None:
            return found
        query = f"SELECT name FROM {self._entries} ORDER BY jaro_winkler_similarity(lower(name), lower(?)) DESC LIMIT ?"  # noqa: S608 - as above
        raise NotFoundError(self._kind, text, [name for (name,) in connection.execute(query, [text, _NEAR]).fetchall()])

    def _get(self, connection: duckdb.DuckDBPyConnection, number: int) -> SavedEntry:
        return self._found(connection, number)

    def _digest(self, connection: duckdb.DuckDBPyConnection, entry: Entry) -> str:
        query = f"SELECT digest FROM {self._versions} WHERE id = ? AND version = ?"  # noqa: S608 - as above
        (digest,) = connection.execute(query, [entry.id, entry.version]).fetchone() or ("",)
        return str(digest)

    def _latest(
        self, connection: duckdb.DuckDBPyConnection, condition: str, values: Sequence[object]
    ) -> SavedEntry | None:
        found = self._rows(connection, f"v.version = e.latest AND {condition}", values)
        return found[0] if found else None

    def _rows(self, connection: duckdb.DuckDBPyConnection, clause: str, values: Sequence[object]) -> list[SavedEntry]:
        rows = connection.execute(f"{self._select} WHERE {clause}", list(values)).fetchall()
        return [
            self._entry(number, name, version, json.loads(spec), description, tuple(tags), tuple(products), *times)
            for number, name, version, spec, description, tags, products, *times in rows
        ]
