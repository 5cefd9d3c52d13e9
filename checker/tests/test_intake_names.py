"""Whose a submission is, by the names in a learning platform's export."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.grading.lms import Owner, owner

ANONYMOUS = Owner("canvas", "anon_aB3dE", "anon_aB3dE", "w.zip")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Ana Sá_1234_assignsubmission_file_", Owner("moodle", "1234", "Ana Sá", "")),
        ("Ana Sá_1234_assignsubmission_file", Owner("moodle", "1234", "Ana Sá", "")),
        ("Ana Sá_1234_assignsubmission_onlinetext_", Owner("moodle", "1234", "Ana Sá", "")),
        ("Ana Sá_1_assignsubmission_file_a_2_b.zip", Owner("moodle", "1", "Ana Sá", "a_2_b.zip")),
        ("Participant_77_assignsubmission_file_", Owner("moodle", "77", "Participant 77", "")),
        ("Team 1_9_assignsubmission_file_", Owner("moodle", "9", "Team 1", "")),
        ("Default_assignsubmission_file_", Owner("moodle", "Default", "Default", "")),
        ("sáana_12_34_my_work.zip", Owner("canvas", "12", "sáana", "my_work.zip")),
        ("sáana_LATE_12_34_work-1.zip", Owner("canvas", "12", "sáana", "work-1.zip", late=True)),
        ("de_sáana_12_34_w.zip", Owner("canvas", "12", "de_sáana", "w.zip")),
        ("anon_aB3dE_34_w.zip", ANONYMOUS),
        ("LATE_anon_aB3dE_34_w.zip", replace(ANONYMOUS, late=True)),
        ("sáana_12_text.html", Owner("canvas", "12", "sáana", "")),
        ("loopback-ist199.tar.gz", Owner("plain", "ist199", "ist199", "loopback-ist199.tar.gz")),
        ("Ana Sá", Owner("plain", "Ana Sá", "Ana Sá", "Ana Sá")),
        ("a@b.c.zip", Owner("plain", "a@b.c", "a@b.c", "a@b.c.zip")),
        ("v1.2", Owner("plain", "v1.2", "v1.2", "v1.2")),
        (".zip", Owner("plain", ".zip", ".zip", ".zip")),
    ],
)
def test_a_name_tells_whose_it_is(name: str, known: Owner) -> None:
    assert owner(name) == known


def test_a_files_own_name_takes_no_other_students_place() -> None:
    assert owner("eve_12_34_Ana_1_assignsubmission_file_x.zip").id == "12"
    assert owner("Eve_12_assignsubmission_file_sáana_56_78_x.zip").id == "12"
