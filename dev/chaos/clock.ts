// Loaded before a program (`node --import`): its clock is as many milliseconds off as the file says that CHAOS_CLOCK
// names, and follows it while it runs, as a clock does that somebody sets.
import { readFileSync } from 'node:fs';

const EVERY_MS = 200;
const file = process.env['CHAOS_CLOCK'];
const RealDate = Date;
let offset = 0;

function look(): void {
  try {
    offset = Number(readFileSync(file!, 'utf8'));
  } catch {
    // Nobody has set it.
  }
}

if (file !== undefined) {
  look();
  setInterval(look, EVERY_MS).unref();
  const now = () => RealDate.now() + offset;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
}
