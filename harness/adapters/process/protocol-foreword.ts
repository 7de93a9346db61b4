/** What PROTOCOL.md says before it lists the messages. */
export const PROTOCOL_FOREWORD: string = `# The adapter protocol, version 1

<!-- Written by \`npm run protocol\`, from protocol.ts. -->

An adapter is a program that lets rtm-conformance call a Routing Table Manager written in any language. The suite starts
it, speaks to it, and judges what it sees; \`rtm-conformance run -- ./my-adapter\` is all there is to say. To begin with one
that works, let \`rtm-conformance init adapter --lang c\` (or \`python\`) write it; \`rtm-conformance doctor -- ./my-adapter\`
tells what it does well and what not.

## Lines

Messages are [JSON-RPC 2.0](https://www.jsonrpc.org/specification): one JSON object in UTF-8 per line, ended by a line feed,
at most 8 MiB long, no batches. The runner writes to the adapter's standard input and reads its standard output; with
\`--channel fd3\` both go over file descriptor 3, a socket, and the adapter may print what it likes. Standard error is kept
for reports and never read.

Both sides ask and both answer, in any order. The runner numbers its requests with integers; the adapter uses integers or
strings of its own, which are another numbering. Members that are not described here are ignored.

An adapter refuses a request by an error: code -32601 for a method that it does not have, -32602 for params that make no
sense, such as an unknown session, and -32603 for everything else. The runner takes none of the following for an answer: a
line that is no JSON object, an answer to nothing or a second one, an answer below a callback that is not finished, members
of wrong types. The adapter is then ended and started anew, and the check that ran is an \`adapter-error\`.

## Three rungs

- **A.** The runner says which lane makes which call: \`op\`. The adapter gives each lane a thread of its own, on which the
  call is made. This is all that a first adapter needs.
- **B**, \`capabilities.lanes\`. The adapter starts calls on several lanes at once, on real threads: \`program.run\`. It tells
  in which order they began and ended.
- **C**, \`capabilities.points\`. The implementation stops before each interlocked operation and each lock, and asks who
  goes on: \`point\` and \`resume\`. Everything can then be explored, and replayed exactly.

### What rung B asks for

All lanes of a \`program.run\` start together at a barrier. One counter, interlocked, orders the moments immediately before and
after each call; the history tells of them in that order, with times that never run backwards. A callback inside a program
brings with it what has happened so far, which is not told again. With the schedule \`yield\` the threads pause shortly, at
moments drawn from the seed, wherever the implementation has a place for it.

### What rung C asks for

In a session of mode \`points\` one lane runs at a time. A lane that is given a call goes on up to its first point, its first
callback, or its end; from a point it goes on when the runner says \`resume\`, and the runner waits for that lane's next message
before it resumes another. So nothing may be waited for inside: a lock that is taken is tried, reported as a point that is
\`blocked\`, and tried again after \`resume\`. The same calls with the same order of \`resume\` must pass the same points: no
clock and no chance may decide.

A thread of the implementation's own begins with a point labelled \`start\`, and says by one labelled \`end\` that it has
ended.

A blocked lane is resumed when another one has got on since. Blocked by the same label again means that the same attempt has
failed again; another attempt begins with a point that is not blocked, or with another label. Whoever polls says so in the
same way, by a blocked point where it yields or sleeps: else it seems to be able to go on, and time never passes for those who
wait for it. \`quiesce\` is answered at once in this mode; what falls due is done by lanes that are resumed afterwards.

## Sessions and lanes

A session is a fresh RTM without entities, with a virtual clock at 0. There is mostly one at a time. After \`session.close\`
nothing more may be said of it: calls of it that are still running are not answered any more.

A lane is one thread of the program that is being run, counted from 0. It is a stack: while the RTM is inside a callback on
that lane, the runner may make further calls on it, which are served inside the callback, on the same thread; they are
answered before the callback's own answer comes. An event that the RTM delivers on a thread of its own is reported with a
negative lane, one for each such thread.

## Values

Arguments have the names of \`rtmv2.h\`; what \`args\` and \`out\` hold for each function is written in
\`spec/api/signatures.ts\`.

- **Handles** are strings that the adapter makes up, with kind, number and generation: \`"dest:41#7"\`. The generation tells
  a handle that was given back from one that has taken its place. A string that the adapter never gave out stands for a
  handle that is not valid: it is passed on as such, and must crash nothing. NULL is \`null\`.
- **Optional OUT parameters**: \`null\` in \`args\` means that the caller passes NULL and wants nothing; absent means wanted.
- **Callbacks** are \`{"callback": 1}\`, and exported methods \`[{"method": 1}]\`: the number comes back with the event.
- **FILETIME** (\`LastChanged\`) is a decimal string of units of 100 ns.
- **NotifyContext, EntitySpecificInfo** and other data of the client are any JSON value, handed back unchanged.
- **Live structures**, as \`RtmLockRoute\` hands them out, are \`{"pointer": "ptr:1", "value": {…}}\`. The client writes to
  them by \`pointer.write\`.
- **Functions** that the implementation does not have are answered with \`{"unsupported": "why"}\`. A call that the adapter
  could not make, for whatever reason, is \`{"errored": "why"}\`.

## At the start

After \`initialize\` the runner makes sure that the adapter tells right from wrong, before any of its answers counts: it must
refuse an unknown method and an unknown session, echo nonces, say \`unsupported\` of an unknown function, survive a handle that
it never gave out, look at types of arguments, serve a call inside a callback and, from rung B on, one lane beside another.

## At the end

\`shutdown\`, \`exit\` and the end of input mean that the process ends, with 0. What has not ended is sent SIGTERM and then
SIGKILL, with its whole process group.
`;
