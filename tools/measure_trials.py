"""Count in how many seeds a simulated trial recovers what its protocol plans.

    python tools/measure_trials.py [SEEDS]

Each trial randomises 600. A trial recovers its plan if the planned figure lies within the 95 % confidence interval of
what its tables say of the primary endpoint: the difference of mean changes, the ratio of rates, the difference of
shares of responders.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from engine.simulation.trial.recovery import PROTOCOLS, recovers
from healthsim.planning import Plan, plan_of
from healthsim.reference import Reference
from healthsim.skills import skill_library
from healthsim.spec import parse_profile


def main() -> None:
    """Measure the three protocols of the package."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    reference = Reference()

    def planned(document: dict[str, object], seed: int) -> Plan:
        return plan_of(parse_profile(document), seed, reference, skill_library())

    for protocol in PROTOCOLS:
        found = sum(recovers(planned, protocol, seed) for seed in range(seeds))
        print(f"{protocol}: the planned effect lies within the interval in {found} of {seeds} seeds")


main()
