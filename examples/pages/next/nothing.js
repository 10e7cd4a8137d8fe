// In the place of what only Node has.
export {};
