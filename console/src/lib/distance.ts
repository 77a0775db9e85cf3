/** Metres between two points given as degrees, good to a per mille within a city. */
export function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const k = Math.PI / 180
  const x = (b.lon - a.lon) * k * Math.cos(((a.lat + b.lat) / 2) * k)
  const y = (b.lat - a.lat) * k
  return Math.hypot(x, y) * 6_371_008.8
}

/** 18 m, 240 m, 1.4 km. */
export const metresText = (m: number): string => (m < 1000 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(1)} km`)

/** Reads "121.47, 31.23" (longitude first) as a point; latitude first is understood where only that is possible. */
export function readCoordinates(text: string): { lon: number; lat: number } | undefined {
  const m = /^\s*(-?\d{1,3}\.\d+)\s*[,，\s]\s*(-?\d{1,3}\.\d+)\s*$/.exec(text)
  if (!m) return undefined
  const [a, b] = [Number(m[1]), Number(m[2])]
  if (Math.abs(b) <= 90 && Math.abs(a) <= 180) return { lon: a, lat: b }
  return Math.abs(a) <= 90 && Math.abs(b) <= 180 ? { lon: b, lat: a } : undefined
}
