import { createStore } from '../lib/store'

export type Theme = 'dark' | 'light'

/** Dark unless the person chose light on this seat. */
export const theme = createStore<Theme>(localStorage.getItem('shuniu.theme') === 'light' ? 'light' : 'dark')

/** Puts the theme on the page and remembers it. */
export function setTheme(next: Theme): void {
  theme.set(next)
  localStorage.setItem('shuniu.theme', next)
  document.documentElement.dataset['theme'] = next
}
