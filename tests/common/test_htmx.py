"""Answers to htmx."""

import json

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from ascora.common.htmx import dialog, saved, toast


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.fixture
def asked():
    def ask(**headers):
        request = RequestFactory().post("/customers/new/", headers=headers)
        request.htmx = HtmxDetails(request)
        request.session = {}
        request._messages = FallbackStorage(request)
        return request

    return ask


def by_htmx(current_url):
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{current_url}"}


def test_saving_without_htmx_redirects_and_says_so(asked):
    request = asked()
    response = saved(request, to="/customers/", message="Customer saved.")
    assert (response.status_code, response["Location"]) == (302, "/customers/")
    assert [str(message) for message in get_messages(request)] == ["Customer saved."]


def test_saving_in_a_pop_up_refreshes_the_page_it_was_opened_from_with_its_search(asked):
    response = saved(asked(**by_htmx("/customers/?q=smith")), to="/customers/")
    assert response["HX-Refresh"] == "true"


def test_saving_in_a_pop_up_goes_to_another_page(asked):
    response = saved(asked(**by_htmx("/customers/")), to="/customers/1/")
    assert response["HX-Redirect"] == "/customers/1/"
    assert "HX-Refresh" not in response


def test_a_save_without_words_says_nothing(asked):
    request = asked()
    saved(request, to="/customers/")
    assert list(get_messages(request)) == []


@pytest.mark.parametrize(
    ("data", "status"), [(None, 200), ({"name": ""}, 422), ({"name": "Smith"}, 200)]
)
def test_a_pop_up_is_refused_only_when_it_was_sent_and_is_not_in_order(asked, data, status):
    context = {"form": NameForm(data), "confirm_title": "Name"}
    assert dialog(asked(**by_htmx("/")), "components/confirm.html", context).status_code == status


def test_a_refused_pop_up_keeps_what_was_typed_and_marks_the_field(asked):
    class Both(NameForm):
        note = forms.CharField()

    context = {"form": Both({"name": "Smith & Sons", "note": ""}), "confirm_title": "Name"}
    shown = dialog(asked(**by_htmx("/")), "components/confirm.html", context).content.decode()
    assert 'value="Smith &amp; Sons"' in shown
    assert 'aria-invalid="true"' in shown
    assert "csrfmiddlewaretoken" in shown
    assert "<html" not in shown


def test_a_pop_up_is_a_page_where_scripts_do_not_run(asked):
    shown = dialog(asked(), "components/confirm.html", {"confirm_title": "Sure?"}).content.decode()
    assert "<html" in shown
    assert "Sure?" in shown


def test_a_fragment_may_say_something():
    response = toast(HttpResponse(), "Checked just now.")
    assert json.loads(response["HX-Trigger"]) == {
        "ascora:toast": {"message": "Checked just now.", "tone": "good"}
    }
