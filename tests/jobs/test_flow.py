"""The way of a job, and the board that shows all of them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from jobs.models import JobStatus
from jobs.selectors import board_for, uninvoiced_worth_of
from jobs.services import LeavesWorkBehind, set_job_status
from tests.builders import a_job, a_labour_entry
from tests.tenancy.test_meanwhile import text_of


def move(job, *statuses, **how):
    """One after the other."""
    for status in statuses:
        job = set_job_status(job=job, status=status, by=None, **how)
    return job


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        (["booked"], "closed"),
        (["completed"], "booked"),
        (["cancelled"], "completed"),
        (["completed", "closed"], "cancelled"),
    ],
)
def test_what_is_done_or_called_off_is_reopened_first(at_bright_spark, way, refused):
    job = move(a_job(at_bright_spark), *way)
    with pytest.raises(ValidationError, match="reopen it first"):
        move(job, refused)
    job.refresh_from_db()
    assert job.status == way[-1]


def test_a_closed_job_is_reopened_and_the_same_status_again_is_nothing(at_bright_spark):
    job = move(a_job(at_bright_spark), "completed", "closed", "closed", "in_progress")
    assert job.status == JobStatus.IN_PROGRESS


@pytest.mark.parametrize("end", ["cancelled", "closed"])
def test_work_that_nobody_was_charged_for_is_asked_about(at_bright_spark, end):
    job = move(a_job(at_bright_spark), "completed")
    a_labour_entry(job)
    a_labour_entry(job, is_chargeable=False)
    with pytest.raises(LeavesWorkBehind, match=r"\$190\.00 before tax"):
        move(job, end)
    job.refresh_from_db()
    assert job.status == JobStatus.COMPLETED
    assert move(job, end, is_sure=True).status == end


def test_a_fixed_price_is_worth_what_no_claim_took(at_bright_spark):
    job = a_job(at_bright_spark, pricing="fixed_price", fixed_price=500)
    a_labour_entry(job)
    assert uninvoiced_worth_of(job) == 500


@pytest.fixture
def browser(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


def test_the_board_is_remembered_until_the_list_is_chosen(bright_spark, browser):
    with acting_for(bright_spark):
        job = a_job(bright_spark)
    jobs = reverse("jobs:job_list")
    assert "Unscheduled 1" in text_of(browser.get(jobs, {"view": "board"}))
    assert f"Move {job.number}" in browser.get(jobs).content.decode()
    assert "Move" not in text_of(browser.get(jobs, {"status": "booked"}))
    browser.get(jobs, {"view": "list"})
    assert "Find" not in text_of(browser.get(jobs))
    assert 'id="board"' not in browser.get(jobs).content.decode()


def test_a_card_moves_and_the_board_comes_back(bright_spark, browser):
    with acting_for(bright_spark):
        job = a_job(bright_spark)
    address = reverse("jobs:job_status", args=[job.public_id])
    board = browser.post(
        address, {"status": "booked", "board": "1"}, headers={"HX-Request": "true"}
    )
    assert "Booked 1" in text_of(board)
    assert "is now Booked" in board.headers["HX-Trigger"]


def test_the_board_asks_in_a_window_before_work_is_left_behind(bright_spark, browser):
    with acting_for(bright_spark):
        job = a_job(bright_spark)
        a_labour_entry(job)
    address = reverse("jobs:job_status", args=[job.public_id])
    typed = {"status": "cancelled", "board": "1"}
    asked = browser.post(address, typed, headers={"HX-Request": "true"})
    assert asked.headers["HX-Retarget"] == "#dialog"
    assert "$190.00 before tax" in text_of(asked)
    browser.post(address, typed | {"is_sure": "1"}, headers={"HX-Request": "true"})
    with acting_for(bright_spark):
        job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_a_column_shows_fifty_and_says_how_many_there_are(at_bright_spark, monkeypatch):
    monkeypatch.setattr("jobs.selectors.MOST_CARDS", 2)
    for _ in range(3):
        a_job(at_bright_spark)
    first = board_for(at_bright_spark)[0]
    assert (len(first.jobs), first.count, first.has_more) == (2, 3, True)
