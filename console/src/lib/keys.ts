/** Whether the event belongs to text being composed by an input method: it must never trigger anything. */
export const composing = (e: { isComposing?: boolean; keyCode?: number; nativeEvent?: { isComposing?: boolean; keyCode?: number } }): boolean => {
  const native = e.nativeEvent ?? e
  return native.isComposing === true || native.keyCode === 229
}

/** Whether the person is writing: single letters and digits then belong to the text. */
export function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
}

/** Whether a sheet or a menu lies over the desk. It has the keyboard: no key means what lies below it. */
export const covered = (): boolean => document.querySelector('dialog[open], [role=menu]') !== null

/**
 * Whether the event is a key as the list of panels writes it: "F4", "Shift+F4", "Alt+9", "Alt+Shift+H", "?". With Alt or
 * Ctrl the place on the keyboard counts: what the key types there differs between layouts.
 */
export function pressed(e: KeyboardEvent, key: string): boolean {
  const parts = key.split('+')
  const last = parts.pop() ?? ''
  const held = (name: string) => parts.includes(name)
  if (e.altKey !== held('Alt') || e.ctrlKey !== held('Ctrl') || e.metaKey) return false
  if (parts.length === 0 && !/^F\d+$/.test(last)) return e.key === last && !writing(e.target)
  if (e.shiftKey !== held('Shift')) return false
  return /^F\d+$/.test(last) ? e.key === last : e.code === (/^\d$/.test(last) ? `Digit${last}` : `Key${last}`)
}
