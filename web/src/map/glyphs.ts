import {
  Accessibility,
  Ambulance,
  Armchair,
  Baby,
  Bath,
  BedDouble,
  Bell,
  Blocks,
  BookOpen,
  Brain,
  Building2,
  BusFront,
  Camera,
  Coffee,
  Droplets,
  Dumbbell,
  Flower,
  Flower2,
  Footprints,
  Gavel,
  Gem,
  Gift,
  GraduationCap,
  Grid3x3,
  HandCoins,
  HandHeart,
  Handshake,
  HeartHandshake,
  HeartPulse,
  Hospital,
  House,
  HousePlus,
  Landmark,
  LifeBuoy,
  Lightbulb,
  MapPin,
  MessagesSquare,
  Palette,
  Phone,
  Pill,
  Recycle,
  Scale,
  Scissors,
  Shield,
  ShoppingBasket,
  ShowerHead,
  Soup,
  Sprout,
  Stethoscope,
  Store,
  Sun,
  Ticket,
  Trees,
  Trophy,
  Umbrella,
  Users,
  Utensils,
  WashingMachine,
  Wheat,
  Wrench,
  type IconNode,
} from 'lucide'

/** The signs that a type may have, by the code words that the server keeps. */
const signs: Record<string, IconNode> = {
  bed_double: BedDouble,
  house_plus: HousePlus,
  armchair: Armchair,
  hand_heart: HandHeart,
  soup: Soup,
  utensils: Utensils,
  wheat: Wheat,
  house: House,
  grid: Grid3x3,
  flower_wreath: Flower2,
  trees: Trees,
  flower: Flower,
  life_buoy: LifeBuoy,
  shield: Shield,
  blocks: Blocks,
  baby: Baby,
  building2: Building2,
  handshake: Handshake,
  heart_handshake: HeartHandshake,
  graduation_cap: GraduationCap,
  store: Store,
  hand_coins: HandCoins,
  sprout: Sprout,
  coffee: Coffee,
  gift: Gift,
  messages_square: MessagesSquare,
  gem: Gem,
  brain: Brain,
  accessibility: Accessibility,
  ticket: Ticket,
  ambulance: Ambulance,
  bath: Bath,
  bell: Bell,
  book_open: BookOpen,
  bus_front: BusFront,
  camera: Camera,
  droplets: Droplets,
  dumbbell: Dumbbell,
  footprints: Footprints,
  gavel: Gavel,
  heart_pulse: HeartPulse,
  hospital: Hospital,
  landmark: Landmark,
  lightbulb: Lightbulb,
  palette: Palette,
  phone: Phone,
  pill: Pill,
  recycle: Recycle,
  scale: Scale,
  scissors: Scissors,
  shopping_basket: ShoppingBasket,
  shower_head: ShowerHead,
  stethoscope: Stethoscope,
  sun: Sun,
  trophy: Trophy,
  umbrella: Umbrella,
  users: Users,
  washing_machine: WashingMachine,
  wrench: Wrench,
}

/** The signs of the types that come with the program. */
const usual: Record<string, string> = {
  elderly_institution: 'bed_double',
  elderly_centre: 'house_plus',
  day_care_centre: 'armchair',
  elderly_station: 'hand_heart',
  elderly_canteen: 'soup',
  meal_point: 'utensils',
  rural_elderly_centre: 'wheat',
  support_institution: 'house',
  columbarium: 'grid',
  funeral_parlour: 'flower_wreath',
  cemetery: 'trees',
  funeral_station: 'flower',
  rescue_station: 'life_buoy',
  minor_protection: 'shield',
  child_space: 'blocks',
  child_welfare_home: 'baby',
  community_premises: 'building2',
  social_work_station: 'handshake',
  volunteer_station: 'heart_handshake',
  elderly_guidance: 'graduation_cap',
  funeral_shop: 'store',
  relief_point: 'hand_coins',
  org_incubator: 'sprout',
  love_post: 'coffee',
  charity_station: 'gift',
  residents_lounge: 'messages_square',
  marriage_office: 'gem',
  mental_rehab: 'brain',
  device_rental: 'accessibility',
  welfare_lottery: 'ticket',
}

/** The signs that a bureau chose for types, see useSigns. */
let chosen: ReadonlyMap<string, string> = new Map()

/** Takes the signs that types have by the catalogue; true where any is another than it was. */
export function useSigns(types: readonly { type: string; icon?: string }[]): boolean {
  const before = chosen
  chosen = new Map(types.filter((each) => each.icon).map((each) => [each.type, each.icon ?? '']))
  return before.size !== chosen.size || [...chosen].some(([type, icon]) => before.get(type) !== icon)
}

/** The code words of all signs, those of the program's types first. */
export const signNames: readonly string[] = Object.keys(signs)

/** The code word of a type's sign; '' for none of its own. */
export function signOf(type: string): string {
  return chosen.get(type) ?? usual[type] ?? ''
}

/** A sign by its code word, a pin for one not known here. */
export function sign(name: string): IconNode {
  return signs[name] ?? MapPin
}

/** The sign of a facility type: one shape each, a pin for a type without one. */
export function glyphOf(type: string): IconNode {
  return sign(signOf(type))
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
