"""What every storey may use: money, fields, template components. Knows no model of ours."""
