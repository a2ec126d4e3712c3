"""What strangers send in: footage links and reports of problems."""
