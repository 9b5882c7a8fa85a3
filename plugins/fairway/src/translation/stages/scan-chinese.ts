import type { scanTexts } from '@fairway/service/reasons/stages/scan';

/** What the stage `scan` says, in Simplified Chinese. */
export const scanChinese: Record<keyof typeof scanTexts, string> = {
  'scan.one': '有 1 个严重程度为 {{severity}} 或更高的发现可以修复，位于 {{packages}}。',
  'scan.many': '有 {{number}} 个严重程度为 {{severity}} 或更高的发现可以修复，位于 {{packages}}。',
  'scan.morePackages': '{{packages}} 以及另外 {{number}} 个软件包',
  'scan.none': '没有严重程度为 {{severity}} 或更高且可修复的发现；{{others}}。',
  'scan.noneBut': '没有严重程度为 {{severity}} 或更高且可修复的发现（除外：{{but}}）；{{others}}。',
  'scan.noneNew': '没有严重程度为 {{severity}} 或更高且可修复的新发现（除外：{{but}}）；{{others}}。',
  'scan.accepted': '{{number}} 个已限期接受',
  'scan.harmless': '{{number}} 个经 VEX 声明无害',
  'scan.old': '{{number}} 个在基础分支中已存在',
  'scan.noOther': '没有其他发现',
  'scan.oneOther': '另有 1 个发现',
  'scan.others': '另有 {{number}} 个发现',
};
