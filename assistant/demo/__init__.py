"""The fictitious community of ``weiguang demo`` and ``weiguang chat``: who lives there is made up."""
