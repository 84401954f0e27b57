"""Weiguang 微光: reads what grid workers report, decides what follows, and keeps every promise in view."""
