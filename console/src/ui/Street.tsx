import { useReverse } from '../api/hooks'
import { useText } from '../i18n/i18n'
import type { Point } from '../lib/focus'

/** A place that has no name of its own, by its street; in a sentence, if one is given. */
export function Street({ at, say = (place) => place }: { at: Point; say?: (place: string) => string }) {
  const { t, lang } = useText()
  const found = useReverse(at).data
  const near = found?.crossing ?? found?.street ?? found?.address
  return <>{say((lang === 'en' && near?.title_en) || near?.title || t('cover.somewhere'))}</>
}
