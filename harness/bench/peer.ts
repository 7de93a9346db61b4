/** What is compared: ways to run a concurrent program under random schedules. */
export interface Peer {
  readonly name: string;
  /** Runs so many executions. Returns how many of them showed the program's mistake, if it has one. */
  run(executions: number): number | Promise<number>;
}

export interface Contest {
  readonly program: string;
  readonly ours: Peer;
  readonly fastCheck: Peer;
  readonly bare: Peer;
}
