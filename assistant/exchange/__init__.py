"""Import of address books and residents, export of the forms that are demanded anyway (Excel, CSV)."""
