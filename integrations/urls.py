"""Addresses of the engine: Home and Reports, the connect wizard, settings, import, sync centre."""

from django.urls import path

from integrations.reports.urls import urlpatterns as reports
from integrations.views import (
    accounts,
    document_state,
    file_exports,
    file_imports,
    imports,
    jobs,
    lamp,
    metrics,
    settings,
    sync_centre,
    webhooks,
    wizard,
)

app_name = "integrations"
ADMINISTRATION = "administration/accounts-integration/"

urlpatterns = [
    *reports,
    path("metrics", metrics.metrics, name="metrics"),
    path(ADMINISTRATION, wizard.accounts_integration, name="accounts_integration"),
    path(f"{ADMINISTRATION}own-numbers/", wizard.own_numbers, name="own_numbers"),
    path(f"{ADMINISTRATION}settings/", settings.settings, name="settings"),
    path(f"{ADMINISTRATION}settings/refresh/", settings.chart_refresh, name="chart_refresh"),
    path(f"{ADMINISTRATION}disconnect/", wizard.disconnect, name="disconnect"),
    path(f"{ADMINISTRATION}import/", imports.import_question, name="import_question"),
    path(f"{ADMINISTRATION}<slug:slug>/connect/", wizard.connect, name="connect"),
    path("administration/integrations/<slug:slug>/callback/", wizard.callback, name="callback"),
    path("webhooks/<slug:slug>/", webhooks.webhook, name="webhook"),
    path("import/", imports.import_start, name="import_start"),
    path("import/begin/", imports.import_begin, name="import_begin"),
    path("export/<str:kind>.<str:form>", file_exports.file_export, name="file_export"),
    path("import/file/", file_imports.file_import_new, name="file_import_new"),
    path(
        "import/file/<uuid:public_id>/",
        file_imports.file_import_detail,
        name="file_import_detail",
    ),
    path(
        "import/file/<uuid:public_id>/columns/",
        file_imports.file_import_columns,
        name="file_import_columns",
    ),
    path(
        "import/file/<uuid:public_id>/progress/",
        file_imports.file_import_progress,
        name="file_import_progress",
    ),
    path(
        "import/file/<uuid:public_id>/begin/",
        file_imports.file_import_begin,
        name="file_import_begin",
    ),
    path(
        "import/file/<uuid:public_id>/undo/",
        file_imports.file_import_undo,
        name="file_import_undo",
    ),
    path(
        "import/file/<uuid:public_id>/left-out/",
        file_imports.file_import_left_out,
        name="file_import_left_out",
    ),
    path("import/<uuid:public_id>/", imports.import_detail, name="import_detail"),
    path("import/<uuid:public_id>/progress/", imports.import_progress, name="import_progress"),
    path("jobs/<uuid:public_id>/profit/", jobs.job_profit, name="job_profit"),
    path("books/", sync_centre.sync_centre, name="sync_centre"),
    path("books/log/", sync_centre.sync_log, name="sync_log"),
    path("books/lamp/", lamp.lamp, name="lamp"),
    path("books/check/", lamp.check, name="check"),
    path("books/entries/<uuid:public_id>/retry/", sync_centre.entry_retry, name="entry_retry"),
    path("books/accounts/<slug:chooser>/", accounts.account_why, name="account_why"),
    path(
        "books/<str:label>/<uuid:public_id>/accounts/",
        accounts.document_accounts,
        name="document_accounts",
    ),
    path(
        "books/<str:label>/<uuid:public_id>/", document_state.document_state, name="document_state"
    ),
    path(
        "books/<str:label>/<uuid:public_id>/<slug:action>/",
        document_state.document_press,
        name="document_press",
    ),
]
