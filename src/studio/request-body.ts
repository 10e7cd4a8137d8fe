// Reads what a request sends and checks its form, with errors that name the field.
import type { Context } from 'hono';
import type { z } from 'zod';
import { allowedText, type SettingSchema, settingSchema } from '../config/describe-settings.js';
import { nearestName } from '../errors.js';
import { RequestError } from './request-error.js';

/** The JSON object of a POST, checked; strict: unknown fields are refused by name. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\b/.test(type)) {
    throw new RequestError(415, `send JSON with the header content-type: application/json, not "${type}".`);
  }
  const text = await c.req.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, `the request is not JSON: ${(error as Error).message}.`);
  }
  return checked(value, schema, 'the request');
}

/** The parameters behind the question mark, checked. */
export const readQuery = <T>(c: Context, schema: z.ZodType<T>): T => checked(c.req.query(), schema, 'the address');

function checked<T>(value: unknown, schema: z.ZodType<T>, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const known = settingSchema(schema).properties ?? {};
  if (issue.code === 'unrecognized_keys') {
    const [name] = issue.keys;
    const near = nearestName(name, Object.keys(known));
    const hint = near === undefined ? '.' : `; did you mean "${near}"?`;
    throw new RequestError(
      400,
      `${where} has an unknown field "${name}"${hint} Fields: ${Object.keys(known).join(', ')}.`,
    );
  }
  const [field] = issue.path.map(String);
  if (field === undefined) throw new RequestError(400, `${where} must be a JSON object, not ${JSON.stringify(value)}.`);
  const allowed = allowedText((known[field] ?? {}) as SettingSchema);
  const given = JSON.stringify((value as Record<string, unknown>)[field]) ?? 'missing';
  throw new RequestError(
    400,
    `${issue.path.join('.')} must be ${allowed}, not ${given.length > 60 ? `${given.slice(0, 57)}...` : given}.`,
  );
}
