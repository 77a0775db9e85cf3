import { useText } from '../i18n/i18n'
import { past } from '../lib/past'
import { useStore } from '../lib/store'

/** Beside what tells of the present: says so as long as the rest of the desk shows the past. */
export function NowMark() {
  const { t } = useText()
  return useStore(past) && <em className="tag now-mark" title={t('story.past_live_help')}>{t('story.past_live')}</em>
}
