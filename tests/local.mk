# Unit tests (libcheck), one program a file; fuzz targets, replayed over their corpora.
unit_tests =
unit_tests += test_analyse
test_analyse_SOURCES = %D%/unit/test_analyse.c
unit_tests += test_analyse_sound
test_analyse_sound_SOURCES = %D%/unit/test_analyse_sound.c
unit_tests += test_artefact
test_artefact_SOURCES = %D%/unit/test_artefact.c %D%/fuzz/council.c %D%/fuzz/fuzz.h
unit_tests += test_build
test_build_SOURCES = %D%/unit/test_build.c
unit_tests += test_carriers
test_carriers_SOURCES = %D%/unit/test_carriers.c
unit_tests += test_cases
test_cases_SOURCES = %D%/unit/test_cases.c
unit_tests += test_classify
test_classify_SOURCES = %D%/unit/test_classify.c %D%/fuzz/council.c %D%/fuzz/fuzz.h
unit_tests += test_clock
test_clock_SOURCES = %D%/unit/test_clock.c
unit_tests += test_compile
test_compile_SOURCES = %D%/unit/test_compile.c
unit_tests += test_csv
test_csv_SOURCES = %D%/unit/test_csv.c
unit_tests += test_date
test_date_SOURCES = %D%/unit/test_date.c
unit_tests += test_during
test_during_SOURCES = %D%/unit/test_during.c
unit_tests += test_grants
test_grants_SOURCES = %D%/unit/test_grants.c
unit_tests += test_encoding
test_encoding_SOURCES = %D%/unit/test_encoding.c
unit_tests += test_event
test_event_SOURCES = %D%/unit/test_event.c
unit_tests += test_filter
test_filter_SOURCES = %D%/unit/test_filter.c
unit_tests += test_heap
test_heap_SOURCES = %D%/unit/test_heap.c %D%/fuzz/council.c %D%/fuzz/fuzz.h
unit_tests += test_identity
test_identity_SOURCES = %D%/unit/test_identity.c %D%/fuzz/council.c %D%/fuzz/fuzz.h
unit_tests += test_lex
test_lex_SOURCES = %D%/unit/test_lex.c
unit_tests += test_map
test_map_SOURCES = %D%/unit/test_map.c
unit_tests += test_networks
test_networks_SOURCES = %D%/unit/test_networks.c %D%/unit/mmdb.h
unit_tests += test_page
test_page_SOURCES = %D%/unit/test_page.c %D%/fuzz/council.c %D%/fuzz/fuzz.h
unit_tests += test_pages
test_pages_SOURCES = %D%/unit/test_pages.c
unit_tests += test_policy
test_policy_SOURCES = %D%/unit/test_policy.c
unit_tests += test_print
test_print_SOURCES = %D%/unit/test_print.c
unit_tests += test_recall
test_recall_SOURCES = %D%/unit/test_recall.c
unit_tests += test_registers
test_registers_SOURCES = %D%/unit/test_registers.c
unit_tests += test_request
test_request_SOURCES = %D%/unit/test_request.c
unit_tests += test_restriction
test_restriction_SOURCES = %D%/unit/test_restriction.c
unit_tests += test_rot
test_rot_SOURCES = %D%/unit/test_rot.c
unit_tests += test_scan
test_scan_SOURCES = %D%/unit/test_scan.c
unit_tests += test_seal
test_seal_SOURCES = %D%/unit/test_seal.c
unit_tests += test_shifts
test_shifts_SOURCES = %D%/unit/test_shifts.c
unit_tests += test_snapshot
test_snapshot_SOURCES = %D%/unit/test_snapshot.c %D%/unit/test_snapshot_parts.c %D%/unit/snapshot_fixture.h %D%/unit/mmdb.h icap-module/module/snapshot.c icap-module/module/snapshot.h
test_snapshot_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=policy_map,--wrap=policy_free
unit_tests += test_source
test_source_SOURCES = %D%/unit/test_source.c
unit_tests += test_spellings
test_spellings_SOURCES = %D%/unit/test_spellings.c %D%/unit/mmdb.h
unit_tests += test_spool
test_spool_SOURCES = %D%/unit/test_spool.c %D%/unit/spool_fixture.h
unit_tests += test_spool_threads
test_spool_threads_SOURCES = %D%/unit/test_spool_threads.c %D%/unit/spool_fixture.h
unit_tests += test_standing
test_standing_SOURCES = %D%/unit/test_standing.c %D%/fuzz/council.c %D%/fuzz/fuzz.h
unit_tests += test_standing_write
test_standing_write_SOURCES = %D%/unit/test_standing_write.c
unit_tests += test_store
test_store_SOURCES = %D%/unit/test_store.c %D%/unit/spool_fixture.h
unit_tests += test_template
test_template_SOURCES = %D%/unit/test_template.c
unit_tests += test_token
test_token_SOURCES = %D%/unit/test_token.c
unit_tests += test_vouch
test_vouch_SOURCES = %D%/unit/test_vouch.c
unit_tests += test_reply
unit_tests += test_badrequest
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
AM_TESTS_ENVIRONMENT = PORTREEVE_MAPS='$(abs_top_srcdir)/policy-maps'; export PORTREEVE_MAPS;

