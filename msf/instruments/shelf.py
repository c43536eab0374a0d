"""Questionnaires from files: one checked, one loaded, or the whole shelf that travels with the product, read once."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from msf.instruments.crosscheck import crosscheck
from msf.instruments.fields import TOP, Entry, Sheet
from msf.instruments.problems import Problem, SurveyInvalid
from msf.instruments.reading import read_bytes, text_of, tree_of
from msf.instruments.schema import made_of, read_file
from msf.instruments.shapes import Questionnaire
from msf.instruments.wording import check_wording

RELEASED = "RELEASED"


class UnknownQuestionnaire(LookupError):
    """There is no released questionnaire of this name on the shelf."""


def check(path: str | Path) -> list[Problem]:
    """Every mistake in one file, by line; empty where there is none. Never raises, whatever the file holds."""
    try:
        return _read(Path(path))[0]
    except SurveyInvalid as invalid:
        return list(invalid.problems)


def load(path: str | Path) -> Questionnaire:
    """The questionnaire in one file; raises `SurveyInvalid` with every problem where one of them is an error."""
    problems, entry, digest = _read(Path(path))
    if entry is None or any(problem.severity == "error" for problem in problems):
        raise SurveyInvalid(problems)
    return made_of(entry, digest)


def _read(path: Path) -> tuple[list[Problem], Entry | None, str]:
    raw = read_bytes(path)
    sheet = Sheet(str(path), [])
    entry: Entry | None = read_file(sheet, tree_of(text_of(raw, sheet.file), sheet.file), TOP)
    if entry is not None:
        crosscheck(sheet, entry)
        check_wording(sheet, entry)
    return sorted(sheet.problems, key=lambda problem: problem.line), entry, sha256(raw).hexdigest()


def shelf() -> Path:
    """The folder of shipped questionnaires: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_data" / "surveys"
    return inside if inside.is_dir() else package.parent / "surveys"


def check_shelf(folder: Path | None = None) -> list[Problem]:
    """Every mistake on a shelf: in its files, in their names, and in what was released and has changed since."""
    folder = folder or shelf()
    files = _files(folder)
    if not files:
        return [Problem(str(folder), 0, "there is no questionnaire here", "keep each as <key>/<version>.yaml")]
    problems = [problem for path in files for problem in (*check(path), *_misplaced(path, folder))]
    return problems + _changed(folder)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.yaml"))


def _misplaced(path: Path, folder: Path) -> Iterator[Problem]:
    """Where the name of a sound file, or the list of releases, does not agree with what the file says of itself."""
    try:
        questionnaire = load(path)
    except SurveyInvalid:
        return
    name = path.relative_to(folder).as_posix()
    own = f"{questionnaire.reference_name}.yaml"
    if name != own:
        yield Problem(str(path), 1, f"the file says it is {own}", "move it there, or correct its key and version")
    if questionnaire.released and name not in releases(folder):
        message = f"this version is released but not listed in {RELEASED}"
        yield Problem(str(path), 1, message, f'add the line "{questionnaire.digest}  {name}" there')


def _changed(folder: Path) -> list[Problem]:
    """Released versions that are gone, or no longer what they were, byte for byte."""
    problems = []
    for name, digest in releases(folder).items():
        path = folder / name
        if not path.is_file():
            problems.append(Problem(str(path), 0, "this version was released and is gone", "put it back"))
        elif sha256(path.read_bytes()).hexdigest() != digest:
            message = "this version was released and has been changed since"
            problems.append(Problem(str(path), 1, message, "put it back and keep the change as the next version"))
    return problems


def releases(folder: Path) -> dict[str, str]:
    """Digest by file name, from the shelf's list of releases (as `sha256sum` writes it)."""
    register = folder / RELEASED
    lines = register.read_text("utf-8").splitlines() if register.is_file() else []
    parts = [line.split(maxsplit=1) for line in lines]
    return {part[1].strip().lstrip("*"): part[0] for part in parts if len(part) == 2}


@cache
def catalogue() -> tuple[Questionnaire, ...]:
    """The shipped questionnaires by key and version, read once; raises `SurveyInvalid` where one cannot be used."""
    loaded = [load(path) for path in _files(shelf())]
    return tuple(sorted(loaded, key=lambda each: (each.key, int(each.version))))


def find(key: str, version: str | None = None) -> Questionnaire:
    """One shipped questionnaire, by key and version or as "key/version"; without a version, the newest released one."""
    key, _, named = key.partition("/")
    version = version or named or None
    for each in reversed(catalogue()):
        if each.key == key and (each.version == version if version else each.released):
            return each
    raise UnknownQuestionnaire(f"there is no questionnaire {key}{f'/{version}' if version else ''}")
