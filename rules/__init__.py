"""What follows from what was found: rule files for coordinators, and the engine that reads them (``rules.engine``)."""
