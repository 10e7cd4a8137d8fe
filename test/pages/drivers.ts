// Scripts that drive the example pages in a browser, with the helpers of browsers.ts.

/** A page of `examples/pages/train-page.js`: trains, saves, loads the page again, goes on. */
export const trainDriver = `
  const press = (id) => document.getElementById(id).click();
  const next = async (what) => {
    await until(() => {
      if (/^failed/.test(output())) problem(output());
      return what.test(output());
    });
    say(output());
  };
  if (said.length === 0) {
    await next(/^ready/);
    press('train');
    await next(/acts/);
    press('save');
    await next(/^saved/);
    location.reload();
  } else {
    await next(/^kept/);
    press('train');
    await next(/acts/);
    await done();
  }
`;

/** A page that acts. */
export const actDriver = `
  await until(() => /acts/.test(output()));
  say(output());
  await done();
`;

/**
 * In `examples/pages/plain`: settings that no page has, pausing, going on, stopping, the browser's own files as the run goes,
 * and what is downloaded.
 */
export const settingsDriver = `
  await until(() => /^ready/.test(output()));
  const anygoal = await import(new URL('anygoal/anygoal.js', document.baseURI).href);
  await anygoal.train({ env: 'point/reach' }).catch(({ message }) => say(message));
  let steps = 0;
  const training = anygoal.trainInWorker({
    env: 'point/reach',
    steps: 1_000_000,
    folder: 'tried',
    config: {
      workers: 2,
      runtime: { overlap: true, threads: 2, worker: true },
      agent: { options: { hidden: [8] } },
      training: { warmupSteps: 50, batchSize: 16 },
      evaluation: { every: 0, episodes: 2 },
    },
    onStart: ({ warnings }) => warnings.forEach(say),
    onProgress: (progress) => { steps = progress.steps; },
  });
  training.ended.catch(({ message }) => problem(message));
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await until(() => steps > 0);
  training.pause();
  await wait(500);
  const paused = steps;
  await wait(500);
  say(steps === paused ? 'pauses' : 'does not pause');
  training.goOn();
  await until(() => steps > paused);
  training.stop();
  const { run, result } = await training.ended;
  say(result.ended);
  say('kept ' + (await (await anygoal.openBrowserStore('tried')).list('')).length);
  const further = await anygoal.resumeInWorker({ ...run, steps: result.envSteps + 100 }).ended;
  say('100 more: ' + (further.result.envSteps - result.envSteps));
  HTMLAnchorElement.prototype.click = async function () {
    const bytes = new Uint8Array(await (await fetch(this.href)).arrayBuffer());
    say(this.download.replace(/__.*\\./, '.') + ': ' + String.fromCharCode(...bytes.subarray(0, 2)));
    await done();
  };
  await anygoal.downloadRun(run);
`;

/** The page with an arm: the pointer moves, and frame by frame the canvas is looked at. */
export const armDriver = `
  const { getContext } = HTMLCanvasElement.prototype;
  // Pictures stay on the canvas after they were shown, so that they can be read.
  HTMLCanvasElement.prototype.getContext = function (kind, options) {
    return getContext.call(this, kind, { ...options, preserveDrawingBuffer: true });
  };
  const canvas = document.querySelector('canvas');
  const copy = Object.assign(document.createElement('canvas'), { width: 160, height: 120 });
  const context = copy.getContext('2d', { willReadFrequently: true });
  const frame = () => new Promise(requestAnimationFrame);
  /** The picture as it now is; one color alone is none. */
  const picture = () => {
    context.drawImage(canvas, 0, 0, 160, 120);
    const { data } = context.getImageData(0, 0, 160, 120);
    return new Set(new Uint32Array(data.buffer)).size > 20 ? data.join() : undefined;
  };
  const pictures = new Set();
  const end = performance.now() + 180_000;
  while (pictures.size < 10 && performance.now() < end && problems.length === 0) {
    const [clientX, clientY] = [innerWidth * (0.4 + 0.02 * pictures.size), innerHeight * 0.6];
    canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
    await frame();
    const seen = picture();
    if (seen) pictures.add(seen);
  }
  say(pictures.size + ' pictures');
  await done();
`;
