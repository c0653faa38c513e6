"""A custom field chosen before its name was kept: the name that it has now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0003_rounding_codes_and_name_of_the_lead_source_field"),
        ("chart", "0002_row_level_security"),
    ]

    operations = [
        migrations.RunSQL(
            [
                "SELECT set_config('ascora.everyone', 'on', true)",
                "UPDATE integrations_accountingsettings SET lead_source_name = field.name"
                " FROM chart_customfield field WHERE field.id = lead_source_field_id",
                "SELECT set_config('ascora.everyone', '', true)",
            ],
            migrations.RunSQL.noop,
        )
    ]
