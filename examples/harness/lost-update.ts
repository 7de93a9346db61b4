// lost-update.ts
import { explore, minimize, type Runtime } from 'rtm-conformance/harness';

function program(rt: Runtime) {
  const count = rt.atomic(0, 'count');
  for (const name of ['A', 'B']) {
    rt.spawn(name, function* () {
      const before = yield* count.load();
      yield* count.store(before + 1);
    });
  }
  rt.finally(() => rt.assert(count.value === 2, `count is ${count.value}, not 2`));
}

const { failure } = explore(program, { seed: 7 });
if (failure === undefined) throw new Error('no interleaving fails');
console.log(`${failure.kind}: ${failure.message}`);
const { trace } = minimize(program, failure);
for (const step of trace.entries) {
  if (step.kind !== 'step') continue;
  console.log(`${trace.threads[step.thread]} ${step.operation} ${step.object} ${step.detail}`);
}
