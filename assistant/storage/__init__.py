"""What is on record: tables, the database they live in, what is written into them and what is read from them."""
