// Builds the page's scripts into netmed/show/assets; with --check, says whether what is committed is that.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const assets = here("../netmed/show/assets/");
const check = process.argv.includes("--check");

const banner = {
  vis: "/* Page of netmed (MIT). Built from viewer/; see LICENSES.txt beside it. */",
  webgl: "/* Page of netmed (MIT), with sigma.js 3 and graphology (MIT) and events (MIT). Built from viewer/; see LICENSES.txt beside it. */\n"
    // sigma reads these while it loads; a browser without WebGL must get as far as to say so.
    + "globalThis.WebGLRenderingContext??={UNSIGNED_BYTE:5121,FLOAT:5126,TRIANGLES:4,LINES:1,POINTS:0};",
};
const made = new Map();
for (const name of ["vis", "webgl"]) {
  const { outputFiles } = await build({
    entryPoints: [here(`src/main-${name}.ts`)],
    absWorkingDir: here("."),
    bundle: true, minify: true, write: false, format: "iife", target: "es2022", charset: "utf8",
    legalComments: "none", banner: { js: banner[name] },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  // A page holds the script in its markup: nothing in it may look like the end of one.
  made.set(`viewer-${name}.js`, outputFiles[0].text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--"));
}
const licences = ["What the page's scripts are made of, beside netmed's own (MIT, see LICENSE).\n"];
for (const name of ["sigma", "graphology", "graphology-utils", "events"]) {
  const { version, license } = JSON.parse(await readFile(here(`node_modules/${name}/package.json`), "utf8"));
  let text = "";
  for (const file of ["LICENSE.txt", "LICENSE", "LICENSE.md"]) text ||= await readFile(here(`node_modules/${name}/${file}`), "utf8").catch(() => "");
  licences.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
}
made.set("LICENSES.txt", licences.join(`\n${"-".repeat(80)}\n\n`).replaceAll("\r\n", "\n"));

const stale = [];
for (const [name, text] of made) {
  if (!check) await writeFile(assets + name, text);
  else if ((await readFile(assets + name, "utf8").catch(() => "")) !== text) stale.push(name);
}
if (stale.length) {
  console.error(`netmed/show/assets: ${stale.join(", ")} ${stale.length > 1 ? "are" : "is"} not what viewer/ builds; run: cd viewer && npm ci && npm run build`);
  process.exit(1);
}
