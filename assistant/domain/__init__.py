"""The words of the work as types. Imports nothing of ours; knows no clock, database or network."""
