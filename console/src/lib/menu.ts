import { createStore } from './store'

/** What a menu is about. */
export type MenuOf = { kind: 'incident' | 'unit'; id: string }

/** The open menu, with where it begins on the screen in pixels. */
export const menu = createStore<{ of: MenuOf; x: number; y: number } | undefined>(undefined)

type Asked = { clientX: number; clientY: number; preventDefault: () => void; currentTarget: EventTarget | null }

/**
 * Opens the menu of an incident or a unit: by the right button of the mouse, or by the menu key, which tells no place. Then
 * it begins at the element, or at `at`, the row that is chosen in a list.
 */
export function openMenu(of: MenuOf, e: Asked, at?: Element | null): void {
  e.preventDefault()
  const box = (at ?? (e.currentTarget instanceof Element ? e.currentTarget : undefined))?.getBoundingClientRect()
  const byMouse = e.clientX !== 0 || e.clientY !== 0
  const inside = box && e.clientX >= box.left && e.clientX <= box.right && e.clientY >= box.top && e.clientY <= box.bottom
  if (byMouse && (!at || inside)) menu.set({ of, x: e.clientX, y: e.clientY })
  else menu.set({ of, x: (box?.left ?? 0) + 24, y: box?.bottom ?? 0 })
}
