/* A report's folder: the signature over its manifest, and whether all of it is as it was made. */
#ifndef TOOLS_REPORT_VERIFY_H
#define TOOLS_REPORT_VERIFY_H

#include "record/sign.h"
#include "record/verify.h"

/* One line: "portreeve-report-signature 1 PUBLIC SIGNATURE", both base64url. */
#define REPORT_SIGNATURE "manifest.sig"

int report_signature_write(const char *path, const struct sign_key *key, struct str manifest, struct diag *d);

/* The folder is a report's: it has manifest.json. */
bool report_is(const char *folder);

/* Says what is changed, missing or too much, and what is to be known of the signature. `how->public` NULL:
 * the signature's own key counts, which says only that nothing was changed by accident. *files: that were
 * checked. -1 with a message when it cannot be read. */
int report_verify(const char *folder, const struct verify_how *how, struct verify_result *result,
                  struct diag *d);

#endif
