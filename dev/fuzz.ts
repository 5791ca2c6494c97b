// Throws at the service what nobody should send. `node dev/fuzz.ts parsers [options]`: mutated bytes at every reader of outside
// bytes. `node dev/fuzz.ts <path of schemathesis> [its options]`: requests made up from the OpenAPI document.
import { fuzzParsers } from './fuzz/parsers.ts';
import { runSchemathesis } from './fuzz/schemathesis.ts';

const [given = 'schemathesis', ...options] = process.argv.slice(2);
process.exitCode = await (given === 'parsers' ? fuzzParsers(options) : runSchemathesis(given, options));
