"""The sub-commands, one file each; ``assistant.cli`` loads the one that is called."""
