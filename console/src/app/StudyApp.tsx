import { lazy, Suspense, useEffect, useState } from 'react'
import { useText } from '../i18n/i18n'
import { pointing } from '../lib/focus'
import { composing, writing } from '../lib/keys'
import { useStore } from '../lib/store'
import { DuressList, DuressWatch } from './DuressList'
import { KeyMap } from './KeyMap'
import { palette, theme } from '../lib/look'
import { TopBar } from './TopBar'
import { useSeat } from './use-seat'

const StudyPage = lazy(async () => ({ default: (await import('../rooms/study/StudyPage')).StudyPage }))

/** The page for those who plan: the same bar over it, so that an officer in danger is seen here, too. */
export function StudyApp() {
  const { t } = useText()
  const { session, state } = useSeat()
  const look = `${useStore(theme)} ${useStore(palette)}`
  const [overlay, setOverlay] = useState<'' | 'keys' | 'duress'>('')
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (composing(e)) return
      if (e.key === 'F9') setOverlay('duress')
      else if (e.key === '?' && !writing(e.target)) setOverlay('keys')
      else if (e.key === 'Escape' && pointing.get()) pointing.set(undefined)
      else if (e.altKey && e.code === 'Digit9') location.assign('/?panel=cover')
      else return
      e.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <main className={state === 'frozen' ? 'desk study-desk frozen' : 'desk study-desk'}>
      <TopBar session={session} moving={false} onWorld={() => location.assign('/')} onDuress={() => setOverlay('duress')} onVoids={() => location.assign('/?panel=cover')} onKeys={() => setOverlay('keys')} />
      <Suspense fallback={<section className="panel study" aria-label={t('study.title')} aria-busy="true"><p className="hint">{t('study.loading')}</p></section>}>
        <StudyPage theme={look} />
      </Suspense>
      {overlay === '' && <DuressWatch />}
      {overlay === 'keys' && <KeyMap onClose={() => setOverlay('')} />}
      {overlay === 'duress' && <DuressList onClose={() => setOverlay('')} />}
    </main>
  )
}
