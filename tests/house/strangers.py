"""One row of every kind at another organization, all with the same ids: one value typed anywhere
names a stranger's row, whatever the field refers to.
"""

from uuid import UUID

from ascora.tenancy.models import Membership, Organization, User
from ascora.tenancy.rls import acting_for
from tests.house.rows import COMPLETED, an_unsaved_row, owned_models

KEY = 7_654_321
ID = UUID("7e57ab1e-0000-4000-8000-00005743a4e5")
TYPED = (str(KEY), str(ID))


def a_stranger() -> Organization:
    """Has a customer, a job, an account, a tax code, a supplier, a payment method, a user ..."""
    stranger = Organization(name="Same Ids & Co")
    with acting_for(stranger):
        stranger.save()
        user = User.objects.create_user("same.ids@stranger.test", pk=KEY)
        for model in owned_models():
            row = an_unsaved_row(model, stranger)
            row.pk, row.public_id = KEY, ID
            if model is Membership:
                row.user = user
            row.save(force_insert=True)
            if model in COMPLETED:
                COMPLETED[model](row)
    return stranger
