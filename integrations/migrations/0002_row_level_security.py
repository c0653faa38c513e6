"""The database's own wall around every owned table of this app."""

from django.db import migrations

from ascora.tenancy.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial")]

    operations = [
        RowLevelSecurity("Connection"),
        RowLevelSecurity("AccountingSettings"),
        RowLevelSecurity("RemoteLink"),
        RowLevelSecurity("SyncAttempt"),
        RowLevelSecurity("PullCursor"),
        RowLevelSecurity("WebhookHint"),
        RowLevelSecurity("ReadMeter"),
        RowLevelSecurity("ImportRun"),
        RowLevelSecurity("ImportRow"),
    ]
