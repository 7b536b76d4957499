// What is shown: the reader's choices, and what follows from them for every account and edge.

import type { Data, Legend } from "./data";

export interface Choices {
  hidden: Set<number>; // lines of the legend
  least: number; // degree
  ways: number; // bits of relations
  first: number; // stops of the time slider, both included
  last: number;
  size: string;
  legend: Legend;
  picked: number | null;
  path: { end: number; steps: number[] | null; how: string } | null;
  reach: { steps: number; members: Map<number, number> } | null; // account → steps from the picked one
  core: number; // only so many of the most central (a browser without WebGL)
}

export class State {
  readonly choices: Choices;
  readonly visible: Uint8Array;
  readonly active: Float32Array; // weight of each edge under the choices, 0 where none
  readonly degree: Uint32Array; // accounts one has an edge with, under relations and time
  readonly radius: Float32Array;
  readonly out: Uint32Array; // edges by source: positions in outEdges
  readonly outEdges: Uint32Array;
  readonly in: Uint32Array;
  readonly inEdges: Uint32Array;

  constructor(readonly data: Data) {
    const { n, m } = data;
    this.choices = {
      hidden: new Set(), least: 0, ways: (1 << data.relations.length) - 1 || 255, first: 0, last: Math.max(0, data.windows.length - 1),
      size: data.size, legend: data.legends.find((legend) => legend.key === data.color) ?? data.legends[0]!,
      picked: null, path: null, reach: null, core: n,
    };
    this.visible = new Uint8Array(n).fill(1);
    this.active = new Float32Array(m);
    this.degree = new Uint32Array(n);
    this.radius = new Float32Array(n);
    [this.out, this.outEdges] = grouped(data.from, n);
    [this.in, this.inEdges] = grouped(data.to, n);
    this.sizes();
    this.ties();
    this.filter();
  }

  get narrowed(): boolean {
    const { choices, data } = this;
    return choices.ways !== ((1 << data.relations.length) - 1 || 255) || choices.first > 0 || choices.last < data.windows.length - 1;
  }

  // Weight of every edge under the chosen relations and times, and how many accounts each account deals with.
  ties(): void {
    const { data, active, degree, choices } = this;
    const { first, last, ways } = choices;
    const all = !this.narrowed;
    for (let i = 0; i < data.m; i++) {
      if (all) {
        active[i] = data.weight[i]!;
        continue;
      }
      let sum = 0;
      for (let at = data.start[i]!; at < data.start[i + 1]!; at++) {
        const when = data.window[at]!;
        if (data.ways[at]! & ways && when >= first && when <= last) sum += data.count[at]!;
      }
      active[i] = sum;
    }
    const seen = new Uint32Array(data.n);
    for (let who = 0; who < data.n; who++) {
      let count = 0;
      const meet = (edge: number, other: number) => {
        if (active[edge]! > 0 && seen[other] !== who + 1) {
          seen[other] = who + 1;
          count++;
        }
      };
      for (let at = this.out[who]!; at < this.out[who + 1]!; at++) meet(this.outEdges[at]!, data.to[this.outEdges[at]!]!);
      for (let at = this.in[who]!; at < this.in[who + 1]!; at++) meet(this.inEdges[at]!, data.from[this.inEdges[at]!]!);
      degree[who] = count;
    }
  }

  filter(): void {
    const { data, choices, visible, degree } = this;
    const least = Math.max(choices.least, this.narrowed ? 1 : 0);
    for (let i = 0; i < data.n; i++) {
      visible[i] = Number(i < choices.core && degree[i]! >= least && !choices.hidden.has(choices.legend.places[i]!));
    }
  }

  sizes(): void {
    const { data, radius, choices } = this;
    const values = (data.measures.find((measure) => measure.key === choices.size) ?? data.measures[0]!).values;
    const value = (i: number) => Math.max(Number.isFinite(values[i]!) ? values[i]! : 0, 0);
    let top = 0, least = Infinity;
    for (let i = 0; i < data.n; i++) {
      top = Math.max(top, value(i));
      least = Math.min(least, value(i));
    }
    const [smallest, largest] = data.radius;
    for (let i = 0; i < data.n; i++) radius[i] = smallest + (largest - smallest) * (top > least ? Math.sqrt((value(i) - least) / (top - least)) : 0);
  }

  shows(edge: number): boolean {
    const { data, visible, active } = this;
    return active[edge]! > 0 && visible[data.from[edge]!] === 1 && visible[data.to[edge]!] === 1;
  }

  // [edge, the account at its other end] of one account, both ways.
  *edgesOf(who: number): Generator<[number, number]> {
    const { data } = this;
    for (let at = this.out[who]!; at < this.out[who + 1]!; at++) yield [this.outEdges[at]!, data.to[this.outEdges[at]!]!];
    for (let at = this.in[who]!; at < this.in[who + 1]!; at++) yield [this.inEdges[at]!, data.from[this.inEdges[at]!]!];
  }

  counts(): { accounts: number; edges: number } {
    const { data, choices, visible } = this;
    if (choices.reach) return { accounts: choices.reach.members.size, edges: 0 };
    if (choices.path?.steps) return { accounts: choices.path.steps.length, edges: choices.path.steps.length - 1 };
    let accounts = 0, edges = 0;
    if (choices.picked === null) {
      for (let i = 0; i < data.n; i++) accounts += visible[i]!;
      for (let i = 0; i < data.drawnEdges; i++) edges += Number(this.shows(i));
      return { accounts, edges };
    }
    const near = new Set([choices.picked]);
    for (const [edge, other] of this.edgesOf(choices.picked)) {
      if (this.shows(edge)) {
        edges++;
        near.add(other);
      }
    }
    return { accounts: near.size, edges };
  }
}

function grouped(ends: ArrayLike<number>, n: number): [Uint32Array, Uint32Array] {
  const start = new Uint32Array(n + 1);
  for (let i = 0; i < ends.length; i++) start[ends[i]! + 1]!++;
  for (let i = 0; i < n; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, n);
  const order = new Uint32Array(ends.length);
  for (let i = 0; i < ends.length; i++) order[next[ends[i]!]!++] = i;
  return [start, order];
}
