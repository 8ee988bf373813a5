"""Files that a shop uploads as passages of text: read in a child process that may do nothing else."""
