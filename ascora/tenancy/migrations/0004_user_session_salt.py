"""A value that ends a person's other sessions when it changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_a_person_reads_but_does_not_write_memberships")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_salt",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
    ]
