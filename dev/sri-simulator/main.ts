import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startSriSimulator } from './index.ts';

const HELP = `Plays SRI's reception and authorization services on 127.0.0.1.

node dev/sri-simulator/main.ts [options]
  --port N             of the services (default: any free one)
  --control-port N     of the control address (default: any free one)
  --dir DIR            keep what was received and decided here (default: in memory)
  --trust FILE         PEM of an authority whose certificates are taken; may be repeated (default: any authority)
  --schemas DIR        SRI's own schema files (default: a check of our own)
  --decision-delay MS  time from reception to decision (default: 0)
  --help`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    dir: { type: 'string' },
    trust: { type: 'string', multiple: true, default: [] },
    schemas: { type: 'string' },
    'decision-delay': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const simulator = await startSriSimulator({
    port: numberOf('port'),
    controlPort: numberOf('control-port'),
    decisionDelayMs: numberOf('decision-delay'),
    trusted: values.trust.map((file) => readFileSync(file, 'utf8')),
    ...(values.dir !== undefined && { dir: values.dir }),
    ...(values.schemas !== undefined && { schemaDir: values.schemas }),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.stop());
  }
  console.log(`SRI simulator ready: services ${simulator.url} control ${simulator.controlUrl}`);
}

function numberOf(name: 'port' | 'control-port' | 'decision-delay'): number {
  if (!/^\d{1,7}$/.test(values[name])) throw new Error(`--${name} takes a whole number, not ${values[name]}`);
  return Number(values[name]);
}
