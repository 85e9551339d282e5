# librecord: events, the spool, pseudonyms.
noinst_LTLIBRARIES += librecord.la
librecord_la_SOURCES = \
	%D%/base64.c \
	%D%/base64.h \
	%D%/day.c \
	%D%/day.h \
	%D%/enrol.c \
	%D%/enrol.h \
	%D%/event.c \
	%D%/event.h \
	%D%/file.c \
	%D%/file.h \
	%D%/held.c \
	%D%/held.h \
	%D%/rot.c \
	%D%/rot.h \
	%D%/seal.c \
	%D%/seal.h \
	%D%/segment.c \
	%D%/segment.h \
	%D%/spool.c \
	%D%/spool.h \
	%D%/spool_read.c \
	%D%/spool_segment.h \
	%D%/token.c \
	%D%/token.h \
	%D%/vouch.c \
	%D%/vouch.h
librecord_la_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS)
librecord_la_LIBADD = $(SODIUM_LIBS)
