"""Who may open a door: logged out goes to the log-in, too low a role gets 403, a stranger's object
is 404 elsewhere.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from ascora.tenancy.factors import must_set_up_a_factor
from ascora.tenancy.models import Membership, Organization, User

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request of a logged-in member, as views behind these decorators receive it."""

    user: User
    membership: Membership
    organization: Organization
    htmx: HtmxDetails


View = Callable[Concatenate[MemberRequest, P], HttpResponse]


def _lead(request: MemberRequest, url: str) -> HttpResponse:
    """To another page: a fragment cannot show it, so htmx is told to go there."""
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


def _to_login(request: MemberRequest) -> HttpResponse:
    """And back afterwards, to the page that was open: a fragment or a pop-up is no page."""
    page = request.htmx.current_url_abs_path or request.get_full_path()
    return _lead(request, redirect_to_login(page).url)


def _door(view: View[P], *, is_open_to: Callable[[Membership], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login(request)
        if request.membership is None:
            return _lead(request, reverse("tenancy:organization_new"))
        if must_set_up_a_factor(request.membership):
            messages.warning(request, "Owners need a second factor. Please set one up to go on.")
            return _lead(request, reverse("mfa_index"))
        if not is_open_to(request.membership):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def people_only(view: View[P]) -> View[P]:
    """Anyone who is logged in, with or without an organization."""

    @wraps(view)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login(request)
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def members_only(view: View[P]) -> View[P]:
    """Any role."""
    return _door(view, is_open_to=lambda _membership: True)


def office_only(view: View[P]) -> View[P]:
    """Owner and Office: the daily work."""
    return _door(view, is_open_to=lambda membership: membership.can_work)


def bookkeepers_only(view: View[P]) -> View[P]:
    """Owner and Accountant: the accounting screens."""
    return _door(view, is_open_to=lambda membership: membership.can_keep_books)


def owners_only(view: View[P]) -> View[P]:
    """Owner."""
    return _door(view, is_open_to=lambda membership: membership.is_owner)


def confirmed_lately(*, back: str) -> Callable[[View[P]], View[P]]:
    """Asks who does it to give the password, or a second factor, once more; again when that is
    longer ago than ACCOUNT_REAUTHENTICATION_TIMEOUT. Then leads to the page that was open, else to
    the one named `back`: what was pressed is pressed again.
    """

    def door(view: View[P]) -> View[P]:
        asking = reauthentication_required(view)

        @wraps(view)
        def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not settings.REQUIRE_CONFIRMATION:
                return view(request, *args, **kwargs)
            try:
                return cast("HttpResponse", asking(request, *args, **kwargs))
            except ReauthenticationRequired:
                return _to_confirm(request, reverse(back))

        return cast("View[P]", guarded)

    return door


def _to_confirm(request: MemberRequest, back: str) -> HttpResponse:
    page = request.htmx.current_url_abs_path or back
    ways = get_adapter().get_reauthentication_methods(request.user)
    return _lead(request, f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: page})}")


def without_transaction(view: View[P]) -> View[P]:
    """For views that speak to the books or stream: they open `acting_for` themselves, in short
    pieces.

    Stands outermost, because the middleware reads the mark. The views that carry it are listed in
    tests/house.
    """
    view.without_transaction = True  # type: ignore[attr-defined]
    return view
