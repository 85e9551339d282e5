# Debian packages: packaging/build makes them of what `make dist` makes.
EXTRA_DIST += packaging/build packaging/UPGRADING.md packaging/apparmor packaging/debian packaging/errors packaging/examples packaging/lib packaging/setup packaging/systemd \
	packaging/sysusers.d packaging/templates packaging/tmpfiles.d
deb:
	$(srcdir)/packaging/build
.PHONY: deb
# What is distributed as a folder comes with what the build has put into that folder, too.
dist-hook:
	find $(distdir) \( -name .deps -o -name .libs -o -name __pycache__ \) -prune -exec rm -rf '{}' +
	find $(distdir) -type f \( -name '*.o' -o -name '*.lo' -o -name '*.la' -o -name .dirstamp \) -delete
