"""Mistakes in a questionnaire file, each with the file, the line, what is wrong and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; `line` counts from 1, and is 0 where the file could not be opened at all."""

    file: str
    line: int
    message: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.message}. Do: {self.remedy}."


class SurveyInvalid(Exception):
    """The file holds at least one error and cannot be used; `problems` names every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SurveyInvalid"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)
