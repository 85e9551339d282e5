# portreeve: the tool.
bin_PROGRAMS += portreeve
portreeve_SOURCES = \
	%D%/accounts.h \
	%D%/accounts_register.c \
	%D%/accounts_show.c \
	%D%/access.c %D%/access.h \
	%D%/alarm.c %D%/alarm.h \
	%D%/case_collect.c %D%/case_collect.h %D%/case_collect_internal.h \
	%D%/case_policies.c \
	%D%/case_record.c \
	%D%/case_store.c %D%/case_store.h \
	%D%/case_subject.c %D%/case_subject.h \
	%D%/cmd.h \
	%D%/cmd_accounts.c \
	%D%/cmd_allowance.c \
	%D%/cmd_case.c \
	%D%/cmd_compile.c \
	%D%/cmd_diff.c \
	%D%/cmd_doctor.c \
	%D%/cmd_events.c \
	%D%/cmd_enforce.c \
	%D%/cmd_explain.c \
	%D%/cmd_grants.c \
	%D%/cmd_history.c \
	%D%/cmd_hosts.c \
	%D%/cmd_ig.c \
	%D%/cmd_keys.c \
	%D%/cmd_lists.c \
	%D%/cmd_maps.c \
	%D%/cmd_metrics.c \
	%D%/cmd_notice.c \
	%D%/cmd_replay.c \
	%D%/cmd_report.c \
	%D%/cmd_review.c \
	%D%/cmd_status.c \
	%D%/cmd_unblock.c \
	%D%/cmd_why.c \
	%D%/event_lines.c %D%/event_lines.h \
	%D%/held.c %D%/held.h \
	%D%/cmd_verify.c \
	%D%/history.c %D%/history.h \
	%D%/ig_case.c \
	%D%/ig_case.h \
	%D%/inbox.c %D%/inbox.h \
	%D%/json_words.c %D%/json_words.h \
	%D%/look.c %D%/look.h \
	%D%/keyring.c %D%/keyring.h \
	%D%/keys_make.c %D%/keys.h \
	%D%/lists.h \
	%D%/lists_make.c \
	%D%/lists_store.c %D%/lists_store.h \
	%D%/maps.h \
	%D%/maps_change.c \
	%D%/maps_store.c %D%/maps_store.h \
	%D%/metrics.c %D%/metrics.h %D%/metrics.def \
	%D%/metrics_ask.c \
	%D%/orders.c %D%/orders.h \
	%D%/portreeve.c \
	%D%/publish.c %D%/publish.h \
	%D%/report_make.c %D%/report_make.h \
	%D%/report_verify.c %D%/report_verify.h \
	%D%/explain_answer.c %D%/explain_answer.h \
	%D%/replay.c %D%/replay.h \
	%D%/replay_internal.h %D%/replay_link.c %D%/replay_same.c %D%/replay_unknowns.c %D%/replay_worlds.c \
	%D%/replay_notes.c %D%/replay_notes.h \
	%D%/review_shadow.c %D%/review_shadow.h \
	%D%/status.h \
	%D%/status_daemon.c \
	%D%/status_directory.c \
	%D%/status_identities.c \
	%D%/status_lists.c \
	%D%/status_registers.c \
	%D%/status_rot.c \
	%D%/status_screen.c \
	%D%/status_service.c \
	%D%/status_spool.c \
	%D%/status_standing.c \
	%D%/verdict_json.c %D%/verdict_json.h
portreeve_CPPFLAGS = $(AM_CPPFLAGS) -DPORTREEVE_DATADIR='"$(pkgdatadir)"'
portreeve_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
portreeve_LDADD = libreport.la libstore.la libcompile.la librecord.la libcore.la $(JANSSON_LIBS)

# portreeved: collector and portal.
sbin_PROGRAMS += portreeved
portreeved_SOURCES = \
	%D%/case_store.c %D%/case_store.h \
	%D%/case_subject.c %D%/case_subject.h \
	%D%/history.c %D%/history.h \
	%D%/json_words.c %D%/json_words.h \
	%D%/mailer.c \
	%D%/portreeved.c \
	%D%/portreeved.h \
	%D%/orders.c %D%/orders.h \
	%D%/portreeved_cases.c \
	%D%/portreeved_feeds.c \
	%D%/portreeved_keep.c \
	%D%/portreeved_options.c \
	%D%/portreeved_orders.c \
	%D%/portreeved_people.c \
	%D%/portreeved_policy.c \
	%D%/portreeved_record.c \
	%D%/portreeved_state.c
portreeved_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
portreeved_LDADD = libportal.la libfeed.la libstore.la librecord.la libcore.la $(JANSSON_LIBS)
