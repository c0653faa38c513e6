"""Signs of life: what a supervisor, a scraper and the person on call ask."""
