"""The shape of the source: sizes of files, windows without code, names that are exported."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "server").rglob("*.py")])
LONGEST = 300
EXPORTING = ["healthsim", *(f"healthsim.{part}" for part in ("generation", "planning", "skills", "spec", "state"))]
WINDOWS = [path for path in SOURCES if path.name == "__init__.py" and path.parent.name != "healthsim"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_file_is_short_and_says_its_job(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert docstring.splitlines()[0].endswith((".", ":")), "the first line of its docstring is a sentence"


@pytest.mark.parametrize("path", WINDOWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_package_is_a_shop_window_without_code(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    allowed = (ast.Import, ast.ImportFrom, ast.Expr)
    code = [node for node in body if not isinstance(node, allowed) and not _names_something(node)]
    assert not code


@pytest.mark.parametrize("name", EXPORTING)
def test_every_exported_name_exists(name: str) -> None:
    module = import_module(name)
    assert [exported for exported in module.__all__ if not hasattr(module, exported)] == []
    assert sorted(module.__all__, key=str.casefold) == sorted(set(module.__all__), key=str.casefold)


def test_databases_are_opened_in_one_place() -> None:
    opening = [path.name for path in SOURCES if "duckdb.connect(" in _code(path)]
    assert opening == ["connecting.py"]


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    healthsim = import_module("healthsim")
    with pytest.raises(AttributeError, match="generat"):
        _ = healthsim.generat


def test_importing_the_package_loads_neither_numpy_nor_duckdb() -> None:
    program = "import sys, healthsim, healthsim.errors; print({'numpy', 'duckdb', 'pydantic'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "set()"


def _code(path: Path) -> str:
    """Give a module's code without its comments and texts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return "\n".join(ast.unparse(node.func) + "(" for node in ast.walk(tree) if isinstance(node, ast.Call))


def _names_something(node: ast.stmt) -> bool:
    """Tell whether a statement is an assignment of names to names, such as `__all__` or a tuple of tools."""
    return isinstance(node, ast.Assign | ast.AnnAssign) and not any(
        isinstance(part, ast.Call) for part in ast.walk(node)
    )
