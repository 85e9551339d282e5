# libstore: what portreeved keeps, and the standing file that it makes of it.
noinst_LTLIBRARIES += libstore.la
libstore_la_SOURCES = \
	%D%/import.c \
	%D%/import.h \
	%D%/intern.c \
	%D%/intern.h \
	%D%/journal.c \
	%D%/journal.h \
	%D%/sqlite.c \
	%D%/sqlite_act.c \
	%D%/sqlite_event.c \
	%D%/sqlite_internal.h \
	%D%/sqlite_read.c \
	%D%/sqlite_schema.c \
	%D%/sqlite_statements.def \
	%D%/standing_write.c \
	%D%/standing_write.h \
	%D%/store.h
libstore_la_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
libstore_la_LIBADD = $(SQLITE_LIBS)
