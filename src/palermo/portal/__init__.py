"""The public site and its data service, made from frozen releases and from nothing else."""
