/** Words of the duty commander: alerts, urgent reports, orders, what is owed. */
export const zh = {
} as const

export const en: Record<keyof typeof zh, string> = {
}

/** Words for codes of the server. */
export const codesZh = {
} as const

export const codesEn: Record<keyof typeof codesZh, string> = {
}
