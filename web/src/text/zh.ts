import { zhAdmin, zhAudit, zhPolicy } from './zh/admin'
import { zhCampaigns } from './zh/campaigns'
import { zhExports } from './zh/exports'
import { zhExplain } from './zh/explain'
import { zhEstateImport } from './zh/estateImport'
import { zhEstates } from './zh/estates'
import { zhEstatePapers } from './zh/estatePapers'
import { zhEstateReport } from './zh/estateReport'
import { zhEstateRules } from './zh/estateRules'
import { zhEstateSteps } from './zh/estateSteps'
import { zhDuplicates, zhFindPlace } from './zh/duplicates'
import { zhFiles, zhPrint } from './zh/files'
import { zhFuneral } from './zh/funeral'
import { zhImports, zhPlace } from './zh/imports'
import { zhPapers } from './zh/papers'
import { zhPlans } from './zh/plans'
import { zhAccount, zhDuty, zhForbidden, zhMenu, zhRight, zhRole, zhSign } from './zh/people'
import { zhRegistry } from './zh/registry'
import { zhQuestion } from './zh/question'
import { zhScenarios } from './zh/scenarios'
import { zhSiting } from './zh/siting'
import { zhAccess } from './zh/access'
import { zhShapes } from './zh/shapes'
import { zhStandards } from './zh/standards'
import { zhTypes } from './zh/types'
import { zhWhatIf } from './zh/whatif'
import { zhArea } from './zh/area'
import { zhNamePanel } from './zh/namePanel'
import { zhNameCases } from './zh/nameCases'
import { zhNamePapers } from './zh/namePapers'
import { zhNameChecks } from './zh/nameChecks'
import { zhNameReadings } from './zh/nameReadings'
import { zhNameReport } from './zh/nameReport'
import { zhAddresses } from './zh/addresses'
import { zhNameConsequences } from './zh/nameConsequences'
import { zhNumbering } from './zh/numbering'
import { zhNameImport } from './zh/nameImport'
import { zhNameSigns } from './zh/nameSigns'
import { zhDoors } from './zh/doors'
import { zhPlates } from './zh/plates'
import { zhNameSurvey } from './zh/nameSurvey'
import { zhOffline } from './zh/offline'
import { zhNames } from './zh/names'
import { zhNameSearch } from './zh/nameSearch'
import { zhMatrix, zhPremises } from './zh/premises'
import { zhCommon, zhFacility, zhHistory, zhJobs } from './zh/work'

/** Every word of the screens, Chinese first. This file is the source: the English
 *  one has its shape, so a missing key does not compile. */
