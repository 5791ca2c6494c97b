import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine; number and time of birth name it for good. Linux only. */
export interface Process {
  pid: number;
  /** Clock ticks since the machine started. */
  born: string;
  command: string;
}

/** Everything that runs below a process, children of children too. */
export function descendantsOf(pid: number): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => look(Number(name)) ?? []);
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** Whether it is still there; one that has ended, but whose parent has not asked how, is not. */
export function isAlive({ pid, born }: Process): boolean {
  return look(pid)?.born === born;
}

function look(pid: number): (Process & { parent: number }) | undefined {
  try {
    // proc_pid_stat(5): after the name in brackets come the state, the parent and, as the twentieth, the time of birth.
    const [state, parent, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(parent), born: rest[17]!, command };
  } catch {
    return undefined;
  }
}
