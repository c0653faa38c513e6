"""The screens of an import from a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from integrations import file_imports
from integrations.models import FileImport
from jobs.models import Customer


@pytest.fixture
def office(client_of, otto):
    return client_of(otto)


def upload(office, content, kind="customers"):
    file = SimpleUploadedFile("list.csv", content)
    return office.post(reverse("integrations:file_import_new"), {"kind": kind, "file": file})


def test_from_the_file_to_the_customers_and_back(office, bright_spark, at_bright_spark):
    answer = upload(office, b"Customer,Mail\nNew Mill,m@example.test\nBad,nonsense\n")
    columns = answer.url
    page = office.get(columns).content.decode()
    assert "New Mill" in page
    answer = office.post(columns, {"name": "0", "email": "1"})
    detail = answer.url
    assert "Looking through the file" in office.get(detail).content.decode()
    file_imports.work(bright_spark)
    page = office.get(detail).content.decode()
    assert "1 would be added" in page
    run = FileImport.objects.get(organization=bright_spark)
    office.post(reverse("integrations:file_import_begin", args=[run.public_id]))
    file_imports.work(bright_spark)
    assert Customer.objects.filter(organization=bright_spark, name="New Mill").exists()
    left_out = office.get(reverse("integrations:file_import_left_out", args=[run.public_id]))
    assert left_out.content.decode().splitlines()[1].startswith("Bad,nonsense,E-mail")
    office.post(reverse("integrations:file_import_undo", args=[run.public_id]))
    file_imports.work(bright_spark)
    assert not Customer.objects.filter(organization=bright_spark, name="New Mill").exists()
    assert "Taken back" in office.get(detail).content.decode()


def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(office, bright_spark, at_bright_spark):
    page = upload(office, b"\x00\x01").content.decode()
    assert "no CSV or Excel file" in page
    assert not FileImport.objects.filter(organization=bright_spark).exists()


def test_one_column_cannot_fill_two_fields(office, bright_spark, at_bright_spark):
    columns = upload(office, b"Name\nNew Mill\n").url
    page = office.post(columns, {"name": "0", "company_name": "0"}).content.decode()
    assert "This column fills Name already." in page
    assert FileImport.objects.get(organization=bright_spark).state == "mapping"
