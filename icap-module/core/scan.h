/* Bounded looks into what a request carries: forms, JSON, cookies, without a parser that could be led astray.
 * Whatever is cut, compressed or of another type yields STR_NONE: unknown, never a guess. */
#ifndef CORE_SCAN_H
#define CORE_SCAN_H

#include "core/request.h"

enum body_type { BODY_NONE = 0, BODY_FORM, BODY_JSON, BODY_MULTIPART, BODY_OTHER };

/* By Content-Type; BODY_OTHER when a Content-Encoding hides it. JSON sent as text/plain is told by its first
 * byte. */
enum body_type body_type(const struct request *r);

/* A field of an urlencoded or multipart form, decoded, in `a`. The last field of a cut body is not trusted.
 */
struct str form_get(const struct request *r, struct str key, struct arena *a);

/* The first member of that name at any depth whose value is a string or number, or a list of one: the value
 * as written, without quotes. STR_NONE when the value is cut off or holds an escape other than \/ (those are
 * copied out into `a`). */
struct str json_get(struct str json, struct str key, struct arena *a);

/* A member of that name is there and holds something: not null, and no empty string, list or object. */
bool json_there(struct str json, struct str key);

/* Every such member, as far as the JSON goes: how many there are; the first `room` of them in `values`
 * (STR_NONE for one that cannot be read). */
size_t json_all(struct str json, struct str key, struct str *values, size_t room, struct arena *a);

#endif
