# libfeed: lines for a council's own log collection, and where they go.
noinst_LTLIBRARIES += libfeed.la
libfeed_la_SOURCES = \
	%D%/cef.c \
	%D%/ecs.c \
	%D%/feed.c \
	%D%/feed.h \
	%D%/sink.c \
	%D%/sink.h \
	%D%/sink_file.c \
	%D%/syslog.c
libfeed_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
libfeed_la_LIBADD = librecord.la libcore.la $(JANSSON_LIBS)
