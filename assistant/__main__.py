"""``python -m assistant`` is the command ``weiguang``."""

from assistant.cli import main

main()
