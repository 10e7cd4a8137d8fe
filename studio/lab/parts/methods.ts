// The ways in which tasks' gradients are put together, with their names and colours.

export const methods = [
  { name: 'sum', label: 'Sum', className: 'in-5' },
  { name: 'pcgrad', label: 'PCGrad', className: 'in-2' },
  { name: 'cagrad', label: 'CAGrad', className: 'in-3' },
  { name: 'gradnorm', label: 'GradNorm', className: 'in-4' },
] as const;
