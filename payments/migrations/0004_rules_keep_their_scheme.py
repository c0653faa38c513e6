"""Rules made before they carried a scheme hold for their method's; the method Cash is cash."""

from django.db import migrations

SEE_EVERYONE = "SELECT set_config('ascora.everyone', 'on', true)"


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_deposit_account_rounding_and_schemes")]

    operations = [
        migrations.RunSQL(
            [
                SEE_EVERYONE,
                "UPDATE payments_surchargerule SET card_scheme = method.card_scheme"
                " FROM payments_paymentmethod method WHERE method.id = method_id",
                "UPDATE payments_paymentmethod SET is_cash = true"
                " WHERE name = 'Cash' AND card_scheme = ''",
                "SELECT set_config('ascora.everyone', '', true)",
            ],
            migrations.RunSQL.noop,
        )
    ]
