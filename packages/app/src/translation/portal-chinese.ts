/** Names in the side bar. */
export default {
  catalog: '目录',
  create: '创建',
  settings: '设置',
  notifications: '通知',
  search: '搜索',
  menu: '菜单',
};
