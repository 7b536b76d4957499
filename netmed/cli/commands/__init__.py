"""One room per command; each holds ``command``. They are imported when they are called."""
