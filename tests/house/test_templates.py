"""Templates compile, fragments stand alone, nothing is marked safe, and every form is protected."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file())
PAGES = [name for name in NAMES if name.endswith(".html")]
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# Allauth's element passes the token on in its body.
TOKEN_IN_BODY = {"allauth/elements/form.html"}


def text_of(name):
    """As it is written."""
    return (ROOT / name).read_text("utf-8")


def test_there_are_templates():
    assert len(PAGES) > 50


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", [n for n in PAGES if Path(n).name.startswith("_")])
def test_a_fragment_never_extends(name):
    assert "{% extends" not in text_of(name)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_marked_safe(name):
    for tag in TAG.findall(text_of(name)):
        assert not re.search(r"\|\s*safe|autoescape off", tag), tag


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_styled_or_scripted_inside_a_page(name):
    text = text_of(name)
    assert not re.search(r"\sstyle=|\son(click|change|submit|load|input)=|hx-on", text)
    for script in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in script or "application/json" in script, script


@pytest.mark.parametrize("name", [n for n in PAGES if n not in TOKEN_IN_BODY])
def test_a_form_that_posts_carries_the_token(name):
    for form in FORM.findall(text_of(name)):
        if re.search(r'method="post"', form, re.IGNORECASE):
            assert "{% csrf_token %}" in form


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_another_host(name):
    for address in re.findall(r'(?:src|href)="(https?:[^"]*)"', text_of(name)):
        pytest.fail(f"{address} is loaded from elsewhere")
