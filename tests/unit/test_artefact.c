/* One test for each malformed shape of an artefact: it must be refused, with a message, and nothing may be read outside.
 * Each row plants one fault in a sound artefact and mends the sum, so that the structure is what is found. */
#include "core/conditions.h"
#include "core/policy.h"

#include "../fuzz/fuzz.h"
#include "unit.h"

static unsigned char *bytes;
static size_t size;

static struct artefact_header *header(void)
{
    return (struct artefact_header *)(void *)bytes;
}

static void *row(enum section s, uint32_t i)
{
    return bytes + header()->sections[s].at + (size_t)i * section_row_size(s);
}

#define ROW(NAME, type, i) ((struct type *)row(SECTION_##NAME, (i)))

static uint32_t *number(struct a_list l, uint32_t i)
{
    return (uint32_t *)row(SECTION_NUMBERS, l.at + i);
}

static unsigned char *string(struct a_str s)
{
    return bytes + header()->sections[SECTION_STRINGS].at + s.at;
}

/* The first clause of a condition. */
static struct a_clause *clause_of(uint32_t condition)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_CLAUSES].n; i++)
        if (ROW(CLAUSES, a_clause, i)->condition == condition)
            return ROW(CLAUSES, a_clause, i);
    ck_abort_msg("the fixture has no clause of condition %u", condition);
    return NULL;
}

