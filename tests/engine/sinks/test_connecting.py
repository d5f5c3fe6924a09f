"""Nothing is drawn where answers are printed, even in a program for which DuckDB would draw."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, sys
from pathlib import Path
import duckdb
from healthsim import generate
from healthsim.sinks.connecting import IN_MEMORY, connected
from healthsim.state.reading import cohort_connection
from healthsim.state.store import Workspace

def draws(connection):
    return connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()[0]

found = {"DuckDB's own": draws(duckdb.connect())}
with connected(IN_MEMORY) as connection:
    found |= {"in memory": draws(connection), "a cursor": draws(connection.cursor())}
db = Path(sys.argv[1])
for storage in ("duckdb", "parquet"):
    profile = {"generation": {"count": 2, "seed": 1, "storage": storage}}
    cohort = generate(profile=profile, persist=True, db=db)
    file = next(db.with_suffix(".cohorts").glob(f"{cohort.get('cohort_id')}*"))
    with cohort_connection(file) as connection:
        found[storage] = draws(connection)
with Workspace(db).reading() as connection:
    found["reading"] = draws(connection)
with Workspace(db).changing() as connection:
    found["changing"] = draws(connection)
print(json.dumps(found))
"""


def test_no_connection_draws_a_progress_bar(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "workspace.duckdb")]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)
    assert found.pop("DuckDB's own") is True
    assert found == dict.fromkeys(("in memory", "a cursor", "duckdb", "parquet", "reading", "changing"), False)
