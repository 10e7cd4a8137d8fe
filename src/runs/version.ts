// The version of this package, written into runs; a test compares it with package.json.

export const VERSION = '0.1.0';
