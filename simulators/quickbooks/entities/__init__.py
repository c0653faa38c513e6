"""Every kind of object the simulator knows, one module per family."""
