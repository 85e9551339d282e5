/* Hostile case files against a sound policy. */
#include "fuzz.h"

#include "compile/cases.h"
#include "compile/diag_text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct case_result result = {0};
    struct str text = {(const char *)data, size};
    int answer;

    diag_init(&d);
    answer = cases_run(&(struct snapshot){.policy = fuzz_policy()}, STR("input.case"), text, &result, &d);
    FUZZ_HOLDS(d.errors >= result.failed);
    FUZZ_HOLDS((answer != 0) == (d.errors > result.failed));
    for (unsigned i = 0; i < d.n; i++)
        FUZZ_HOLDS(d.messages[i].text[0] != '\0');
    return 0;
}

static const char *const lines[] = {
    "at 2026-05-12T10:00:00+01:00\n",
    "at 2026-05-12\n",
    "    at 2026-05-25T12:30\n",
    "    expect time own-time when \"office, lunch\"\n",
    "case \"a case\"\n",
    "    user alice\n",
    "    user DOM\\carol\n",
    "    groups comms councillors\n",
    "    groups\n",
    "    client 10.1.2.3 port 3130\n",
    "    GET https://stage.example/council\n",
    "    POST https://stage.example/api?op=CreatePost\n",
    "    CONNECT tube.example:443\n",
    "    sni www.stage.example\n",
    "    header X-Op: CreatePost\n",
    "    header \"Cookie: uid=u%3D12345\"\n",
    "    header Content-Type: application/x-www-form-urlencoded\n",
    "    header Sec-Fetch-Mode: navigate\n",
    "    body \"op=Edit&target=council\\r\\n\\x41\"\n",
    "    body-part \"{\\\"opName\\\":\\\"Edit\\\"}\"\n",
    "    expect refuse rule adult page refused why rule\n",
    "    expect allow platform stage class social activity view account Council account-state named\n",
    "    expect ask notice step aup identity registered origin person confidence sure\n",
    "    expect shadow refuse would signup bump yes category adult people member\n",
    "    expect page none rule default platform none account none bump no\n",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
