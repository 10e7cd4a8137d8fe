// Requests to the studio's server; errors carry its words.
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/api/${path}`, init).catch(() => {
    throw new ApiError(0, 'the studio cannot be reached; is it still running in the terminal?');
  });
  if (response.ok) return response.json() as Promise<T>;
  const text = await response.text();
  let message = `the studio answers ${response.status}`;
  try {
    message = (JSON.parse(text) as { error: string }).error;
  } catch {
    // Not ours: the status is all there is to say.
  }
  throw new ApiError(response.status, message);
}

/** The JSON answer to a GET of /api/`path`. */
export const getJson = <T>(path: string, signal?: AbortSignal): Promise<T> => request<T>(path, { signal });

/** The JSON answer to a POST. */
export const postJson = <T>(path: string, body: unknown = {}): Promise<T> =>
  request<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The JSON answer to a POST of a file's bytes. */
export const postBytes = <T>(path: string, body: Uint8Array<ArrayBuffer>, type: string): Promise<T> =>
  request<T>(path, { method: 'POST', headers: { 'content-type': type }, body });

/** Parameters behind a path, absent ones left out: `query({ a: 1, b: undefined })` is `?a=1`. */
export function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** A run in the addresses of requests, whatever its name. */
export const runPath = (run: string): string => `runs/${encodeURIComponent(run)}`;

/** Where `loadPolicy` and other readers find the files of a run. */
export const runFilesUrl = (run: string): string => new URL(`/api/${runPath(run)}/files`, window.location.href).href;

/** Where a run's policy is downloaded as ONNX. */
export const policyUrl = (run: string, checkpoint: string | number = 'best'): string =>
  `/api/${runPath(run)}/policy.onnx${query({ checkpoint })}`;
