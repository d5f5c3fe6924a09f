"""Doing it: blocks of people drawn from a plan, as columns."""

from healthsim.simulation.run import BLOCK, Outcome, run

__all__ = ["BLOCK", "Outcome", "run"]
