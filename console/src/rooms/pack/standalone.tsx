import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { language, useText } from '../../i18n/i18n'
import { duration, fullTime, ms, zone } from '../../lib/time'
import type { PackData } from '../../api/types'
import { packFrom, type Pack } from './pack'
import { PackPages } from './PackPages'
import { left, take, type Run } from './runs'
import './standalone.css'

/** What the server writes into the page: the pack, and numbers that nobody else has. */
type Filled = PackData & { paper?: Run }

const read = (): Filled | undefined => {
  const text = document.getElementById('pack-data')?.textContent ?? ''
  try {
    return JSON.parse(text) as Filled
  } catch {
    return undefined // The template by itself.
  }
}

// A file that is opened from a disk may have no storage; then what this page has printed is remembered while it is open.
const used = (name: string): Run[] | undefined => {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as Run[] | undefined ?? undefined
  } catch {
    return undefined
  }
}

/** The pack as a file: it needs no server and no network. */
function Standalone({ pack, run }: { pack: Pack; run: Run | undefined }) {
  const { t, lang } = useText()
  const place = `shuniu.pack.${run?.next ?? 0}`
  const [runs, setRuns] = useState<Run[]>(() => used(place) ?? (run ? [run] : []))
  const [blank, setBlank] = useState(4)
  const [numbers, setNumbers] = useState<number[]>()
  useEffect(() => {
    if (numbers) window.print()
  }, [numbers])
  const print = () => {
    const drawn = take(runs, blank)
    setRuns(drawn.rest)
    try {
      localStorage.setItem(place, JSON.stringify(drawn.rest))
    } catch {
      // This page still knows.
    }
    setNumbers(drawn.numbers)
  }
  return (
    <>
      <div className="pack-bar no-print">
        <button type="button" onClick={print}>{t('story.pack_print')}</button>
        <label>{t('story.pack_cards')} <input type="number" min={0} max={40} value={blank} onChange={(e) => setBlank(Math.min(40, Math.max(0, Number(e.target.value))))} /></label>
        <span>{t('story.pack_left', { count: left(runs) })}</span>
        <b>{t('story.pack_old', { time: duration((Date.now() - ms(pack.at)) / 1000) })} · {fullTime(ms(pack.at))}</b>
        <button type="button" onClick={() => language.set(lang === 'zh' ? 'en' : 'zh')}>{t('app.other_language')}</button>
      </div>
      <PackPages pack={pack} numbers={numbers ?? []} blank={numbers ? blank : 0} />
    </>
  )
}

const filled = read()
zone.set(filled?.zone)
const root = document.getElementById('pack')
if (root && filled) createRoot(root).render(<Standalone pack={packFrom(filled)} run={filled.paper} />)
