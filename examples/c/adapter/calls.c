/* Finds the function of rtmv2.h that is to be called. */
#include "op.h"

#include <inttypes.h>
#include <string.h>

static const struct function *const tables[] = { core_functions, route_functions,
                                                 next_hop_functions, walk_functions };

DWORD call_finish(struct op *op, DWORD status)
{
  moment_after(op->session, op->work->events);
  buffer_print(op->out, "\"status\":%" PRIu32, status);
  return status;
}

static const struct function *find(const char *name)
{
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i += 1)
    for (const struct function *function = tables[i]; function->name != NULL; function += 1)
      if (strcmp(function->name, name) == 0) return function;
  return NULL;
}

void perform(struct lane *lane, struct work *work, const char *name, const struct json *args)
{
  struct op op = { .session = lane->session, .work = work, .args = args, .out = &work->out };
  const struct function *function = find(name);
  if (function == NULL) {
    buffer_print(op.out, "\"unsupported\":\"this RTM has no such function\"");
    return;
  }
  function->make(&op);
  if (op.has_out) buffer_print(op.out, "}");
  if (op.problem == NULL) return;
  struct buffer message = { 0 };
  buffer_print(&message, "the argument %s is missing or of the wrong type", op.problem);
  buffer_print(op.out, "\"errored\":");
  buffer_quote(op.out, message.text);
  buffer_destroy(&message);
}
