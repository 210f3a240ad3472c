"""What subscribers are told, from the notes of the database to the frames of a stream."""