static void magic(void) { header()->magic[0] ^= 1; }
static void version(void) { header()->version++; }
static void sections(void) { header()->n_sections--; }
static void longer(void) { header()->size += 4; }
static void section_far(void) { header()->sections[SECTION_RULES].at = 0xfffffff0; }
static void section_odd(void) { header()->sections[SECTION_RULES].at += 1; }
static void section_in_header(void) { header()->sections[SECTION_STRINGS].at = 4; }
static void section_wraps(void) { header()->sections[SECTION_RULES].n = 0x20000000; }
static void no_meta(void) { header()->sections[SECTION_META].n = 0; }
static void two_metas(void) { header()->sections[SECTION_META].n = 2; }
static void meta_string(void) { ROW(META, a_meta, 0)->title.at = 0xffffffff; }
static void meta_string_long(void) { ROW(META, a_meta, 0)->title.n = 0xffffffff; }
static void meta_mode(void) { ROW(META, a_meta, 0)->mode = MODE_COUNT; }
static void meta_default(void) { ROW(META, a_meta, 0)->default_action = ACTION_ASK; }
static void meta_unsure(void) { ROW(META, a_meta, 0)->unsure_action = 99; }
static void meta_page(void) { ROW(META, a_meta, 0)->malformed_page = 1000; }
static void meta_scope(void) { ROW(META, a_meta, 0)->scope_classes = 0x80000000; }
static void meta_record(void) { ROW(META, a_meta, 0)->record = RECORD_COUNT; }
static void meta_months(void) { ROW(META, a_meta, 0)->grant_months = 0xffffffff; }
static void meta_people(void) { ROW(META, a_meta, 0)->people_default = PEOPLE_COUNT; }
static void meta_candidates(void) { ROW(META, a_meta, 0)->candidates_none.n = 0x7fffffff; }
static void candidate(void) { *number(ROW(PLATFORMS, a_platform, 0)->candidates, 0) = 0x7fffffff; }
static void keys_fewer(void) { header()->sections[SECTION_KEYS].n -= 1; }
static void host_parts(void) { ROW(HOSTS, a_host, 0)->below.n = 0x7fffffff; }
static void filters_fewer(void) { header()->sections[SECTION_FILTERS].n -= 1; }
static void platform_class(void) { ROW(PLATFORMS, a_platform, 0)->class = CLASS_COUNT; }
static void platform_manages(void) { ROW(PLATFORMS, a_platform, 0)->manages = 0x7fffffff; }
static void platform_rows(void) { ROW(PLATFORMS, a_platform, 0)->rows.n += 1000; }
static void platform_kinds(void) { ROW(PLATFORMS, a_platform, 0)->kinds[ROW_ACTIVITY] += 1000; }
static void platform_kinds_fewer(void) { ROW(PLATFORMS, a_platform, 0)->kinds[ROW_IDENTITY] -= 1; }
static void row_among_others(void)
{
    struct a_platform *f = ROW(PLATFORMS, a_platform, 0);

    f->kinds[ROW_ACTIVITY]--;
    f->kinds[ROW_ACCOUNT]++;
}
static void platform_reserved(void) { ROW(PLATFORMS, a_platform, 0)->reserved.at = 0xffffffff; }
static void row_kind_wrong(void) { ROW(ROWS, a_row, 0)->kind = ROW_KINDS; }
static void row_source_wrong(void) { ROW(ROWS, a_row, 0)->source = 77; }
static void row_activity(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_ROWS].n; i++)
        if (ROW(ROWS, a_row, i)->kind == ROW_ACTIVITY)
            ROW(ROWS, a_row, i)->value = ACTIVITY_COUNT;
}
static void row_path(void) { ROW(ROWS, a_row, 1)->path.n = 0x7fffffff; }
static void row_roles(void) { ROW(ROWS, a_row, 1)->roles = 0xffffffff; }
static void pattern_number(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_ROWS].n; i++)
        ROW(ROWS, a_row, i)->flags |= ROW_REGEX;
}
static void pattern_text(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_ROWS].n; i++)
        if (ROW(ROWS, a_row, i)->flags & ROW_REGEX)
            memset(row(SECTION_STRINGS, ROW(ROWS, a_row, i)->path.at), '(', 3);
}
static void host_platform(void) { ROW(HOSTS, a_host, 0)->platform = 55; }
static void host_role(void) { ROW(HOSTS, a_host, 0)->role = ROLE_COUNT; }
static void host_categories(void) { ROW(HOSTS, a_host, 0)->categories = 0xffffffff; }
static void table_outside(void) { *(uint32_t *)row(SECTION_HOST_TABLE, 0) = 0x7fffffff; }
static void table_full(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_HOST_TABLE].n; i++)
        *(uint32_t *)row(SECTION_HOST_TABLE, i) = 1;
}
static void table_odd(void) { header()->sections[SECTION_HOST_TABLE].n -= 1; }
static void table_none(void) { header()->sections[SECTION_MEMBER_TABLE].n = 0; }
static void rule_verb(void) { ROW(RULES, a_rule, 0)->verb = VERB_COUNT; }
static void rule_page(void) { ROW(RULES, a_rule, 0)->page = 1000; }
static void rule_clauses(void) { ROW(RULES, a_rule, 0)->clauses.at = 0x7fffffff; }
static void rule_ask(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_RULES].n; i++)
        if (ROW(RULES, a_rule, i)->verb == VERB_REQUIRE)
            ROW(RULES, a_rule, i)->ask = NO_INDEX;
}
static void clause_condition(void) { ROW(CLAUSES, a_clause, 0)->condition = 0; }
static void clause_newer(void) { ROW(CLAUSES, a_clause, 0)->condition = 4711; }
static void clause_empty(void) { ROW(CLAUSES, a_clause, 0)->args.n = 0; }
static void clause_outside(void) { ROW(CLAUSES, a_clause, 0)->args.at = 0xffffffff; }
static void grant_shape(void) { clause_of(16)->args.n = 2; }
static void grant_bits(void) { *number(clause_of(16)->args, 0) = 0xffffffff; }
static void network_shape(void) { clause_of(17)->args.n = 4; }
static void network_prefix(void) { *number(clause_of(17)->args, 4) = 129; }
static void host_arg_shape(void) { clause_of(4)->args.n = 1; }
static void host_arg_outside(void) { *number(clause_of(4)->args, 0) = 0xffffffff; }
static void group_arg(void) { *number(clause_of(14)->args, 0) = 1000; }
static void activity_arg(void) { *number(clause_of(7)->args, 0) = 1000; }
static void account_arg(void) { *number(clause_of(8)->args, 0) = 0xfffffff9; }
static void group_mode(void) { ROW(GROUPS, a_group, 0)->mode = MODE_COUNT; }
static void member_people(void) { ROW(MEMBERS, a_member, 0)->people = PEOPLE_COUNT; }
static void member_group(void) { *number(ROW(MEMBERS, a_member, 0)->groups, 0) = 1000; }
static void account_platform(void) { ROW(ACCOUNTS, a_account, 0)->platform = 9; }
static void alias_account(void) { ROW(ALIASES, a_alias, 0)->account = 1000; }
static void alias_platform(void) { ROW(ALIASES, a_alias, 0)->platform = NO_INDEX; }
static void identity_user(void) { ROW(IDENTITIES, a_identity, 0)->user.at = 0xffffffff; }
static void identity_of_no_platform(void) { ROW(IDENTITIES, a_identity, 0)->platform = 9; }
static void identity_of_no_account(void) { ROW(IDENTITIES, a_identity, 0)->account = 1000; }
static void identity_elsewhere(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_ACCOUNTS].n; i++)
        ROW(ACCOUNTS, a_account, i)->platform ^= 1;
    for (uint32_t i = 0; i < header()->sections[SECTION_ALIASES].n; i++)
        ROW(ALIASES, a_alias, i)->platform ^= 1;
}
static void identity_unsaid(void)
{
    ROW(PLATFORMS, a_platform, ROW(IDENTITIES, a_identity, 0)->platform)->flags &= ~(uint32_t)PLATFORM_IDENTITIES;
}
static void identity_keys(void) { ROW(IDENTITIES, a_identity, 1)->key ^= 1; }
static void identity_no_key(void)
{
    for (uint32_t i = 0; i < header()->sections[SECTION_IDENTITIES].n; i++)
        ROW(IDENTITIES, a_identity, i)->key = 0;
}
static void identity_table(void) { *(uint32_t *)row(SECTION_IDENTITY_TABLE, 0) = 0x7fffffff; }
static void grant_nobody(void)
{
    ROW(GRANTS, a_grant, 0)->user.n = 0;
    ROW(GRANTS, a_grant, 0)->group = NO_INDEX;
}
static void grant_day(void) { ROW(GRANTS, a_grant, 0)->approved_day = 0xffffffff; }
static void grant_activity(void) { ROW(GRANTS, a_grant, 0)->activities = 0xffffffff; }
static void grant_platform(void) { *number(ROW(GRANTS, a_grant, 0)->platforms, 0) = 1000; }
static void page_status(void) { ROW(PAGES, a_page, 0)->status = 7; }
static void page_hole(void) { *number(ROW(PAGES, a_page, 0)->holes, 0) = 0xfffffff8; }
static void page_links_outside(void) { ROW(PAGES, a_page, 0)->links.at = 0x7fffffff; }
static void page_link_part(void) { ROW(PAGES, a_page, 0)->links.n -= 1; }
static void page_link_far(void) { *number(ROW(PAGES, a_page, 0)->links, 3) = 0xfffffff8; }
static void page_link_back(void) { *number(ROW(PAGES, a_page, 0)->links, 1) = 0; }
static void page_links_many(void)
{
    struct a_page *page = ROW(PAGES, a_page, 0);

    for (uint32_t i = 0; i < PAGE_LINK_NUMBERS * (PAGE_LINKS_MAX + 1); i++)
        *number((struct a_list){0, 1}, i) = 0;
    page->links = (struct a_list){0, PAGE_LINK_NUMBERS * (PAGE_LINKS_MAX + 1)};
    page->holes.n = 0;
}
static void page_step_wrong(void) { ROW(PAGES, a_page, 0)->step = STEP_COUNT; }
static void contact_string(void) { ROW(CONTACTS, a_contact, 0)->mail.at = 0xffffffff; }
static void source_string(void) { ROW(SOURCES, a_source, 0)->text.n = 0xffffffff; }
static uint32_t value_place(void) { return ROW(SETS, a_set, 0)->values.at; }
static void meta_set_rules(void) { ROW(META, a_meta, 0)->set_rules.n = 0x7fffffff; }
static void meta_set_rule(void) { *number(ROW(META, a_meta, 0)->set_rules, 0) = 0x7fffffff; }
static void rule_sets(void) { ROW(RULES, a_rule, 0)->sets.n = 0x7fffffff; }
static void restriction_places(void) { ROW(RESTRICTIONS, a_restriction, 0)->places.n = 0; }
static void restriction_places_many(void) { ROW(RESTRICTIONS, a_restriction, 0)->places.n = PLACES_MAX + 1; }
static void restriction_places_outside(void) { ROW(RESTRICTIONS, a_restriction, 0)->places.at = 0x7fffffff; }
static void restriction_paths(void) { ROW(RESTRICTIONS, a_restriction, 0)->paths.n = 0x7fffffff; }
static void restriction_proof(void) { ROW(RESTRICTIONS, a_restriction, 0)->proof = PROOF_COUNT; }
static void place_kind(void) { ROW(PLACES, a_place, 0)->kind = PLACE_COUNT; }
static void place_shape(void) { ROW(PLACES, a_place, 0)->shape = SHAPE_COUNT; }
static void place_choices(void) { ROW(PLACES, a_place, 0)->choices.n = 0x7fffffff; }
static void place_name(void) { ROW(PLACES, a_place, 0)->name.n = 0; }
static void place_name_broken(void) { *(char *)string(ROW(PLACES, a_place, 0)->name) = '\n'; }
static void place_name_parted(void) { *(char *)string(ROW(PLACES, a_place, 0)->name) = ':'; }
static void restricted_host(void) { ROW(RESTRICTED, a_restricted, 0)->name.at = 0xffffffff; }
static void restricted_by(void) { ROW(RESTRICTED, a_restricted, 0)->restriction = 1000; }
static void restricted_table(void) { *(uint32_t *)row(SECTION_RESTRICTED_TABLE, 0) = 0x7fffffff; }
static void set_restriction(void) { ROW(SETS, a_set, 0)->restriction = 1000; }
static void set_values_outside(void) { ROW(SETS, a_set, 0)->values.at = 0x7fffffff; }
static void set_values_few(void) { ROW(SETS, a_set, 0)->values.n -= 1; }
static void set_values_many(void) { ROW(SETS, a_set, 0)->values.n += 1; }
static void set_value_line(void) { *(char *)string(*ROW(WORDS, a_str, value_place())) = '\r'; }
static void set_value_bytes(void) { *(char *)string(*ROW(WORDS, a_str, value_place())) = (char)0xe9; }
static void meta_day(void) { ROW(META, a_meta, 0)->approved_day = 0x7fffffff; }
static void meta_calendar(void) { ROW(META, a_meta, 0)->calendar = 1000; }
static void meta_shifts(void) { ROW(META, a_meta, 0)->shifts = 2; }
static void meta_shift_weeks(void) { ROW(META, a_meta, 0)->shift_weeks = 0xffffffff; }
static void during_name(void) { *number(clause_of(20)->args, 0) = 1000; }
static void during_word(void) { *number(clause_of(20)->args, 0) = 0xfffffff2; }
static void time_name(void) { ROW(TIMES, a_time, 0)->name.at = 0xffffffff; }
static void region_holidays(void) { ROW(REGIONS, a_region, 0)->holidays.n = 0x7fffffff; }
static void holiday_name(void) { ROW(HOLIDAYS, a_holiday, 0)->name.n = 0xffffffff; }
static void holiday_day(void) { ROW(HOLIDAYS, a_holiday, 0)->day = 0x7fffffff; }
static void window_time(void) { ROW(WINDOWS, a_window, 0)->time = 1000; }
static void window_kind_wrong(void) { ROW(WINDOWS, a_window, 0)->kind = WINDOW_KINDS; }
static void window_no_day(void) { ROW(WINDOWS, a_window, 0)->days = 0; }
static void window_eighth_day(void) { ROW(WINDOWS, a_window, 0)->days = 0x80; }
static void window_backwards(void) { ROW(WINDOWS, a_window, 0)->end = ROW(WINDOWS, a_window, 0)->begin; }
static void window_long(void) { ROW(WINDOWS, a_window, 0)->end = 2881; }
static void window_no_cycle(void) { ROW(WINDOWS, a_window, 0)->cycle = 0; }
static void window_cycle(void) { ROW(WINDOWS, a_window, 0)->cycle = CYCLE_MAX + 1; }
static void window_phase(void) { ROW(WINDOWS, a_window, 0)->phase = 1; }
static void calendar_name(void) { ROW(CALENDARS, a_calendar, 0)->name.n = 0xffffffff; }
static void calendar_windows(void) { ROW(CALENDARS, a_calendar, 0)->windows.at = 0x7fffffff; }
static void calendar_windows_many(void)
{
    ROW(CALENDARS, a_calendar, 0)->windows.at = 0;
    ROW(CALENDARS, a_calendar, 0)->windows.n = WINDOWS_MAX + 1;
}
static void calendar_closed(void) { ROW(CALENDARS, a_calendar, 1)->closed.n = 0x7fffffff; }
static void calendar_closed_odd(void) { ROW(CALENDARS, a_calendar, 1)->closed.n -= 1; }
static void calendar_region(void) { ROW(CALENDARS, a_calendar, 0)->region = 1000; }
static void calendar_group(void) { ROW(CALENDAR_GROUPS, a_calendar_group, 0)->group = 1000; }
static void calendar_of_group(void) { ROW(CALENDAR_GROUPS, a_calendar_group, 0)->calendar = 1000; }
static void rota_user(void) { ROW(ROTAS, a_rota, 0)->user.at = 0xffffffff; }
static void rota_nobody(void) { ROW(ROTAS, a_rota, 0)->user.n = 0; }
static void rota_group(void) { ROW(ROTAS, a_rota, 1)->group = 1000; }
static void rota_periods(void) { ROW(ROTAS, a_rota, 0)->periods.n = 0x7fffffff; }
static void rota_table(void) { *(uint32_t *)row(SECTION_ROTA_TABLE, 0) = 0x7fffffff; }
static void period_windows(void) { ROW(PERIODS, a_period, 0)->windows.at = 0x7fffffff; }
static void period_region(void) { ROW(PERIODS, a_period, 0)->region = 1000; }
static void meta_reread(void) { ROW(META, a_meta, 0)->reread_except.n = 0x7fffffff; }
static void meta_reread_day(void) { ROW(META, a_meta, 0)->reread_day = 0xffffffff; }
static void meta_standing(void) { ROW(META, a_meta, 0)->standing_missing = 2; }
static void meta_standing_age(void) { ROW(META, a_meta, 0)->standing_minutes = 0; }
static void meta_standing_old(void) { ROW(META, a_meta, 0)->standing_minutes = 1441; }
static void rule_every(void) { ROW(RULES, a_rule, 0)->every = PERIOD_COUNT; }
/* The rule that asks about one person. */
static struct a_rule *person_rule(void)
{
    uint32_t i = 0;

