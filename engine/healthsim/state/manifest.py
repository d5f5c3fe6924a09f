"""The manifest of an export, whoever wrote it: read, and seen to be sound before anything of it is used."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
)

from healthsim.errors import InvalidInputError, InvalidProfileError, Problem, did_you_mean, nearest_names, rendered
from healthsim.spec import parsed_profile
from healthsim.spec.problems import problems_of
from healthsim.state.exporting import MANIFEST, MANIFEST_VERSION, manifest_checksum
from healthsim.state.names import check_given_name, tag_problems
from healthsim.tables import table_definition, table_names

_LONGEST_MANIFEST = 20_000_000
_MOST_ROWS = 10**12


def _dated(text: str) -> str:
    date.fromisoformat(text)
    return text


def _none_of_nobody(demographics: object) -> object:
    """Take what is said of records that were brought in, which is nothing, for None."""
    if demographics is None:
        raise ValueError("is an object")
    return None if demographics == {} else demographics


Rows = Annotated[StrictInt, Field(ge=0, le=_MOST_ROWS)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Day = Annotated[StrictStr, AfterValidator(_dated)]


class _Said(BaseModel):
    """A part of a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Ages(_Said):
    mean: float = Field(ge=0, allow_inf_nan=False)
    min: NonNegativeInt
    max: NonNegativeInt
    bands: dict[str, Share]


class _Demographics(_Said):
    age: _Ages
    gender: dict[str, Share]
    race: dict[str, Share]
    ethnicity: dict[str, Share]


class _Condition(_Said):
    code: StrictStr
    name: StrictStr
    among: StrictStr
    asked: Share | None
    expected: Share
    reached: Share


class _Claims(_Said):
    submissions: NonNegativeInt
    billed: float = Field(allow_inf_nan=False)
    allowed: float = Field(allow_inf_nan=False)
    paid: float = Field(allow_inf_nan=False)
    denied_at_first: Share


class _Score(_Said):
    rules_checked: NonNegativeInt
    rules_broken: NonNegativeInt
    rows_broken: NonNegativeInt
    figures_compared: NonNegativeInt
    figures_outside: NonNegativeInt
    version: StrictStr


class _Summary(_Said):
    cohort_id: StrictStr = Field(pattern=r"^co_[a-z2-7]{1,64}\z")
    name: StrictStr
    products: list[StrictStr] = Field(min_length=1)
    count: Rows
    seed: Annotated[StrictInt, Field(ge=0, lt=2**63)] | None
    digest: StrictStr = Field(pattern=r"^[0-9a-f]{1,128}\z")
    as_of: Day | None
    tables: dict[str, Rows]
    demographics: Annotated[_Demographics | None, BeforeValidator(_none_of_nobody)]
    conditions: list[_Condition]
    sources: list[StrictStr]
    engine_version: StrictStr
    reference_version: StrictStr | None
    existing: StrictBool
    notes: list[StrictStr]
    claims: _Claims | None = None
    score: _Score | None = None


class _Table(_Said):
    file: StrictStr = Field(min_length=1)
    rows: Rows
    bytes: Rows
    sha256: StrictStr = Field(pattern=r"^[0-9a-f]{64}\z")
    columns: dict[str, StrictStr] = Field(min_length=1)


class _Manifest(_Said):
    """The manifest; of what it says beyond nothing is used."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    spec: dict[str, Any]
    summary: _Summary
    tables: dict[str, _Table] = Field(min_length=1)


def read_manifest(directory: Path) -> Mapping[str, Any]:
    """Read the manifest of an export that can be imported.

    Args:
        directory: The folder of the export.

    Raises:
        InvalidInputError: There is none, it was changed, or it says what no export of all tables as Parquet says; lists
            every problem.
    """
    manifest = _whole(directory / MANIFEST)
    problems = [*_shape_problems(manifest), *_label_problems(manifest)]
    if not problems:
        problems = [*_table_problems(manifest), *_spec_problems(manifest["spec"])]
    if problems:
        raise InvalidInputError(problems)
    return manifest


def _whole(file: Path) -> Mapping[str, Any]:
    """Read a manifest that is what was once written."""
    try:
        if file.exists() and not file.is_file():
            raise _refused(file, "the manifest is no file")
        if file.stat().st_size > _LONGEST_MANIFEST:
            raise _refused(file, "the manifest is too long to be one")
        manifest = json.loads(file.read_text(encoding="utf-8"))
        json.dumps(manifest, ensure_ascii=False, allow_nan=False).encode()
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise _refused(file, f"the manifest of an export cannot be read: {reason}") from error
    if not isinstance(manifest, dict) or manifest.get("manifest_version") != MANIFEST_VERSION:
        raise _refused(file, f"not a manifest of version {MANIFEST_VERSION}")
    if manifest.get("sha256") != manifest_checksum(manifest):
        raise _refused(file, "the manifest was changed after it was written")
    return manifest


def _shape_problems(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is not of the kind it should be."""
    if manifest.get("format") != "parquet" or manifest.get("is_complete") is not True:
        message = "only exports of all tables as Parquet can be imported"
        yield Problem("$.format", message, rendered(manifest.get("format")))
    try:
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        yield from problems_of(error.errors(), manifest, {})


def _label_problems(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what users may not call a cohort."""
    try:
        check_given_name(manifest.get("name"))
    except InvalidInputError as error:
        yield from error.problems
    yield from tag_problems(manifest.get("tags"))


def _table_problems(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find tables and columns that are not known, or not as they are known."""
    counted = {name: table["rows"] for name, table in manifest["tables"].items()}
    if counted != manifest["summary"]["tables"]:
        message = "the summary counts other rows than the tables have"
        yield Problem("$.summary.tables", message, rendered(manifest["summary"]["tables"]), f"they have {counted}")
    for name, table in manifest["tables"].items():
        path = f"$.tables.{name}"
        if name not in table_names():
            yield Problem(path, "this version knows no such table", rendered(name), _near(name, table_names()))
        else:
            yield from _column_problems(f"{path}.columns", name, table["columns"])


def _column_problems(path: str, table: str, columns: Mapping[str, str]) -> Iterator[Problem]:
    known = {column.name: column for column in table_definition(table).visible}
    for name, kind in columns.items():
        if name not in known:
            yield Problem(f"{path}.{name}", f"{table} has no such column", rendered(kind), _near(name, known))
        elif kind != (wanted := "VARCHAR" if known[name].type == "ENUM" else known[name].type):
            yield Problem(f"{path}.{name}", "the column is of another type", rendered(kind), f"it is {wanted}")
    for key in table_definition(table).key:
        if key not in columns:
            yield Problem(f"{path}.{key}", "this column is needed")


def _spec_problems(spec: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is wrong with the profile the cohort was made from; one that was brought in has none."""
    if not spec:
        return
    try:
        problems = parsed_profile(spec).problems
    except InvalidProfileError as error:
        problems = error.problems
    yield from (Problem(f"$.spec{each.path[1:]}", each.message, each.received, each.hint) for each in problems)


def _near(name: str, known: Any) -> str | None:  # noqa: ANN401 - names in any collection
    return did_you_mean(nearest_names(name, known))


def _refused(file: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Problem("$.directory", message, rendered(str(file)))])
