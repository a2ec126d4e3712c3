"""What every answer has and every request meets: headers, limits, hosts, log."""
