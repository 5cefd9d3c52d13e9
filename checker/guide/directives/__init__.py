"""What a chapter can contain beyond text, one module each."""
