"""Where the rows go."""

from healthsim.sinks.base import Contents, Sink
from healthsim.sinks.duckdb import DuckdbSink

__all__ = ["Contents", "DuckdbSink", "Sink"]
