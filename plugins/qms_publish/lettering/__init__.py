"""Letters: which can be printed, which are misread, how wide they are and where a line may end."""
