"""Files that hang on documents: receipts, supplier invoices, the logo, PDFs as they were sent."""
