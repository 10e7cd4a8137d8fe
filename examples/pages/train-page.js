// A page that trains, saves to the browser's own files, and goes on after it was reloaded; the same for every bundler.

/** `anygoal`: what is used of anygoal and anygoal/page. */
export async function trainPage({ loadPolicy, makeEnv, openBrowserStore, resumeInWorker, trainInWorker, ...anygoal }) {
  const [train, save, download] = ['train', 'save', 'download'].map((id) => document.getElementById(id));
  const say = (text) => {
    document.querySelector('output').textContent = text;
  };
  const asked = new URLSearchParams(location.search);
  const env = asked.get('env') ?? 'point/reach';
  const steps = Number(asked.get('steps') ?? 20_000);
  const seed = Number(asked.get('seed') ?? 0);
  const store = await openBrowserStore('runs');
  const [kept] = await store.list('');
  let run = kept === undefined ? undefined : { run: kept, store };

  const learn = async () => {
    const began = performance.now();
    let latest = '';
    const watch = {
      onProgress: ({ steps, phase }) => say(`${phase}: ${steps} steps${latest}`),
      onEvaluation: ({ steps, successRate }) => {
        latest = `, ${Math.round(100 * successRate)}% at ${steps}`;
      },
    };
    const training = run
      ? resumeInWorker({ ...run, steps: 2 * steps, untilSuccess: 0.95, ...watch })
      : trainInWorker({ env, seed, steps, untilSuccess: 0.95, ...watch });
    const { run: trained, result } = await training.ended;
    const seconds = (performance.now() - began) / 1000;
    run = trained;
    const policy = await loadPolicy(run);
    const { observation, goal } = (await makeEnv(env)).reset({ seed: 1 });
    const action = Array.from(await policy.act({ observation, goal }), (value) => value.toFixed(2));
    say(
      `${Math.round(100 * result.evalSuccessRate)}% at ${result.envSteps} steps after ${seconds.toFixed(1)} s; acts [${action}]`,
    );
    save.disabled = download.disabled = false;
  };
  train.onclick = () => {
    train.disabled = true;
    learn().catch(({ message }) => say(`failed: ${message}`));
  };
  save.onclick = async () => say(`saved ${(await anygoal.saveRun(run, 'runs')).run}`);
  download.onclick = () => anygoal.downloadRun(run);

  if (run) train.textContent = 'Go on';
  say(kept === undefined ? 'ready' : `kept: ${kept}`);
  train.disabled = false;
}
