import type { Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { FairwayApi } from '../client/fairway-api.ts';
import type { RequestOf } from '../client/request.ts';

export type Answers = {
  [Name in keyof Operations]?: (request: RequestOf<Name>) => ResponseOf<Name> | Promise<ResponseOf<Name>>;
};

/** A backend in memory: answers what it was told to, and remembers what it was asked. */
export class FakeFairway implements FairwayApi {
  readonly asked: { readonly name: keyof Operations; readonly request: unknown }[] = [];
  answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  async call<Name extends keyof Operations>(name: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>> {
    this.asked.push({ name, request });
    const answer: Answers[Name] = this.answers[name];
    if (!answer) throw new Error(`The test gives no answer to ${name}.`);
    return await answer(request);
  }
}
