"""Generation as classes: thin faces over `healthsim.api`."""

from healthsim.api import explain, generate
from healthsim.generation.profile_executor import ProfileExecutor

__all__ = ["ProfileExecutor", "explain", "generate"]