    while (ROW(RULES, a_rule, i)->returns == 0)
        i++;
    return ROW(RULES, a_rule, i);
}
static void rule_returns(void) { ROW(RULES, a_rule, 0)->returns = 5; }
static void rule_within(void) { ROW(RULES, a_rule, 0)->within = 3600; }
static void person_returns_none(void) { person_rule()->returns = 0; }
static void person_returns_many(void) { person_rule()->returns = RETURNS_MAX + 1; }
static void person_within_none(void) { person_rule()->within = 0; }
static void person_within_long(void) { person_rule()->within = WITHIN_MAX + WITHIN_MIN; }
static void person_within_odd(void) { person_rule()->within = WITHIN_MIN + 1; }
static void person_every_month(void) { person_rule()->every = PERIOD_MONTH; }
static void concerns_arg(void) { *number(clause_of(condition_by_word(STR("concerns"))->number)->args, 0) = CONCERN_COUNT; }
static void rule_waives(void) { ROW(RULES, a_rule, 0)->waives = 1u << ASK_COUNT; }
static void rule_flags(void) { ROW(RULES, a_rule, 0)->flags = RULE_FLAGS + 1; }
static void rule_waives_notice(void) { ROW(RULES, a_rule, 0)->waives = 1u << ASK_NOTICE; }
static void allowance_arg(void) { *number(clause_of(condition_by_word(STR("allowance"))->number)->args, 0) = 9; }
static void emergency_arg(void) { *number(clause_of(condition_by_word(STR("emergency"))->number)->args, 0) = 9; }
static void allowance_name(void) { ROW(ALLOWANCES, a_allowance, 0)->name.n = 0; }
static void allowance_minutes(void) { ROW(ALLOWANCES, a_allowance, 0)->minutes = 1441; }
static void allowance_claim(void) { ROW(ALLOWANCES, a_allowance, 0)->claim = CLAIMS_MAX + 1; }
static void allowance_group(void) { *number(ROW(ALLOWANCES, a_allowance, 0)->groups, 0) = 1000; }
static void emergency_name(void) { ROW(EMERGENCIES, a_emergency, 0)->name.at = 0xffffffff; }
static void emergency_hours(void) { ROW(EMERGENCIES, a_emergency, 0)->hours = 25; }
static void emergency_of_nobody(void) { ROW(EMERGENCIES, a_emergency, 0)->groups.n = 0; }
static void emergency_platform(void) { *number(ROW(EMERGENCIES, a_emergency, 0)->platforms, 0) = 1000; }
static void emergency_reasons(void) { ROW(EMERGENCIES, a_emergency, 0)->reasons.n = 0; }
static void emergency_reasons_far(void) { ROW(EMERGENCIES, a_emergency, 0)->reasons.at = 0x7fffffff; }
static void words_string(void) { ROW(WORDS, a_str, 0)->at = 0xffffffff; }

