/** The largest file that is taken, bytes. The server decides; here only nothing is sent in vain. */
export const fileMax = 20 * 1024 * 1024

/** Whether a browser shows a file of this type as a picture. */
export const shown = (type: string): boolean => type === 'jpeg' || type === 'png' || type === 'webp'

/** 734 B, 12 KB, 3.4 MB. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
