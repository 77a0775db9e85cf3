/** Words of the queue, the units and sending. */
export const zh = {
  'inc.deadline.word': '回话',
  'verb.acknowledge_duress': '遇险知悉',
  'verb.heard': '已回话',
} as const

export const en: Record<keyof typeof zh, string> = {
  'inc.deadline.word': 'Word',
  'verb.acknowledge_duress': 'Take up duress',
  'verb.heard': 'Answered',
}

/** Words for codes of the server. */
export const codesZh = {
  'incident.chased': '催办 {unit} {kind}',
  'assignment.reordered': '{unit} 的接续次序改为第 {place}',
  'unit.heard': '{id} 回话',
  'unit.duress_acknowledged': '遇险已知悉',
  'not_owed': '已经做到，不用催',
  'bad_kind': '没有这样的催办',
  'stack_changed': '{unit} 后面排的已经变了，看清后再排',
} as const

export const codesEn: Record<keyof typeof codesZh, string> = {
  'incident.chased': 'pressed {unit} for: {kind}',
  'assignment.reordered': '{unit}: this is number {place} of what waits',
  'unit.heard': '{id} answered',
  'unit.duress_acknowledged': 'duress taken up',
  'not_owed': 'done already, nobody to press',
  'bad_kind': 'nothing of that kind is owed',
  'stack_changed': 'what waits behind {unit} has changed: look again',
}
