"""How alike places are to what was shown, while a person clicks and over a whole file."""
