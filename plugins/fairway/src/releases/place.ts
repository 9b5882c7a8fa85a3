/** A service where it runs. */
export interface Place {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
}
