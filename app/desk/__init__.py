"""The desk: members turn submissions and imports into events. A layer above the slices, because it
uses several.
"""
