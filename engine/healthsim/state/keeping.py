"""Keeping cohorts in order: what the state manager does with the cohorts that are there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from healthsim.state.catalogue import CohortRecord
from healthsim.state.cohorts import Cohorts
from healthsim.state.copies import clone, publish_leftovers
from healthsim.state.exporting import ExportFormat, export_cohort
from healthsim.state.importing import import_cohort
from healthsim.state.merging import merge
from healthsim.state.names import check_given_name, check_names, check_tags
from healthsim.state.paths import given_path
from healthsim.state.store import Workspace


class CohortKeeping:
    """Lists, labels, clones, merges, moves and deletes the cohorts of a workspace.

    Args:
        workspace: The workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.cohorts = Cohorts(workspace)

    def list_cohorts(
        self,
        limit: int = 50,
        *,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        product: str | None = None,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """List cohorts, the newest first.

        Args:
            limit: Most cohorts.
            search: Text in the name, whatever its case.
            tags: Tags they all have.
            product: Product they are of.
            offset: Cohorts to leave out before.

        Raises:
            InvalidInputError: Tags are no list, or the page is none.
        """
        check_tags(tags=tags)
        found = self.cohorts.listed(limit, offset, search=search, tags=tags or (), product=product)
        return [_described(record) for record in found]

    def rename_cohort(self, cohort_id: str, name: str) -> dict[str, Any]:
        """Give a cohort another name, and tell which it is.

        Raises:
            NotFoundError: There is no such cohort.
            InvalidInputError: The name belongs to another, or is none.
        """
        check_given_name(name)
        return _described(self.cohorts.rename(cohort_id, name))

    def tag_cohort(self, cohort_id: str, add: Sequence[str] = (), *, remove: Sequence[str] = ()) -> dict[str, Any]:
        """Add tags to a cohort, remove others, and tell which it has.

        Raises:
            NotFoundError: There is no such cohort.
            InvalidInputError: Tags are none; lists every problem.
        """
        check_tags(add=add, remove=remove)
        return _described(self.cohorts.tag(cohort_id, add, remove))

    def clone_cohort(self, cohort_id: str, name: str) -> dict[str, Any]:
        """Keep a cohort a second time under another name and handle; it outlives the first and costs no space.

        Raises:
            NotFoundError: There is no such cohort.
            InvalidInputError: The name belongs to another, or is none.
        """
        check_given_name(name)
        return dict(clone(self.cohorts, cohort_id, name).summary)

    def merge_cohorts(self, cohort_ids: Sequence[str], *, name: str | None = None) -> dict[str, Any]:
        """Keep the rows of several cohorts as one more cohort, and give its summary.

        People of different cohorts are different people: identifiers of the second cohort and those after it are
        moved beyond those before, in every table alike. Rows about the world, such as providers, are kept once.

        Args:
            cohort_ids: Handles or names, two or more.
            name: The new cohort's name.

        Raises:
            NotFoundError: There is no such cohort.
            InvalidInputError: They cannot be merged, or the name belongs to another; lists every problem.
        """
        check_names(name=name)
        record, existing = merge(self.cohorts, cohort_ids, name)
        return {**record.summary, "existing": existing}

    def publish_cohorts(self) -> list[dict[str, Any]]:
        """Enter finished cohorts into the catalogue that could not reach it when they were made.

        Returns:
            For each such file, the handle and the name it got, or why it stays where it is.
        """
        return publish_leftovers(self.cohorts)

    def export_cohort(
        self,
        cohort_id: str,
        directory: str | Path | None = None,
        *,
        tables: Sequence[str] | None = None,
        format: ExportFormat = "parquet",  # noqa: A002 - what users call it
    ) -> dict[str, Any]:
        """Write a cohort's tables into a new folder, with a manifest, whole or not at all.

        Args:
            cohort_id: Its handle or name.
            directory: The folder; must be empty or not exist. Beside the workspace, by the cohort's handle, if left
                out.
            tables: Which tables; all if left out. Only all of them, as Parquet, can be imported again.
            format: `parquet`, `csv` or `jsonl`.

        Returns:
            The folder, and its files with rows, bytes and SHA-256.

        Raises:
            NotFoundError: There is no such cohort.
            InvalidInputError: A table or the format is unknown, or the folder is not empty.
            StateError: The folder cannot be written.
        """
        record = self.cohorts.get(cohort_id)
        beside = self.workspace.path.with_name(f"{self.workspace.path.stem}.exports")
        target = beside / record.cohort_id if directory is None else given_path(directory, "$.directory")
        return export_cohort(record, target, tables=tables, format_name=format)

    def import_cohort(self, directory: str | Path, *, name: str | None = None) -> dict[str, Any]:
        """Keep a cohort that was exported as Parquet, once its files are seen to be whole.

        Args:
            directory: The folder.
            name: The cohort's name; the one it had if left out.

        Returns:
            The cohort's summary.

        Raises:
            InvalidInputError: The folder is no export, or not what its manifest says; lists every problem.
            StateError: The workspace is busy or damaged.
        """
        check_names(name=name)
        record, existing = import_cohort(self.cohorts, given_path(directory, "$.directory"), name)
        return {**record.summary, "existing": existing}

    def delete_cohort(self, cohort_id: str) -> dict[str, Any]:
        """Remove a cohort and give back its space; tells what was removed."""
        record = self.cohorts.delete(cohort_id)
        return {"cohort_id": record.cohort_id, "name": record.name, "tables": record.summary["tables"]}


def _described(record: CohortRecord) -> dict[str, Any]:
    """Describe a cohort in a line."""
    return {
        "cohort_id": record.cohort_id,
        "name": record.name,
        "count": record.summary["count"],
        "products": record.summary["products"],
        "tags": list(record.tags),
        "created_at": record.created_at.isoformat() if record.created_at else None,
    }
