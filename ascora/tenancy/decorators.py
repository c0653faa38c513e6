"""Who may open a door: logged out goes to the log-in, too low a role gets 403, a stranger's object
is 404 elsewhere.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from ascora.tenancy.models import Membership, Organization, User

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request of a logged-in member, as views behind these decorators receive it."""

    user: User
    membership: Membership
    organization: Organization
    htmx: HtmxDetails


View = Callable[Concatenate[MemberRequest, P], HttpResponse]


def _door(view: View[P], *, is_open_to: Callable[[Membership], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.membership is None:
            return redirect("tenancy:organization_new")
        if not is_open_to(request.membership):
            raise PermissionDenied
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


def without_transaction(view: View[P]) -> View[P]:
    """For views that speak to the books or stream: they open `acting_for` themselves, in short
    pieces.

    Stands outermost, because the middleware reads the mark. The views that carry it are listed in
    tests/house.
    """
    view.without_transaction = True  # type: ignore[attr-defined]
    return view
