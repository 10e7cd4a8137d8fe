// Words of commands that are shown to be copied, quoted where a shell would take them apart.

/** `my runs/x` as `'my runs/x'`; what needs no quotes stays, and no word looks like an option. */
export function quoted(word: string, windows = globalThis.process?.platform === 'win32'): string {
  const plain = word.startsWith('-') ? `./${word}` : word;
  if (/^[\w./:=,@%+-]+$/.test(plain) || (windows && /^[\w./:\\=,@+-]+$/.test(plain))) return plain;
  if (windows) return `"${plain.replaceAll('"', '""')}"`;
  return `'${plain.replaceAll("'", `'\\''`)}'`;
}
