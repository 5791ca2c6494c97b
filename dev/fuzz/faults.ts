/** What the service took for its own fault, each in short, once. @param logs lines of JSON, as pino writes them */
export function faultsIn(logs: string): string[] {
  const lines = logs.split('\n').filter((line) => /"level":(50|60)/.test(line));
  const faults = lines.map((line) => {
    const { route, msg, error } = JSON.parse(line) as { route?: string; msg: string; error?: { type: string } };
    return [msg, route, error?.type].filter(Boolean).join(' ');
  });
  return [...new Set(faults)];
}
