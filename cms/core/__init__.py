"""The ground floor: database, clock, settings, errors, seams, outbound requests, markup, page cache,
storage and worker. It knows nothing about posts or people; every other room stands on it."""
