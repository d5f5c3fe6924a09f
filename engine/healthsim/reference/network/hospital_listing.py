"""Hospitals to choose from: their beds, their kinds and their places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from healthsim.reference.network import starter
from healthsim.reference.network.listing import (
    Listing,
    LoadedRows,
    StarterRows,
    Whereabouts,
    loaded_where,
    starter_where,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hospitals:
    """Hospitals to choose from.

    Attributes:
        listing: Which they are.
        kinds: Kind of each, shape `(hospitals,)`.
        beds: Beds, NaN where unknown.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    listing: Listing
    kinds: NDArray[np.str_]
    beds: Floats
    latitude: Floats
    longitude: Floats

    def kept(self, chosen: NDArray[np.bool_]) -> "Hospitals":
        """Give some of them."""
        return Hospitals(
            listing=self.listing.kept(chosen),
            kinds=self.kinds[chosen],
            beds=self.beds[chosen],
            latitude=self.latitude[chosen],
            longitude=self.longitude[chosen],
        )

    def with_beds(self, beds: Floats) -> "Hospitals":
        """Give the same with other beds."""
        return replace(self, beds=beds)


def starter_hospital_listing(counties: Sequence[str]) -> Hospitals:
    """List the starter's hospitals in some counties."""
    directory = starter.starter_hospitals(counties)
    rows, zips, place = len(directory.ordinal), directory.zips, directory.zip_code
    return Hospitals(
        listing=_listing(starter.facility_ids(directory), starter_where(directory), StarterRows(directory, ())),
        kinds=np.full(rows, starter.HOSPITAL_KIND),
        beds=starter.hospital_beds(directory).astype(np.float64),
        latitude=zips.latitude[place],
        longitude=zips.longitude[place],
    )


def loaded_hospital_listing(table: pa.Table) -> Hospitals:
    """List loaded hospitals by their columns; those whose place is not known are left out."""
    placed = table.filter(compute.is_valid(table["latitude"]))
    return Hospitals(
        listing=_listing(np.asarray(placed["facility_id"]), loaded_where(placed), LoadedRows(placed)),
        kinds=np.array(placed["facility_type"].to_pylist(), np.str_),
        beds=_floats(placed["beds"]),
        latitude=_floats(placed["latitude"]),
        longitude=_floats(placed["longitude"]),
    )


def _listing(identifier: Ints, where: Whereabouts, rows: StarterRows | LoadedRows) -> Listing:
    return Listing(identifier.astype(np.int64), np.zeros(len(identifier), np.int64), where, rows)


def _floats(column: pa.ChunkedArray) -> Floats:
    """Give numbers, NaN where unknown."""
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
