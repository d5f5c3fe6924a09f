"""What medicine says: the skills, and the conditions they describe."""

from healthsim.skills.asked import lookup_skill
from healthsim.skills.condition import CodeShare, Condition, Requirement
from healthsim.skills.installed import check_folder, skill_library
from healthsim.skills.library import Skill, SkillLibrary
from healthsim.skills.lookup import EventType, Found, lookup, resolve, resolve_reference, substituted
from healthsim.skills.physiology import Aspect, Stage, State
from healthsim.skills.treatment import Drug, Effect, Treatment

__all__ = [
    "Aspect",
    "CodeShare",
    "Condition",
    "Drug",
    "Effect",
    "EventType",
    "Found",
    "Requirement",
    "Skill",
    "SkillLibrary",
    "Stage",
    "State",
    "Treatment",
    "check_folder",
    "lookup",
    "lookup_skill",
    "resolve",
    "resolve_reference",
    "skill_library",
    "substituted",
]
