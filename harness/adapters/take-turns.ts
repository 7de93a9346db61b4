/** One piece of work at a time: what controls async functions and the process's errors is one for all. */

let previous: Promise<unknown> = Promise.resolve();

/** Does `work` when all work handed in before is done. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = previous.then(work);
  previous = turn.catch(() => {});
  return turn;
}
