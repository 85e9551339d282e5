# libreport: browsing time and the usage report.
noinst_LTLIBRARIES += libreport.la
libreport_la_SOURCES = \
	%D%/browsing.c \
	%D%/browsing.h \
	%D%/browsing_internal.h \
	%D%/browsing_spans.c \
	%D%/calibration.h \
	%D%/case.c \
	%D%/case.h \
	%D%/case_forms.c \
	%D%/case_internal.h \
	%D%/case_open.c \
	%D%/case_states.def \
	%D%/case_steps.c \
	%D%/doc.c \
	%D%/doc.h \
	%D%/facts.c \
	%D%/facts.h \
	%D%/form.h \
	%D%/form_read.c \
	%D%/form_write.c \
	%D%/html.c \
	%D%/html.h \
	%D%/input.c \
	%D%/input.h \
	%D%/input_check.c \
	%D%/input_clean.c \
	%D%/input_shapes.c \
	%D%/input_shapes.h \
	%D%/out_chart.c \
	%D%/out_chart.h \
	%D%/out_csv.c \
	%D%/out_html.c \
	%D%/out_json.c \
	%D%/out_plain.c \
	%D%/manifest.c \
	%D%/manifest.h \
	%D%/notice.c \
	%D%/notice.h \
	%D%/notice_keeps.c \
	%D%/pool.c \
	%D%/pool.h \
	%D%/report.c \
	%D%/report.h \
	%D%/rounding.c \
	%D%/rounding.h \
	%D%/section_accounts.c \
	%D%/section_answer.c \
	%D%/section_comments.c \
	%D%/section_gaps.c \
	%D%/section_glossary.c \
	%D%/section_helpful.c \
	%D%/section_integrity.c \
	%D%/section_limits.c \
	%D%/section_method.c \
	%D%/section_panel.c \
	%D%/section_platforms.c \
	%D%/section_rules.c \
	%D%/section_seen.c \
	%D%/section_stopped.c \
	%D%/section_timeline.c \
	%D%/sections.def \
	%D%/sections.h \
	%D%/words.c \
	%D%/words.h
libreport_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
libreport_la_LIBADD = librecord.la libcore.la $(JANSSON_LIBS)
