# libportal: the web pages of portreeved.
noinst_LTLIBRARIES += libportal.la
libportal_la_SOURCES = \
	%D%/asking.c \
	%D%/asking.h \
	%D%/case_ask.c \
	%D%/case_authorise.c \
	%D%/case_read.c \
	%D%/case_tell.c \
	%D%/cases.c \
	%D%/cases.h \
	%D%/cases_form.c \
	%D%/cases_list.c \
	%D%/cases_typed.c \
	%D%/cases_visit.c \
	%D%/html.c \
	%D%/html.h \
	%D%/once.c \
	%D%/once.h \
	%D%/pages_ask.c \
	%D%/pages_mine.c \
	%D%/pages_tell.c \
	%D%/portal.h \
	%D%/server.c
libportal_la_CFLAGS = $(AM_CFLAGS) $(MICROHTTPD_CFLAGS)
libportal_la_LIBADD = libreport.la libstore.la $(MICROHTTPD_LIBS)
