/** One line for the person who waits. Standard error, so that standard output holds results alone. */
export function say(line: string): void {
  process.stderr.write(`start: ${line}\n`);
}
