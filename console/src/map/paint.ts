/** A colour of the theme, read from the page: the map and the panels never differ. */
export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** No glyphs are fetched: labels are drawn with the seat's own font. */
export const font = { 'text-font': ['Noto Sans CJK SC Medium', 'Noto Sans SC', 'sans-serif'] }
