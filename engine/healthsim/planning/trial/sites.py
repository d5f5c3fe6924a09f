"""Where a trial is done: sites in the places where its people live, each of whom goes to the nearest."""

import numpy as np

from healthsim.planning.plan import AddressPlan, Floats, Ints, PeoplePlan
from healthsim.planning.significance import rounded
from healthsim.planning.trial.trial_plan import SitesPlan
from healthsim.randomness import Draws

_FIRST_SITE = 101
_KINDS = ("Clinical Research Center", "Medical Research Institute", "University Trials Unit", "Research Associates")
_COS_OF_US = 0.79
"""Cosine of 38 degrees north: a degree of longitude is this much of one of latitude in the middle of the country."""


def planned_sites(seed: int, count: int, people: PeoplePlan, address: AddressPlan) -> SitesPlan:
    """Place sites where people live.

    Args:
        seed: The run's seed.
        count: How many.
        people: Who the people are.
        address: Where in their counties they live.
    """
    draws = Draws.for_indices(seed, np.arange(count))
    county = people.places.draw(draws.uniform("trial:site:county"))
    place = draws.integer("trial:site:zip", 0, address.member_count[county] - 1)
    zip_code = address.members[address.first_member[county] + place]
    cities = [address.cities[city] for city in address.zip_city[zip_code].tolist()]
    kind = draws.integer("trial:site:kind", 0, len(_KINDS) - 1).tolist()
    given = draws.integer("trial:site:given", 0, len(address.given_names) - 1).tolist()
    family = draws.integer("trial:site:family", 0, len(address.family_names) - 1).tolist()
    return SitesPlan(
        ids=tuple(str(_FIRST_SITE + site) for site in range(count)),
        names=tuple(f"{city} {_KINDS[which]}" for city, which in zip(cities, kind, strict=True)),
        cities=tuple(cities),
        states=tuple(people.states[state] for state in people.county_state[county].tolist()),
        investigators=tuple(
            f"{address.given_names[one]} {address.family_names[other]}"
            for one, other in zip(given, family, strict=True)
        ),
        of_zip=_nearest(address, zip_code),
    )


def _nearest(address: AddressPlan, zip_code: Ints) -> Ints:
    """Give the site nearest to each ZIP code; the first of several as near."""
    best = np.full(len(address.zips), np.inf)
    nearest = np.zeros(len(address.zips), np.int64)
    for site, place in enumerate(zip_code.tolist()):
        north = address.latitude - address.latitude[place]
        east = (address.longitude - address.longitude[place]) * _COS_OF_US
        distance: Floats = rounded(north * north + east * east)
        closer = distance < best
        nearest[closer], best[closer] = site, distance[closer]
    return nearest
