"""PostgreSQL and Redis for a machine that has neither: the demonstration and the tests run on them.

Never used where DATABASE_URL and REDIS_URL are set. Imports no Django: it only starts processes.
"""
