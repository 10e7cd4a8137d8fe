// Figures under their names, side by side.

export function Facts({ facts, live = false }: { facts: readonly (readonly [string, string])[]; live?: boolean }) {
  return (
    <dl className={live ? 'facts live' : 'facts'}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
