# Debian packages: packaging/build makes them of what `make dist` makes.
EXTRA_DIST += packaging/build packaging/UPGRADING.md packaging/apparmor packaging/debian packaging/examples packaging/lib packaging/systemd \
	packaging/sysusers.d packaging/templates packaging/tmpfiles.d
deb:
	$(srcdir)/packaging/build
.PHONY: deb
