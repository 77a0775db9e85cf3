/** Words of the frame: panels, layouts, windows, search, offline. */
export const zh = {
  'frame.unit_card': '警力卡',
  'frame.cards': '纸卡',
} as const

export const en: Record<keyof typeof zh, string> = {
  'frame.unit_card': 'Unit card',
  'frame.cards': 'Paper cards',
}

/** Words for codes of the server. */
export const codesZh = {
} as const

export const codesEn: Record<keyof typeof codesZh, string> = {
}
