"""Addresses of files."""

from django.urls import path

from ascora.attachments import views

app_name = "attachments"

urlpatterns = [
    path("files/<uuid:public_id>/", views.attachment_download, name="attachment_download"),
    path("files/<uuid:public_id>/remove/", views.attachment_remove, name="attachment_remove"),
]
