import { spawnSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { createDemoAuthority } from '../dev/demo-authority.ts';
import { openPkcs12 } from '../domain/signing/pkcs12.ts';
import { createSigner } from '../domain/signing/signer.ts';
import { signDocument } from '../domain/signing/xades.ts';

/*
 * How near a signed document comes to the RSA operation inside it. Rates are per second of processor time, as `openssl
 * speed` counts too, and the contestants take turns, so that other work on the machine counts as little as possible.
 */

const ROUNDS = 5;
const SECONDS = 1;
const TARGET = 0.8;

const p12 = createDemoAuthority().issue({ ruc: '1790012345001', commonName: 'Demostración', password: 'demo' });
const signer = createSigner(openPkcs12(p12, 'demo'));
const xml = documentOfBytes(2048);
/** As long as the SignedInfo that the signature is made of. */
const signedInfo = Buffer.alloc(1500, 'x');
const signingTime = new Date();

const contestants: [string, () => number | undefined][] = [
  ['openssl speed rsa2048', opensslRate],
  ['node:crypto sign, sha1', () => rateOf(() => sign('sha1', signedInfo, signer.key))],
  ['signDocument, sha1', () => rateOf(() => signDocument(signer, { xml, algorithm: 'sha1', signingTime }))],
  ['node:crypto sign, sha256', () => rateOf(() => sign('sha256', signedInfo, signer.key))],
  ['signDocument, sha256', () => rateOf(() => signDocument(signer, { xml, algorithm: 'sha256', signingTime }))],
];

const best = new Map<string, number>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, measure] of contestants) {
    const rate = measure();
    if (rate !== undefined) best.set(name, Math.max(rate, best.get(name) ?? 0));
  }
}

const openssl = best.get('openssl speed rsa2048');
console.log(
  `best of ${ROUNDS} rounds, document of ${Buffer.byteLength(xml)} bytes, target ${percent(TARGET)} of openssl\n`,
);
console.log(
  `${'signatures per CPU second'.padEnd(28)}${'rate'.padStart(8)}${'of openssl'.padStart(12)}${'of bare sign'.padStart(14)}`,
);
for (const [name, rate] of best) {
  const algorithm = /^signDocument, (.*)$/.exec(name)?.[1];
  const bare = algorithm && best.get(`node:crypto sign, ${algorithm}`);
  const columns = [
    rate.toFixed(0).padStart(8),
    share(rate, openssl).padStart(12),
    share(rate, bare || undefined).padStart(14),
  ];
  console.log(name.padEnd(28) + columns.join(''));
}

function share(rate: number, whole: number | undefined): string {
  return whole === undefined ? '' : percent(rate / whole);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function rateOf(work: () => unknown): number {
  for (let warm = 0; warm < 200; warm++) work();
  const start = process.cpuUsage();
  const end = performance.now() + SECONDS * 1000;
  let count = 0;
  while (performance.now() < end) {
    work();
    count++;
  }
  const { user, system } = process.cpuUsage(start);
  return (count * 1e6) / (user + system);
}

/** Undefined where OpenSSL is not installed. */
function opensslRate(): number | undefined {
  const { stdout } = spawnSync('openssl', ['speed', '-seconds', '3', 'rsa2048'], { encoding: 'utf8' });
  const columns = /^rsa 2048 bits\s+\S+s\s+\S+s\s+(\S+)/m.exec(stdout ?? '');
  return columns === null ? undefined : Number(columns[1]);
}

/** A document of about that size, with what a factura is full of. */
function documentOfBytes(size: number): string {
  const line = '<detalle><descripcion>Pan de ají &amp; queso</descripcion><cantidad>2.000000</cantidad></detalle>';
  const [start, end] = ['<factura id="comprobante" version="2.1.0"><detalles>', '</detalles></factura>'];
  return start + line.repeat(Math.floor((size - start.length - end.length) / Buffer.byteLength(line))) + end;
}
