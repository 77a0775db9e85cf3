/**
 * A UUID of version 7: 48 bits of milliseconds, then chance. Chosen by the console so that a call that could not be
 * sent keeps its name, and a repeat of it has one effect.
 */
export function uuid7(nowMs = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))): string {
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(nowMs / 2 ** (8 * (5 - i))) & 0xff
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f) // version
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f) // variant
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
