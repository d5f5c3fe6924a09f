"""What is wrong with skills: their shape, their figures, their drugs, and what they say together."""

from collections.abc import Iterator, Mapping

from healthsim.errors import Problem
from healthsim.skills.check_drugs import drug_problems, prevention_problems
from healthsim.skills.check_figures import figure_problems
from healthsim.skills.check_measured import measurement_problems
from healthsim.skills.check_shape import shape_problems
from healthsim.skills.check_together import Known, together_problems
from healthsim.skills.files import SkillFile


def skill_problems(own: Mapping[str, SkillFile], every: Mapping[str, SkillFile]) -> tuple[Problem, ...]:
    """Give everything that is wrong with some skills.

    Args:
        own: The skills to check, by name.
        every: All that will be known together, those among them.
    """
    shapes = {name: list(shape_problems(files)) for name, files in own.items()}
    sound = {name: files for name, files in own.items() if not shapes[name]}
    whole = {name: files for name, files in every.items() if name not in own or name in sound}
    known = Known.of(whole)
    found = [problem for problems in shapes.values() for problem in problems]
    found += [problem for files in sound.values() for problem in _content_problems(files, known)]
    return (*found, *together_problems(sound, whole))


def _content_problems(files: SkillFile, known: Known) -> Iterator[Problem]:
    for index, condition in enumerate(files.document["conditions"]):
        path = f"$.conditions[{index}]"
        yield from figure_problems(files.name, condition, path, known)
        yield from measurement_problems(files.name, condition, path)
        yield from drug_problems(files.name, condition, path, known)
    if "prevention" in files.document:
        yield from prevention_problems(files.name, files.document["prevention"], known)
