"""The kinds of official files that can be loaded; each is defined in a module of its own."""

from healthsim.reference.age_sex_files import AGE_SEX
from healthsim.reference.census_files import CENSUS
from healthsim.reference.file_kind import FileKind
from healthsim.reference.places_files import PLACES_LONG, PLACES_WIDE
from healthsim.reference.svi_files import SVI

FILE_KINDS: tuple[FileKind, ...] = (PLACES_WIDE, PLACES_LONG, SVI, AGE_SEX, CENSUS)
"""In the order in which a header is tried."""
