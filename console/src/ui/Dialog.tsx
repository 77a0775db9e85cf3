import { useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../i18n/i18n'

/** A sheet over the desk that Esc closes and that gives the keyboard back to where it was. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useText()
  const sheet = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const d = sheet.current
    if (d && !d.open) d.showModal()
    return () => d?.close()
  }, [])
  return (
    <dialog ref={sheet} aria-label={title} onClose={onClose} onCancel={onClose}>
      <header><h2>{title}</h2><button type="button" className="x" aria-label={t('app.close')} onClick={onClose}>×</button></header>
      {children}
    </dialog>
  )
}
