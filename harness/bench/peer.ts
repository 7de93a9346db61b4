/** What is compared: ways to run a concurrent program under random schedules. */
export interface Peer {
  readonly name: string;
  /** What it has run so far. */
  readonly done: Done;
  /** Runs so many executions. Returns how many of them showed the program's mistake, if it has one. */
  run(executions: number): number | Promise<number>;
}

/** Steps are accesses to what is shared, and yields: what lies between two decisions of the scheduler. */
export interface Done {
  executions: number;
  steps: number;
}

export interface Contest {
  readonly program: string;
  readonly ours: Peer;
  readonly fastCheck: Peer;
  readonly bare: Peer;
}
