"""Submissions of the public: footage links and problem reports."""
