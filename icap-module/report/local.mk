# libreport: browsing time and the usage report.
noinst_LTLIBRARIES += libreport.la
libreport_la_SOURCES = \
	%D%/browsing.c \
	%D%/browsing.h \
	%D%/browsing_internal.h \
	%D%/browsing_spans.c \
	%D%/calibration.h \
	%D%/rounding.c \
	%D%/rounding.h
libreport_la_CFLAGS = $(AM_CFLAGS)
libreport_la_LIBADD = libcore.la
