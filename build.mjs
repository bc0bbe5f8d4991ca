// Builds static/dist: one style sheet, the scripts, the sprite and the fonts, each with a hash in its name, a compressed
// copy beside each, and manifest.json, which maps the name in the source to the built file under static/.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync, inflateSync } from "node:zlib";
import { build } from "esbuild";

const OUT = "static/dist";
const STYLES = ["app", "board", "embed", "poster", "screen"].map((name) => `static/css/${name}.css`);
const SCRIPTS = ["app", "board", "map", "screen"].map((name) => `static/js/${name}.js`);
const ENTRIES = [...STYLES, ...SCRIPTS];
const PICTURES = "static/img";
const BROWSERS = ["es2022", "safari16", "firefox115", "chrome109"];
const COMPRESSIBLE = new Set([".css", ".js", ".svg", ".json", ".txt", ".webmanifest"]);
const FONTS = ["fira-sans", "noto-emoji", "noto-sans-arabic"].map((name) => `@fontsource/${name}`);
const LICENCES = ["leaflet", "leaflet.markercluster", ...FONTS];
// What posters are printed with: the site's own letters, and those of the scripts that it has not got.
const PRINT = `${OUT}/print`;
const PRINTED = {
  "fira-sans": ["latin-400", "latin-600", "latin-ext-400", "latin-ext-600", "cyrillic-400", "cyrillic-600", "greek-400", "greek-600"],
  "noto-sans-arabic": ["arabic-400", "arabic-600"],
  "noto-emoji": ["emoji-400"],
};

const manifest = {};

/** Bundle the style sheet and the scripts; fonts come along because the style sheet names them. */
async function bundle() {
  const { metafile } = await build({
    entryPoints: ENTRIES,
    outdir: OUT,
    outbase: "static",
    bundle: true,
    format: "esm",
    splitting: true,
    minify: true,
    target: BROWSERS,
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".png": "empty", ".svg": "empty" },
    external: ["/static/*"],
  });
  for (const [path, { entryPoint, cssBundle, inputs }] of Object.entries(metafile.outputs)) {
    if (entryPoint) {
      manifest[basename(entryPoint)] = built(path);
      if (cssBundle) manifest[`${basename(entryPoint)}:css`] = built(cssBundle);
    } else if (extname(path) === ".woff2") {
      manifest[basename(Object.keys(inputs)[0])] = built(path);
    }
  }
}

/** Copy the drawings under a name that changes with what is in them. */
async function copyPictures() {
  for (const name of (await readdir(PICTURES)).sort()) {
    const drawing = await readFile(join(PICTURES, name));
    const content = extname(name) === ".svg" ? Buffer.from(drawing.toString("utf8").replace(/>\s+</g, "><")) : drawing;
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
    const path = `${OUT}/${basename(name, extname(name))}-${hash}${extname(name)}`;
    await writeFile(path, content);
    manifest[name] = built(path);
  }
}

/** Put the licences of what is in the bundles beside them, as they ask. */
async function copyLicences() {
  const texts = await Promise.all(
    LICENCES.map(async (name) => {
      const folder = join("node_modules", name);
      const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|mit-licence)/i.test(entry));
      return `${name}\n\n${file ? await readFile(join(folder, file), "utf8") : ""}`;
    }),
  );
  await writeFile(`${OUT}/licences.txt`, texts.join("\n\n----\n\n"));
}

/** Put the fonts of posters in a folder of their own, as the printing library reads them. */
async function copyPrinted() {
  await mkdir(PRINT, { recursive: true });
  for (const [family, faces] of Object.entries(PRINTED)) {
    for (const face of faces) {
      const name = `${family}-${face}-normal`;
      const packed = await readFile(join("node_modules/@fontsource", family, "files", `${name}.woff`));
      const [script, weight] = [face.slice(0, -4), face.slice(-3)];
      await writeFile(`${PRINT}/${name}.ttf`, unpacked(packed, { name: named(`${family} ${script}`, weight) }));
    }
  }
}

/** The table of names of a font: each script has one of its own, so that a poster can say in which order they come. */
function named(family, weight) {
  const style = weight === "400" ? "Regular" : "SemiBold";
  const words = [[1, family], [2, style], [4, `${family} ${style}`], [6, `${family}-${style}`.replaceAll(" ", "-")]];
  const texts = words.map(([, text]) => Buffer.from(text, "utf16le").swap16());
  const head = Buffer.alloc(6 + 12 * words.length);
  head.writeUInt16BE(words.length, 2);
  head.writeUInt16BE(head.length, 4);
  let at = 0;
  words.forEach(([id], number) => {
    const line = [3, 1, 0x409, id, texts[number].length, at];
    line.forEach((word, place) => head.writeUInt16BE(word, 6 + 12 * number + 2 * place));
    at += texts[number].length;
  });
  return Buffer.concat([head, ...texts]);
}

/** A WOFF font is an ordinary one of which each table is packed by zlib (WOFF 1.0, W3C, sections 4 and 5). */
function unpacked(woff, instead) {
  const count = woff.readUInt16BE(12);
  const power = Math.floor(Math.log2(count));
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].forEach((word, place) => head.writeUInt16BE(word, 4 + 2 * place));
  const parts = [head];
  let at = head.length;
  for (let number = 0; number < count; number++) {
    const entry = 44 + 20 * number;
    const [offset, packed, length] = [4, 8, 12].map((place) => woff.readUInt32BE(entry + place));
    const table = woff.subarray(offset, offset + packed);
    const tag = woff.toString("latin1", entry, entry + 4);
    const content = instead[tag] ?? (packed < length ? inflateSync(table) : table);
    const line = 12 + 16 * number;
    woff.copy(head, line, entry, entry + 4);
    woff.copy(head, line + 4, entry + 16, entry + 20);
    head.writeUInt32BE(at, line + 8);
    head.writeUInt32BE(content.length, line + 12);
    // Each table begins at a multiple of four bytes.
    const whole = Buffer.alloc(Math.ceil(content.length / 4) * 4);
    content.copy(whole);
    parts.push(whole);
    at += whole.length;
  }
  return Buffer.concat(parts);
}

/** Write .br and .gz beside every text, so that the server only has to choose. */
async function compress() {
  for (const name of await readdir(OUT)) {
    if (!COMPRESSIBLE.has(extname(name))) continue;
    const path = join(OUT, name);
    const content = await readFile(path);
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    await writeFile(`${path}.br`, brotliCompressSync(content, options));
    await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}

function built(path) {
  return path.replace(/^static\//, "");
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await bundle();
await copyPictures();
await copyPrinted();
await copyLicences();
await compress();
// The manifest comes last: whoever finds it finds all files it names.
await writeFile(`${OUT}/manifest.json`, `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
