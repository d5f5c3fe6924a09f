"""What medicine says: the skills, and the conditions they describe."""

from healthsim.skills.condition import CodeShare, Condition
from healthsim.skills.library import Skill, SkillLibrary, skill_library

__all__ = ["CodeShare", "Condition", "Skill", "SkillLibrary", "skill_library"]
