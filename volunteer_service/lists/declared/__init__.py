"""The declarations, one module a subject: columns, filters, orders, and who sees which rows."""
