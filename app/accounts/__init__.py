"""Accounts: creating and changing them, signing in, second factors, sessions and API tokens."""
