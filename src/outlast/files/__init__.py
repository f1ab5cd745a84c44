"""Files that the program writes and reads back: whole or not there at all, and known to be as they were written."""
