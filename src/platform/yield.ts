// Gives the event loop a turn: timers, Ctrl-C, messages and pages stay responsive during long computations.

/** Resolves after everything that was waiting has had its turn. */
export function nextTurn(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  // In pages a message is quicker than a timer, which browsers hold back for 4 ms.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
