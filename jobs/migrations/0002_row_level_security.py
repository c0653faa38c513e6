"""The database's own wall around every owned table of this app."""

from django.db import migrations

from ascora.tenancy.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        RowLevelSecurity("LeadSource"),
        RowLevelSecurity("Customer"),
        RowLevelSecurity("Contact"),
        RowLevelSecurity("JobType"),
        RowLevelSecurity("Job"),
        RowLevelSecurity("LabourEntry"),
        RowLevelSecurity("JobSupply"),
    ]
