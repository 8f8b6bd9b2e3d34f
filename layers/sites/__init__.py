"""Finding and checking sites: what is asked for, ranked places, the verdict on one place."""
