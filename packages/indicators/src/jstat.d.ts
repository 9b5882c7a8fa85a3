/** The part of jstat that is used; the package has no types of its own. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      readonly beta: {
        /** The x with P(X ≤ x) = `probability`, for X of Beta(`alpha`, `beta`). */
        inv(probability: number, alpha: number, beta: number): number;
      };
      /** ln Γ(x). */
      gammaln(x: number): number;
    };
  };
  export default jstat;
}
