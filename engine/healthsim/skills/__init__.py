"""What medicine says: the skills, and the conditions they describe."""

from healthsim.skills.asked import lookup_skill
from healthsim.skills.condition import CodeShare, Condition
from healthsim.skills.library import Skill, SkillLibrary, skill_library
from healthsim.skills.lookup import EventType, Found, lookup, resolve, resolve_reference, substituted

__all__ = [
    "CodeShare",
    "Condition",
    "EventType",
    "Found",
    "Skill",
    "SkillLibrary",
    "lookup",
    "lookup_skill",
    "resolve",
    "resolve_reference",
    "skill_library",
    "substituted",
]
