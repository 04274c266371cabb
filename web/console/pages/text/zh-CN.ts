/** What the pages outside of the frame say, in Chinese. */
export const zh = {
  'link.title': '设置密码',
  'link.help': '链接只能使用一次。',
  'link.none': '此地址缺少链接内容，请从收到的链接完整打开。',
  'link.password': '密码',
  'link.done': '密码已设置',
  'link.who': '租户 {tenant}，用户 {username}',
  'setup.title': '创建第一个租户',
  'setup.help': '创建租户和第一位管理员。管理员随后设置两步验证。',
  'setup.none': '此地址缺少链接内容，请打开 usher serve 打印的链接。',
  'setup.slug': '租户标识（出现在地址中，之后不可更改）',
  'setup.name': '租户名称',
}
