"""What was so many days to pay becomes a payment term; fixed prices invoiced before are claims."""

from django.db import migrations

SEE_EVERYONE = "SELECT set_config('ascora.everyone', 'on', true)"
SEE_NOBODY = "SELECT set_config('ascora.everyone', '', true)"

TERMS = """
INSERT INTO jobs_paymentterm (public_id, name, days, is_from_end_of_month, organization_id)
SELECT gen_random_uuid(), payment_days || ' days', payment_days, false, organization_id
FROM payments_paymentsettings
ON CONFLICT DO NOTHING
"""
DEFAULTS = """
UPDATE payments_paymentsettings settings SET default_term_id = term.id
FROM jobs_paymentterm term
WHERE term.organization_id = settings.organization_id AND term.days = settings.payment_days
"""
CLAIMS = """
UPDATE payments_invoiceline line
SET job_id = job.id,
    claimed = CASE WHEN invoice.tax_mode = 'inclusive' AND line.is_taxed
        THEN line.amount - round(line.amount * invoice.tax_percent / (100 + invoice.tax_percent), 2)
        ELSE line.amount END
FROM payments_invoice invoice JOIN jobs_job job ON job.id = invoice.job_id
WHERE line.invoice_id = invoice.id AND job.pricing = 'fixed_price'
    AND line.kind = 'labour' AND line.labour_entry_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_claims_and_billing_customers")]

    operations = [
        migrations.RunSQL(
            [SEE_EVERYONE, TERMS, DEFAULTS, CLAIMS, SEE_NOBODY], migrations.RunSQL.noop
        )
    ]
