"""Where the rows go."""

from healthsim.sinks.base import Contents, Sink
from healthsim.sinks.duckdb import DuckdbSink
from healthsim.sinks.parquet import ParquetSink

__all__ = ["Contents", "DuckdbSink", "ParquetSink", "Sink"]