bad_requests = %D%/bench/badrequest.c %D%/bench/badrequest.h %D%/bench/badrequest_internal.h %D%/bench/badbytes.c
test_badrequest_SOURCES = %D%/bench/test_badrequest.c $(bad_requests) %D%/fuzz/council.c %D%/fuzz/fuzz.h
test_reply_SOURCES = %D%/bench/test_reply.c %D%/bench/reply.c %D%/bench/reply.h %D%/bench/latency.c %D%/bench/latency.h

noinst_PROGRAMS = storetime portalkit icapload judgetime judgeworst makemmdb
makemmdb_SOURCES = %D%/unit/makemmdb.c %D%/unit/mmdb.h
makemmdb_LDADD =
storetime_SOURCES = %D%/bench/storetime.c
storetime_LDADD = libstore.la librecord.la libcore.la
portalkit_SOURCES = %D%/portal/portalkit.c
portalkit_LDADD = librecord.la libcore.la
judgetime_SOURCES = %D%/bench/judgetime.c
judgetime_LDADD = libcore.la
judgeworst_SOURCES = %D%/bench/judgeworst.c $(bad_requests)
judgeworst_LDADD = libcore.la
icapload_SOURCES = %D%/bench/icapload.c %D%/bench/client.c %D%/bench/client.h %D%/bench/workload.c %D%/bench/workload.h \
	%D%/bench/reply.c %D%/bench/reply.h %D%/bench/latency.c %D%/bench/latency.h
icapload_LDADD = libcore.la
EXTRA_DIST += %D%/bench/make-council %D%/bench/make-people %D%/bench/runs %D%/bench/cases.awk %D%/bench/mix.awk %D%/bench/table.awk

# What every test program is built with; check's own macros know no -Wconversion.
LDADD = libstore.la libcompile.la librecord.la libcore.la $(CHECK_LIBS) $(SODIUM_LIBS) $(PCRE2_LIBS) $(MAXMINDDB_LIBS)

# With --enable-fuzz libFuzzer drives the targets, else replay.c does over the corpora.
fuzz_targets = fuzz_artefact fuzz_bundle fuzz_carriers fuzz_case fuzz_enrol fuzz_event fuzz_judge fuzz_map fuzz_page fuzz_policy fuzz_registers \
	fuzz_restriction fuzz_spool fuzz_standing fuzz_token fuzz_url fuzz_vouch
fuzz_common = %D%/fuzz/common.c %D%/fuzz/fuzz.h
if FUZZ
fuzz_flags = -fsanitize=fuzzer
else
fuzz_common += %D%/fuzz/replay.c
fuzz_flags =
endif
fuzz_text = %D%/fuzz/mutate_text.c $(fuzz_common)
fuzz_artefact_SOURCES = %D%/fuzz/fuzz_artefact.c %D%/fuzz/council.c $(fuzz_common)
fuzz_artefact_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_bundle_SOURCES = %D%/fuzz/fuzz_bundle.c $(fuzz_text)
fuzz_bundle_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_carriers_SOURCES = %D%/fuzz/fuzz_carriers.c %D%/fuzz/builder.c $(fuzz_text)
fuzz_carriers_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_case_SOURCES = %D%/fuzz/fuzz_case.c %D%/fuzz/council.c $(fuzz_text)
fuzz_case_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_enrol_SOURCES = %D%/fuzz/fuzz_enrol.c %D%/fuzz/council.c $(fuzz_common)
fuzz_enrol_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_event_SOURCES = %D%/fuzz/fuzz_event.c $(fuzz_common)
fuzz_event_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_judge_SOURCES = %D%/fuzz/fuzz_judge.c %D%/fuzz/mutate_judge.c %D%/fuzz/fuzz_request.h %D%/fuzz/council.c $(fuzz_common)
fuzz_judge_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_map_SOURCES = %D%/fuzz/fuzz_map.c %D%/fuzz/builder.c $(fuzz_text)
fuzz_map_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_page_SOURCES = %D%/fuzz/fuzz_page.c %D%/fuzz/builder.c $(fuzz_text)
fuzz_page_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_policy_SOURCES = %D%/fuzz/fuzz_policy.c %D%/fuzz/builder.c $(fuzz_text)
fuzz_policy_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_registers_SOURCES = %D%/fuzz/fuzz_registers.c %D%/fuzz/builder.c $(fuzz_text)
fuzz_registers_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_restriction_SOURCES = %D%/fuzz/fuzz_restriction.c $(fuzz_text)
fuzz_restriction_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_spool_SOURCES = %D%/fuzz/fuzz_spool.c $(fuzz_common)
fuzz_standing_SOURCES = %D%/fuzz/fuzz_standing.c %D%/fuzz/council.c $(fuzz_common)
fuzz_standing_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_spool_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_token_SOURCES = %D%/fuzz/fuzz_token.c $(fuzz_common)
fuzz_token_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_url_SOURCES = %D%/fuzz/fuzz_url.c $(fuzz_common)
fuzz_url_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_vouch_SOURCES = %D%/fuzz/fuzz_vouch.c $(fuzz_common)
fuzz_vouch_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
check_PROGRAMS += $(fuzz_targets)

EXTRA_DIST += %D%/tools %D%/policies %D%/cases %D%/check %D%/directory %D%/e2e %D%/faults %D%/icap %D%/portal %D%/fuzz/corpus %D%/fuzz/dict
