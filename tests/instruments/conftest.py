"""A small sound questionnaire to break in one place at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
key: small
version: 1
released: false
languages: ["en", "cy"]
title: {en: "Small", cy: "Bach"}
family: patients
professions: [doctor, dentist]
mode: remote
minutes: 3
introduction:
  en: "Please think about this call."
  cy: "Meddyliwch am yr alwad hon."
scale:
  points:
    - value: 1
      label: {en: "Poor", cy: "Gwael"}
    - value: 2
      label: {en: "Good enough", cy: "Digon da"}
    - value: 3
      label: {en: "Good", cy: "Da"}
  satisfactory_from: 2
  does_not_apply: {en: "Does not apply", cy: "Ddim yn berthnasol"}
  cannot_say: {en: "Cannot say", cy: "Methu dweud"}
domains:
  - id: talking
    title: {en: "Talking", cy: "Siarad"}
    standards: ["GMC GMP 2024 domain 2"]
  - id: care
    title: {en: "Care", cy: "Gofal"}
    standards: ["GMC GMP 2024 domain 1"]
items:
  - id: listened
    domain: talking
    text: {en: "Listened to you", cy: "Gwrando arnoch chi"}
    self_text: {en: "I listen to patients", cy: "Rwy'n gwrando ar gleifion"}
  - id: told_truth
    domain: talking
    text: {en: "Told you the truth", cy: "Dweud y gwir"}
    self_text: {en: "I tell the truth", cy: "Rwy'n dweud y gwir"}
  - id: safe
    domain: care
    text: {en: "Made you feel safe", cy: "Gwneud i chi deimlo'n ddiogel"}
    self_text: {en: "I make patients feel safe", cy: "Rwy'n gwneud i gleifion deimlo'n ddiogel"}
prompts:
  - id: did_well
    text: {en: "What went well?", cy: "Beth aeth yn dda?"}
    self_text: {en: "What do I do well?", cy: "Beth ydw i'n ei wneud yn dda?"}
    limit: 4000
groups:
  - id: patient
    label: {en: "Patients", cy: "Cleifion"}
    least: 20
reference: {item: 0.5, domain: 0.4}
provenance: "Written for a test."
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Puts a text or bytes into a file and gives its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "small.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
