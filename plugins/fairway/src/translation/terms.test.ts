import { reasonTexts } from '@fairway/service/reasons/reason';
import pagesInChinese from './chinese-messages.ts';
import reasonsInChinese from './chinese-reasons.ts';

const inChinese: Readonly<Record<string, string>> = reasonsInChinese;

/** The words for things, those of Kubernetes as https://kubernetes.io/zh-cn/docs/reference/glossary/ has them. */
const terms: readonly (readonly [english: RegExp, chinese: RegExp])[] = [
  [/\bautoscaler\b/, /自动扩缩器/],
  [/\baudience\b/, /受众/],
  [/\bclusters?\b/, /集群/],
  [/\bcontrollers?\b/, /控制器/],
  [/\bcredentials\b/, /凭据/],
  [/\bfolders?\b/, /文件夹/],
  [/\bimages?\b/, /镜像/],
  [/\bissuer\b/, /签发者/],
  [/\blabels?\b/, /标签/],
  [/\blogin\b/, /登录/],
  [/\bmetrics?\b/, /指标/],
  [/\bnamespaces?\b/, /命名空间/],
  [/\bnodes?\b/, /节点/],
  [/\bpods?\b/, /Pod/],
  [/\bprovenance\b/, /来源证明/],
  [/\bpull requests?\b/, /拉取请求/],
  [/\bqueues?\b/, /队列/],
  [/\bquotas?\b/, /配额/],
  [/\bregistr(y|ies)\b/, /镜像仓库/],
  [/\btaints?\b/, /污点/],
  [/\btokens?\b/, /令牌|词元/],
  [/\btolerates?\b/, /容忍/],
  [/\btraffic\b/, /流量/],
  [/\bvolumes?\b/, /卷/],
  [/\bweights\b/, /权重/],
];

/** A text without what is written the same in every language: holes, code, names of keys and inputs, paths and examples. */
const prose = (text: string) =>
  text
    .replace(/`[^`]*`|"[^"]*"|\{\{\w+\}\}|\([^)]*\)|<[^>]*>/g, ' ')
    .replace(/[\w-]+\.[\w.]+|\w+-[\w-]+|\w+\/[\w/]+/g, ' ');

test.each(terms)('%s has one word in the reasons', (english, chinese) => {
  const said = Object.entries(reasonTexts).filter(([, text]) => english.test(prose(text)));
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter(([code]) => !chinese.test(inChinese[code] ?? '')).map(([code]) => code)).toEqual([]);
});

// what a model reads and writes is a 词元, and what a client is let in by a 令牌
test('a token is named in Chinese on the pages too', () => {
  const ofPages = Object.entries(pagesInChinese);
  const named = ofPages.filter(([, text]) =>
    /(?<![\w./=-])tokens?(?![\w./=-])/.test(text.replace(/`[^`]*`|\{\{\w+\}\}|fairway token|（[^）]*）/g, ' ')),
  );
  expect(ofPages.length).toBeGreaterThan(300);
  expect(named).toEqual([]);
});
