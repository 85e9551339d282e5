# libcore decides: pure, no I/O (mapfile.c excepted).
noinst_LTLIBRARIES += libcore.la
libcore_la_SOURCES = \
	%D%/account.c \
	%D%/activity.c \
	%D%/arena.c \
	%D%/arena.h \
	%D%/artefact.c \
	%D%/artefact.h \
	%D%/artefact_check.c \
	%D%/ask.c \
	%D%/ask.h \
	%D%/classify.c \
	%D%/classify_internal.h \
	%D%/clock.c \
	%D%/clock.h \
	%D%/conditions.c \
	%D%/conditions.def \
	%D%/conditions.h \
	%D%/decide.c \
	%D%/digest.c \
	%D%/digest.h \
	%D%/diag.c \
	%D%/diag.h \
	%D%/explain.c \
	%D%/explain.h \
	%D%/identity.c \
	%D%/lookup.c \
	%D%/lookup.h \
	%D%/mapfile.c \
	%D%/match.c \
	%D%/match.h \
	%D%/match_grant.c \
	%D%/match_standing.c \
	%D%/origin.c \
	%D%/page.c \
	%D%/page.h \
	%D%/person.c \
	%D%/policy.c \
	%D%/policy.h \
	%D%/policy_internal.h \
	%D%/request.c \
	%D%/request.h \
	%D%/restrict.c \
	%D%/restrict.h \
	%D%/rot.c \
	%D%/rows.c \
	%D%/rows.h \
	%D%/scan.c \
	%D%/scan.h \
	%D%/standing.c \
	%D%/standing.h \
	%D%/standing_build.c \
	%D%/standing_build.h \
	%D%/str.c \
	%D%/str.h \
	%D%/template.c \
	%D%/template.h \
	%D%/text.c \
	%D%/text.h \
	%D%/url.c \
	%D%/url.h \
	%D%/words.c \
	%D%/words.def \
	%D%/words.h
libcore_la_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(SODIUM_CFLAGS)
libcore_la_LIBADD = $(PCRE2_LIBS) $(SODIUM_LIBS)
