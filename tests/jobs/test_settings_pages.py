"""Administration > Jobs: job types with their account codes, and lead sources."""

import pytest
from django.urls import reverse

from ascora.chart.models import AccountKind
from jobs.models import JobType, LeadSource
from tests.builders import a_job_type, a_lead_source, an_income_account

SETTINGS = "jobs:job_settings"


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


def _page(name, row):
    return reverse(name, args=[row.public_id])


def test_a_job_type_gets_both_account_codes(office, at_bright_spark):
    labour = an_income_account(at_bright_spark, code="4110", name="Domestic Labour")
    materials = an_income_account(
        at_bright_spark, code="4210", name="Domestic Materials", kind=AccountKind.OTHER_INCOME
    )
    an_income_account(at_bright_spark, name="The Bank", kind=AccountKind.BANK)
    an_income_account(at_bright_spark, name="Old Income", is_active=False)
    opened = office.get(reverse("jobs:job_type_new")).content.decode()
    for text in (
        "Labour Income Account Code", "Materials Income Account Code",
        "4110 Domestic Labour", "4210 Domestic Materials",
    ):  # fmt: skip
        assert text in opened, text
    assert "The Bank" not in opened
    assert "Old Income" not in opened

    office.post(
        reverse("jobs:job_type_new"),
        {
            "name": "Domestic",
            "colour": "#2fb344",
            "labour_account": labour.pk,
            "materials_account": materials.pk,
        },
    )
    kind = JobType.objects.owned_by(at_bright_spark).get()
    assert (kind.labour_account, kind.materials_account) == (labour, materials)
    page = office.get(reverse(SETTINGS)).content.decode()
    assert "4110 Domestic Labour" in page
    assert 'fill="#2fb344"' in page


def test_without_accounts_the_pop_up_says_how_to_get_some(office, at_bright_spark):
    page = office.get(reverse("jobs:job_type_new")).content.decode()
    assert "onnect your books" in page


def test_an_account_that_became_inactive_stays_chosen_with_a_warning(office, at_bright_spark):
    old = an_income_account(at_bright_spark, code="4999", name="Old", is_active=False)
    other = an_income_account(at_bright_spark, code="4998", name="Older", is_active=False)
    kind = a_job_type(at_bright_spark, name="Domestic", labour_account=old)
    page = office.get(_page("jobs:job_type_edit", kind)).content.decode()
    assert f'<option value="{old.pk}" selected>4999 Old (no longer active)</option>' in page
    assert "This account is no longer active in your books" in page
    assert "4998" not in page
    typed = {"name": "Domestic", "colour": "#206bc4", "labour_account": old.pk}
    assert office.post(_page("jobs:job_type_edit", kind), typed).status_code == 302
    answer = office.post(_page("jobs:job_type_edit", kind), typed | {"labour_account": other.pk})
    assert answer.status_code == 422
    kind.refresh_from_db()
    assert kind.labour_account == old


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "domestic"}, "There is a job type of this name already."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"colour": "red"}, "Enter a valid value."),
    ],
)
def test_a_job_type_that_cannot_be_is_refused(office, at_bright_spark, typed, said):
    a_job_type(at_bright_spark, name="Domestic")
    answer = office.post(reverse("jobs:job_type_new"), {"name": "New", "colour": "#206bc4"} | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert JobType.objects.owned_by(at_bright_spark).count() == 1


def test_an_archived_job_type_is_no_longer_offered(office, at_bright_spark):
    kind = a_job_type(at_bright_spark, name="Domestic")
    office.post(_page("jobs:job_type_archive", kind), follow=True)
    assert "Domestic" not in office.get(reverse("jobs:job_new")).content.decode()
    office.post(_page("jobs:job_type_restore", kind))
    assert "Domestic" in office.get(reverse("jobs:job_new")).content.decode()


def test_lead_sources_are_added_renamed_and_archived(office, at_bright_spark):
    office.post(reverse("jobs:lead_source_new"), {"name": "Google"})
    source = LeadSource.objects.owned_by(at_bright_spark).get()
    office.post(_page("jobs:lead_source_edit", source), {"name": "Google Ads"})
    source.refresh_from_db()
    assert source.name == "Google Ads"
    assert "Google Ads" in office.get(reverse("jobs:customer_new")).content.decode()
    office.post(_page("jobs:lead_source_archive", source), follow=True)
    assert "Google Ads" not in office.get(reverse("jobs:customer_new")).content.decode()
    office.post(_page("jobs:lead_source_restore", source))
    assert "Google Ads" in office.get(reverse("jobs:customer_new")).content.decode()


@pytest.mark.parametrize(("name", "said"), [("google", "already"), ("x" * 32, "at most 31")])
def test_a_lead_source_that_cannot_be_is_refused(office, at_bright_spark, name, said):
    a_lead_source(at_bright_spark, name="Google")
    answer = office.post(reverse("jobs:lead_source_new"), {"name": name})
    assert answer.status_code == 422
    assert said in answer.content.decode()
