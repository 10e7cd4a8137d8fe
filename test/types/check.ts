// Types that must be exactly so: `exactly<A, B>()` compiles where A is B, both ways.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export const exactly = <A, B>(..._same: Same<A, B> extends true ? [] : ['these types differ']): void => undefined;
export const typeOf = <A>(_value: A) => ({
  is: <B>(..._same: Same<A, B> extends true ? [] : ['these types differ']): void => undefined,
});
