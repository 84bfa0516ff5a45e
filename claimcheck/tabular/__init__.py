"""Tables as evidence: which rows and columns a sentence means, what follows from their cells, and which table repeats another."""
