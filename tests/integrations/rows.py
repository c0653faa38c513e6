"""Reading a row again, behind its owner's wall."""

from ascora.tenancy.rls import acting_for


def reread(row):
    with acting_for(row.organization):
        row.refresh_from_db()
