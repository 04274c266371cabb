/** What the page of tags says, in Chinese. */
export const zh = {
  'tags.new': '新建标签',
  'tags.search': '搜索标签',
  'tags.none': '还没有标签。新建后，坐席可为会话添加标签。',
  'tags.notFound': '没有匹配的标签。',
  'tags.name': '名称',
  'tags.changed': '更改时间',
  'tags.save': '保存',
  'tags.saved': '已保存',
  'tags.delete': '删除',
  'tags.deleteQuestion': '删除标签“{name}”？它会从所有会话上移除。',
}
