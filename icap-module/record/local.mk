# librecord: events, the spool, pseudonyms.
noinst_LTLIBRARIES += librecord.la
librecord_la_SOURCES = \
	%D%/accesslog.c \
	%D%/accesslog.h \
	%D%/anchor.c \
	%D%/anchor.h \
	%D%/anchor_day.c \
	%D%/anchor_internal.h \
	%D%/base64.c \
	%D%/base64.h \
	%D%/bundle.c \
	%D%/bundle.h \
	%D%/chain.c \
	%D%/chain.h \
	%D%/day.c \
	%D%/day.h \
	%D%/enrol.c \
	%D%/enrol.h \
	%D%/epoch.c \
	%D%/epoch.h \
	%D%/epoch_file.c \
	%D%/event.c \
	%D%/event.h \
	%D%/file.c \
	%D%/file.h \
	%D%/held.c \
	%D%/held.h \
	%D%/keeper.c \
	%D%/keeper.h \
	%D%/ledger.c \
	%D%/ledger.h \
	%D%/ledger_internal.h \
	%D%/ledger_read.c \
	%D%/node.c \
	%D%/node.h \
	%D%/opening.c \
	%D%/opening.h \
	%D%/opening_case.c \
	%D%/private.c \
	%D%/private.h \
	%D%/rot.c \
	%D%/rot.h \
	%D%/seal.c \
	%D%/seal.h \
	%D%/sealed.c \
	%D%/sealed.h \
	%D%/sealed_file.c \
	%D%/sealed_internal.h \
	%D%/segment.c \
	%D%/segment.h \
	%D%/sign.c \
	%D%/sign.h \
	%D%/spool.c \
	%D%/spool.h \
	%D%/spool_read.c \
	%D%/spool_segment.h \
	%D%/token.c \
	%D%/token.h \
	%D%/verify.c \
	%D%/verify.h \
	%D%/verify_internal.h \
	%D%/verify_lists.c \
	%D%/verify_segment.c \
	%D%/vouch.c \
	%D%/vouch.h
librecord_la_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS)
librecord_la_LIBADD = $(SODIUM_LIBS)
