"""The skills at hand: those of the package, and those of the user's own folders."""

from functools import cache, lru_cache
from pathlib import Path

from healthsim.content import content_directory, own_skill_directories
from healthsim.errors import InvalidSkillError, Problem
from healthsim.skills.checking import skill_problems
from healthsim.skills.files import SkillFile, skill_files, skill_folders
from healthsim.skills.library import SkillLibrary

_Fingerprint = tuple[tuple[str, int, int], ...]


def skill_library() -> SkillLibrary:
    """Give the skills of the package and of the folders that `HEALTHSIM_SKILLS` names.

    A skill of the user's takes the place of the package's of the same name; of several folders the later one's holds.
    What has changed on disk is read again.

    Raises:
        InvalidSkillError: A skill of the user's is not sound, or contradicts another; names every problem.
    """
    folders = own_skill_directories()
    return _library_with(folders, _fingerprint(folders)) if folders else _of_package()


def check_folder(folder: Path) -> list[str]:
    """Check a folder of skills, or a single skill, as it would be with the skills of the package.

    Returns:
        Names of the skills checked.

    Raises:
        InvalidSkillError: They are not sound; names every problem.
    """
    single = (folder / "skill.json").is_file()
    files = skill_files(folder.parent if single else folder)
    wanted = {folder.resolve().name: files[folder.name]} if single and folder.name in files else files
    _check((folder,), wanted)
    return sorted(wanted)


@cache
def _of_package() -> SkillLibrary:
    return SkillLibrary(_package_files().values())


@cache
def _package_files() -> dict[str, SkillFile]:
    return skill_files(content_directory("skills"))


@lru_cache(maxsize=4)
def _library_with(folders: tuple[Path, ...], _changed: _Fingerprint) -> SkillLibrary:
    own: dict[str, SkillFile] = {}
    for folder in folders:
        own |= skill_files(folder)
    _check(folders, own)
    return SkillLibrary({**_package_files(), **own}.values())


def _check(folders: tuple[Path, ...], own: dict[str, SkillFile]) -> None:
    problems = [_missing(folder) for folder in folders if not (folder.is_dir() and (own or skill_folders(folder)))]
    problems += skill_problems(own, {**_package_files(), **own})
    if problems:
        raise InvalidSkillError(problems)


def _missing(folder: Path) -> Problem:
    message = "holds no skill" if folder.is_dir() else "no such folder"
    return Problem(str(folder), message, None, "a skill is a folder in it with a skill.json")


def _fingerprint(folders: tuple[Path, ...]) -> _Fingerprint:
    """Tell the state of the files without reading them."""
    states = []
    for folder in folders:
        for skill in skill_folders(folder):
            for path in sorted(skill.rglob("*")):
                state = path.lstat()
                states.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(states)
