import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Makes `file` say that this process is at work. One whose owner has died is taken over.
 * Returns undefined, or the id of the living process that holds it.
 */
export function takeLock(file) {
  const mine = `${file}.${process.pid}`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    writeFileSync(mine, `${process.pid} ${startOf(process.pid) ?? ''}`);
    try {
      // Unlike a file that is created and then written, a link is there with its content or not at all.
      linkSync(mine, file);
      return undefined;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const owner = read(file);
    if (isAlive(owner)) return Number.parseInt(owner, 10);
    putAside(file, owner, `${mine}.old`);
  }
  throw new Error(`${file} changes hands too fast`);
}

export function releaseLock(file) {
  rmSync(file, { force: true });
}

/** Removes the lock of a dead owner, unless somebody else has just done so and taken it. */
function putAside(file, owner, aside) {
  try {
    renameSync(file, aside);
    if (read(aside) !== owner) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(owner) {
  const [pid, start] = owner.split(' ');
  if (!/^[1-9]\d*$/.test(pid)) return false;
  // After a restart of the machine its number may belong to some other program.
  if (start) return startOf(pid) === start;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** When a process began, in clock ticks since boot; undefined when it has ended, or where there is no /proc. */
function startOf(pid) {
  try {
    // proc_pid_stat(5): the state is the first field after the name in brackets, the start the twentieth; Z has ended.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
