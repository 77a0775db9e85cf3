/**
 * Words for the codes of the server: why something is not possible, why a unit is recommended, what happened. A code
 * that is not here is shown with the server's own English text, so a new server never leaves a hole.
 */
export const codesZh = {
  'incident.opened': '接警',
  'incident.classified': '定级 {priority} {type}',
  'incident.noted': '记事',
  'incident.work_started': '开始处置',
  'incident.located': '改地点',
  'incident.closed': '办结',
  'incident.feedback_given': '反馈 {kind}',
  'incident.reviewed': '审核通过',
  'incident.returned': '退回补正',
  'incident.reopened': '重新打开',
  'incident.merged': '合并警单',
  'incident.linked': '关联警情',
  'incident.unlinked': '取消关联',
  'incident.urged': '报警人催警',
  'incident.transferred': '分流',
} as const

export type CodeKey = keyof typeof codesZh

export const codesEn: Record<CodeKey, string> = {
  'incident.opened': 'taken',
  'incident.classified': 'graded {priority} {type}',
  'incident.noted': 'note',
  'incident.work_started': 'work started',
  'incident.located': 'place corrected',
  'incident.closed': 'closed',
  'incident.feedback_given': 'report {kind}',
  'incident.reviewed': 'reviewed',
  'incident.returned': 'returned for correction',
  'incident.reopened': 'reopened',
  'incident.merged': 'merged',
  'incident.linked': 'linked',
  'incident.unlinked': 'unlinked',
  'incident.urged': 'the caller urges',
  'incident.transferred': 'handed over',
}
