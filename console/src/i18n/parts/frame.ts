/** Words of the frame: panels, layouts, windows, search, offline. */
export const zh = {
  'frame.open': '打开警情',
  'frame.waits': '没有答复，已留在本席，恢复后按原时间补发一次：{what}',
  'frame.unsent': '未送出',
  'frame.unsent_count': '未送出 {count}',
  'frame.unsent_none': '没有未送出的操作',
  'frame.unsent_help': '服务器恢复后按顺序补发，每条只生效一次，时间按你操作的时候记。',
  'frame.unsent_stored': '已补发：{what}',
  'frame.conflict_count': '冲突 {count}',
  'frame.conflict': '发生了冲突，由你决定',
  'frame.yours': '你的操作',
  'frame.theirs': '服务器上',
  'frame.since': '你看到之后发生的',
  'frame.not_mine': '{actor} 留下的，等本人回来再发',
  'frame.behind': '排在上面那条后面',
  'frame.sending': '正在送出',
  'frame.tries': '已试 {count} 次',
  'frame.send_anyway': '仍要发送',
  'frame.drop': '撤下不发',
  'frame.edit': '改一改',
  'frame.edit_send': '改好发送',
  'frame.sign_in': '登录已失效：重新登录后会自动补发',
  'frame.field.text': '内容',
  'frame.field.reason': '原因',
  'frame.field.narrative': '报警内容',
  'frame.unit_card': '警力卡',
  'frame.cards': '纸卡',
} as const

export const en: Record<keyof typeof zh, string> = {
  'frame.open': 'Open it',
  'frame.waits': 'No answer. Kept at this seat; sent once, with its true time, when the server is back: {what}',
  'frame.unsent': 'Not yet sent',
  'frame.unsent_count': 'Not sent {count}',
  'frame.unsent_none': 'Everything was sent',
  'frame.unsent_help': 'Sent in order when the server is back, each once, with the time at which you did it.',
  'frame.unsent_stored': 'Sent now: {what}',
  'frame.conflict_count': 'Conflicts {count}',
  'frame.conflict': 'A conflict: you decide',
  'frame.yours': 'What you did',
  'frame.theirs': 'On the server',
  'frame.since': 'What happened since you looked',
  'frame.not_mine': 'left by {actor}; it is sent when he or she is back',
  'frame.behind': 'waits behind the one above',
  'frame.sending': 'being sent',
  'frame.tries': 'tried {count} times',
  'frame.send_anyway': 'Send anyway',
  'frame.drop': 'Drop it',
  'frame.edit': 'Edit',
  'frame.edit_send': 'Send this',
  'frame.sign_in': 'Signed out: sign in again and it is sent',
  'frame.field.text': 'Text',
  'frame.field.reason': 'Reason',
  'frame.field.narrative': 'What was said',
  'frame.unit_card': 'Unit card',
  'frame.cards': 'Paper cards',
}

/** Words for codes of the server. */
export const codesZh = {
} as const

export const codesEn: Record<keyof typeof codesZh, string> = {
}
