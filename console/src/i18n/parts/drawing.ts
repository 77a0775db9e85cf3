/** Words of the map: layers, measuring, drawing. */
export const zh = {
  'verb.draw': '标绘',
  'verb.undraw': '撤除标绘',
  'draw.kind.point': '围堵点',
  'draw.kind.post': '岗位',
  'draw.kind.route': '路线',
  'draw.kind.area': '区域',
  'draw.kind.text': '文字',
} as const

export const en: Record<keyof typeof zh, string> = {
  'verb.draw': 'Draw',
  'verb.undraw': 'Take a drawing away',
  'draw.kind.point': 'containment point',
  'draw.kind.post': 'post',
  'draw.kind.route': 'route',
  'draw.kind.area': 'area',
  'draw.kind.text': 'text',
}

/** Words for codes of the server. */
export const codesZh = {
  'incident.drawn': '标绘：{kind}',
  'incident.undrawn': '撤除标绘：{kind}',
  'id_required': '没有说是哪一个标绘',
  'bad_kind': '没有这种标绘：可画围堵点、岗位、文字、路线、区域',
  'bad_corners': '点数不对：这种标绘要 {least} 到 {most} 个点',
  'bad_geometry': '图形不对：要 {form}，经度在前',
  'too_many_units': '一处最多写 {most} 个警力，请分成几处',
  'label_required': '文字标绘要有内容',
  'label_long': '标绘上的字太长：200 字以内，细节请记事',
  'area_crosses': '区域的边相互交叉：请沿一个方向依次点一圈',
  'drawings_full': '本警情的标绘已满 {most} 个，请先撤除不用的',
  'nothing_drawn': '本警情没有标绘',
} as const

export const codesEn: Record<keyof typeof codesZh, string> = {
  'incident.drawn': 'drawn: {kind}',
  'incident.undrawn': 'drawing taken away: {kind}',
  'id_required': 'say which drawing',
  'bad_kind': 'nothing of this kind is drawn: point, post, text, route or area',
  'bad_corners': 'the number of corners is wrong: this kind has from {least} to {most}',
  'bad_geometry': 'this is no {form}: longitude first',
  'too_many_units': 'at most {most} units at one drawing: draw several',
  'label_required': 'a text needs its words',
  'label_long': 'the words are too long: up to 200 characters; write a note for the rest',
  'area_crosses': 'the edges of the area cross: go around it once, corner by corner',
  'drawings_full': '{most} things are drawn for this incident already: take some away first',
  'nothing_drawn': 'nothing is drawn for this incident',
}
