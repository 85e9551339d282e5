# portreeve: the tool.
bin_PROGRAMS += portreeve
portreeve_SOURCES = \
	%D%/accounts.h \
	%D%/accounts_register.c \
	%D%/accounts_show.c \
	%D%/access.c %D%/access.h \
	%D%/access_show.c %D%/access_show.h \
	%D%/alarm.c %D%/alarm.h \
	%D%/case_collect.c %D%/case_collect.h %D%/case_collect_internal.h \
	%D%/case_holds.c %D%/case_holds.h \
	%D%/case_policies.c \
	%D%/case_record.c \
	%D%/case_store.c %D%/case_store.h \
	%D%/case_subject.c %D%/case_subject.h \
	%D%/cmd.h \
	%D%/cmd_access.c \
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
	%D%/cmd_review.c %D%/cmd_review_alerts.c %D%/cmd_review_week.c \
	%D%/cmd_setup.c \
	%D%/setup.h %D%/setup_keys.def %D%/setup_answers.c %D%/setup_value.c \
	%D%/cmd_status.c \
	%D%/cmd_subject_export.c \
	%D%/cmd_unblock.c \
	%D%/cmd_why.c \
	%D%/event_lines.c %D%/event_lines.h \
	%D%/held.c %D%/held.h \
	%D%/cmd_verify.c \
	%D%/history.c %D%/history.h \
	%D%/ig_case.c \
	%D%/ig_case.h \
	%D%/ig_name.c %D%/ig_name.h \
	%D%/inbox.c %D%/inbox.h \
	%D%/json_words.c %D%/json_words.h \
	%D%/look.c %D%/look.h \
	%D%/looks.c %D%/looks.h \
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
	%D%/sar.c %D%/sar.h \
	%D%/subject_collect.c %D%/subject_collect.h %D%/subject_rows.c \
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
	%D%/week.h %D%/week_access.c %D%/week_beside.c %D%/week_desk.c %D%/week_record.c %D%/week_store.c \
	%D%/verdict_json.c %D%/verdict_json.h
portreeve_CPPFLAGS = $(AM_CPPFLAGS) -DPORTREEVE_DATADIR='"$(pkgdatadir)"'
portreeve_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
portreeve_LDADD = libreport.la libstore.la libcompile.la librecord.la libcore.la $(JANSSON_LIBS)

# portreeved: collector and portal.
sbin_PROGRAMS += portreeved
portreeved_SOURCES = \
	%D%/access.c %D%/access.h \
	%D%/case_store.c %D%/case_store.h \
	%D%/looks.c %D%/looks.h \
	%D%/portreeved_looks.c \
	%D%/case_subject.c %D%/case_subject.h \
	%D%/history.c %D%/history.h \
	%D%/json_words.c %D%/json_words.h \
	%D%/mailer.c \
	%D%/portreeved.c \
	%D%/portreeved.h \
	%D%/orders.c %D%/orders.h \
	%D%/portreeved_cases.c \
	%D%/portreeved_alerts.c \
	%D%/portreeved_feeds.c \
	%D%/portreeved_hand.c \
	%D%/portreeved_keep.c \
	%D%/portreeved_options.c \
	%D%/portreeved_orders.c \
	%D%/portreeved_people.c \
	%D%/portreeved_policy.c \
	%D%/portreeved_record.c \
	%D%/portreeved_state.c
portreeved_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
portreeved_LDADD = libportal.la libfeed.la libreport.la libstore.la librecord.la libcore.la $(JANSSON_LIBS)
