/** The part of OpenAI's protocol that the gateway lets through, as an OpenAPI document: what a client needs to ask. */
export function interfaceDescription(name: string, model: string, serverUrl: string): string {
  return `openapi: 3.1.0
info:
  title: ${name}
  version: v1
  description: OpenAI's protocol at the gateway. Every request needs an access token of the gateway's issuer.
servers:
  - url: ${JSON.stringify(serverUrl)}
security:
  - token: []
paths:
  /models:
    get:
      summary: The models that are served.
      responses:
        '200': { description: The list of models. }
  /chat/completions:
    post:
      summary: The answer of the model to a conversation, whole or as a stream of events.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [model, messages]
              properties:
                model: { const: ${JSON.stringify(model)} }
                stream: { type: boolean }
                max_tokens: { type: integer }
                messages:
                  type: array
                  items:
                    type: object
                    required: [role, content]
                    properties:
                      role: { enum: [system, user, assistant] }
                      content: { type: string }
      responses:
        '200': { description: The answer. }
        '401': { description: The token is missing or invalid. }
        '403': { description: The token has no scope for this, or the firewall refused the request. }
        '429': { description: Too many requests. }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
`;
}
