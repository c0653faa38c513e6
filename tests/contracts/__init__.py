"""The provider against recorded traffic and against the simulator."""
