"""Middleware and parts of responses that all routes share: headers, limits, caches, the request
log.
"""
