"""Pages and pop-ups of customers, jobs, the work on them, and the lists behind them."""
