"""Doing it: blocks of people drawn from a plan, as columns."""

from healthsim.simulation.block_size import BLOCK
from healthsim.simulation.run import Outcome, run

__all__ = ["BLOCK", "Outcome", "run"]
