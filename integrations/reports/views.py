"""Home and Reports."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ascora.tenancy.audit import note_file
from ascora.tenancy.decorators import MemberRequest, members_only
from ascora.tenancy.selectors import today_for
from integrations.reports.catalogue import BY_SLUG, Days, Offer, groups
from integrations.reports.home import today_at
from integrations.reports.periods import financial_year_of, usual_periods
from integrations.reports.spreadsheet import CSV, XLSX, csv_of, workbook_of
from integrations.reports.tables import Period, Report

_EARLIEST, _LATEST = date(1990, 1, 1), date(2999, 12, 31)


class PeriodForm(forms.Form):
    """From one day to another, both included."""

    begins_on = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(label="To", widget=forms.DateInput({"type": "date"}))

    def clean_ends_on(self) -> date:
        """Not before it begins."""
        ends_on: date = self.cleaned_data["ends_on"]
        if ends_on < self.cleaned_data.get("begins_on", ends_on):
            raise forms.ValidationError("The last day lies before the first.")
        return ends_on


class DayForm(forms.Form):
    """The end of one day."""

    ends_on = forms.DateField(label="At the end of", widget=forms.DateInput({"type": "date"}))


@members_only
@require_GET
def home(request: MemberRequest) -> HttpResponse:
    """What needs doing today."""
    return render(
        request, "integrations/reports/home.html", {"today": today_at(request.organization)}
    )


@members_only
@require_GET
def report_list(request: MemberRequest) -> HttpResponse:
    """Every report with what it says."""
    return render(request, "integrations/reports/report_list.html", {"groups": groups()})


@members_only
@require_GET
def report_detail(request: MemberRequest, slug: str) -> HttpResponse:
    """One report, on screen, as CSV or as a workbook. Wrong days are told; nothing is shown for
    days that were not asked for.
    """
    if slug not in BY_SLUG:
        raise Http404
    offer = BY_SLUG[slug]
    today = today_for(request.organization)
    form = _form_of(request, offer, today)
    if not form.is_valid():
        return render(request, "integrations/reports/report_detail.html", _page(offer, form, today))
    period = _period_of(offer, form, today)
    report = offer.build(request.organization, period)
    wanted = request.GET.get("as")
    if wanted in {"csv", "xlsx"}:
        rows = len(report.rows)
        note_file(
            request.organization, subject=offer.title, form=wanted, rows=rows, by=request.user
        )
        return _file(offer, report, period, wanted)
    context = _page(offer, form, today) | {"report": report, "period": period}
    return render(request, "integrations/reports/report_detail.html", context)


def _form_of(request: HttpRequest, offer: Offer, today: date) -> forms.Form:
    year = financial_year_of(today)
    if offer.days == Days.AS_OF:
        return DayForm({"ends_on": request.GET.get("ends_on", today)})
    return PeriodForm(
        {
            "begins_on": request.GET.get("begins_on", year.begins_on),
            "ends_on": request.GET.get("ends_on", year.ends_on),
        }
    )


def _period_of(offer: Offer, form: forms.Form, today: date) -> Period:
    if offer.days == Days.NONE:
        return financial_year_of(today)
    days = form.cleaned_data
    return Period(days.get("begins_on", financial_year_of(today).begins_on), days["ends_on"])


def _page(offer: Offer, form: forms.Form, today: date) -> dict[str, Any]:
    return {"offer": offer, "form": form, "presets": usual_periods(today)}


def _file(offer: Offer, report: Report, period: Period, wanted: str) -> HttpResponse:
    if wanted == "csv":
        answer = HttpResponse(csv_of(report), content_type=CSV)
    else:
        answer = HttpResponse(workbook_of(report, title=offer.title), content_type=XLSX)
    name = f"{offer.slug}-{period.ends_on.isoformat()}.{wanted}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
