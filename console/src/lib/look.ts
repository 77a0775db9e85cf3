import { createStore } from './store'

/** Dark unless the person chose otherwise on this seat; high contrast is dark with nothing faint in it. */
export const themes = ['dark', 'light', 'contrast'] as const
export type Theme = (typeof themes)[number]

/** Which colours stand for danger, caution, safe and work: the usual ones, or ones that such eyes tell apart. */
export const palettes = ['usual', 'deutan', 'protan', 'tritan'] as const
export type Palette = (typeof palettes)[number]

const kept = (key: string): string | null => (typeof localStorage === 'undefined' ? null : localStorage.getItem(key))

export const theme = createStore<Theme>(themes.find((t) => t === kept('shuniu.theme')) ?? 'dark')
export const palette = createStore<Palette>(palettes.find((p) => p === kept('shuniu.palette')) ?? 'usual')

/** Puts the look on the page. */
export function wear(): void {
  document.documentElement.dataset['theme'] = theme.get()
  document.documentElement.dataset['palette'] = palette.get()
}

/** Chooses a theme and remembers it. */
export function setTheme(next: Theme): void {
  theme.set(next)
  localStorage.setItem('shuniu.theme', next)
  wear()
}

/** Chooses the colours and remembers them. */
export function setPalette(next: Palette): void {
  palette.set(next)
  localStorage.setItem('shuniu.palette', next)
  wear()
}

/** Follows what another window of this browser chose. */
export function followLook(): () => void {
  const hear = (e: StorageEvent) => {
    const t = themes.find((x) => x === e.newValue)
    const p = palettes.find((x) => x === e.newValue)
    if (e.key === 'shuniu.theme' && t) theme.set(t)
    else if (e.key === 'shuniu.palette' && p) palette.set(p)
    else return
    wear()
  }
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
