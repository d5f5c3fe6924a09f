"""What will be done: from a profile to a plan, with everything looked up and calibrated, and nothing drawn."""

from healthsim.planning.compile import plan_of
from healthsim.planning.explain import explained
from healthsim.planning.lookup import name_problems
from healthsim.planning.plan import Plan

__all__ = ["Plan", "explained", "name_problems", "plan_of"]