static void (*const faults[])(void) = {
    magic, version, sections, longer, section_far, section_odd, section_in_header, section_wraps, no_meta, two_metas,
    meta_string, meta_string_long, meta_mode, meta_default, meta_unsure, meta_page, meta_scope, meta_record, meta_months,
    meta_people, meta_candidates, candidate, filters_fewer, keys_fewer, host_parts, platform_class, platform_manages, platform_rows, platform_kinds, platform_kinds_fewer,
    row_among_others, platform_reserved, row_kind_wrong,
    row_source_wrong, row_activity, row_path, row_roles, pattern_number, pattern_text, host_platform, host_role,
    host_categories, table_outside, table_full, table_odd, table_none, rule_verb, rule_page, rule_clauses, rule_ask,
    clause_condition, clause_newer, clause_empty, clause_outside, grant_shape, grant_bits, network_shape, network_prefix,
    host_arg_shape, host_arg_outside, group_arg, activity_arg, account_arg, group_mode, member_people, member_group,
    account_platform, alias_account, alias_platform, identity_user, identity_of_no_platform, identity_of_no_account, identity_elsewhere,
    identity_unsaid, identity_keys, identity_no_key, identity_table, grant_nobody, grant_day, grant_activity, grant_platform, page_status,
    page_hole, page_links_outside, page_link_part, page_link_far, page_link_back, page_links_many, page_step_wrong, contact_string, source_string, words_string, meta_day,
    meta_reread, meta_reread_day, meta_standing, meta_standing_age, meta_standing_old, rule_every, rule_waives, rule_flags,
    rule_waives_notice, allowance_arg, emergency_arg, allowance_name, allowance_minutes, allowance_claim,
    allowance_group, emergency_name, emergency_hours, emergency_of_nobody, emergency_platform, emergency_reasons,
    emergency_reasons_far, rule_returns, rule_within, person_returns_none, person_returns_many, person_within_none,
    person_within_long, person_within_odd, person_every_month, concerns_arg,
    meta_set_rules, meta_set_rule, rule_sets, restriction_places, restriction_places_many, restriction_places_outside,
    restriction_paths, restriction_proof, place_kind, place_shape, place_choices, place_name, place_name_broken,
    place_name_parted, restricted_host, restricted_by, restricted_table, set_restriction, set_values_outside,
    set_values_few, set_values_many, set_value_line, set_value_bytes,
    meta_calendar, meta_shifts, meta_shift_weeks, during_name, during_word, time_name, region_holidays, holiday_name,
    holiday_day, window_time, window_kind_wrong, window_no_day, window_eighth_day, window_backwards, window_long,
    window_no_cycle, window_cycle, window_phase, calendar_name, calendar_windows, calendar_windows_many, calendar_closed,
    calendar_closed_odd, calendar_region, calendar_group, calendar_of_group, rota_user, rota_nobody, rota_group,
    rota_periods, rota_table, period_windows, period_region,
};

