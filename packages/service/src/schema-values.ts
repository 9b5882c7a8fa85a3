import * as z from 'zod';

export const text = z.string().min(1);

export const positiveWhole = z.number().int().min(1);

export const percentile = z.number().min(1).max(99.99);

/**
 * Not 63: a revision and what it is for come behind it in names that may have 63, those of Services and of Jobs. The longest are
 * `<name>-<revision>-named`, `<name>-<revision>-keep` and `<name>-release-guard`.
 */
export const longestName = 48;
export const dnsLabelPattern = new RegExp(`^[a-z]([a-z0-9-]{0,${longestName - 2}}[a-z0-9])?$`);

export const dnsLabel = z.string().regex(dnsLabelPattern, {
  error: `must be a DNS label: at most ${longestName} lower-case letters, digits and hyphens, first a letter, last no hyphen`,
});

export const namespaceName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: 'must be a Kubernetes namespace: at most 63 lower-case letters, digits and hyphens, no hyphen at either end',
});

/** Goes into command lines, URLs and metric labels, so without spaces and quotes. */
export const servedName = z.string().regex(/^[A-Za-z0-9][\w./:-]{0,127}$/, {
  error: 'must be a model name: letters, digits and ._/:- without spaces, at most 128, first a letter or digit',
});

export const entityName = z.string().regex(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, {
  error: 'must be a catalog name: letters, digits, hyphens, underscores and dots, at most 63',
});

export const entityReference = z
  .string()
  .regex(/^([a-zA-Z][\w-]*:)?([a-z0-9][a-z0-9-]*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, {
    error: 'must be a catalog reference such as team-a, group:team-a or user:default/jane',
  });

/** A path that cannot leave the service folder. */
export const insideFolder = z
  .string()
  .min(1)
  .refine(path => !path.startsWith('/') && !/^[A-Za-z]:|\\|(^|\/)\.\.(\/|$)/.test(path), {
    error: 'must be a path inside the service folder, with forward slashes and without ".."',
  });

const scopeForm = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a right can be a scope at all (RFC 6749, 3.3); what is not is a value of another claim. */
export const isScope = (right: string): boolean => scopeForm.test(right);

/** A value that a token holds. A star at an end stands for any text at Istio, and for itself at Envoy Gateway. */
const held = z
  .string()
  .max(253)
  .regex(/^[^*]([^]*[^*])?$/, {
    error: 'must not begin or end with *, which is any text at Istio: name each value',
  });

export const scope = held.regex(scopeForm, {
  error: 'must be one OAuth scope: printable characters without spaces, quotes and backslashes',
});

export const roleName = held.regex(/^[^\p{C}\p{Z}]([^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u, {
  error: 'must be a text of one line without spaces at its ends',
});

export const hostname = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'must be a host name in lower case such as llm.example.com',
  });

export const date = z.iso.date({ error: 'must be a date that exists, written as year-month-day such as 2027-01-31' });

export const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'must be the name of a Kubernetes object, such as team-a' });

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
export const labelKey = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, {
    error: 'must be the key of a label of Kubernetes, such as example.com/pool',
  });

export const labelValue = z.string().regex(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/, {
  error:
    'must be the value of a label of Kubernetes: at most 63 letters, digits and ._-, first and last a letter or digit',
});

export const imageDigest = z.string().regex(/^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+(:[\w.-]+)?@sha256:[0-9a-f]{64}$/, {
  error: 'must be an image by digest with its registry, such as registry.example.com/models/llama@sha256:…',
});
