# libcompile: text to artefact. Never linked into the module.
noinst_LTLIBRARIES += libcompile.la
libcompile_la_SOURCES = \
	%D%/build.c \
	%D%/build.h \
	%D%/build_finish.c \
	%D%/build_internal.h \
	%D%/build_names.c \
	%D%/build_tables.c \
	%D%/bundle.c \
	%D%/cases.c \
	%D%/cases.h \
	%D%/cases_expect.c \
	%D%/cases_internal.h \
	%D%/check.c \
	%D%/check.h \
	%D%/check_rule.c \
	%D%/check_say.c \
	%D%/compile.c \
	%D%/compile.h \
	%D%/csv.c \
	%D%/csv.h \
	%D%/date.c \
	%D%/date.h \
	%D%/diag_text.c \
	%D%/diag_text.h \
	%D%/hostname.c \
	%D%/hostname.h \
	%D%/lex.c \
	%D%/lex.h \
	%D%/map.c \
	%D%/map_host.c \
	%D%/map_host.h \
	%D%/map_row.c \
	%D%/map_row.h \
	%D%/out.c \
	%D%/out.h \
	%D%/page_html.c \
	%D%/page_rows.c \
	%D%/pages.c \
	%D%/pages.h \
	%D%/pattern.c \
	%D%/pattern.h \
	%D%/policy_args.c \
	%D%/policy_head.c \
	%D%/policy_names.c \
	%D%/policy_parse.c \
	%D%/policy_parse.h \
	%D%/policy_rule.c \
	%D%/print.c \
	%D%/print_rule.c \
	%D%/registers.c \
	%D%/registers_accounts.c \
	%D%/registers_grants.c \
	%D%/registers_hosts.c \
	%D%/registers_internal.h \
	%D%/registers_members.c \
	%D%/seen.c \
	%D%/seen.h \
	%D%/source.c \
	%D%/source.h \
	%D%/utf8.c \
	%D%/utf8.h
libcompile_la_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(IDN2_CFLAGS)
libcompile_la_LIBADD = $(PCRE2_LIBS) $(IDN2_LIBS) $(CSV_LIBS)
