"""What every operation shares: tokens, document, idempotency, paging, problem documents."""
