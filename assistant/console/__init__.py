"""The coordinator's pages, and what every page of ours shares: templates, security headers, live updates."""
