// Builds static/dist: one style sheet, the scripts, the sprite and the fonts, each with a hash in its name, a compressed
// copy beside each, and manifest.json, which maps the name in the source to the built file under static/.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const OUT = "static/dist";
const ENTRIES = ["static/css/app.css", "static/css/board.css", "static/js/app.js", "static/js/board.js", "static/js/map.js"];
const PICTURES = "static/img";
const BROWSERS = ["es2022", "safari16", "firefox115", "chrome109"];
const COMPRESSIBLE = new Set([".css", ".js", ".svg", ".json", ".txt", ".webmanifest"]);
const LICENCES = ["leaflet", "leaflet.markercluster", "@fontsource/fira-sans"];

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
await copyLicences();
await compress();
// The manifest comes last: whoever finds it finds all files it names.
await writeFile(`${OUT}/manifest.json`, `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
