"""The database's own wall around every owned table of this app."""

from django.db import migrations

from ascora.tenancy.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("chart", "0001_initial")]

    operations = [
        RowLevelSecurity("LedgerAccount"),
        RowLevelSecurity("TaxCode"),
        RowLevelSecurity("BooksPaymentMethod"),
        RowLevelSecurity("CustomField"),
    ]