static void start(void)
{
    struct str sound = fuzz_artefact();

    size = sound.n;
    bytes = malloc(size);
    memcpy(bytes, sound.p, size);
}

static void end(void)
{
    free(bytes);
}

static int open_it(struct diag *d)
{
    struct policy *p = NULL;
    int result;

    diag_init(d);
    result = policy_open_mem(bytes, size, &p, d);
    if (result == 0)
        policy_free(p);
    return result;
}

/* A bit of the header that a disk has turned: of the sections' places, the digest, anything. */
START_TEST(each_turned_bit_of_the_header_is_found)
{
    struct diag d;

    for (size_t bit = 0; bit < 8 * sizeof *header(); bit++) {
        ((unsigned char *)header())[bit / 8] ^= (unsigned char)(1u << bit % 8);
        ck_assert_msg(open_it(&d) == -1, "bit %zu was not found", bit);
        ((unsigned char *)header())[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    ck_assert_int_eq(open_it(&d), 0);
}
END_TEST

START_TEST(each_fault_is_found)
{
    struct diag d;

    faults[_i]();
    header()->check = artefact_check_sum(header(), size);
    ck_assert_msg(open_it(&d) == -1, "fault %d was not found", _i);
    ck_assert_uint_ge(d.errors, 1);
    ck_assert_uint_gt(strlen(d.messages[0].text), 20);
}
END_TEST

START_TEST(sound_as_it_was)
{
    struct diag d;

    ck_assert_int_eq(open_it(&d), 0);
    ck_assert_uint_eq(d.errors, 0);
}
END_TEST

START_TEST(every_truncation)
{
    struct diag d;
    size_t whole = size;

    for (size = 0; size < whole; size += size < 4096 ? 1 : 997)
        ck_assert_int_eq(open_it(&d), -1);
    size = whole;
}
END_TEST

START_TEST(one_flipped_bit_breaks_the_sum)
{
    struct diag d;

    for (size_t at = sizeof(struct artefact_header); at < size; at += 509) {
        bytes[at] ^= 0x10;
        ck_assert_int_eq(open_it(&d), -1);
        bytes[at] ^= 0x10;
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("artefact");
    TCase *t = tcase_create("malformed");

    tcase_add_checked_fixture(t, start, end);
    tcase_add_test(t, sound_as_it_was);
    tcase_add_test(t, each_turned_bit_of_the_header_is_found);
    tcase_add_loop_test(t, each_fault_is_found, 0, sizeof faults / sizeof *faults);
    tcase_add_test(t, every_truncation);
    tcase_add_test(t, one_flipped_bit_breaks_the_sum);
    suite_add_tcase(s, t);
    return run_suite(s);
}
