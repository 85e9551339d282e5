# srv_portreeve.so: the c-icap service. Exports `service` alone.
module_LTLIBRARIES = srv_portreeve.la
srv_portreeve_la_SOURCES = \
	%D%/compat.h \
	%D%/conf.c \
	%D%/conf.h \
	%D%/epoch.c \
	%D%/epoch.h \
	%D%/extract.c \
	%D%/extract.h \
	%D%/held.c \
	%D%/held.h \
	%D%/identity.c \
	%D%/identity.h \
	%D%/minutes.c \
	%D%/minutes.h \
	%D%/need.c \
	%D%/need.h \
	%D%/portal.c \
	%D%/portal.h \
	%D%/recall.c \
	%D%/recall.h \
	%D%/record.c \
	%D%/record.h \
	%D%/respond.c \
	%D%/respond.h \
	%D%/rewrite.c \
	%D%/rewrite.h \
	%D%/rot.c \
	%D%/rot.h \
	%D%/service.c \
	%D%/snapshot.c \
	%D%/snapshot.h \
	%D%/stats.c \
	%D%/stats.h \
	%D%/worker.c \
	%D%/worker.h
srv_portreeve_la_CPPFLAGS = $(AM_CPPFLAGS) $(CICAP_CFLAGS) -DCI_BUILD_MODULE
srv_portreeve_la_CFLAGS = $(AM_CFLAGS) -pthread
srv_portreeve_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -pthread -export-symbols-regex '^service$$'
srv_portreeve_la_LIBADD = librecord.la libcore.la
