EXTRA_DIST += scripts/demo scripts/check scripts/bench scripts/fuzz scripts/lib \
	scripts/check-layers scripts/check-pure scripts/check-exports scripts/check-banned scripts/check-cases scripts/check-docs \
	scripts/check-static scripts/check-threads scripts/sync-directory scripts/update-lists
