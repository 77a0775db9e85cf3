import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { fileAddress, sendFile } from '../../api/client'
import type { FileMark, FileTaken, IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify, showOnMap } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { past } from '../../lib/past'
import { clockTime, ms } from '../../lib/time'
import { uuid7 } from '../../lib/uuid7'
import { tell } from '../../ui/tell'
import { fileMax, sizeText, shown } from './files'
import './story.css'

/** Takes files into an incident one after another; says of each what became of it. */
function useSending(row: IncidentRow) {
  const { t, problem } = useText()
  const [busy, setBusy] = useState('')
  const send = async (files: readonly File[]) => {
    for (const file of files) {
      const name = file.name || t('story.file_unnamed')
      if (file.size > fileMax) {
        notify(t('story.files_too_big', { name }), 'bad')
        continue
      }
      setBusy(name)
      const told = await sendFile<FileTaken>(`/incidents/${row.id}/files?name=${encodeURIComponent(file.name)}`, file, uuid7())
      if (!told.ok) notify(`${name}：${problem(told.problem)}`, 'bad')
      else notify(t(told.value.duplicate ? 'story.files_held' : 'story.files_taken', { name: told.value.name ?? name }))
    }
    setBusy('')
  }
  return { busy, send }
}

/** Pictures and papers of the incident. They come by dropping, pasting or choosing; what they are is found in them. */
export function Files({ row }: { row: IncidentRow }) {
  const { t, reason } = useText()
  const { busy, send } = useSending(row)
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const may = row.next?.find((s) => s.verb === 'add_file')
  const off = may?.allowed !== true
  const take = (list: FileList | null | undefined) => {
    if (!off && list && list.length > 0) void send([...list])
  }
  const onPaste = useEffectEvent((e: ClipboardEvent) => {
    if ((e.clipboardData?.files.length ?? 0) === 0) return // Words belong to the field that has the keyboard.
    e.preventDefault()
    take(e.clipboardData?.files)
  })
  useEffect(() => {
    const listen = (e: ClipboardEvent) => onPaste(e)
    window.addEventListener('paste', listen)
    return () => window.removeEventListener('paste', listen)
  }, [])
  const hasFiles = (e: React.DragEvent) => e.dataTransfer.types.includes('Files')
  return (
    <section
      className={over ? 'files over' : 'files'} aria-label={t('story.files')}
      onDragOver={(e) => { if (hasFiles(e)) { e.preventDefault(); setOver(true) } }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => { if (!hasFiles(e)) return; e.preventDefault(); e.stopPropagation(); setOver(false); take(e.dataTransfer.files) }}
    >
      <h2 className="h">{t('story.files')} {row.file_count ?? 0}</h2>
      <ul className="file-list">{(row.files ?? []).map((f) => <FileItem key={f.id} row={row} file={f} />)}</ul>
      <p className="file-drop" title={off ? reason(may) : t('story.files_kinds')}>
        <span>{busy ? t('story.files_sending', { name: busy }) : t('story.files_drop')}</span>
        <button type="button" className="btn small" aria-disabled={off} title={off ? reason(may) : t('story.files_kinds')} onClick={() => { if (off) notify(reason(may), 'bad'); else input.current?.click() }}>{t('story.files_choose')}</button>
        <span className="dim">{t('story.files_kinds')}</span>
        <input ref={input} type="file" multiple hidden aria-label={t('story.files_choose')} onChange={(e) => { take(e.target.files); e.target.value = '' }} />
      </p>
    </section>
  )
}

function FileItem({ row, file }: { row: IncidentRow; file: FileMark }) {
  const { t, actor, reason } = useText()
  const [asking, setAsking] = useState(false)
  const [why, setWhy] = useState('')
  const then = useStore(past) !== undefined
  const may = row.next?.find((s) => s.verb === 'withdraw_file')
  const name = file.name || t('story.file_unnamed')
  const gone = Boolean(file.withdrawn) || file.erased === true || file.masked === true
  const place = file.place
  const withdraw = async () => {
    const words = `#${row.number} ${t('story.file_withdraw')} ${name}`
    const told = await tell({ path: `/incidents/${row.id}/withdraw-file`, body: { id: file.id, reason: why }, words, subject: `incident/${row.id}` }, words)
    if (told.state !== 'refused') setAsking(false)
  }
  return (
    <li className={file.withdrawn ? 'file withdrawn' : 'file'}>
      <Thumb file={file} name={name} gone={gone} />
      <div className="file-words">
        {gone ? <b>{name}</b> : <a href={fileAddress(file.id)} target="_blank" rel="noreferrer">{name}</a>}
        <span className="dim">{file.type} · {sizeText(file.bytes)} · {actor(file.by)} {clockTime(ms(file.at))}</span>
        {file.shot && <span className="dim">{t('story.file_shot', { at: file.shot.replace('T', ' ') })}</span>}
        {place?.lon !== undefined && place.lat !== undefined && <button type="button" className="link" onClick={() => showOnMap({ lon: place.lon ?? 0, lat: place.lat ?? 0 }, 16)}>{t('story.file_place')}</button>}
        {file.withdrawn && <span className="soon">{t('story.file_withdrawn', { by: actor(file.withdrawn.by), at: clockTime(ms(file.withdrawn.at)) })}</span>}
        {file.erased && <span className="soon">{t('story.file_erased')}</span>}
        {file.masked && <span className="soon">{t('story.file_masked')}</span>}
        {asking && (
          <form className="file-why" onSubmit={(e) => { e.preventDefault(); void withdraw() }} onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); setAsking(false) } }}>
            <input aria-label={t('story.file_reason')} placeholder={t('story.file_reason')} autoFocus value={why} onChange={(e) => setWhy(e.target.value)} />
            <button type="submit" className="btn small" aria-disabled={why.trim() === ''}>{t('story.file_withdraw')}</button>
          </form>
        )}
      </div>
      {!file.withdrawn && !asking && <button type="button" className="btn small plain" aria-disabled={may?.allowed !== true || then} title={may?.allowed ? '' : reason(may)} onClick={() => { if (may?.allowed) setAsking(true); else notify(reason(may), 'bad') }}>{t('story.file_withdraw')}</button>}
    </li>
  )
}

/** A small picture of a picture, and the word of its kind for everything else. */
export function Thumb({ file, name, gone }: { file: Pick<FileMark, 'id' | 'type'>; name: string; gone: boolean }) {
  const { t } = useText()
  if (gone || !shown(file.type)) return <span className="thumb word" aria-hidden="true">{file.type}</span>
  return (
    <a className="thumb" href={fileAddress(file.id)} target="_blank" rel="noreferrer" aria-label={t('story.file_open', { name })}>
      <img src={fileAddress(file.id)} alt={name} loading="lazy" decoding="async" />
    </a>
  )
}
