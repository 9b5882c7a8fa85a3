import * as z from 'zod';
import { reasonOf } from './reasons/delivery-reason.ts';
import { rule } from './rule.ts';

export const text = z.string().min(1);

export const positiveWhole = z.number().int().min(1);

export const percentile = z.number().min(1).max(99.99);

/**
 * Not 63: a revision and what it is for come behind it in names that may have 63, those of Services and of Jobs. The longest are
 * `<name>-<revision>-named`, `<name>-<revision>-keep` and `<name>-release-guard`.
 */
export const longestName = 48;
export const dnsLabelPattern = new RegExp(`^[a-z]([a-z0-9-]{0,${longestName - 2}}[a-z0-9])?$`);

export const dnsLabel = z.string().regex(dnsLabelPattern, rule(reasonOf('rule.dnsLabel', { most: longestName })));

export const namespaceName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, rule(reasonOf('rule.namespace')));

/** Goes into command lines, URLs and metric labels, so without spaces and quotes. */
export const servedName = z.string().regex(/^[A-Za-z0-9][\w./:-]{0,127}$/, rule(reasonOf('rule.modelName')));

/** A repository of the hub at a commit, and a path behind it for one file or folder of it. */
export const pinnedReference = z
  .string()
  .regex(/^hf:\/\/[\w.-]+\/[\w.-]+@[0-9a-f]{40}(\/[\w.-][\w./ -]*)?$/, rule(reasonOf('rule.pinned')));

export const entityName = z
  .string()
  .regex(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, rule(reasonOf('rule.catalogName')));

export const entityReference = z
  .string()
  .regex(
    /^([a-zA-Z][\w-]*:)?([a-z0-9][a-z0-9-]*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
    rule(reasonOf('rule.catalogReference')),
  );

/** A path that cannot leave the service folder. */
export const insideFolder = z
  .string()
  .min(1)
  .refine(
    path => !path.startsWith('/') && !/^[A-Za-z]:|\\|(^|\/)\.\.(\/|$)/.test(path),
    rule(reasonOf('rule.insidePath')),
  );

const scopeForm = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a right can be a scope at all (RFC 6749, 3.3); what is not is a value of another claim. */
export const isScope = (right: string): boolean => scopeForm.test(right);

/** A value that a token holds. A star at an end stands for any text at Istio, and for itself at Envoy Gateway. */
const held = z
  .string()
  .max(253)
  .regex(/^[^*]([^]*[^*])?$/, rule(reasonOf('rule.star')));

export const scope = held.regex(scopeForm, rule(reasonOf('rule.scope')));

export const roleName = held.regex(
  /^[^\p{C}\p{Z}]([^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u,
  rule(reasonOf('rule.oneLine')),
);

export const hostname = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    rule(reasonOf('rule.hostname')),
  );

export const date = z.iso.date(rule(reasonOf('rule.date')));

export const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, rule(reasonOf('rule.objectName')));

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
export const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
    rule(reasonOf('rule.labelKey')),
  );

export const labelValue = z
  .string()
  .regex(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/, rule(reasonOf('rule.labelValue')));

export const imageDigest = z
  .string()
  .regex(/^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+(:[\w.-]+)?@sha256:[0-9a-f]{64}$/, rule(reasonOf('rule.imageDigest')));