export const zh = {
  htmlLang: 'zh-CN',
  app: '一刻',
  appLong: '一刻 · 一张图',
  otherLanguage: 'English',
  switchLanguage: '切换为英文',
  skip: '跳到辖区表',
  task: { nav: '任务', map: '一张图', facilities: '设施', jobs: '后台任务' },
  synthetic: '合成示例区：路、人、设施都是按规则生成的，不是真实地方',
  examples: '图中标“示例”的设施按规则放置，不是真实设施',
  example: '示例',
  boot: {
    title: '正在准备数据',
    hint: '首次启动要载入数据、建立步行路网，可以离开，稍后再来看。',
    of: (done: string, total: string) => `${done} / ${total}`,
  },
  error: {
    title: '没有取到数据',
    offline: '连不上服务器。请确认一刻正在运行，然后重试。',
    retry: '重试',
    map: '这个浏览器不能画地图（WebGL 不可用）。表格和数字仍可使用。',
    gone: '这个对象已经不在了，或者属于另一次查询。',
    tiles: '有些地图瓦片没有取到，移动地图会再次尝试。',
  },
  server: {
    outdated: '服务器有了新数据，这里显示的还是先前的。',
    refresh: '更新',
    offline: '连不上服务器，显示的是先前取到的数据；恢复后自动继续。',
    starting: '服务器正在准备数据，显示的是先前取到的；准备好后自动继续。',
  },
  loading: '正在计算…',
  close: '关闭',
  open: '展开',
  collapse: '收起',
  form: {
    title: '查什么',
    type: '设施类型',
    openCount: (open: number) => `${open} 处开放`,
    none: '无',
    limit: '步行时限',
    minutes: (n: string) => `${n} 分钟`,
    reach: (m: string) => `按此速度约走 ${m} 米`,
    band: '年龄段',
    bandOpen: (from: number) => `${from} 岁及以上`,
    bandRange: (from: number, to: number) => `${from}–${to} 岁`,
    widest: '数据里最宽的年龄段',
    allAges: '不分年龄的全部人口',
    speed: '步行速度',
    base: '人口口径',
    mps: '米/秒',
  },
  speed: { '1.2': '一般成人', '0.9': '老年人', '0.7': '行动较慢' } as Record<string, string>,
  base: { resident: '常住', registered: '户籍' } as Record<string, string>,
  figure: {
    title: '结果',
    covered: '人口覆盖率',
    uncovered: (limit: string) => `步行 ${limit}以外`,
    units: '单位覆盖率',
    gaps: '缺口',
    explain: '怎么算的',
    coveredText: (p: FigureWords) =>
      `${p.band}${p.base}人口 ${p.population} 人，其中 ${p.covered} 人从住处沿步行路网走到最近的一处开放的${p.type}不超过 ${p.limit}（含）。按每个人口点自己的路网时间计数，不按圆或多边形计。`,
    uncoveredText: (p: FigureWords) =>
      `${p.uncovered} 人走到最近的一处开放的${p.type}要超过 ${p.limit}，或者走不到。`,
    unsnappedText: (p: FigureWords) =>
      `另有 ${p.unsnapped} 人附近没有可走的路，单独列出，既不算已覆盖也不算未覆盖。三者之和等于人口。`,
    unitsText: (n: string, total: string, type: string) =>
      `${total} 个社区（村）中，${n} 个有开放的${type}，或由服务片区指定了一处。这是规划常用的口径，与人口覆盖率不同。`,
    gapsText: (n: string) =>
      `时限以外的人连成 ${n} 片缺口，每个未覆盖的人口点恰属一片。点地图上的斜线区看各片人数。`,
    largest: '人数最多的缺口',
  },
  people: (n: string) => `${n} 人`,
  /** an age band in a sentence, and where there is little room */
  band: (id: string) => (id === 'all' ? '全年龄' : `${id} 岁`),
  bandShort: (id: string) => (id === 'all' ? '全龄' : id),
  wan: '万人',
  person: '人',
  place: '片',
  table: {
    title: '辖区',
    sortHint: '点列头排序',
    level: '层级',
    name: '名称',
    parent: '所属街镇',
    population: '人口',
    covered: '已覆盖',
    uncovered: '未覆盖',
    share: '覆盖率',
    unsnapped: '无路可走',
    units: '有设施社区',
    hasUnit: '有设施',
    unitShare: '单位覆盖率',
    setting: '城乡',
    incomplete: '范围不全',
    incompleteHint: '数据只含这个辖区的一部分，人数是这一部分的',
    outside: '辖区以外',
    empty: '没有这一层级的辖区。',
    rows: (n: string) => `${n} 行`,
    total: '合计',
    needsWalk: '',
  },
  level: {
    district: '区县',
    subdistrict: '街镇',
    community: '社区（村）',
    grid: '网格',
    outside: '辖区以外',
  } as Record<string, string>,
  setting: { urban: '城市', rural: '农村' } as Record<string, string>,
  status: {
    planned: '规划',
    building: '在建',
    open: '开放',
    suspended: '暂停',
    closed: '关闭',
  } as Record<string, string>,
  fact: {
    title: '详情',
    kind: {
      division: '辖区',
      facility: '设施',
      people: '人口点',
      gap: '缺口',
      circle: '步行服务圈',
      road: '道路',
      building: '建筑',
      barrier: '门与障碍',
      estate: '小区',
      name: '地名',
    } as Record<string, string>,
    empty: '点地图或表格里的任何对象，这里显示它的情况。',
    zoom: '缩放到这里',
    also: '此处还有',
    code: '编码',
    level: '层级',
    parent: '上级',
    setting: '城乡',
    type: '类型',
    status: '状态',
    address: '地址',
    capacity: '容量',
    division: '所在辖区',
    place: '经纬度',
    notPlaced: '待落图',
    unknown: '未知',
    unnamed: '无名',
    version: '记录版本',
    notCounted: '不计入覆盖：只计开放的设施，它现在不服务任何人。',
    snapped: '接入路网',
    snappedNo: '附近没有可走的路，不计服务',
    reached: (limit: string) => `${limit}内可走到的人`,
    circleArea: '服务圈面积',
    drawing: '图形误差',
    drawingShares: (late: string, missed: string) => `图形与逐点计算相差：圈内 ${late} 的人实际超时，时限内 ${missed} 的人画在圈外`,
    drawingExact: '图形与逐点计算一致',
    drawingWorst: (time: string) => `最多超时 ${time}`,
    drawingWorstOpen: (time: string) => `最多超时 ${time}以上，或无路可达`,
    drawingNote: '人数按每个人口点的步行时间逐点计算，不按图形。',
    showCircle: '看它的服务圈',
    showFacility: '看这处设施',
    time: '走到最近设施',
    nearest: '最近设施',
    walk: '步行距离',
    state: '是否覆盖',
    peopleHere: '这里的人数',
    peopleNote: '人口点是格网或建筑的合计，不对应任何一个人或一户。',
    within: (limit: string) => `${limit}以内`,
    beyond: (limit: string) => `${limit}以外`,
    area: '面积',
    gapPeople: '缺口里的人',
    gapNote: '画出的范围由未覆盖人口点所在的小格连成，计数只按人口点。',
    byBand: '按年龄段',
    band: '年龄段',
    walkable: '可步行',
    yes: '是',
    no: '否',
    bridge: '桥',
    tunnel: '隧道',
    roadClass: '等级',
    source: '来源编号',
    use: '用途',
    floors: '层数',
    kindOf: '种类',
    passable: '可通行',
    meanTime: '平均步行时间',
    cellNote: '小比例尺下把相邻人口点按小格合计，放大后可看单个人口点。',
    points: '人口点',
    clickAgain: '道路和建筑的情况来自地图本身，请在地图上再点一次。',
    stateWords: {
      covered: '时限以内',
      uncovered: '时限以外',
      unsnapped: '附近没有可走的路',
    } as Record<string, string>,
  },
  roadClass: {
    motorway: '高速公路',
    trunk: '快速路',
    primary: '主干路',
    secondary: '次干路',
    tertiary: '支路',
    residential: '居住区道路',
    living_street: '生活街道',
    unclassified: '一般道路',
    service: '内部道路',
    pedestrian: '步行街',
    footway: '步行道',
    path: '小路',
    steps: '台阶',
    cycleway: '自行车道',
    track: '乡间路',
    crossing: '过街通道',
    corridor: '室内通道',
    construction: '在建道路',
  } as Record<string, string>,
  barrierKind: {
    gate: '小区门',
    lift_gate: '道闸',
    bollard: '隔离柱',
    fence: '围栏',
    wall: '围墙',
    swing_gate: '平开门',
    entrance: '入口',
    block: '路障',
  } as Record<string, string>,
  buildingUse: {
    residential: '居住',
    apartments: '住宅楼',
    house: '住宅',
    school: '学校',
    commercial: '商业',
    retail: '商店',
    industrial: '工业',
    office: '办公',
    public: '公共',
    yes: '未分',
    hospital: '医院',
    university: '高校',
    dormitory: '宿舍',
    hotel: '旅馆',
    village: '农房',
  } as Record<string, string>,
  legend: {
    title: '图例',
    divisions: '辖区覆盖率',
    divisionsLow: '低',
    divisionsHigh: '高',
    noPeople: '无此年龄段人口',
    circles: (limit: string) => `步行 ${limit}服务圈`,
    gaps: (limit: string) => `步行 ${limit}以外的缺口`,
    people: (band: string) => `${band}人口点，按走到最近设施的时间`,
    peopleDensity: (band: string) => `${band}人口，小格合计`,
    near: '近',
    upTo: (minutes: string) => `≤ ${minutes}`,
    metre: '米',
    minute: '分钟',
    beyond: (limit: string) => `${limit}以外`,
    unsnapped: '附近没有可走的路',
    size: '点越大人越多',
    facilities: (type: string) => `${type}（所选）`,
    others: '其他设施',
    ground: '建筑与道路',
    barriers: '门与障碍',
    labels: '辖区名',
    baseMap: '底图',
    review: (n: string) => `审图号：${n}`,
    rings: '外环表示状态',
    closer: '（放大后显示）',
    farther: '（缩小后显示）',
    more: '更多图层',
  },
  map: {
    label: '地图：方向键移动，加减键缩放',
    in: '放大',
    out: '缩小',
    home: '看全区',
    here: (name: string) => name,
  },
  notice: { title: '数据说明', absent: '数据里没有的', network: '步行路网', more: '数据说明' },
  network: (p: { length: string; edges: string; islands: string }) =>
    `步行路网 ${p.length} 公里，${p.edges} 段；与主网不相连的有 ${p.islands} 片。`,
  facilities: {
    title: '设施',
    search: '按名称查找',
    all: '全部类型',
    empty: '没有符合条件的设施。换个名称或类型试试。',
    more: '再取一些',
    count: (n: string) => `已列出 ${n} 处`,
    showing: '列表',
  },
  sheet: { panel: '条件与结果', table: '辖区表', facts: '详情', legend: '图例' },
  sign: zhSign,
  menu: zhMenu,
  role: zhRole,
  right: zhRight,
  duty: zhDuty,
  forbidden: zhForbidden,
  account: zhAccount,
  admin: zhAdmin,
  policy: zhPolicy,
  audit: zhAudit,
  common: zhCommon,
  history: zhHistory,
  facility: zhFacility,
  registry: zhRegistry,
  jobs: zhJobs,
  files: zhFiles,
  print: zhPrint,
  funeral: zhFuneral,
  imports: zhImports,
  placing: zhPlace,
  standards: zhStandards,
  factypes: zhTypes,
  plans: zhPlans,
  campaigns: zhCampaigns,
  exports: zhExports,
  matrix: zhMatrix,
  premises: zhPremises,
  estates: zhEstates,
  nameCases: zhNameCases,
  namePapers: zhNamePapers,
  nameChecks: zhNameChecks,
  nameConsequences: zhNameConsequences,
  numbering: zhNumbering,
  nameImport: zhNameImport,
  nameSigns: zhNameSigns,
  addresses: zhAddresses,
  doors: zhDoors,
  plates: zhPlates,
  nameSurvey: zhNameSurvey,
  offline: zhOffline,
  names: zhNames,
  nameReadings: zhNameReadings,
  nameReport: zhNameReport,
  nameSearch: zhNameSearch,
  namePanel: zhNamePanel,
  shapes: zhShapes,
  estatePapers: zhEstatePapers,
  estateReport: zhEstateReport,
  estateImport: zhEstateImport,
  estateRules: zhEstateRules,
  estateSteps: zhEstateSteps,
  papers: zhPapers,
  whatif: zhWhatIf,
  area: zhArea,
  explained: zhExplain,
  duplicates: zhDuplicates,
  question: zhQuestion,
  siting: zhSiting,
  access: zhAccess,
  scenarios: zhScenarios,
  findPlace: zhFindPlace,
  time: {
    minutes: (n: number) => `${n} 分`,
    seconds: (n: number) => `${n} 秒`,
  },
}

export interface FigureWords {
  band: string
  base: string
  type: string
  limit: string
  population: string
  covered: string
  uncovered: string
  unsnapped: string
}

export type Messages = typeof zh
