"""Home and Reports."""

from datetime import date

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ascora.tenancy.decorators import MemberRequest, members_only
from ascora.tenancy.selectors import today_for
from integrations.reports.figures import REPORTS, Period, financial_year_of
from integrations.reports.home import today_at
from integrations.reports.spreadsheet import csv_of


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
    period = financial_year_of(today_for(request.organization))
    reports = [build(request.organization, period) for build in REPORTS.values()]
    return render(request, "integrations/reports/report_list.html", {"reports": reports})


@members_only
@require_GET
def report_detail(request: MemberRequest, slug: str) -> HttpResponse:
    """One report for a period, on screen or as CSV."""
    if slug not in REPORTS:
        raise Http404
    year = financial_year_of(today_for(request.organization))
    form = PeriodForm(
        {
            "begins_on": request.GET.get("begins_on", year.begins_on),
            "ends_on": request.GET.get("ends_on", year.ends_on),
        }
    )
    period = Period(**form.cleaned_data) if form.is_valid() else year
    report = REPORTS[slug](request.organization, period)
    if request.GET.get("as") == "csv":
        answer = HttpResponse(csv_of(report), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
        return answer
    context = {"report": report, "form": form, "period": period}
    return render(request, "integrations/reports/report_detail.html", context)
