"""The map to send: a sheet as picture or PDF, and a page that stands alone."""
