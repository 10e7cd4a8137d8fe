// What stands in the place of an environment's name where data were recorded elsewhere; apart from what it takes to make it.

export const RECORDED = 'recorded';
