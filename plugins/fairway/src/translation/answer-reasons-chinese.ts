import type { answerTexts } from '@fairway/service/reasons/answers';

/** What the API says in place of an answer, and of a delivery that went silent, in Simplified Chinese. */
export const answerReasonsChinese: Record<keyof typeof answerTexts, string> = {
  'delivery.silent':
    '自 {{heard}} 以来没有收到它的任何消息，这已超过一个阶段允许的时间：其运行器可能已经终止，或正在等待批准。请查看{{where}}；如果它已结束，请重新交付；如果它继续运行，这里也会随之更新。',
  'delivery.silentAfter':
    '自 {{heard}} 以来没有收到它的任何消息，这已超过一个阶段允许的时间：其运行器可能已经终止，或正在等待批准。它的最后一个阶段的结果：“{{words}}”。请查看{{where}}；如果它已结束，请重新交付；如果它继续运行，这里也会随之更新。',
  'delivery.terminal': '启动它的终端',

  'answer.permission': '此操作需要权限 {{permission}}，您在本门户中没有该权限。请向门户的运维人员申请。',
  'answer.permissionFor':
    '此操作需要对 {{service}} 的权限 {{permission}}，您在本门户中没有该权限。请向门户的运维人员申请。',
  'answer.people': '此操作须由人员执行，其姓名会显示给其他人：请登录门户。',
  'answer.query': '{{operation}} 的查询参数不符合此操作的要求：“{{words}}”。未更改任何内容。',
  'answer.body': '{{operation}} 的请求正文不符合此操作的要求：“{{words}}”。未更改任何内容。',
  'answer.unseenService': '没有您可以查看的服务 {{service}}。',
  'answer.undescribed': '{{service}} 还没有任何交付读取过它的 fairway.yaml。',
  'answer.noDelivery': '门户中没有交付 {{id}}。',
  'answer.unnamedEvidence': '交付 {{id}} 的任何阶段都没有提到证据 {{digest}}。',
  'answer.unsentEvidence':
    '门户没有 {{path}} 的内容：它没有随交付 {{id}} 一起发送。它位于执行交付的机器上 .fairway 文件夹中的记录旁边。',
  'answer.noCluster': '门户没有监视名为“{{cluster}}”的集群。',
  'answer.noName': '“{{name}}”不是 Kubernetes 接受的{{of}}名称：名称由小写字母、数字和 - 组成，最多 63 个字符。',
  'answer.namespace': '命名空间',
  'answer.service': '服务',
  'answer.logsOfAll': '请指定服务的命名空间：您不能查看所有命名空间中的日志。',
  'answer.days': '起始日期 {{from}} 晚于结束日期 {{to}}：请先给出较早的日期。',
  'answer.gpuClass': 'gpuClass 不是 GPU 类别，实际值为“{{gpuClass}}”。可用的类别有：{{classes}}。',
  'answer.unseenQuotas': '命名空间 {{namespace}} 的配额属于您不能查看的服务。请不指定命名空间再查询。',
  'answer.configSize':
    'config.json 没有说明权重的大小：只有已知系列中不含专家和量化的普通模型才能由此算出。请给出该模型在模型库中的名称，或给出其数值。',
  'answer.modelShape':
    '该模型没有说明其层数、键值头数和头维度（config.json、params.json 或 GGUF 头部），因此无法得知其 KV 缓存。请给出其数值。',
  'answer.model': '无法评估该模型：{{words}}',
  'answer.hub': '模型库没有给出所需的答复：{{words}}',
};
