"""The database's own wall around every owned table of this app."""

from django.db import migrations

from ascora.tenancy.rls import MEMBERSHIP, ORGANIZATION, RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        RowLevelSecurity("Organization", ORGANIZATION),
        RowLevelSecurity("Membership", MEMBERSHIP),
        RowLevelSecurity("Invitation"),
        RowLevelSecurity("NumberSequence"),
    ]
