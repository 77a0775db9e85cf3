import { useEffect } from 'react'
import { useText } from '../i18n/i18n'
import { sheet } from '../lib/focus'
import { pressed } from '../lib/keys'
import { useStore } from '../lib/store'
import { apart, standApart } from '../lib/windows'
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
  const name = panel ? t(panel.words) : apart
  useEffect(standApart, [])
  useEffect(() => {
    document.title = `${name} · ${t('app.name')}`
  }, [name, t])
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
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
        <Duress onDuress={() => sheet.set('duress')} />
        <span className="tray" />
        <UnsentMark />
        <Freshness />
        <Clock />
        <button type="button" className="btn small" onClick={() => window.close()}>{t('frame.take_back')}</button>
      </header>
      <div className="stand-apart">{panel ? <Body panel={panel} /> : <p className="nothing">{t('frame.no_panel', { name: apart })}</p>}</div>
      {panels.filter((p) => p.place === 'over' && p.id === over).map((p) => <Body key={p.id} panel={p} />)}
    </main>
  )
}
