/** What the page of canned replies says, in Chinese. */
export const zh = {
  'replies.new': '新建快捷回复',
  'replies.search': '搜索标题或快捷码',
  'replies.none': '还没有快捷回复。新建后，坐席输入 / 即可使用。',
  'replies.notFound': '没有匹配的快捷回复。',
  'replies.name': '标题',
  'replies.shortcut': '快捷码',
  'replies.shortcutHelp': '小写字母、数字、- 和 _；坐席输入 / 加快捷码即可找到',
  'replies.body': '内容',
  'replies.department': '可用部门',
  'replies.everybody': '所有部门',
  'replies.author': '作者',
  'replies.changed': '更改时间',
  'replies.save': '保存',
  'replies.saved': '已保存',
  'replies.delete': '删除',
  'replies.deleteQuestion': '删除快捷回复“{name}”？',
}
