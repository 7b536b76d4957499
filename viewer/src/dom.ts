// Small helpers. Text of accounts becomes text nodes, never markup.

export const $ = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[K], "style">> & { class?: string; aria?: Record<string, string> };

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties<K> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const { class: name, aria, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (name) element.className = name;
  for (const [key, value] of Object.entries(aria ?? {})) element.setAttribute(key === "role" ? "role" : `aria-${key}`, value);
  element.append(...children);
  return element;
}

export const number = (value: number | null | undefined, digits = 3): string => value === null || value === undefined || !Number.isFinite(value) ? "unknown"
  : Number.isInteger(value) ? value.toLocaleString("en-US")
  : value.toLocaleString("en-US", { maximumSignificantDigits: digits });

export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function save(content: Blob, name: string): void {
  const link = make("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
