/** Names in the side bar. */
export default {
  settings: '设置',
  notifications: '通知',
  search: '搜索',
  menu: '菜单',
};
