"""What is printed: QR codes, posters and slips, black on white and in the reader's language."""
