"""The database's own wall around every owned table of this app."""

from django.db import migrations

from ascora.tenancy.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        RowLevelSecurity("TaxRate"),
        RowLevelSecurity("PaymentMethod"),
        RowLevelSecurity("SurchargeRule"),
        RowLevelSecurity("PaymentSettings"),
        RowLevelSecurity("Invoice"),
        RowLevelSecurity("InvoiceLine"),
        RowLevelSecurity("InvoiceVersion"),
        RowLevelSecurity("Payment"),
        RowLevelSecurity("Allocation"),
        RowLevelSecurity("PaymentReversal"),
    ]
