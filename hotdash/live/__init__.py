"""What happens, told to every open page as it happens."""
