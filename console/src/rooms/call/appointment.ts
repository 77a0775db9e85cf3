import { fullTime, shownAt, zone } from '../../lib/time'

const minuteMs = 60_000
const dayMs = 86_400_000

/** The words for a day from today on, and how far off it is. */
const days: readonly [RegExp, number][] = [[/^(今天|今日|今|today)/, 0], [/^(明天|明日|明|tomorrow)/, 1], [/^(大后天)/, 3], [/^(后天|後天)/, 2]]
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * The moment (ms since 1970) that a person means by an appointment: a time of day ("15:30", "1530", "下午3点半", "3 pm"),
 * after a day if it is not the next such time ("明天 9:00", "6-8 15:30", "6月8日", "8 Jun", "2030-06-08"), or how long from
 * now ("90分钟后", "in 2 h"). Days and hours are those of the centre, wherever the seat is. 'past' when it has gone by,
 * undefined when it is none of these, or an hour that the clock of that day jumps over.
 */
export function appointmentOf(words: string, now: number): number | 'past' | undefined {
  const text = words.normalize('NFKC').trim().toLowerCase()
  const span = /^(?:in )?(\d{1,3}) ?(分钟?|小时|min(?:ute)?s?|h(?:ours?)?)(?:之?后)?$/.exec(text)
  if (span) return now + Number(span[1]) * (/^(小|h)/.test(span[2] ?? '') ? 60 : 1) * minuteMs
  const today = dateParts(now)
  const { day, rest } = dayOf(text, today, now)
  const clock = clockOf(rest)
  if (clock === undefined || day === undefined) return undefined
  if (day !== 'any') {
    const at = instant(day.year, day.month, day.day, clock)
    // A day without a year that has gone by is next year's.
    if (at !== undefined && at <= now && day.open) return instant(day.year + 1, day.month, day.day, clock)
    return at !== undefined && at <= now ? 'past' : at
  }
  const at = instant(today.year, today.month, today.day, clock)
  if (at !== undefined && at > now) return at
  const next = dateParts(now + dayMs)
  return instant(next.year, next.month, next.day, clock)
}

type Day = { year: number; month: number; day: number; open?: boolean }

function dayOf(text: string, today: Day, now: number): { day: Day | 'any' | undefined; rest: string } {
  for (const [form, off] of days) {
    const said = form.exec(text)
    if (said) return { day: dateParts(now + off * dayMs), rest: text.slice(said[0].length).trim() }
  }
  const full = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号t]?\s*/.exec(text)
  if (full) return { day: { year: Number(full[1]), month: Number(full[2]), day: Number(full[3]) }, rest: text.slice(full[0].length) }
  const short = /^(\d{1,2})(?:[-/](\d{1,2})\s+|月(\d{1,2})[日号]?\s*)/.exec(text)
  if (short) return { day: { year: today.year, month: Number(short[1]), day: Number(short[2] ?? short[3]), open: true }, rest: text.slice(short[0].length) }
  const named = /^(?:(\d{1,2}) ([a-z]{3})[a-z]*|([a-z]{3})[a-z]* (\d{1,2}))\s+/.exec(text)
  const month = named ? months.indexOf(named[2] ?? named[3] ?? '') + 1 : 0
  if (named && month > 0) return { day: { year: today.year, month, day: Number(named[1] ?? named[4]), open: true }, rest: text.slice(named[0].length) }
  return { day: named ? undefined : 'any', rest: text }
}

/** Minutes since midnight. */
function clockOf(text: string): number | undefined {
  const said = /^(上午|早上|下午|晚上|晚|中午)?\s*(?:(\d{1,2}):(\d{2})|(\d{2})(\d{2})|(\d{1,2})[点时](半|\d{1,2})?分?|(\d{1,2})(?= ?[ap]m))\s*(am|pm)?$/.exec(text)
  if (!said) return undefined
  const half = /半/.test(said[7] ?? '') ? 30 : Number(said[7] ?? 0)
  const minutes = Number(said[3] ?? said[5] ?? half)
  let hours = Number(said[2] ?? said[4] ?? said[6] ?? said[8])
  const late = said[9] === 'pm' || /^(下午|晚)/.test(said[1] ?? '') || (/^中午/.test(said[1] ?? '') && hours < 11)
  if (late && hours < 12) hours += 12
  if ((said[9] === 'am' || /^(上午|早上)/.test(said[1] ?? '')) && hours === 12) hours = 0
  return hours > 23 || minutes > 59 ? undefined : hours * 60 + minutes
}

/** The day in the centre. */
function dateParts(at: number): Day {
  const [year = 0, month = 0, day = 0] = fullTime(at).slice(0, 10).split('-').map(Number)
  return { year, month, day }
}

/** When a clock in the centre shows that; undefined if it never does. */
function instant(year: number, month: number, day: number, minutes: number): number | undefined {
  const wall = Date.UTC(year, month - 1, day, 0, minutes)
  const shown = new Date(wall)
  if (!Number.isFinite(wall) || shown.getUTCMonth() !== month - 1 || shown.getUTCDate() !== day) return undefined
  const at = shownAt(wall)
  return Date.parse(`${fullTime(at).replace(' ', 'T')}Z`) === wall ? at : undefined
}

/** A moment as the language writes it, in the centre's zone. */
export const appointmentText = (at: number, lang: string): string =>
  new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'zh-CN', { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false, ...(zone.get() ? { timeZone: zone.get() } : {}) }).format(at)
