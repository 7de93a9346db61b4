"""What stands between the suite and the RTM: messages, sessions with their lanes, and values as JSON."""
