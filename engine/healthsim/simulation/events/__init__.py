"""What the events of journeys leave behind: the rows of each table."""

from healthsim.simulation.events.happened import FIRST_NUMBER, Happened, happened_of
from healthsim.simulation.events.records import Record, records_of
from healthsim.simulation.events.tables import EventRows, event_rows, event_tables

__all__ = ["FIRST_NUMBER", "EventRows", "Happened", "Record", "event_rows", "event_tables", "happened_of", "records_of"]
