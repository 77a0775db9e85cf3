import { useEffect, useRef } from 'react'
import { useText } from '../i18n/i18n'
import { deskOf, knowPanels } from '../lib/desk'
import { openPanel, sheet } from '../lib/focus'
import { useStore } from '../lib/store'
import { CommandLine } from '../rooms/command/CommandLine'
import { watchWindows } from '../lib/windows'
import { Body, Docks } from './Docks'
import { docked, fetchTheRest, panels } from './panels'
import { useShow } from './parts'
import { TopBar } from './TopBar'
import { useDeskKeys } from './use-desk-keys'
import { useSeat } from './use-seat'

knowPanels(docked)

/** The desk of one seat. */
export function App() {
  const { t } = useText()
  const { session, state } = useSeat()
  const over = useStore(sheet)
  const command = useRef<HTMLInputElement>(null)
  const onDone = useShow()
  useEffect(() => {
    if (session) deskOf(session.seat || session.actor || '')
  }, [session])
  useEffect(watchWindows, [])
  useEffect(fetchTheRest, [])
  useDeskKeys(() => command.current?.focus())
  const show = (id: string) => sheet.set((now) => (now === id ? '' : id))
  return (
    <main className={state === 'frozen' ? 'desk frozen' : 'desk'}>
      <button type="button" className="skip" onClick={() => command.current?.focus()}>{t('frame.skip')}</button>
      <TopBar session={session} moving={over === 'demo'} onWorld={() => show('demo')} onDuress={() => sheet.set('duress')} onVoids={() => openPanel('cover')} onKeys={() => sheet.set('keys')} />
      <Docks />
      {panels.filter((p) => p.place === 'always').map((p) => <Body key={p.id} panel={p} />)}
      <CommandLine ref={command} onDone={onDone} />
      {panels.filter((p) => p.place === 'over' && p.id === over).map((p) => <Body key={p.id} panel={p} />)}
    </main>
  )
}
