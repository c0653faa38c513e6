"""What the application finds on the embedded servers: its own role, database and Redis."""

from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from ascora.embedded.servers import Servers


def asked(url: str, sql: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_the_application_is_neither_superuser_nor_exempt_from_row_level_security(servers: Servers):
    found = asked(
        servers.urls["DATABASE_URL"],
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb"
        " FROM pg_roles WHERE rolname = current_user",
    )
    assert found == [("ascora", False, False, False, False, True)]


def test_the_database_belongs_to_the_application_and_sorts_by_code_point(servers: Servers):
    url = servers.urls["DATABASE_URL"]
    assert asked(
        url,
        "SELECT current_database(), pg_get_userbyid(datdba), pg_encoding_to_char(encoding),"
        " current_setting('server_version_num')::int / 10000"
        " FROM pg_database WHERE datname = current_database()",
    ) == [("ascora", "ascora", "UTF8", 18)]
    words = asked(url, "SELECT w FROM (VALUES ('b'), ('B'), ('a'), ('é')) AS t(w) ORDER BY w")
    assert words == [("B",), ("a",), ("b",), ("é",)]
    assert asked(url, "SELECT upper('électricité')") == [("ÉLECTRICITÉ",)]


def test_the_application_may_make_a_database_for_its_tests(servers: Servers):
    url = servers.urls["DATABASE_URL"]
    asked(url, "CREATE DATABASE test_of_its_own")
    asked(url, "DROP DATABASE test_of_its_own")


@pytest.mark.parametrize("user", ["postgres", "somebody"])
def test_nobody_else_is_let_in_over_the_network(servers: Servers, user: str):
    address = urlsplit(servers.urls["DATABASE_URL"])
    with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg2.connect(f"postgres://{user}@127.0.0.1:{address.port}/ascora")


def test_the_application_is_not_let_in_without_its_password(servers: Servers):
    address = urlsplit(servers.urls["DATABASE_URL"])
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(f"postgres://ascora:wrong@127.0.0.1:{address.port}/ascora")


def test_redis_refuses_to_forget_and_refuses_strangers(servers: Servers):
    url = servers.urls["REDIS_URL"]
    with redis.Redis.from_url(url) as known:
        assert known.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert known.set("word", "kept")
        assert known.get("word") == b"kept"
    with redis.Redis(port=urlsplit(url).port) as stranger, pytest.raises(redis.RedisError):
        stranger.get("word")
