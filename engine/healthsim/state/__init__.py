"""What is kept: cohorts, profiles, journeys and executions in the workspace, and the results that read them."""

from healthsim.state.executions import Execution
from healthsim.state.journeys import JourneyManager, SavedJourney
from healthsim.state.manager import StateManager, get_manager
from healthsim.state.profiles import ProfileManager, SavedProfile
from healthsim.state.result import Result

__all__ = [
    "Execution",
    "JourneyManager",
    "ProfileManager",
    "Result",
    "SavedJourney",
    "SavedProfile",
    "StateManager",
    "get_manager",
]
