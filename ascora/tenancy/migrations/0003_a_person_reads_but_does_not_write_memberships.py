"""A person without an organization may read the own memberships, and no longer write them."""

from django.db import migrations

from ascora.tenancy import rls


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_row_level_security")]

    operations = [
        migrations.RunSQL(
            rls.narrow_policy(
                "tenancy_membership", to=rls.OWNED, reading_also=rls.OWN_MEMBERSHIPS
            ),
            rls.widen_policy("tenancy_membership", to=rls.MEMBERSHIP),
        ),
        migrations.RunSQL(
            rls.narrow_policy(
                "tenancy_organization",
                to=rls.ORGANIZATION_ITSELF,
                reading_also=rls.OWN_ORGANIZATIONS,
            ),
            rls.widen_policy("tenancy_organization", to=rls.ORGANIZATION),
        ),
    ]
