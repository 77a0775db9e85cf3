import { useEffect } from 'react'
import { useText } from '../i18n/i18n'
import { sheet } from '../lib/focus'
import { composing, pressed } from '../lib/keys'
import { leavePast, past } from '../lib/past'
import { InPresent } from '../lib/present'
import { useStore } from '../lib/store'
import { apart, standApart } from '../lib/windows'
import { PastFrame } from '../rooms/past/PastBar'
import { Body } from './Docks'
import { panelOf, panels } from './panels'
import { Clock, Duress, Freshness } from './TopBar'
import { UnsentMark } from './Unsent'
import { useSeat } from './use-seat'

/** One panel in a window of its own, for another screen. It looks at what the desk looks at, on the same stream. */
export function WindowApp() {
  const { t } = useText()
  const { state } = useSeat()
  const panel = panelOf(apart)
  const over = useStore(sheet)
  const then = useStore(past)
  const name = panel ? t(panel.words) : apart
  useEffect(standApart, [])
  useEffect(() => {
    document.title = `${name} · ${t('app.name')}`
  }, [name, t])
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (e.key === 'Escape' && past.get() && !composing(e) && !document.querySelector('dialog[open]')) return leavePast()
      if (!pressed(e, 'F9')) return
      sheet.set((s) => (s === 'duress' ? '' : 'duress'))
      e.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <main className={state === 'frozen' ? 'desk window frozen' : 'desk window'}>
      <header className="panel top" aria-label={t('top.bar')}>
        <h1 className="logo">{name}</h1>
        <InPresent><Duress onDuress={() => sheet.set('duress')} /></InPresent>
        <span className="tray" />
        <UnsentMark />
        <InPresent><Freshness /></InPresent>
        <Clock />
        <button type="button" className="btn small" onClick={() => window.close()}>{t('frame.take_back')}</button>
      </header>
      <div className="stand-apart">{panel ? <Body panel={panel} /> : <p className="nothing">{t('frame.no_panel', { name: apart })}</p>}</div>
      {then && <PastFrame at={then.at} onBack={leavePast} />}
      {panels.filter((p) => p.place === 'over' && p.id === over).map((p) => <Body key={p.id} panel={p} />)}
    </main>
  )
}
