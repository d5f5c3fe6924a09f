"""Queries of a cohort: honest ones are answered, hostile ones are refused, and nothing of the machine is told."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from healthsim import Result, generate, get_manager
from healthsim.errors import QueryError, StateError
from healthsim.state.query import run_query
from healthsim.state.reading import cohort_connection
from samples import DIABETICS


@pytest.fixture(scope="module", params=["duckdb", "parquet"])
def cohort(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    db = tmp_path_factory.mktemp("query") / "workspace.duckdb"
    profile = {**DIABETICS, "generation": {**DIABETICS["generation"], "storage": request.param}}
    generate(profile=profile, seed=2, count=50, persist=True, db=db)
    return generate(profile=profile, persist=True, db=db)


HOSTILE = [
    "DROP TABLE stored.patients",
    "DELETE FROM stored.patients",
    "INSERT INTO stored.patients SELECT * FROM stored.patients",
    "CREATE TABLE mine (a INTEGER)",
    "CREATE TEMP TABLE mine AS SELECT 1",
    "COPY patients TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.parquet'",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/workspace.duckdb' AS other",
    "DETACH cohort",
    "USE information_schema",
    "SET memory_limit = '100GB'",
    "RESET enable_external_access",
    "PRAGMA database_list",
    "PRAGMA show_tables",
    "CALL pragma_version()",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN TRANSACTION",
    "PREPARE p AS SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('{folder}/*.parquet')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '{folder}/workspace.duckdb'",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM duckdb_databases",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_database",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM query('SELECT * FROM duckdb_settings()')",
    "SELECT * FROM query_table('duckdb_databases')",
    "SELECT current_setting('temp_directory')",
    "SELECT getenv('HOME')",
    "SELECT current_database()",
    "SELECT CURRENT_CATALOG",
    "WITH x AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM x",
    "WITH patients AS (SELECT * FROM glob('*')) SELECT * FROM patients",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT 1; DROP VIEW patients",
    "SELECT 1; SELECT 2",
    'SELECT * FROM "duckdb_databases"()',
    "SELECT * FROM system.main.duckdb_tables",
    "FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM test_all_types()",
    "/* hidden */ PRAGMA version -- SELECT",
    "DESCRIBE SELECT * FROM patients",
    "DESCRIBE duckdb_settings",
    "DESCRIBE stored.patients",
    "SHOW DATABASES",
    "SHOW ALL TABLES; SELECT 1",
    "SUMMARIZE patients",
    "VALUES",
    "",
    ";",
    "SELECT",
    "not sql at all",
    "SELECT * FROM patients)",
    "SELECT 1) UNION (SELECT 2",
    "WITH duckdb_databases AS (SELECT * FROM duckdb_databases) SELECT * FROM duckdb_databases",
    "SELECT path FROM duckdb_databases WHERE EXISTS (WITH duckdb_databases AS (SELECT 1) FROM duckdb_databases)",
    "SELECT path FROM DuckDB_Databases, (WITH duckdb_databases AS (SELECT 1) FROM duckdb_databases)",
    "WITH pragma_database_list AS (SELECT * FROM pragma_database_list) SELECT file FROM pragma_database_list",
    "WITH duckdb_tables AS (SELECT 1) SELECT sql FROM main.duckdb_tables",
    "WITH pg_class AS (SELECT 1) SELECT * FROM pg_class",
    "WITH mine AS (SELECT 1) SELECT * FROM stored.mine",
    "FROM './workspace.duckdb' WHERE EXISTS (WITH \"./workspace.duckdb\" AS (SELECT 1) FROM './workspace.duckdb')",
    "SELECT 'temp_directory'.current_setting()",
    "SELECT write_log('x')",
    "SELECT sleep_ms(60000)",
    "SELECT json_serialize_plan('SELECT current_setting(''temp_directory'')', optimize := true)",
    f"FROM {'(FROM ' * 800}patients{')' * 800}",
    "SELECT INTERVAL 2147483647 MONTHS",
    "PIVOT patients ON gender USING count(*)",
    "SELECT 1\0",
    "SELECT '\ud800'",
]

HONEST = [
    "SELECT count(*) FROM patients",
    "SELECT gender, race, count(*) AS people FROM patients GROUP BY ALL ORDER BY people DESC",
    "SELECT code, description, count(*) FROM diagnoses GROUP BY ALL HAVING count(*) > 3",
    "SELECT * FROM patients LIMIT 3;",
    "SELECT * FROM patients -- a comment",
    "/* why */ SELECT 1 AS one",
    "FROM patients SELECT person_id LIMIT 2",
    "WITH old AS (SELECT * FROM patients WHERE birth_date < DATE '1950-01-01') SELECT count(*) FROM old",
    "WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM a, b",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t",
    "SELECT person_id, row_number() OVER (PARTITION BY gender ORDER BY birth_date) FROM patients",
    "SELECT *, lag(onset_date) OVER w FROM diagnoses WINDOW w AS (PARTITION BY person_id ORDER BY onset_date)",
    "SELECT * FROM patients QUALIFY row_number() OVER (PARTITION BY race ORDER BY person_id) = 1",
    "SELECT * FROM (PIVOT patients ON gender IN ('F', 'M') USING count(*) GROUP BY state) LIMIT 5",
    "SELECT p.person_id FROM patients p LEFT JOIN diagnoses d USING (person_id) WHERE d.code = 'I10'",
    "SELECT person_id FROM patients INTERSECT SELECT person_id FROM diagnoses",
    "SELECT list(code ORDER BY rank) FROM diagnoses GROUP BY person_id",
    "SELECT unnest(range(3)) AS n",
    "SELECT n FROM range(5) AS t(n)",
    "SELECT quantile_cont(date_diff('year', birth_date, DATE '2025-01-01'), [0.25, 0.5, 0.75]) FROM patients",
    "SELECT CASE WHEN gender = 'F' THEN 'woman' ELSE 'man' END AS who, count(*) FROM patients GROUP BY who",
    "SELECT EXISTS (SELECT 1 FROM diagnoses WHERE code LIKE 'E11%') AS has_diabetics",
    "SELECT code FROM main.diagnoses WHERE person_id IN (SELECT person_id FROM main.patients WHERE gender = 'M')",
    "VALUES (1, 'a'), (2, 'b')",
    "PIVOT patients ON gender IN ('F', 'M') USING count(*) GROUP BY state",
    "SELECT 'ünï; --' AS text; -- a comment; after the end",
    "WITH columns AS (SELECT 1 AS one), tables AS (SELECT 2 AS two) SELECT * FROM columns, tables",
    "SELECT * FROM (WITH inside AS (SELECT 1 AS one) FROM inside)",
    "WITH Patients AS (SELECT 1 AS one) SELECT * FROM patients",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_a_hostile_statement_is_refused(cohort: Result, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cohort.file.parent.parent
    monkeypatch.chdir(folder)
    before = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(QueryError) as caught:
        run_query(cohort.file, sql.replace("{folder}", "."))
    told = str(caught.value)
    assert str(folder) not in told
    assert cohort.file.name not in told
    assert {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("sql", HONEST)
def test_an_honest_question_is_answered(cohort: Result, sql: str) -> None:
    answer = run_query(cohort.file, sql)
    assert answer.rows
    assert len(answer.columns) == len(answer.types) == len(answer.rows[0])


def test_a_query_sees_its_own_cohort_alone(cohort: Result) -> None:
    assert run_query(cohort.file, "SELECT count(*) FROM patients").rows == [[2_000]]


def test_pages_follow_each_other_without_gap(cohort: Result) -> None:
    sql = "SELECT person_id FROM patients ORDER BY person_id"
    first = run_query(cohort.file, sql, limit=30)
    second = run_query(cohort.file, sql, limit=30, offset=first.next_offset or 0)
    assert [row[0] for row in (*first.rows, *second.rows)] == list(range(1, 61))
    assert first.truncated
    assert first.total == 2_000
    last = run_query(cohort.file, sql, limit=30, offset=1_990)
    assert len(last.rows) == 10
    assert not last.truncated
    assert last.next_offset is None


def test_a_wrong_column_names_the_nearest(cohort: Result) -> None:
    with pytest.raises(QueryError, match="did you mean birth_date"):
        run_query(cohort.file, "SELECT birthdate FROM patients")


def test_a_wrong_column_names_those_of_the_tables_of_the_statement_that_share_a_word_with_it(cohort: Result) -> None:
    with pytest.raises(QueryError, match=r"did you mean birth_date or deceased_date\?"):
        run_query(cohort.file, "SELECT date_of_death FROM patients")


def test_a_column_like_no_other_is_answered_with_the_columns_of_the_table(cohort: Result) -> None:
    with pytest.raises(QueryError, match="columns of vitals are encounter_id, loinc, name"):
        run_query(cohort.file, "SELECT zzzz FROM vitals")


@pytest.mark.parametrize("sql", ["SHOW TABLES", "show all tables;"])
def test_the_tables_are_named(cohort: Result, sql: str) -> None:
    assert sorted(name for (name,) in run_query(cohort.file, sql).rows) == sorted(cohort.summary["tables"])


@pytest.mark.parametrize(
    "sql", ["DESCRIBE patients", 'describe main."Patients" ;', "SHOW patients", "DESC TABLE patients"]
)
def test_the_columns_of_a_table_are_named_with_their_types(cohort: Result, sql: str) -> None:
    described = dict(run_query(cohort.file, sql).rows)
    assert list(described) == run_query(cohort.file, "SELECT * FROM patients").columns
    assert (described["birth_date"], described["gender"]) == ("DATE", "VARCHAR")


def test_the_columns_of_a_table_that_is_not_there_are_those_of_the_nearest(cohort: Result) -> None:
    with pytest.raises(QueryError, match="did you mean patients"):
        run_query(cohort.file, "DESCRIBE patient")


def test_a_wrong_table_names_the_nearest(cohort: Result) -> None:
    with pytest.raises(QueryError, match="did you mean diagnoses"):
        run_query(cohort.file, "SELECT * FROM diagnosis")


def test_a_wrong_column_of_an_alias_names_the_nearest(cohort: Result) -> None:
    with pytest.raises(QueryError, match="did you mean birth_date"):
        run_query(cohort.file, "SELECT p.birthdate FROM patients AS p")


def test_a_pivot_without_named_columns_tells_how_to_name_them(cohort: Result) -> None:
    with pytest.raises(QueryError, match=r"ON gender IN \('F', 'M'\)"):
        run_query(cohort.file, "SELECT * FROM (PIVOT patients ON gender USING count(*))")


def test_a_page_outside_all_bounds_is_refused(cohort: Result) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(cohort.file, "SELECT * FROM patients", limit=0, offset=-1)
    assert [problem.path for problem in caught.value.problems] == ["$.limit", "$.offset"]


def test_rows_that_take_too_long_to_count_are_answered_uncounted(cohort: Result) -> None:
    endless = "SELECT range FROM range(100000000000) WHERE hash(range) % 3 <> 7"
    answer = run_query(cohort.file, endless, limit=2, timeout_seconds=1)
    assert len(answer.rows) == 2
    assert answer.total is None
    assert answer.next_offset == 2


def test_threads_query_and_read_one_cohort_at_the_same_time(cohort: Result) -> None:
    def ask(index: int) -> tuple[object, object]:
        rows = run_query(cohort.file, "SELECT count(*) FROM patients").rows
        return rows[0][0], cohort["patients"][index]["person_id"]

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, range(60))) == [(2_000, index + 1) for index in range(60)]


def test_settings_of_a_cohort_cannot_be_changed(cohort: Result) -> None:
    with cohort_connection(cohort.file) as connection:
        for setting in ("enable_external_access = true", "memory_limit = '99GB'", "lock_configuration = false"):
            with pytest.raises(duckdb.Error, match="locked"):
                connection.execute(f"SET {setting}")


def test_damage_found_while_reading_is_told_without_the_path(tmp_path: Path) -> None:
    file = tmp_path / "damaged.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("PRAGMA force_compression = 'uncompressed'")
        connection.execute("CREATE TABLE patients AS SELECT 'person ' || range AS name FROM range(100000)")
    file.write_bytes(file.read_bytes().replace(b"person 77777", b"nobody 77777"))
    assert run_query(file, "SELECT 1").rows == [[1]]
    with pytest.raises(StateError, match=r"damaged\.duckdb is damaged") as caught:
        run_query(file, "SELECT max(length(name)) FROM patients")
    assert str(tmp_path) not in str(caught.value)


def test_a_query_that_takes_too_long_is_stopped(cohort: Result) -> None:
    endless = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = -1"
    with pytest.raises(QueryError, match="took more than"):
        run_query(cohort.file, endless, timeout_seconds=0.5)


def test_answers_are_what_json_can_hold(cohort: Result) -> None:
    values = "DATE '2020-02-01', 1.5::DECIMAL(4, 1), 'nan'::DOUBLE, [1, 2], {'a': 1}, NULL, TRUE, 'x'::BLOB, gender"
    sql = f"SELECT {values} FROM patients"  # noqa: S608 - our own
    answer = run_query(cohort.file, sql, limit=1)
    assert answer.rows[0][:8] == ["2020-02-01", 1.5, None, [1, 2], {"a": 1}, None, True, "78"]
    assert answer.types[-1] == "VARCHAR"


def test_the_manager_queries_by_name(cohort: Result, tmp_path: Path) -> None:
    manager = get_manager(cohort.file.parent.parent / "workspace.duckdb")
    assert manager.query(str(cohort.get("name")), "SELECT 1 AS one").rows == [[1]]
    assert not any(tmp_path.iterdir())
