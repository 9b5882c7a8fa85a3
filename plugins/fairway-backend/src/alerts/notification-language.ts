import type { RootConfigService } from '@backstage/backend-plugin-api';
import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { alertsChinese, objectivesChinese } from '@fairway/service/reasons/alerts-chinese';
import { sentenceOf } from '@fairway/service/reasons/coded';

/** Gives a sentence in the language in which notifications are sent; words of others stay as they are. */
export type Saying = (sentence: string, coded: CodedReason | undefined) => string;

const chinese: Readonly<Record<string, string>> = { ...alertsChinese, ...objectivesChinese };

/** A notification goes to a team, to e-mail and to chats at once, and is stored as it was sent: it has one language, that of the portal's configuration. */
export function notificationLanguage(config: RootConfigService): Saying {
  const key = 'fairway.notifications.language';
  const language = config.getOptionalString(key) ?? 'en';
  if (language === 'en') return sentence => sentence;
  if (language === 'zh')
    return (sentence, coded) =>
      coded && Object.hasOwn(chinese, coded.code)
        ? sentenceOf(chinese, coded as Parameters<typeof sentenceOf>[1])
        : sentence;
  throw new Error(`${key} is "${language}". Notifications are sent in "en" or "zh": write one of them.`);
}
