# libstore: what portreeved keeps, and the standing file that it makes of it.
noinst_LTLIBRARIES += libstore.la
libstore_la_SOURCES = \
	%D%/acts.c \
	%D%/backend.h \
	%D%/events.c \
	%D%/feeds.c \
	%D%/import.c \
	%D%/import.h \
	%D%/intern.c \
	%D%/intern.h \
	%D%/journal.c \
	%D%/journal.h \
	%D%/keep.c \
	%D%/notes.c \
	%D%/postgres.c \
	%D%/postgres.h \
	%D%/postgres_bulk.c \
	%D%/postgres_link.c \
	%D%/postgres_schema.c \
	%D%/reads.c \
	%D%/sqlite.c \
	%D%/sqlite_schema.c \
	%D%/standing_write.c \
	%D%/standing_write.h \
	%D%/statements.def \
	%D%/store.c \
	%D%/store.h \
	%D%/sums.c \
	%D%/words.c
libstore_la_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(POSTGRES_CFLAGS)
libstore_la_LIBADD = $(SQLITE_LIBS) $(POSTGRES_LIBS)
