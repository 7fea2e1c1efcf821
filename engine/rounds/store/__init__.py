"""Where rounds are kept: an SQLite file or a PostgreSQL database, and the ledger in which every change of it is an entry."""
