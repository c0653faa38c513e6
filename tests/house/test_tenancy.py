"""The three walls, proved for every owned table: queries, references, row-level security."""

import ast
from contextlib import suppress
from pathlib import Path

import pytest
from celery.signals import worker_init
from django.apps import apps
from django.conf import settings as project
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

import ascora.celery
from ascora.tenancy import role
from ascora.tenancy.constraints import SameOrganization
from ascora.tenancy.models import Membership, Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet, UnownedQuery
from ascora.tenancy.rls import acting_as, acting_for, acting_for_everyone
from tests.house.rows import a_row, an_unsaved_row, owned_models, owned_references

OURS = ("ascora", "integrations", "inventory", "jobs", "payments")
NOT_OWNED = {"Heartbeat", "MonthOfReads", "Organization", "User"}
# One set of books belongs to one organization of the whole installation; the print tells nothing.
UNIQUE_ACROSS = {"connection_company_connected_once"}
SEES_EVERYONE = {
    "ascora/tenancy/rls.py",  # its own definition
    "ascora/tenancy/rotation.py",  # rotate_keys walks the organizations
    "integrations/connections/handshake.py",  # are these books connected elsewhere?
    "integrations/metering.py",  # how many books share what is left of a month: a number
    "integrations/metrics/exchanges.py",  # figures of the installation, no row leaves
    "integrations/metrics/exposition.py",  # as above
    "integrations/metrics/permissions.py",  # as above
    "integrations/metrics/queue.py",  # as above
    "integrations/watchdog.py",  # does work wait that nobody takes up?
    "integrations/tasks.py",  # the scheduler and the doorbell of the webhook
    "integrations/webhooks.py",  # whose books does a webhook speak of?
}
WITHOUT_TRANSACTION_LIVES_IN = ("integrations/views/",)

MODELS = pytest.mark.parametrize("model", owned_models(), ids=lambda model: model._meta.label)
REFERENCES = pytest.mark.parametrize(
    ("model", "field"),
    owned_references(),
    ids=lambda part: getattr(part, "name", None) or part._meta.label,
)


@pytest.fixture(autouse=True)
def bare_organizations(settings):
    """Without what other storeys prepare: each table is filled by its own test."""
    settings.ORGANIZATION_PREPARERS = []


