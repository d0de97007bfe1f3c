import {
  Accessibility,
  Armchair,
  Baby,
  BedDouble,
  Blocks,
  Brain,
  Building2,
  Coffee,
  Flower,
  Flower2,
  Gem,
  Gift,
  GraduationCap,
  Grid3x3,
  HandCoins,
  HandHeart,
  Handshake,
  HeartHandshake,
  House,
  HousePlus,
  LifeBuoy,
  MapPin,
  MessagesSquare,
  Shield,
  Soup,
  Sprout,
  Store,
  Ticket,
  Trees,
  Utensils,
  Wheat,
  type IconNode,
} from 'lucide'

const glyphs: Record<string, IconNode> = {
  elderly_institution: BedDouble,
  elderly_centre: HousePlus,
  day_care_centre: Armchair,
  elderly_station: HandHeart,
  elderly_canteen: Soup,
  meal_point: Utensils,
  rural_elderly_centre: Wheat,
  support_institution: House,
  columbarium: Grid3x3,
  funeral_parlour: Flower2,
  cemetery: Trees,
  funeral_station: Flower,
  rescue_station: LifeBuoy,
  minor_protection: Shield,
  child_space: Blocks,
  child_welfare_home: Baby,
  community_premises: Building2,
  social_work_station: Handshake,
  volunteer_station: HeartHandshake,
  elderly_guidance: GraduationCap,
  funeral_shop: Store,
  relief_point: HandCoins,
  org_incubator: Sprout,
  love_post: Coffee,
  charity_station: Gift,
  residents_lounge: MessagesSquare,
  marriage_office: Gem,
  mental_rehab: Brain,
  device_rental: Accessibility,
  welfare_lottery: Ticket,
}

/** The sign of a facility type: one shape each, a pin for a type not known here. */
export function glyphOf(type: string): IconNode {
  return glyphs[type] ?? MapPin
}

function points(text: string): [number, number][] {
  const numbers = text.trim().split(/[\s,]+/).map(Number)
  const pairs: [number, number][] = []
  for (let i = 0; i + 1 < numbers.length; i += 2) pairs.push([numbers[i] ?? 0, numbers[i + 1] ?? 0])
  return pairs
}

/** A Lucide icon (a 24 × 24 drawing in strokes) as canvas paths. */
export function pathsOf(icon: IconNode): Path2D[] {
  return icon.map(([tag, attributes]) => {
    const at = (name: string) => Number(attributes[name] ?? 0)
    const path = new Path2D()
    switch (tag) {
      case 'path':
        return new Path2D(String(attributes['d'] ?? ''))
      case 'circle':
        path.arc(at('cx'), at('cy'), at('r'), 0, 2 * Math.PI)
        break
      case 'ellipse':
        path.ellipse(at('cx'), at('cy'), at('rx'), at('ry'), 0, 0, 2 * Math.PI)
        break
      case 'rect':
        path.roundRect(at('x'), at('y'), at('width'), at('height'), at('rx'))
        break
      case 'line':
        path.moveTo(at('x1'), at('y1'))
        path.lineTo(at('x2'), at('y2'))
        break
      case 'polyline':
      case 'polygon': {
        for (const [x, y] of points(String(attributes['points'] ?? ''))) path.lineTo(x, y)
        if (tag === 'polygon') path.closePath()
        break
      }
    }
    return path
  })
}
