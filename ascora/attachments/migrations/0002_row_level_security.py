"""The database's own wall around every owned table of this app."""

from django.db import migrations

from ascora.tenancy.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_attachments")]

    operations = [
        RowLevelSecurity("Attachment"),
    ]
