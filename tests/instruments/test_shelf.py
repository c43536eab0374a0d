"""The shipped questionnaires are sound, frozen and what they were when they were released."""

import dataclasses
import pickle
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from msf.instruments import (
    Questionnaire,
    SurveyInvalid,
    UnknownQuestionnaire,
    catalogue,
    check,
    check_shelf,
    find,
    load,
    words,
)
from msf.instruments.reading import MAX_BYTES, MAX_DEPTH, MAX_NODES
from msf.instruments.schema import FIELDS
from msf.instruments.shelf import releases, shelf
from msf.instruments.wording import grade

Write = Callable[[str | bytes], Path]

KEYS = ["dentist-colleagues", "doctor-colleagues", "patients-in-person", "patients-remote", "pharmacist-colleagues"]
COLLEAGUES = [key for key in KEYS if key.endswith("colleagues")]
PATIENTS = [key for key in KEYS if key.startswith("patients")]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A shelf of one's own to spoil."""
    return Path(shutil.copytree(shelf(), tmp_path / "surveys"))


def test_the_shelf_holds_five_questionnaires_without_an_error_or_a_warning() -> None:
    assert [questionnaire.key for questionnaire in catalogue()] == KEYS
    assert check_shelf() == []


def test_every_released_file_is_what_it_was_byte_for_byte() -> None:
    register = releases(shelf())
    shipped = {f"{each.reference_name}.yaml": each.digest for each in catalogue() if each.released}
    assert len(shipped) == len(KEYS)
    assert register == shipped
    for name, digest in register.items():
        assert sha256((shelf() / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("key", COLLEAGUES)
def test_a_colleague_questionnaire_has_its_shape(key: str) -> None:
    questionnaire = find(key)
    assert (len(questionnaire.items), len(questionnaire.prompts)) == (18, 3)
    assert 4 <= len(questionnaire.domains) <= 6
    assert (questionnaire.family, questionnaire.mode) == ("colleagues", None)
    assert questionnaire.professions == (key.removesuffix("-colleagues"),)
    assert 8 <= sum(group.least for group in questionnaire.groups) <= 15
    assert len(questionnaire.groups) == 4


@pytest.mark.parametrize("key", PATIENTS)
def test_a_patient_questionnaire_has_its_shape(key: str) -> None:
    questionnaire = find(key)
    assert (len(questionnaire.items), len(questionnaire.prompts)) == (12, 2)
    assert 3 <= len(questionnaire.domains) <= 4
    assert (questionnaire.family, questionnaire.mode) == ("patients", key.removeprefix("patients-"))
    assert set(questionnaire.professions) == {"doctor", "dentist", "pharmacist"}
    assert [group.id for group in questionnaire.groups] == ["patient"]


@pytest.mark.parametrize("key", KEYS)
def test_the_scale_has_five_steps_and_a_line_at_three(key: str) -> None:
    scale = find(key).scale
    assert [point.value for point in scale.points] == [1, 2, 3, 4, 5]
    assert (scale.lowest, scale.highest, scale.size, scale.satisfactory_from) == (1, 5, 5, 3)
    assert scale.does_not_apply["en"] != scale.cannot_say["en"]


@pytest.mark.parametrize("key", KEYS)
def test_every_item_is_in_the_first_person_for_the_self_form_and_readable_at_eleven(key: str) -> None:
    questionnaire = find(key)
    for item in questionnaire.items:
        assert item.self_text["en"].startswith("I ")
        assert not item.text["en"].startswith("I ")
    assert grade(*(item.text["en"] for item in questionnaire.items)) <= 6
    assert grade(*(item.self_text["en"] for item in questionnaire.items)) <= 6
    assert grade(*questionnaire.introduction["en"].split(". ")) <= 6
    assert questionnaire.self_introduction
    assert grade(*questionnaire.self_introduction["en"].split(". ")) <= 6


@pytest.mark.parametrize("key", KEYS)
def test_items_stand_under_their_domain_in_the_order_of_the_form(key: str) -> None:
    questionnaire = find(key)
    by_domain = [item.id for domain in questionnaire.domains for item in questionnaire.items_of(domain.id)]
    assert tuple(by_domain) == questionnaire.item_ids
    assert all(len(questionnaire.items_of(domain.id)) >= 3 for domain in questionnaire.domains)


def test_items_that_share_an_id_share_their_wording() -> None:
    seen: dict[tuple[str, str], str] = {}
    for questionnaire in catalogue():
        for item in questionnaire.items:
            assert seen.setdefault((questionnaire.family, item.id), item.text["en"]) == item.text["en"]


def test_each_profession_has_items_of_its_own() -> None:
    of = {key: set(find(key).item_ids) for key in COLLEAGUES}
    for key in COLLEAGUES:
        assert of[key] - set().union(*(of[other] for other in COLLEAGUES if other != key))


def test_nothing_in_a_questionnaire_can_be_changed() -> None:
    questionnaire = find("doctor-colleagues")
    item = questionnaire.items[0]
    for thing, field in ((questionnaire, "minutes"), (item, "id"), (questionnaire.scale, "satisfactory_from")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, field, 9)
    with pytest.raises(TypeError):
        item.text["en"] = "Another"  # type: ignore[index]
    for several in (questionnaire.items, questionnaire.prompts, questionnaire.groups, questionnaire.domains):
        assert isinstance(several, tuple)


def test_the_catalogue_is_read_once_and_questionnaires_are_compared_by_their_files() -> None:
    assert catalogue() is catalogue()
    one = find("doctor-colleagues")
    again = load(shelf() / "doctor-colleagues" / "1.yaml")
    assert one is not again
    assert one == again
    assert len({one, again, find("patients-remote")}) == 2
    assert one != "doctor-colleagues/1"
    assert {item: item.id for item in one.items}


def test_a_questionnaire_is_found_by_key_by_version_and_by_its_reference_name() -> None:
    one = find("doctor-colleagues")
    assert one.reference_name == "doctor-colleagues/1"
    assert find("doctor-colleagues", "1") is find("doctor-colleagues/1") is one
    for name in ("doctor", "doctor-colleagues/2", "", "../doctor-colleagues"):
        with pytest.raises(UnknownQuestionnaire):
            find(name)


def test_words_fall_back_to_the_first_language(small: str, written: Write) -> None:
    title = load(written(small)).title
    assert [words(title, language) for language in ("cy", "cy-GB", "en", "fr")] == ["Bach", "Bach", "Small", "Small"]
    swapped = load(written(small.replace('["en", "cy"]', '["cy", "en"]'))).title
    assert words(swapped, "fr") == "Bach"


def test_a_loaded_file_says_what_it_says(small: str, written: Write) -> None:
    questionnaire = load(written(small))
    assert isinstance(questionnaire, Questionnaire)
    assert (questionnaire.version, questionnaire.mode, questionnaire.released) == ("1", "remote", False)
    assert questionnaire.item_ids == ("listened", "told_truth", "safe")
    assert questionnaire.self_introduction is None
    assert questionnaire.introduction["cy"] == "Meddyliwch am yr alwad hon."
    assert (questionnaire.reference.item, questionnaire.reference.domain) == (0.5, 0.4)
    assert questionnaire.prompts[0].limit == 4000
    assert questionnaire.digest == sha256(small.encode()).hexdigest()


def test_a_changed_released_file_is_named_even_where_it_is_broken_too(copied: Path) -> None:
    path = copied / "doctor-colleagues" / "1.yaml"
    path.write_text(path.read_text("utf-8").replace("Poor", "Bad"), "utf-8")
    assert [problem.message for problem in check_shelf(copied)] == [
        "this version was released and has been changed since"
    ]
    path.write_text("broken: [", "utf-8")
    assert [problem.file for problem in check_shelf(copied)] == [str(path)] * 2


def test_a_released_file_that_is_gone_misplaced_or_not_listed_is_named(copied: Path) -> None:
    (copied / "patients-remote" / "1.yaml").rename(copied / "patients-remote" / "2.yaml")
    messages = [problem.message for problem in check_shelf(copied)]
    assert messages == [
        "the file says it is patients-remote/1.yaml",
        "this version is released but not listed in RELEASED",
        "this version was released and is gone",
    ]


def test_an_empty_shelf_is_a_problem(tmp_path: Path) -> None:
    assert "no questionnaire here" in check_shelf(tmp_path)[0].message


def test_the_refusal_carries_its_problems_between_processes(written: Write) -> None:
    with pytest.raises(SurveyInvalid) as raised:
        load(written("[]"))
    assert pickle.loads(pickle.dumps(raised.value)).problems == tuple(check(written("[]")))
    assert "Do: " in str(raised.value)


def test_the_example_in_the_documentation_passes_the_check(written: Write) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "questionnaires.md").read_text("utf-8")
    example = guide.partition("```yaml\n")[2].partition("```")[0]
    assert check(written(example)) == []
    assert load(written(example)).key == "ward-round"


def test_the_documentation_names_every_field_and_every_shipped_questionnaire() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "questionnaires.md").read_text("utf-8")
    for name in (*FIELDS, *KEYS):
        assert f"`{name}`" in guide
    for limit in (f"{MAX_BYTES // 1024} KiB", f"{MAX_DEPTH} deep", f"{MAX_NODES:,} values"):
        assert limit in guide
