"""The signed-in start page: what waits for me, what is late, what did we promise."""
