"""Customers and the work done for them."""
