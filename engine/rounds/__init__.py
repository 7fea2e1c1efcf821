"""The office's rounds: from the call to the certificate, the book against the plan, screening, surveillance, and the ledger."""
