"""Bright Spark, connected to an Australian company of the simulator."""

from tests.engine.connected import company, running, spark

__all__ = ["company", "running", "spark"]
