EXTRA_DIST += scripts/demo scripts/check scripts/bench scripts/fuzz scripts/lib \
	scripts/check-layers scripts/check-pure scripts/check-exports scripts/check-banned scripts/check-cases scripts/check-docs \
	scripts/check-static scripts/check-threads scripts/release

# What a timer runs (sync-directory(8), update-lists(8)), and what the first of them is made of.
dist_sbin_SCRIPTS = scripts/sync-directory scripts/update-lists
directorydir = $(pkgdatadir)/directory
dist_directory_DATA = scripts/lib/directory/ldif.py scripts/lib/directory/people.py scripts/lib/directory/register.py \
	scripts/lib/directory/server.py scripts/lib/directory/settings.py
