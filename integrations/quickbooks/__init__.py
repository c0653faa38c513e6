"""QuickBooks Online behind `integrations.contracts`; sees contracts and errors only, no Django."""