def sources():
    """Every module of ours that is no migration."""
    for room in OURS:
        for path in (project.BASE_DIR / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path.relative_to(project.BASE_DIR).as_posix(), path.read_text("utf-8")


def calls_of(text, name):
    """How often a function or method of this name is called."""
    called = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return sum(name == (getattr(c, "attr", None) or getattr(c, "id", None)) for c in called)


def sql(statement, *values):
    """Rows of a raw statement, or the number that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


# Declared


def test_every_model_of_ours_is_owned_or_named():
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]
    assert {m.__name__ for m in ours if not issubclass(m, OwnedModel)} == NOT_OWNED


@MODELS
def test_every_manager_is_guarded(model):
    for manager in model._meta.managers:
        assert issubclass(type(manager.get_queryset()), OwnedQuerySet), manager.name


@REFERENCES
def test_every_reference_stays_in_the_organization(model, field):
    kept = {c.field for c in model._meta.constraints if isinstance(c, SameOrganization)}
    assert field.name in kept


@MODELS
def test_every_unique_constraint_starts_with_the_organization(model):
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            assert constraint.fields[0] == "organization" or constraint.name in UNIQUE_ACROSS
    assert not model._meta.unique_together
    for field in model._meta.local_concrete_fields:
        assert field.primary_key or not field.unique or field.one_to_one, field.name


@pytest.mark.parametrize("name", ["across_organizations", "acting_for_everyone"])
def test_only_named_places_look_across_organizations(name):
    callers = {path for path, text in sources() if calls_of(text, name)}
    assert callers <= SEES_EVERYONE


def test_only_the_engines_views_go_without_a_transaction():
    for path, text in sources():
        if "@without_transaction" in text:
            assert path.startswith(WITHOUT_TRANSACTION_LIVES_IN), path


# The first wall

QUESTIONS = [
    list,
    len,
    bool,
    lambda rows: rows.first(),
    lambda rows: rows.get(pk=1),
    lambda rows: rows.count(),
    lambda rows: rows.exists(),
    lambda rows: rows.in_bulk([1]),
    lambda rows: list(rows.values("pk")),
    lambda rows: list(rows.iterator()),
    lambda rows: list(rows.exclude(pk=1)),
    lambda rows: list(rows.filter(organization=None)),
    lambda rows: rows.owned_by(None),
    lambda rows: rows.aggregate(models.Max("pk")),
    lambda rows: rows.update(pk=1),
    lambda rows: rows.delete(),
]


@MODELS
def test_a_query_that_does_not_say_whose_does_not_run(at_bright_spark, model):
    rows = model.objects.all()
    for ask in QUESTIONS:
        with pytest.raises(UnownedQuery):
            ask(rows)


# The third wall


def test_every_table_with_an_owner_forces_a_policy_for_reading_and_writing(db):
    unguarded = sql("""
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p') AND a.attname = 'organization_id' AND NOT a.attisdropped
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
            SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*'
            AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL))""")
    assert unguarded == []


def test_every_owned_table_is_among_them(db):
    tables = {row[0] for row in sql("SELECT relname FROM pg_class WHERE relforcerowsecurity")}
    expected = {model._meta.db_table for model in owned_models()} | {"tenancy_organization"}
    assert tables == expected


def test_a_policy_that_writes_names_the_organization_and_nothing_wider(db):
    for table, check in sql("SELECT tablename, with_check FROM pg_policies WHERE cmd = 'ALL'"):
        assert "ascora.organization" in check, table
        assert "ascora.person" not in check, table


def test_the_role_is_ordinary(db):
    ((is_superuser, bypasses),) = sql(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert (is_superuser, bypasses) == (False, False)
    assert role.complaint_about_role() is None


@pytest.mark.parametrize(
    ("powers", "complaint"), [((True, False), "superuser"), ((False, True), "BYPASSRLS")]
)
def test_a_privileged_role_is_refused(db, monkeypatch, powers, complaint):
    is_superuser, bypasses = powers
    monkeypatch.setattr(role, "_QUESTION", f"SELECT 'root', {is_superuser}, {bypasses}")
    (error,) = run_checks(databases=["default"], tags=["database"])
    assert (error.id, complaint in error.msg) == ("tenancy.E001", True)
    monkeypatch.setattr(role.connection, "close", lambda: None)
    with pytest.raises(ImproperlyConfigured, match=complaint):
        role.refuse_a_privileged_role()
    with pytest.raises(SystemExit, match=complaint):
        worker_init.send(sender=ascora.celery.app)


@MODELS
def test_a_foreign_row_is_not_read_counted_changed_or_deleted(bright_spark, drain_co, model):
    table, key = model._meta.db_table, model._meta.pk.column
    with acting_for(bright_spark):
        row = a_row(model, bright_spark)
    with acting_for(drain_co):
        assert model.objects.across_organizations().filter(pk=row.pk).count() == 0
        assert sql(f"SELECT * FROM {table} WHERE {key} = %s", row.pk) == []
        assert sql(f"SELECT count(*) FROM {table} WHERE {key} = %s", row.pk) == [(0,)]
        assert sql(f"UPDATE {table} SET {key} = {key} WHERE {key} = %s", row.pk) == 0
        assert sql(f"DELETE FROM {table} WHERE {key} = %s", row.pk) == 0
    with acting_for(bright_spark):
        assert sql(f"SELECT count(*) FROM {table} WHERE {key} = %s", row.pk) == [(1,)]


@MODELS
def test_a_row_cannot_be_made_for_or_moved_to_another_organization(bright_spark, drain_co, model):
    table = model._meta.db_table
    with acting_for(bright_spark):
        row = an_unsaved_row(model, bright_spark)
    with acting_for(drain_co):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            row.save()
        own = a_row(model, drain_co)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            sql(
                f"UPDATE {table} SET organization_id = %s WHERE {model._meta.pk.column} = %s",
                bright_spark.pk,
                own.pk,
            )


@MODELS
def test_unset_means_no_rows(bright_spark, model):
    with acting_for(bright_spark):
        a_row(model, bright_spark)
    assert sql(f"SELECT count(*) FROM {model._meta.db_table}") == [(0,)]
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        an_unsaved_row_without_parents(model, bright_spark)


def an_unsaved_row_without_parents(model, organization):
    """Inserts with nothing set: the policy speaks before any constraint does."""
    sql(
        f"INSERT INTO {model._meta.db_table} (organization_id, public_id)"
        " OVERRIDING SYSTEM VALUE VALUES (%s, gen_random_uuid())",
        organization.pk,
    )


# The second wall


@REFERENCES
def test_a_foreign_row_cannot_be_referred_to(bright_spark, drain_co, model, field):
    with acting_for(bright_spark):
        theirs = a_row(field.related_model, bright_spark)
    with acting_for(drain_co):
        own = a_row(model, drain_co)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        change = f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE id = %s"
        with pytest.raises(IntegrityError, match="same_organization"), transaction.atomic():
            sql(change, theirs.pk, own.pk)


# The settings of the third wall


def current(name):
    """A setting of the session as it stands."""
    return sql("SELECT current_setting(%s, true)", f"ascora.{name}")[0][0] or ""


def look(act, *, fails):
    """Act for somebody; then perhaps fail."""
    with act():
        assert sql("SELECT 1") == [(1,)]
        if fails:
            raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [False, True])
def test_the_settings_are_gone_after_commit_and_after_an_error(bright_spark, olive, fails):
    for name, act in (
        ("organization", lambda: acting_for(bright_spark)),
        ("person", lambda: acting_as(olive)),
        ("everyone", acting_for_everyone),
    ):
        with act():
            assert current(name) != ""
        with suppress(ZeroDivisionError):
            look(act, fails=fails)
        assert current(name) == ""


def test_an_inner_wall_gives_way_to_the_outer_one(bright_spark, drain_co):
    with acting_for(bright_spark):
        with acting_for(drain_co):
            assert current("organization") == str(drain_co.pk)
        assert current("organization") == str(bright_spark.pk)
        with pytest.raises(ZeroDivisionError), acting_for(drain_co):
            raise ZeroDivisionError
        assert current("organization") == str(bright_spark.pk)


def test_a_person_reads_the_own_memberships_and_writes_none(bright_spark, drain_co, olive, stan):
    with acting_as(olive):
        assert sql("SELECT user_id FROM tenancy_membership") == [(olive.pk,)]
        assert sql("SELECT name FROM tenancy_organization") == [("Bright Spark Electrical",)]
        assert sql("UPDATE tenancy_membership SET role = 'owner'") == 0
        assert sql("UPDATE tenancy_organization SET name = 'x'") == 0
        assert sql("DELETE FROM tenancy_membership") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Membership.objects.create(organization=drain_co, user=olive, role="owner")


def test_an_organization_is_not_seen_or_changed_by_another(bright_spark, drain_co):
    with acting_for(drain_co):
        assert list(Organization.objects.values_list("name", flat=True)) == ["Drain & Co"]
        assert Organization.objects.filter(pk=bright_spark.pk).update(name="Ours") == 0


def test_no_module_but_the_wall_speaks_to_the_settings():
    for path, text in sources():
        if path != "ascora/tenancy/rls.py":
            assert "set_config(" not in text, path
    assert Path(project.BASE_DIR, "ascora/tenancy/rls.py").exists()
