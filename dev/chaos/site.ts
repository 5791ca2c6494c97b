import { join } from 'node:path';
import type { Started } from '../start/house.ts';
import { layOutData } from '../start/data-folder.ts';
import { program, startReady } from '../start/ready-child.ts';
import { mountDisk } from './disk.ts';
import type { LineName, Victim } from './kinds.ts';
import { type Line, openLine } from './line.ts';
import { Part } from './part.ts';

export type PartName = Exclude<Victim, 'Chromium'>;

/** What our programs write when they serve. */
const SERVES = /(is|simulator) ready|arrive in/;

/** Where the product runs: its processes, the lines between them, the disk; all of it goes again. */
export class Site {
  readonly data;
  readonly disk;
  readonly parts = new Map<PartName, Part>();
  readonly lines = new Map<LineName, Line>();
  private readonly stop = new AbortController();

  /** @param dir empty folder, which PostgreSQL's user may pass */
  constructor(dir: string) {
    this.data = layOutData(dir);
    this.disk = mountDisk(join(dir, 'disk'));
  }

  part(name: PartName): Part {
    const part = this.parts.get(name);
    if (part === undefined) throw new Error(`${name} has not been started.`);
    return part;
  }

  logFile(part: PartName): string {
    return join(this.data.logs, `${part.replaceAll(' ', '-').toLowerCase()}.log`);
  }

  /** Starts a process that is kept running. */
  async run<T extends Required<Started>>(name: PartName, begin: () => Promise<T>): Promise<T> {
    const part = new Part(name, begin);
    this.parts.set(name, part);
    return part.start();
  }

  /** Starts a program of this checkout, by its path from `dev/start`. */
  async runProgram(name: PartName, path: string, args: string[], env?: NodeJS.ProcessEnv): Promise<void> {
    await this.run(name, () =>
      startReady({
        ...program(name, path, args),
        logFile: this.logFile(name),
        ready: (child) => SERVES.test(child.output()),
        signal: this.stop.signal,
        ...(env === undefined ? {} : { env }),
      }),
    );
  }

  /** Lays a line to a port. @returns its host and port */
  async line(name: LineName, port: number): Promise<string> {
    const line = await openLine(port);
    this.lines.set(name, line);
    return `127.0.0.1:${line.port}`;
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all([...this.parts.values()].map((part) => part.close()));
    for (const line of this.lines.values()) line.close();
    if (typeof this.disk !== 'string') this.disk.remove();
  }
}
