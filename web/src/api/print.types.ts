/** How large the map is on a sheet. */
export interface PrintFrame {
  paper: 'a4' | 'a3'
  orientation: 'landscape' | 'portrait'
  legend: boolean
  width_mm: number
  height_mm: number
}

/** One sign of a print's legend. */
export interface PrintSign {
  kind: 'heading' | 'note' | 'area' | 'line' | 'dot' | 'ramp' | 'picture'
  color?: string
  to?: string
  edge?: string
  hatch?: string
  dashed?: boolean
  png?: string
  zh?: string
  en?: string
}

/** What a print says besides its picture. */
export interface MapPrint {
  title: string
  subtitle: string
  office: string
  paper: 'a4' | 'a3'
  orientation: 'landscape' | 'portrait'
  lang: 'zh' | 'en'
  lat: number
  metres_per_pixel: number
  bounds: [number, number, number, number]
  legend: PrintSign[]
  notices: { zh: string; en: string }[]
  view: string
  day: string
  base_map: boolean
}
