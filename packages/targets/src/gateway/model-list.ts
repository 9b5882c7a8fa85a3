import { createHash } from 'node:crypto';
import type { GatewayReference, ServicePlace } from './access.ts';
import { luaText } from './lua-text.ts';

/** What must be in a token: all scopes, and of each claim one value. */
export interface Holder {
  readonly scopes?: readonly string[];
  readonly claims?: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface ListedModel {
  readonly model: string;
  readonly owner: string;
  /** Any of these may see it. */
  readonly holders: readonly Holder[];
}

/** Name of what gives the list of a host, beside the Gateway. */
export function listName(service: Pick<ServicePlace, 'access'>, gateway: GatewayReference): string {
  const host = createHash('sha256')
    .update(`${gateway.name} ${service.access.hostname ?? '*'}`)
    .digest('hex');
  return `models-${host.slice(0, 12)}`;
}

/**
 * The program that answers with the models that a token may use. It runs after the token is verified. What it knows of other teams goes into
 * it as escaped texts.
 * @param claims name under which the claims of a verified token are found
 */
export function listProgram(models: readonly ListedModel[], claims: string): string {
  const rows = models.map(({ model, owner, holders }) => {
    // when a model was created is not known; clients read the field as a number
    const item = JSON.stringify({ id: model, object: 'model', created: 0, owned_by: owner });
    const rules = holders.map(
      ({ scopes = [], claims = [] }) =>
        `{ scopes = ${list(scopes)}, claims = { ${claims.map(({ name, values }) => `{ path = ${list(name.split('.'))}, values = ${list(values)} }`).join(', ')} } }`,
    );
    return `  { item = ${luaText(item)}, rules = { ${rules.join(', ')} } },`;
  });
  return `local models = {
${rows.join('\n')}
}

-- as the gateway's own rules see a claim: a text as a whole, or one of a list
local function holds(found, wanted)
  if type(found) ~= 'table' then return found == wanted end
  for _, value in pairs(found) do if value == wanted then return true end end
  return false
end

local function claim(token, path)
  local found = token
  for _, key in ipairs(path) do
    if type(found) ~= 'table' then return nil end
    found = found[key]
  end
  return found
end

local function scoped(found, wanted)
  if type(found) ~= 'string' then return holds(found, wanted) end
  for word in found:gmatch('%S+') do if word == wanted then return true end end
  return false
end

local function allows(rule, token)
  for _, scope in ipairs(rule.scopes) do
    if not scoped(token.scope, scope) and not scoped(token.scp, scope) then return false end
  end
  for _, wanted in ipairs(rule.claims) do
    local any = false
    for _, value in ipairs(wanted.values) do any = any or holds(claim(token, wanted.path), value) end
    if not any then return false end
  end
  return true
end

function envoy_on_request(handle)
  local verified = handle:streamInfo():dynamicMetadata():get('envoy.filters.http.jwt_authn')
  local token = verified and verified[${luaText(claims)}] or {}
  local items = {}
  for _, model in ipairs(models) do
    for _, rule in ipairs(model.rules) do
      if allows(rule, token) then
        table.insert(items, model.item)
        break
      end
    end
  end
  handle:respond(
    { [':status'] = '200', ['content-type'] = 'application/json' },
    '{"object":"list","data":[' .. table.concat(items, ',') .. ']}'
  )
end
`;
}

function list(texts: readonly string[]): string {
  return `{ ${texts.map(luaText).join(', ')} }`;
}
