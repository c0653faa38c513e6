"""Addresses of Home and Reports; included by the engine's urls."""

from django.urls import path

from integrations.reports import views

urlpatterns = [
    path("", views.home, name="home"),
    path("reports/", views.report_list, name="report_list"),
    path("reports/<slug:slug>/", views.report_detail, name="report_detail"),
]
