// Records a canvas as a WebM clip and gives it to the browser to save.

const FRAMES = 30;
const BITS = 6_000_000;
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

export interface Recording {
  /** Ends it; the clip. */
  stop(): Promise<Blob>;
}

export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && TYPES.some((type) => MediaRecorder.isTypeSupported(type));

export function record(canvas: HTMLCanvasElement): Recording {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const stream = canvas.captureStream(FRAMES);
  const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  recorder.start(1000);
  return {
    stop: () =>
      new Promise((resolve) => {
        recorder.addEventListener('stop', () => {
          for (const track of stream.getTracks()) track.stop();
          resolve(new Blob(parts, { type: 'video/webm' }));
        });
        recorder.stop();
      }),
  };
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
