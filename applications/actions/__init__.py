"""What can be done with applications; one noun a file."""
