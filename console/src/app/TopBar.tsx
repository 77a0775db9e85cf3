import { write } from '../api/client'
import { hearRun, link, stored, worldClock, worldRun } from '../api/connection'
import { useBoard, useBoardRead, useNow, useUnits } from '../api/hooks'
import { forgetRoom } from '../api/kept-room'
import type { Session, WorldRun } from '../api/types'
import { isKey, setLanguage, useText, type Key } from '../i18n/i18n'
import { notify, sheet } from '../lib/focus'
import { InPresent, useThen } from '../lib/present'
import { useOf, useStore } from '../lib/store'
import { clockTime, duration, ms } from '../lib/time'
import { useSurgeText } from '../rooms/demo/use-demo'
import { CommanderMark } from './CommanderMark'
import { setTheme, theme } from '../lib/look'
import { SoundMark } from './SoundMark'
import { Tray } from './Tray'
import { UnsentMark } from './Unsent'
import { VoidAlarms } from './VoidAlarms'
import { NowMark } from '../ui/NowMark'

type Props = { session: Session | undefined; moving: boolean; onWorld: () => void; onDuress: () => void; onVoids: () => void; onKeys: () => void }
const over = new Set(['closed', 'merged', 'transferred', 'invalid'])
const speeds = [1, 2, 5, 10, 30]

/** One glance: who is in danger, what waits, what is late, who is free, and whether the picture is alive. */
export function TopBar({ session, moving, onWorld, onDuress, onVoids, onKeys }: Props) {
  const { lang, t, name } = useText()
  const look = useStore(theme)
  // Who sits here stands in the list of seats, where there is one.
  const role = session && (session.personas ? [] : [isKey(`role.${session.role}`) ? t(`role.${session.role}` as Key) : session.role, session.seat])
  const centre = session ? name(session.centre_name, session.centre) : ''
  const sits = role?.filter(Boolean).join(' · ') ?? ''
  return (
    <header className="panel top" aria-label={t('top.bar')}>
      <span className="logo" title={centre}>{t('app.name')}</span>
      {session && session.world !== 'live' && <WorldBadge session={session} moving={moving} onWorld={onWorld} />}
      {session ? <span className="seat dim centre" title={centre}>{centre}</span> : <span className="seat dim">{t('app.loading')}</span>}
      {sits !== '' && <span className="seat dim" title={sits}>{sits}</span>}
      <InPresent>
        <Duress onDuress={onDuress} />
        <VoidAlarms onOpen={onVoids} />
        <CommanderMark />
      </InPresent>
      <Counts />
      <SoundMark />
      <UnsentMark />
      <Tray />
      {session?.personas && <Personas session={session} />}
      <button type="button" className="btn small theme" aria-label={`${t('app.theme')} ${t(look !== 'light' ? 'app.theme_to_light' : 'app.theme_to_dark')}`} title={t(look !== 'light' ? 'app.theme_to_light' : 'app.theme_to_dark')} onClick={() => setTheme(look !== 'light' ? 'light' : 'dark')}>{t('app.theme')}</button>
      <button type="button" className="btn small" aria-label={`${t('app.other_language')} ${t('app.other_language_name')}`} onClick={() => setLanguage(lang === 'zh' ? 'en' : 'zh')}>{t('app.other_language')}</button>
      <button type="button" className="btn small" aria-label={t('keys.title')} onClick={onKeys}>?</button>
      <button type="button" className="btn small find" aria-label={t('frame.everything')} title={`${t('frame.everything')} Ctrl K`} aria-keyshortcuts="Control+K" onClick={() => sheet.set('everything')}>⌕</button>
      <button type="button" className="btn small" aria-haspopup="dialog" title={t('frame.desk_help')} onClick={() => sheet.set('desk')}>{t('frame.desk')}</button>
      <InPresent><Freshness /></InPresent>
      <Clock />
    </header>
  )
}

/** What waits, what is in hand, what is late, who is free. Alone, so that the bar is not drawn again with each change of the room. */
function Counts() {
  const { t } = useText()
  const { incidents, units } = useBoard()
  const open = [...incidents.values()].filter((i) => !over.has(i.phase))
  const waiting = open.filter((i) => i.queue === 'to_dispatch').length
  const late = open.filter((i) => i.late === true || i.deadlines?.some((d) => d.passed)).length
  const able = [...units.values()].filter((u) => u.dispatchable)
  const count = useBoardRead() ? (n: number) => String(n) : () => '–'
  return (
    <>
      <span className={waiting > 0 ? 'count red' : 'count'}>{t('top.waiting')}<b>{count(waiting)}</b></span>
      <span className="count">{t('top.active')}<b>{count(open.length - waiting)}</b></span>
      <span className={late > 0 ? 'count amber' : 'count'}>{t('top.late')}<b>{count(late)}</b></span>
      <span className="count green">{t('top.free')}<b>{count(able.filter((u) => u.state === 'available').length)}</b>/{count(able.length)}</span>
    </>
  )
}

