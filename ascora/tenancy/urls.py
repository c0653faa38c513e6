"""Addresses of people and organizations."""

from django.urls import path

from ascora.tenancy import views

app_name = "tenancy"

urlpatterns = [
    path("administration/users/", views.user_list, name="user_list"),
    path("administration/users/<uuid:public_id>/role/", views.user_role, name="user_role"),
    path("administration/users/<uuid:public_id>/remove/", views.user_remove, name="user_remove"),
    path("administration/change-log/", views.change_log, name="change_log"),
    path("administration/users/invite/", views.invitation_new, name="invitation_new"),
    path(
        "administration/invitations/<uuid:public_id>/resend/",
        views.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "administration/invitations/<uuid:public_id>/withdraw/",
        views.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("invitation/<str:token>/", views.invitation_accept, name="invitation_accept"),
    path("organizations/", views.organization_switch, name="organization_switch"),
    path("organizations/new/", views.organization_new, name="organization_new"),
    path("administration/business/", views.company_details, name="company_details"),
]
