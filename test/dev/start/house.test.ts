import { describe, expect, it } from 'vitest';
import type { Child } from '../../../dev/child.ts';
import { House, type Part, type Started } from '../../../dev/start/house.ts';

function houseWith() {
  const stopped: Part[] = [];
  const deaths: string[] = [];
  const house = new House(({ message }) => deaths.push(message));
  const part = (name: Part): Started => ({ stop: () => Promise.resolve(void stopped.push(name)) });
  return { house, stopped, deaths, part };
}

describe('everything that npm start runs', () => {
  it('stops users before what they use, in whatever order it was started', async () => {
    const { house, stopped, part } = houseWith();
    for (const name of ['mailbox', 'PostgreSQL', 'API', 'Temporal', 'SRI simulator', 'worker'] as const) {
      await house.start(name, () => Promise.resolve(part(name)));
    }
    await house.stop();
    expect(stopped).toEqual(['API', 'worker', 'SRI simulator', 'mailbox', 'Temporal', 'PostgreSQL']);
  });

  it('stops what was still starting, and starts nothing more', async () => {
    const { house, stopped, part } = houseWith();
    const late = Promise.withResolvers<Started>();
    const starting = house.start('Temporal', () => late.promise);
    const failing = house.start('API', () => Promise.reject(new Error('port taken')));
    await expect(failing).rejects.toThrow('port taken');
    const stopping = house.stop();
    late.resolve(part('Temporal'));
    await starting;
    await stopping;
    expect(stopped).toEqual(['Temporal']);
    await expect(house.start('worker', () => Promise.resolve(part('worker')))).rejects.toThrow('stopping');
  });

  it('tells of a process that dies, with its last words, but not of one that it stops', async () => {
    const { house, deaths } = houseWith();
    const [dying, stopping] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const child = (name: string, ended: Promise<string>) =>
      ({ name, ended, logFile: `${name}.log`, lastWords: () => 'out of memory' }) as Child;
    await house.start('worker', () =>
      Promise.resolve({ child: child('the worker', dying.promise), stop: () => Promise.resolve() }),
    );
    await house.start('API', () =>
      Promise.resolve({
        child: child('the API', stopping.promise),
        stop: () => Promise.resolve(stopping.resolve('exit code 0')),
      }),
    );
    dying.resolve('SIGKILL');
    await expect.poll(() => deaths).toHaveLength(1);
    expect(deaths[0]).toMatch(/^the worker has ended \(SIGKILL\)[^]*out of memory[^]*the worker\.log/);
    await house.stop();
    expect(deaths).toHaveLength(1);
  });
});
