"""Accounts: making and changing them, signing in, second factors, sessions, API tokens, and the record of all that."""