/** Which world this is, and how it runs; in a demonstration it opens what moves it. */
function WorldBadge({ session, moving, onWorld }: { session: Session; moving: boolean; onWorld: () => void }) {
  const { t, word, problem } = useText()
  const surgeText = useSurgeText()
  const run = useStore(worldRun)
  const speed = run?.speed ?? 1
  const set = async (next: number) => {
    const told = await write<WorldRun>('/demo/speed', { speed: next })
    if (told.ok) hearRun(told.value)
    else notify(problem(told.problem), 'bad')
  }
  if (session.world !== 'demo') return <span className="world"><b>{word('top.world.', session.world)}</b></span>
  return (
    <span className="world">
      <button type="button" aria-expanded={moving} aria-keyshortcuts="Alt+0" title={`${t('demo.panel')} Alt 0`} onClick={onWorld}>{word('top.world.', session.world)} <span aria-hidden="true">▾</span></button>
      {run?.surge && (run.surge.kind !== 'none' || (run.surge.factor ?? 1) > 1) && <em>{run.surge.kind === 'none' ? t('top.surge', { surge: surgeText(run.surge) }) : surgeText(run.surge)}</em>}
      <select aria-label={t('top.speed')} value={speed} onChange={(e) => void set(Number(e.target.value))}>
        {[...new Set([...speeds, speed])].sort((a, b) => a - b).map((s) => <option key={s} value={s}>{s === 0 ? t('demo.paused') : t('top.pace', { speed: s })}</option>)}
      </select>
    </span>
  )
}

export function Duress({ onDuress }: { onDuress: () => void }) {
  const { t, name } = useText()
  const units = useUnits()
  const now = useNow()
  const danger = [...units.values()].filter((u) => u.flags?.duress)
  const first = danger[0]
  if (!first) return null
  return (
    <button type="button" className="sos" role="alert" title={danger.map((u) => `${u.call_sign} ${name(u.kind_name, u.kind)}`).join(' · ')} onClick={onDuress}>
      <span aria-hidden="true">◆</span>
      <b>{t('top.duress', { unit: danger.map((u) => u.call_sign).join(' ') })}</b>
      <time>{duration((now - ms(first.flags?.duress?.since)) / 1000)}</time>
      <kbd>F9</kbd>
      <NowMark />
      <span className="kind">{name(first.kind_name, first.kind)}</span>
    </button>
  )
}

function Personas({ session }: { session: Session }) {
  const { t, name, problem } = useText()
  const change = async (persona: string) => {
    const told = await write('/session', { persona })
    if (!told.ok) return notify(problem(told.problem), 'bad')
    await forgetRoom(true) // Whoever sits down here next does not see the last one's room.
    location.reload()
  }
  const now = session.personas?.find((p) => p.id === session.actor || (p.role === session.role && p.seat === session.seat))
  return (
    <select className="personas" aria-label={t('top.persona')} title={now ? name(now.name, now.id) : undefined} value={now?.id ?? ''} onChange={(e) => void change(e.target.value)}>
      {!now && <option value="">{t('top.persona')}</option>}
      {session.personas?.map((p) => <option key={p.id} value={p.id}>{name(p.name, p.id)}</option>)}
    </select>
  )
}

/** How old the picture is. A silent stream is the loudest thing on the bar after an officer in danger. */
export function Freshness() {
  const { t } = useText()
  const { state, heard } = useStore(link)
  const canStore = useStore(stored)
  const now = useNow()
  const age = heard === 0 ? 0 : (performance.now() - heard) / 1000
  if (state === 'live' && !canStore) return <strong className="not-live failed" role="alert">{t('top.read_only')}</strong>
  if (state === 'live') return <span className="live">{t('top.live')} · {age.toFixed(1)} s</span>
  const words = state === 'frozen' ? t('top.frozen', { age: duration(age) }) : t(state === 'failed' ? 'top.failed' : 'top.loading')
  return <strong className={`not-live ${state}`} role="alert" title={state === 'frozen' ? t('top.frozen_help', { at: clockTime(now) }) : t('app.failed')}>{words}</strong>
}

export function Clock() {
  const { t } = useText()
  const now = useNow()
  const told = useOf(worldClock, (c) => c.heard !== 0) // Before the server told the time there is none.
  const then = useThen() !== undefined
  return <time className={then ? 'clock soon' : 'clock'} aria-label={t(then ? 'story.past_clock' : 'top.clock')}>{clockTime(told ? now : Number.NaN)}</time>
}
