"""What people type into applications, one file a part of the way."""
