import { answerTexts } from '@fairway/service/reasons/answers';
import { clusterTexts } from '@fairway/service/reasons/cluster';
import { errorTexts } from '@fairway/service/reasons/errors';
import { fileTexts } from '@fairway/service/reasons/files';
import { gatewayTexts } from '@fairway/service/reasons/gateways';
import { modelTexts } from '@fairway/service/reasons/models';
import { engineTexts } from '@fairway/service/reasons/engines';
import { inputTexts } from '@fairway/service/reasons/inputs';
import { toolTexts } from '@fairway/service/reasons/tools';
import { ruleTexts } from '@fairway/service/reasons/rules';
import { fitTexts } from '@fairway/service/reasons/gpu-fit';
import { podTexts } from '@fairway/service/reasons/pods';
import { portalTexts } from '@fairway/service/reasons/portal';
import { reasonTexts } from '@fairway/service/reasons/reason';
import { stageTexts } from '@fairway/service/reasons/stages/stage-texts';
import { answerReasonsChinese } from './answer-reasons-chinese.ts';
import chineseReasons from './chinese-reasons.ts';
import { chinese } from './chinese.ts';
import { clusterReasonsChinese } from './cluster-reasons-chinese.ts';
import { deliveryChinese } from './delivery-chinese.ts';
import { deliveryEnglish } from './delivery-english.ts';
import { english } from './english.ts';
import { failureChinese } from './failure-chinese.ts';
import { failureEnglish } from './failure-english.ts';
import { errorReasonsChinese } from './error-reasons-chinese.ts';
import { fileReasonsChinese } from './file-reasons-chinese.ts';
import { modelReasonsChinese } from './model-reasons-chinese.ts';
import { engineReasonsChinese } from './engine-reasons-chinese.ts';
import { inputReasonsChinese } from './input-reasons-chinese.ts';
import { toolReasonsChinese } from './tool-reasons-chinese.ts';
import { ruleReasonsChinese } from './rule-reasons-chinese.ts';
import { filterChinese } from './filter-chinese.ts';
import { filterEnglish } from './filter-english.ts';
import { fitReasonsChinese } from './fit-reasons-chinese.ts';
import { fleetChinese } from './fleet-chinese.ts';
import { fleetEnglish } from './fleet-english.ts';
import { gatewayReasonsChinese } from './gateway-reasons-chinese.ts';
import { homeChinese } from './home-chinese.ts';
import { homeEnglish } from './home-english.ts';
import { podReasonsChinese } from './pod-reasons-chinese.ts';
import { podsChinese } from './pods-chinese.ts';
import { podsEnglish } from './pods-english.ts';
import { portalReasonsChinese } from './portal-reasons-chinese.ts';
import { releaseChinese } from './release-chinese.ts';
import { releaseEnglish } from './release-english.ts';
import { serviceChinese } from './service-chinese.ts';
import { serviceEnglish } from './service-english.ts';
import { stagesChinese } from './stages/stages-chinese.ts';
import { titlesChinese } from './titles-chinese.ts';
import { titlesEnglish } from './titles-english.ts';
import { usageChinese } from './usage-chinese.ts';
import { usageEnglish } from './usage-english.ts';
import { wordsChinese } from './words-chinese.ts';
import { wordsEnglish } from './words-english.ts';

const holes = (text: string) => [...text.matchAll(/\{\{\w+(?:, \w+)?\}\}/g)].map(([hole]) => hole).sort();

test.each([
  ['the views', english, chinese],
  ['the tab Delivery', deliveryEnglish, deliveryChinese],
  ['failures', failureEnglish, failureChinese],
  ['filters', filterEnglish, filterChinese],
  ['pods', podsEnglish, podsChinese],
  ['what is said in place of an answer', answerTexts, answerReasonsChinese],
  ['what clusters lack', clusterTexts, clusterReasonsChinese],
  ['gateways', gatewayTexts, gatewayReasonsChinese],
  ['files', fileTexts, fileReasonsChinese],
  ['models', modelTexts, modelReasonsChinese],
  ['engines', engineTexts, engineReasonsChinese],
  ['inputs', inputTexts, inputReasonsChinese],
  ['outside systems', toolTexts, toolReasonsChinese],
  ['rules of values', ruleTexts, ruleReasonsChinese],
  ['errors', errorTexts, errorReasonsChinese],
  ['reasons of pods', podTexts, podReasonsChinese],
  ['reasons of GPU fit', fitTexts, fitReasonsChinese],
  ['reasons of the portal', portalTexts, portalReasonsChinese],
  ['reasons of stages', stageTexts, stagesChinese],
  ['releases', releaseEnglish, releaseChinese],
  ['the first page', homeEnglish, homeChinese],
  ['the picture of the GPUs', fleetEnglish, fleetChinese],
  ['the page of a service', serviceEnglish, serviceChinese],
  ['the titles of tabs', titlesEnglish, titlesChinese],
  ['the page of use', usageEnglish, usageChinese],
  ['words of files and rules', wordsEnglish, wordsChinese],
])('the Chinese texts of %s are complete and fill in the same words', (_of, inEnglish, inChinese) => {
  expect(Object.keys(inChinese)).toEqual(Object.keys(inEnglish));
  const translated: Readonly<Record<string, string>> = inChinese;
  for (const [key, text] of Object.entries(inEnglish)) {
    expect([key, holes(translated[key] ?? '')]).toEqual([key, holes(text)]);
    expect(translated[key]).not.toBe('');
  }
});

test('each reason has a text in Chinese that fills in the same words', () => {
  const inChinese: Readonly<Record<string, string>> = chineseReasons;
  const filled = (texts: Readonly<Record<string, string>>) =>
    Object.keys(reasonTexts).map(code => [code, holes(texts[code] ?? 'none')]);
  expect(filled(inChinese)).toEqual(filled(reasonTexts));
  expect(Object.keys(reasonTexts).filter(code => !inChinese[code])).toEqual([]);
});

test('no text takes the place of another', () => {
  const keys = [
    english,
    deliveryEnglish,
    failureEnglish,
    filterEnglish,
    fleetEnglish,
    homeEnglish,
    podsEnglish,
    reasonTexts,
    releaseEnglish,
    serviceEnglish,
    titlesEnglish,
    usageEnglish,
    wordsEnglish,
  ].flatMap(texts => Object.keys(texts));
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
});
