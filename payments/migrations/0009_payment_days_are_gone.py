"""The default payment term says what the column of days said."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_payment_days_become_terms")]

    operations = [migrations.RemoveField(model_name="paymentsettings", name="payment_days")]
