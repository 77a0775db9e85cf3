import { Suspense, useRef } from 'react'
import { useText } from '../i18n/i18n'
import { focus, openPanel, sheet } from '../lib/focus'
import { useStore } from '../lib/store'
import { CommandLine } from '../rooms/command/CommandLine'
import { panelOf, panels, type Panel } from './panels'
import { useShow } from './parts'
import { TopBar } from './TopBar'
import { useDeskKeys } from './use-desk-keys'
import { useSeat } from './use-seat'

/** The desk of one seat. */
export function App() {
  const { session, state } = useSeat()
  const { form } = useStore(focus)
  const over = useStore(sheet)
  const command = useRef<HTMLInputElement>(null)
  const onDone = useShow()
  useDeskKeys(() => command.current?.focus())
  const inHand = panelOf(form) ?? panelOf('incident')
  const show = (id: string) => sheet.set((now) => (now === id ? '' : id))
  return (
    <main className={state === 'frozen' ? 'desk frozen' : 'desk'}>
      <TopBar session={session} moving={over === 'demo'} onWorld={() => show('demo')} onDuress={() => sheet.set('duress')} onVoids={() => openPanel('cover')} onKeys={() => sheet.set('keys')} />
      {panels.filter((p) => p.place === 'left' || p.place === 'middle').map((p) => <Shown key={p.id} panel={p} />)}
      {inHand && <Shown key={inHand.id} panel={inHand} />}
      {panels.filter((p) => p.place === 'bottom' || p.place === 'always').map((p) => <Shown key={p.id} panel={p} />)}
      <CommandLine ref={command} onDone={onDone} />
      {panels.filter((p) => p.place === 'over' && p.id === over).map((p) => <Shown key={p.id} panel={p} />)}
    </main>
  )
}

function Shown({ panel }: { panel: Panel }) {
  const { t } = useText()
  const Part = panel.component
  return <Suspense fallback={<section className="panel" aria-label={t(panel.words)} aria-busy="true" />}><Part /></Suspense>
}
