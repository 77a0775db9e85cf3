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
