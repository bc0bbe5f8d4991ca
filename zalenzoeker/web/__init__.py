"""Where people and calendar programs talk to us."""
