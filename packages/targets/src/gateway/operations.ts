import type { Operation } from '@fairway/service';

/** Where the OpenAI API has each operation. The model by its name is below the list of models. */
export const operationPaths: Readonly<Record<Operation, string>> = {
  chat: '/v1/chat/completions',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
  responses: '/v1/responses',
  models: '/v1/models',
};

/** Paths that ask a model, whose name is in the body. */
export const chatPaths = [
  operationPaths.chat,
  operationPaths.completions,
  operationPaths.embeddings,
  operationPaths.responses,
] as const;
