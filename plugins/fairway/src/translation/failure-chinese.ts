import type { FailureTexts } from './failure-english.ts';

export const failureChinese: FailureTexts = {
  'failure.unreachable':
    '浏览器得不到门户的应答（{{place}}）。请检查网络以及门户是否在运行，然后重试。如果门户前面有登录页，请重新加载此页面。',
  'failure.late':
    '门户在 {{seconds}} 秒内没有应答 {{place}}。它可能过载或正在等待数据库。请重试；如果仍然如此，请运维人员查看后端日志。',
  'failure.unsent': '浏览器无法续期您的登录，因此没有发出 {{place}}。请重新加载此页面并登录。',
  'failure.session': '您的会话已结束：门户不知道是谁在请求。请重新加载此页面并登录；您选择的筛选条件会保留。',
  'failure.gateway':
    '浏览器与门户之间的服务器以 {{status}} 应答了 {{place}}：门户的后端没有应答它。请一分钟后重试；如果仍然如此，请运维人员查看后端是否在运行。',
  'failure.proxy': '浏览器与门户之间的服务器以 {{status}} 拒绝了 {{place}}。运维人员可在该服务器的日志中找到原因。',
  'failure.missing':
    '门户在 {{place}} 没有任何内容。请运维人员安装 Fairway 的后端插件，或更正门户前面的服务器对此路径的转发。',
  'failure.page':
    '{{place}} 得到的是网页而不是数据，代理的登录页就是如此。请重新加载此页面并登录；如果仍然如此，请运维人员查看门户前面的服务器把此路径转发到了哪里。',
  'failure.broke':
    '门户的后端在应答 {{place}} 时失败（{{status}}）。请重试；如果仍然如此，运维人员可在后端日志中找到原因。',
  'failure.brokeLogged':
    '门户的后端在应答 {{place}} 时失败（{{status}}）。请重试；如果仍然如此，运维人员可在后端日志的 logId={{logId}} 处找到原因。',
  'failure.version':
    '后端应答 {{place}} 的格式不为此页面所知：{{problem}}。请重新加载此页面；如果仍然如此，请运维人员把 Fairway 的后端和前端更新到同一版本。',
};
