import type { comparisonTexts } from '@fairway/service/reasons/comparisons';

/** What a comparison of engines says of itself, in Simplified Chinese. */
export const comparisonReasonsChinese: Record<keyof typeof comparisonTexts, string> = {
  'comparison.interrupted': '比较中断了：缺少的部分尚未测量。',
  'comparison.heldAll': '在发送的最高速率下仍满足目标，可能还能承受更高的速率：{{engines}}。',
  'comparison.searchedOnce': '最高速率只查找了一次，因此不知道它如何波动，也可能看不出并列：{{engines}}。',
  'comparison.loadedOnce': '共同负载只发送了一次，因此不知道延迟如何波动，也可能看不出并列：{{engines}}。',
  'comparison.efficiencyOfSearch': '效率取自最高速率的查找过程，其中包括此前各速率留下的内存：{{engines}}。',
  'comparison.notReached': '未测量：比较在轮到它之前中断了。',
  'comparison.shortAnswers':
    '要求 {{asked}} 个词元，其回答只有 {{tokens}} 个：它没有得到与其他引擎相同的负载，因此其数据不计入比较。',
  'comparison.noRate': '在尝试过的任何速率下都不满足目标。',
  'comparison.noCommonLoad': '没有延迟得分：它没有得到所有引擎共同的负载。',
  'comparison.noLatency':
    '没有延迟得分：在所有引擎共同的负载下，它没有应答任何请求，或每个回答一次给出，因此没有每个词元的时间。',
  'comparison.noUse': '没有效率得分：没有看到它对机器的占用。',
  'comparison.alone': '只测量了这一个引擎：没有可供比较的对象。',
};
