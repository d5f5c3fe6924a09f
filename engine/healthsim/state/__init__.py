"""What is kept: cohorts in the workspace, and the results that read them."""

from healthsim.state.manager import StateManager, get_manager
from healthsim.state.result import Result

__all__ = ["Result", "StateManager", "get_manager"]
