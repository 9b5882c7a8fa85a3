/** What is said in place of an answer that did not come: what, where, what to do. */
export const failureEnglish = {
  'failure.unreachable':
    'This browser gets no answer from the portal ({{place}}). Check the network and that the portal runs, then try again. Where a sign-in stands before the portal, load this page anew.',
  'failure.late':
    'The portal did not answer {{place}} within {{seconds}} seconds. It may be overloaded or wait for its database. Try again; if it stays so, its operator looks into the log of the backend.',
  'failure.unsent':
    'This browser could not renew your sign-in, so {{place}} was not asked. Load this page anew and sign in.',
  'failure.session':
    'Your session has ended: the portal does not know who asks. Load this page anew and sign in; the filters that you chose stay.',
  'failure.gateway':
    'A server between this browser and the portal answered {{place}} with {{status}}: the backend of the portal does not answer it. Try again in a minute; if it stays so, its operator looks whether the backend runs.',
  'failure.proxy':
    'A server between this browser and the portal refused {{place}} with {{status}}. Its operator finds the cause in the log of that server.',
  'failure.missing':
    'The portal has nothing at {{place}}. Its operator installs the backend plugin of Fairway, or corrects where a server before the portal sends this path.',
  'failure.page':
    '{{place}} was answered with a web page and not with data, as the sign-in of a proxy does. Load this page anew and sign in; if it stays so, the operator looks where a server before the portal sends this path.',
  'failure.broke':
    'The backend of the portal failed with {{status}} while it answered {{place}}. Try again; if it stays so, its operator finds the cause in the log of the backend.',
  'failure.brokeLogged':
    'The backend of the portal failed with {{status}} while it answered {{place}}. Try again; if it stays so, its operator finds the cause in the log of the backend under logId={{logId}}.',
  'failure.version':
    'The backend answered {{place}} in a form that this page does not know: {{problem}}. Load this page anew; if it stays so, the operator brings the backend and the frontend of Fairway to the same version.',
} as const;

export type FailureTexts = { readonly [Key in keyof typeof failureEnglish]: string };
