# Maps, pages and councils: data, installed as they are, each map with its cases beside it: so is a new one tested
# before it is used (portreeve(1), MAPS).
EXTRA_DIST += policy-maps/README.md policy-maps/carriers.map policy-maps/never-log.map policy-maps/platforms policy-maps/restrictions policy-maps/calendars policy-maps/pages policy-maps/councils policy-maps/categories
install-data-local:
	cd $(srcdir)/policy-maps && find carriers.map never-log.map platforms restrictions calendars pages councils categories -type f | while read -r f; do \
	    $(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/$$(dirname "$$f")" && \
	    $(INSTALL_DATA) "$$f" "$(DESTDIR)$(pkgdatadir)/$$f" || exit 1; done
	cd $(srcdir)/tests/cases/platforms && for f in *.case; do \
	    $(INSTALL_DATA) "$$f" "$(DESTDIR)$(pkgdatadir)/platforms/$$f" || exit 1; done
uninstall-local:
	rm -rf "$(DESTDIR)$(pkgdatadir)/carriers.map" "$(DESTDIR)$(pkgdatadir)/never-log.map" "$(DESTDIR)$(pkgdatadir)/platforms" "$(DESTDIR)$(pkgdatadir)/restrictions" "$(DESTDIR)$(pkgdatadir)/pages" \
	    "$(DESTDIR)$(pkgdatadir)/councils" "$(DESTDIR)$(pkgdatadir)/categories" "$(DESTDIR)$(pkgdatadir)/calendars"
