// The page's data: one packed block, read once. See netmed/show/packing.py for its layout.

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface LegendEntry { name: string; light: string; dark: string; count: number; rest: boolean }
export interface Legend { key: string; label: string; entries: LegendEntry[]; scale: boolean; places: Numbers }
export interface Measure { key: string; label: string; of: number; values: Numbers; ranks: Numbers; low?: Numbers; high?: Numbers }

export interface Data {
  title: string;
  n: number;
  m: number; // edges, those drawn at once first
  drawnEdges: number;
  totals: { accounts: number; edges: number };
  handle: string[];
  name: string[];
  role: string[] | null;
  specialty: string[] | null;
  bio: string[];
  evidence: string[];
  probability: Numbers | null;
  followers: Numbers | null;
  posts: Numbers | null;
  profile: Numbers;
  redacted: Numbers;
  redactedBelow: number;
  community: Numbers;
  communities: Record<string, string>;
  legends: Legend[];
  color: string;
  measures: Measure[];
  size: string;
  radius: [number, number];
  x: Float32Array;
  y: Float32Array;
  from: Numbers;
  to: Numbers;
  weight: Numbers;
  start: Uint32Array; // of each edge's entries; one more than edges
  window: Numbers;
  ways: Numbers;
  count: Numbers;
  relations: string[];
  windows: string[];
  exampleStart: Uint32Array; // of each edge's examples
  exampleId: (i: number) => string;
  fallback: number;
}

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i2: Int16Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

async function unpack(text: string): Promise<ArrayBuffer> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

function columnsOf(buffer: ArrayBuffer, listed: [string, keyof typeof KINDS, number][], start: number): Map<string, Numbers> {
  const found = new Map<string, Numbers>();
  const bytes = new Uint8Array(buffer);
  for (const [name, kind, length] of listed) {
    const column = new KINDS[kind](length);
    const own = new Uint8Array(column.buffer);
    const size = column.BYTES_PER_ELEMENT;
    for (let plane = 0; plane < size; plane++) {
      const base = start + plane * length;
      for (let i = 0, at = plane; i < length; i++, at += size) own[at] = bytes[base + i]!;
    }
    start += size * length;
    found.set(name, column);
  }
  return found;
}

export async function read(text: string): Promise<Data> {
  const buffer = await unpack(text);
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const columns = columnsOf(buffer, head.columns, 4 + length);
  const get = (name: string): Numbers => {
    const column = columns.get(name);
    if (!column) throw new Error(`the page's data lacks the column ${name}`);
    return column;
  };
  const n: number = head.accounts;
  const [drawn, light] = head.edges as [number, number];
  const m = drawn + light;
  const tenth = (values: Numbers) => Float32Array.from(values, (value) => value / 10);
  const parts = get("parts");
  const start = new Uint32Array(m + 1);
  for (let i = 0; i < m; i++) start[i + 1] = start[i]! + parts[i]!;
  const exampleStart = new Uint32Array(m + 1);
  const [edge, high, low] = ["example_edge", "example_high", "example_low"].map((name) => columns.get(name));
  if (edge) {
    for (const i of edge) exampleStart[i + 1]!++;
    for (let i = 0; i < m; i++) exampleStart[i + 1]! += exampleStart[i]!;
  }
  return {
    title: head.title, n, m, drawnEdges: drawn, totals: head.totals,
    handle: head.words.handle, name: head.words.name, role: head.words.role ?? null, specialty: head.words.specialty ?? null,
    bio: head.words.bio, evidence: head.words.evidence,
    probability: columns.get("probability") ?? null, followers: columns.get("followers") ?? null, posts: columns.get("posts") ?? null,
    profile: get("profile"), redacted: get("redacted"), redactedBelow: head.redacted_below,
    community: get("community"), communities: head.communities,
    legends: head.legends.map((legend: Legend) => ({ ...legend, places: get(`legend:${legend.key}`) })),
    color: head.color,
    measures: head.measures.map((measure: Measure) => ({
      ...measure, values: get(`value:${measure.key}`), ranks: get(`rank:${measure.key}`),
      low: columns.get(`rank_lo:${measure.key}`), high: columns.get(`rank_hi:${measure.key}`),
    })),
    size: head.size, radius: head.radius, x: tenth(get("x")), y: tenth(get("y")),
    from: get("from"), to: get("to"), weight: get("weight"), start,
    window: get("window"), ways: get("ways"), count: get("count"),
    relations: head.relations, windows: head.windows,
    exampleStart,
    exampleId: (i) => ((BigInt(high![i]!) << 32n) | BigInt(low![i]!)).toString(),
    fallback: head.fallback,
  };
}
